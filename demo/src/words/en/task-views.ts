/** The views of the tasks. */
export const taskViews = {
  /** `“a” (62 %), “b” (30 %) and “c” (4 %)` */
  listed: (items: readonly string[]) =>
    items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`,
  /** Something quoted, and its share. */
  sure: (quoted: string, share: string) => `“${quoted}” (${share})`,
  end: 'end',
  example: 'Example',
  stillWrong: (name: string) => `${name} (still wrong)`,
  rightAnswer: 'the right answer',
  play: 'Play',
  pause: 'Pause',
  step: 'Step',
  /** A button, and what it is for. */
  of: (button: string, what: string) => `${button}: ${what}`,
  wildness: 'Wildness',
  likeliest: 'always the likeliest',
  learned: 'as it learned',
  attention: {
    zoom: 'Attention as',
    lines: 'Lines',
    matrix: 'All at once',
    steps: 'Symbol that is written',
    nothing: 'Nothing has been written yet.',
    looks: (symbol: string, places: string) => `For “${symbol}” it looks at ${places}.`,
    score: (share: string, hits: number, of: number) =>
      `${share} of the attention lies where it should; ${hits} of ${of} symbols look there most.`,
  },
  beam: {
    steps: 'Hypotheses of the search',
    nothing: 'Nothing has been searched for yet.',
    fates: {
      best: 'it is on the way to the answer',
      ended: 'it ends here, as a less likely answer',
      kept: 'it goes on',
      dropped: 'it is dropped: others are likelier',
      open: 'it is left when the search is over',
    },
    node: (step: number, symbol: string, own: string, whole: string | undefined, fate: string) =>
      `Step ${step}: “${symbol}” with ${own}${whole === undefined ? '' : `, ${whole}`}; ${fate}.`,
    whole: (text: string, share: string) => `“${text}” with ${share}`,
  },
  influence: {
    title: 'How much each word moved the answer',
    single: 'There is only one word to leave out.',
    most: (word: string, answer: string, share: string, less: boolean) =>
      `“${word}” moves the answer most: without it, “${answer}” would be ${share} ${less ? 'less' : 'more'} likely.`,
  },
  rows: {
    steps: 'Rows that have been read',
    bars: 'How sure it is of each digit',
    player: 'the rows',
    example: (digit: string) => `a ${digit}`,
    belief: (rows: number, of: number, first: string, share: string, next: string) =>
      `After ${rows} of ${of} rows it believes ${first} (${share})${next}.`,
    or: (digit: string, share: string) => `, or ${digit} (${share})`,
  },
  sound: {
    steps: 'Letter that is written',
    listen: 'Listen',
    stop: 'Stop',
    example: (letters: string) => `the letters ${letters}`,
    frames: (frames: number, bands: number) =>
      `The sound from left to right: ${frames} frames of ${bands} bands, the low ones below.`,
    looks: (letter: string, from: number, to: number, share: string) =>
      `For “${letter}” it listens most to frames ${from} to ${to} (${share}).`,
    pyramid: (frames: number, places: number) =>
      `Below the sound, for each letter, where it listens. The pyramid has made ${places} places of ` +
      `${frames} frames.`,
  },
  pixels: {
    steps: 'Pixels that have been written',
    player: 'the pixels',
    write: 'Write a',
    another: 'Write another',
    progress: (written: number, of: number, row: number, rows: number) =>
      `${written} of ${of} pixels, in row ${row} of ${rows}.`,
  },
  film: {
    legend: 'Below each frame: where the shape does go next, and in bold what the network says.',
    steps: 'Frame of the film',
    player: 'the film',
    example: (film: number) => `film ${film}`,
    notAllRight: (name: string) => `${name} (not all right)`,
    labels: { left: 'left', right: 'right', up: 'up', down: 'down', rest: 'rest' } as Readonly<
      Record<string, string>
    >,
    nothing: 'nothing',
    says: (frame: number, label: string, share: string | undefined) =>
      `Frame ${frame}: it says “${label}”${share === undefined ? '' : ` (${share})`}`,
    right: ', which is true',
    wrong: (label: string) => `, but “${label}” is true`,
  },
  names: {
    list: 'Names that it wrote',
    letters: 'What it expects, letter by letter',
    of: 'Names of',
    others: 'Write others',
    likely: 'Beside each name stands how likely it is: the product of its letters.',
  },
  scene: {
    steps: 'Word of the sentence',
    place: (row: number, column: number) => `row ${row}, column ${column}`,
    looks: (word: string, place: string, share: string) =>
      `For “${word}” it looks most at ${place} (${share})`,
    there: ', where the thing stands that this word names.',
    elsewhere: (place: string) => `; the thing that belongs here stands in ${place}.`,
    whole: 'This network gets the whole picture as one vector, so there is no place that it looks at.',
    right: 'Right.',
    wanted: (sentence: string) => `Wanted: “${sentence}”.`,
    word: (word: string, text: string) => `“${word}”. ${text}`,
    score: (share: string) => `${share} of the attention lies on the thing that is named.`,
    example: (picture: number) => `picture ${picture}`,
  },
  series: {
    steps: 'Hour',
    truth: 'as it was',
    guess: 'as it was predicted',
    read: 'What it read for this prediction',
    readTitle: 'What it read for this hour',
    scale: (least: string, most: string) => `the picture goes from ${least} to ${most}`,
    nothing: (hour: number) => `Hour ${hour}: nothing is predicted.`,
    says: (hour: number, value: string) => `Hour ${hour}: it says ${value}`,
    was: (value: string, off: string) => `, it was ${value}: ${off} off`,
    error: (hours: number, off: string, mean: string) =>
      `Over these ${hours} hours it is ${off} off; who always says the mean is ${mean} off.`,
    now: (name: string, value: string) => `${name}, now ${value}`,
  },
  /** Ends a sentence. */
  stop: '.',
};
