import { labels } from './page/labels.js';

/** What a unit does that follows something, rising and falling; # stands for how clearly. */
type Behaviour = readonly [rising: string, falling: string];

function high(where: string): Behaviour {
  return [`is # high ${where}, low elsewhere`, `is # low ${where}, high elsewhere`];
}

/** A sentence as part of another. */
function small(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** What the scripts of Inside say. Letters come named, such as `“a”` or `space`. */
export const inside = {
  drawing: 'The network over these letters',
  /** @param layer absent in a network of one layer */
  unit: (unit: string, layer: string | undefined) =>
    layer === undefined ? `unit ${unit}` : `unit ${unit} of layer ${layer}`,
  /** Names of what units follow, where this language has others than the engine. */
  features: {} as Readonly<Record<string, string>>,
  behaviour: {
    'position in line': ['# rises along the line', '# falls along the line'],
    indentation: ['is # higher the deeper a line is indented', 'is # lower the deeper a line is indented'],
    'position in word': ['# rises along the word', '# falls along the word'],
    'bracket depth': ['is # higher the more brackets are open', 'is # lower the more brackets are open'],
    'word end': high('at the end of a word'),
    'between words': high('between words'),
    'capital letter': high('at capital letters'),
    'inside quotes': high('inside quotes'),
    'inside brackets': high('inside brackets'),
    URL: high('inside web addresses'),
  } as Readonly<Record<string, Behaviour>>,
  goesWith: (feature: string) => `# goes with ${feature}`,
  clearly: 'clearly',
  mostly: 'mostly',
  scale: {
    nothing: 'nothing',
    most: 'most',
    same: 'the same',
    apart: (difference: string) => `${difference} apart`,
    knew: '0: knew it',
    bits: (bits: string) => `${bits} bits or more`,
  },
  surprise: {
    name: (step: string) => `Colour: how surprised it is by each letter at step ${step}.`,
    none: (name: string) => `${name} There is none here that it could have guessed.`,
    most: (name: string, mean: string, letter: string, bits: string) =>
      `${name} On average ${mean} bits a letter, and most at ${letter}: ${bits}.`,
  },
  colour: {
    name: (unit: string, step: string) => `Colour: ${unit} at step ${step}.`,
    still: (name: string) => `${name} It stands still, or there is nothing in this text to follow.`,
    nothing: (name: string, feature: string, correlation: string) =>
      `${name} It follows nothing that is listed here; closest comes ${feature} (correlation ${correlation}).`,
    follows: (name: string, behaviour: string, correlation: string) =>
      `${name} It ${behaviour} (correlation ${correlation}).`,
  },
  character: {
    /** @param chance that it had given to this letter; absent for the first letter and unknown ones */
    came: (letter: string, chance: string | undefined, bits: string) =>
      chance === undefined
        ? `${letter}.`
        : `${letter}: it had given it ${chance}, so it is surprised by ${bits} bits.`,
    state: (letter: string, unit: string, value: string, gates: readonly string[]) =>
      `${letter}: ${unit} is ${value}${gates.length > 0 ? ` (${gates.join(', ')})` : ''}.`,
    unknown: 'The network has never seen this character and reads it as nothing.',
    expected: (guesses: readonly string[]) => `Expected next: ${guesses.join(', ')}.`,
    gradient: (norm: string) => `Gradient here: ${norm}.`,
  },
  reach: {
    nothing: (guess: string, after: string, gradient: string) =>
      `Nothing that was read before has any influence on ${guess} after ${after}: its gradient is ${gradient}.`,
    /** @param chance empty where it is not known */
    spread: (guess: string, chance: string, after: string, back: string) =>
      `${capital(guess)}${chance === '' ? '' : ` (${chance})`} after ${after}: the stronger the colour of a ` +
      'letter, the more this guess would change with it; nine tenths of all that counts lie over the last ' +
      `${back === '1' ? 'character alone' : `${back} characters`}.`,
    how:
      'Click a letter (or press Enter on it) to see what the guess after it depends on, or one of the ' +
      'guesses (or press 1 to 5) for that one.',
    lost: 'The chosen letter is not in this text, or the network does not know it. Click another.',
  },
  change: {
    name: 'Colour: how far the states are from those before the change.',
    atEnd: 'The change is at the end: nothing was read after it.',
    upToEnd: (letters: string) => `The change is felt up to the end, ${letters} characters later.`,
    forgotten: (letters: string) =>
      `After ${letters === '1' ? 'one more character' : `${letters} more characters`} the states are as they ` +
      'were: it is forgotten.',
    guess: (after: string, now: string, before: string) => `after ${after} ${now} in place of ${before}`,
    noGuess: 'No first guess is another one.',
    guesses: (count: string, listed: readonly string[], all: boolean) =>
      `${count} first ${count === '1' ? 'guess is' : 'guesses are'} different: ${listed.join('; ')}` +
      (all ? '.' : '; …'),
  },
  phrase: {
    how:
      'Drag over a phrase of the text above, or hold Shift with the arrow keys, to see which units are on ' +
      'throughout.',
    none: (phrase: string) => `No unit is on throughout “${phrase}” alone.`,
    lit: (units: string, phrase: string) =>
      `${units} ${units === '1' ? 'unit is' : 'units are'} on throughout “${phrase}”`,
    nowhere: (lit: string) => `${lit}; nowhere else are the same ones on.`,
    here: (lit: string) => `${lit}. Most of the same ones are on here, too:`,
  },
  flow: {
    label: (sentence: string) => `Norm of the gradient by time step. ${sentence}`,
    layer: (layer: string) => `Layer ${layer}: `,
    ways: (cell: string, state: string) =>
      `Through its cell c: ${small(cell)} Through its state h alone: ${small(state)}`,
    odd: (last: string, first: string) =>
      `The gradient is ${last} at the last step and ${first} at the first.`,
    oneStep: 'The window has one step alone: there is no way back.',
    explodes: (steps: string, times: string) =>
      `It explodes: ${steps === '1' ? 'one step' : `${steps} steps`} back the gradient is ${times} times as ` +
      `large. A lower “${labels['rate.label']}” and a “${labels['clipNorm.label']}” keep that in check.`,
    share: (share: string, steps: string) =>
      `It reaches back: ${share} of the gradient is left ${steps === '1' ? 'one step' : `${steps} steps`} ` +
      'before, so the network can learn from there.',
    times: (times: string, steps: string) =>
      `It reaches back: ${times} times of the gradient are left ` +
      `${steps === '1' ? 'one step' : `${steps} steps`} before, so the network can learn from there.`,
    vanishes: (steps: string) =>
      `It vanishes: less than a hundredth is left ${steps === '1' ? 'one step' : `${steps} steps`} before, so ` +
      'the network can hardly learn from anything further back.',
  },
  gates: {
    title: (unit: string) => `Gates and memory of ${unit}`,
    about: (gates: readonly string[], letters: string) =>
      `${gates.join('; ')}: over ${letters} characters. The line below the text tells the numbers of the ` +
      'character that has the focus.',
    lstm:
      'LSTM: c = f · (c before) + i · g, and h = o · tanh c. Where the forget gate is full and the input gate ' +
      'empty, the cell keeps what it knows.',
    gru:
      'GRU: h = z · (h before) + (1 − z) · n. Where the update gate is full, the unit keeps what it knows; the ' +
      'reset gate says how much of the past the candidate sees.',
    mingru:
      'minGRU: h = (1 − z) · (h before) + z · h̃. Where the update gate is empty, the unit keeps what it knows.',
    minlstm:
      'minLSTM: h = (f · (h before) + i · h̃) / (f + i). Where the forget gate outweighs the input gate, the ' +
      'unit keeps what it knows.',
  },
  guesses: {
    point: 'Point at a letter, or go there with the arrow keys.',
    comes: (letter: string, next: string) => `After ${letter} comes ${next}. It expected:`,
    last: (letter: string) => `After ${letter} it expects:`,
    depends: 'Show what this guess depends on',
  },
  goOn: (letter: string) => `Go on writing after ${letter}`,
  writing: 'It writes…',
  readout: 'Point at a letter, or go through the text with the arrow keys, to read its numbers.',
  text: {
    training: 'From the text in training. Type or paste here what it is to read instead.',
    own: 'Your own text.',
    cut: (letters: string) => `The first ${letters} characters are read.`,
    unknown: (letters: string, more: boolean) =>
      `The network has never seen ${letters}${more ? ' and others' : ''}.`,
  },
  map: (unit: string, place: string, of: string) =>
    `${unit}, number ${place} of ${of} from the slowest to the fastest`,
  framed: (place: string) => `In the frame: ${place}.`,
  units: (units: string) => `1 to ${units}`,
};
