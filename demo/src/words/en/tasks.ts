import type { ColumnKind, OwnTask } from '../../tasks/own/choice.js';
import type { Shape } from '../../tasks/view.js';
import { labels } from './page/labels.js';
import { terms } from './page/terms.js';

/** A task of the list in words. */
export interface TaskWords {
  readonly title: string;
  /** What is learned, in a sentence or two. */
  readonly about: string;
  /** Heading of the view. */
  readonly view: string;
  /** An input to begin with, where a visitor may type one. */
  readonly typed?: string;
}

/** All texts of the page of tasks. */
export const tasks = {
  ...terms,
  heading: 'unrolled: every shape of task',
  intro:
    'One kind of network, many shapes of task: it reads one thing or many, and answers with one or many. ' +
    'Choose one: it learns here, on your machine, and nothing is uploaded. In the small pictures it reads ' +
    'from below (purple) and writes above (green).',
  language: 'Language',
  texts: 'To the page of texts.',
  choose: 'Choose a task',
  curve: 'Right answers on examples that it never learns',
  oneStep: 'One step',
  again: 'Start again',
  start: 'Start',
  pause: 'Pause',
  goOn: 'Go on',
  preparing: 'The training is being prepared',
  past: 'Look back over the training:',
  now: 'now',
  wrong: 'Still wrong',
  unrolled: 'The network, step by step',
  settings: 'Network and training',
  own: 'Your own records',
  ownAbout:
    'A table of two columns or more (TSV, CSV) or JSON Lines, in UTF-8: texts with a label each, words with ' +
    'a tag each, texts in pairs, or rows of numbers. Drop a file anywhere on the page, open it, or paste it.',
  ownFile: 'Open a file',
  ownPaste: 'Or paste the records',
  ownLook: 'Look at what I pasted',
  ownLearn: 'Learn this',
  kept: 'Kept, and files',
  files:
    'Checkpoints are the files of the command: “unrolled predict”, “evaluate” and “resume” read them, and ' +
    'this page reads theirs.',
  download: 'Download the checkpoint',
  upload: 'Open a checkpoint',
  drop: 'Drop a file of records or a checkpoint',
  pausing: 'Pausing…',
  ready: 'Ready: press “Start”.',
  notStarted: 'Not started: see the message.',
  stopped: 'Stopped by an error.',
  crashed: (message: string) => `The training stopped: ${message}`,
  continue: 'Go on with it',
  remove: 'Delete',
  removeAgain: 'Press again: delete',
  pastedName: 'pasted records',
  ownTitle: 'Your records',
  nothingWrong: 'None of those that it was tried on.',
  notTried: 'It has not been tried yet.',
  noAnswer: '(nothing)',
  wanted: 'right would be',
  elsewhere: 'This training is open in another tab, so it is not kept from here.',
  notKept: 'Your own records of this address are not kept in this browser: open them again.',
  figures: {
    right: 'right answers',
    step: 'step',
    speed: 'read a second',
    parameters: 'numbers it learns',
    records: 'examples to learn',
  },
  fields: {
    cell: [labels['cell.label'], 'How it remembers.'],
    hidden: [labels['hidden.label'], 'Size of its memory.'],
    layers: [labels['layers.label'], 'Stacked on top of each other.'],
    bidirectional: ['Reads', 'What comes later may count, too.'],
    attention: ['Looks back by', 'Attention looks at what was read, again for each symbol.'],
    batch: [labels['examples.label'], 'A batch.'],
    rate: [labels['rate.label'], 'Size of a correction.'],
    seed: [labels['seed.label'], 'The same seed gives the same run.'],
    backend: [labels['backend.label'], 'The reference is slow: others are checked against it.'],
  } as Readonly<Record<string, readonly [label: string, hint: string]>>,
  choices: {
    bidirectional: { '0': 'forwards', '1': 'in both directions' },
    attention: { none: 'one summary alone', first: 'a picture, given once' },
    backend: {
      auto: 'GPU, else the fastest',
      webgpu: 'GPU (WebGPU)',
      cpu: 'CPU (WebAssembly)',
      reference: 'CPU reference (slow)',
    },
  } as Readonly<Record<string, Readonly<Record<string, string>>>>,
  restart: 'Train with these',
  shapes: {
    'one-to-one': 'one to one',
    'one-to-many': 'one to many',
    'many-to-one': 'many to one',
    'many-to-many-aligned': 'many to many, step by step',
    'many-to-many-unequal': 'many to many, of other lengths',
  } as Readonly<Record<Shape, string>>,
  tasks: {
    dates: {
      title: 'Dates',
      about: 'Reads a date in any of fifteen ways of writing, letter by letter, and writes it as 1986-03-03.',
      view: 'Ask it: a date',
      typed: 'the 3rd of March 1986',
    },
    'number-words': {
      title: 'Numbers to words',
      about: 'Reads digits and writes the number in words.',
      view: 'Ask it: a number',
      typed: '407',
    },
    reversing: {
      title: 'Backwards',
      about:
        'Reads letters from a to h and writes them backwards. One summary must hold them all; attention can ' +
        'look at each again.',
      view: 'Ask it: letters from a to h',
      typed: 'cabbage',
    },
    morse: {
      title: 'Morse by ear',
      about:
        'Listens to one or two letters in noisy Morse code, at any speed and pitch, and writes them. The ' +
        'layers that listen are a pyramid: each has half the steps of the one below.',
      view: 'Ask it: one or two letters',
      typed: 'OK',
    },
    reviews: {
      title: 'Reviews',
      about:
        'Reads two statements about a film, one of them with “not”, and says whether the review praises.',
      view: 'Ask it: a review',
      typed: 'the film is not dull and the cast is very clever',
    },
    handwriting: {
      title: 'Handwritten digits',
      about:
        'Reads a digit that somebody has written (MNIST, 14 by 14 pixels) from top to bottom, a row at each ' +
        'step, and names it.',
      view: 'What it believes after each row',
    },
    'first-names': {
      title: 'First names',
      about:
        'Is told female or male and writes a first name, letter by letter. It learns from 6,000 real ones; ' +
        'right is a real name of that list, so that inventions count as wrong.',
      view: 'Names that it writes',
    },
    series: {
      title: 'Weather',
      about:
        'Reads temperature, humidity and pressure of 24 hours and says the temperature in six hours. Right is ' +
        'within half of its usual deviation.',
      view: 'Prediction against truth',
    },
    opinions: {
      title: 'Word by word',
      about:
        'Says of each word of a review what it does: “dull” is blame, but “not dull” is praise, and the film ' +
        'is liked for a word that comes later.',
      view: 'Ask it: a review',
      typed: 'the music is not good and the plot is funny',
    },
    film: {
      title: 'A moving shape',
      about: 'Watches a film, from both ends, and says for each frame where the shape goes next.',
      view: 'The film, with its labels',
    },
    'written-digits': {
      title: 'Digits, pixel by pixel',
      about:
        'Is told a digit and paints it, one pixel after the other. It learns from a small font: by hand, digits ' +
        'take it longer.',
      view: 'Digits that it paints',
    },
    scenes: {
      title: 'Pictures in words',
      about: 'Looks at a picture and writes what is there, word by word.',
      view: 'Where it looks for each word',
    },
  } as Readonly<Record<string, TaskWords>>,
  ownTasks: {
    classify: 'a label for each text',
    tag: 'a tag for each word',
    translate: 'a text for each text',
    regress: 'the next number of a series',
  } as Readonly<Record<OwnTask, string>>,
  ownView: {
    classify: 'Ask it: a text',
    tag: 'Ask it: words',
    translate: 'Ask it: a text',
    regress: 'Prediction against truth',
  } as Readonly<Record<OwnTask, string>>,
  ownFields: {
    task: 'To be learned',
    read: 'It reads',
    learned: 'It learns',
    header: 'The first line names the columns',
    separator: 'Between fields stands',
  },
  /** A column as it is shown: those of a table without a header are numbered. */
  column: (name: string) => name,
  columnKinds: {
    numbers: 'numbers',
    names: 'a few names',
    words: 'sentences',
    text: 'texts',
    list: 'lists',
    other: 'something else',
  } as Readonly<Record<ColumnKind, string>>,
  views: {
    type: 'Type one yourself',
    answer: 'It answers: ',
    unknown: (parts: readonly string[]) =>
      `It has never read ${parts.map((part) => `“${part}”`).join(', ')}: to it that is a blank.`,
    examples: 'Examples that it never learns',
    beam: 'Search among',
    beamOne: 'the likeliest symbol each time',
    beamFour: 'four hypotheses at once',
    memory: 'It writes from',
    summary: 'one summary',
    attention: 'attention',
    sure: 'How sure it is',
    moved: 'Which words moved the answer',
    movedHint:
      'Each word is left out once: the longer its bar, the less sure the answer is without it (orange: the ' +
      'surer).',
    reading: 'While it reads',
    noAttention: 'It writes from one summary of all that it has read: there is nothing to look back at.',
    candidates: 'What the search found',
    given: 'The picture is given',
    givenFirst: 'once, at the start',
    givenEvery: 'with every word',
    givenAttention: 'place by place (attention)',
    looks: 'Where it looks for each symbol',
  },
  training: (machine: string) => `Training ${machine}`,
  pausedAt: (step: string) => `Paused at step ${step}`,
  chart: (share: string, step: string) => `Right answers over steps: ${share} at step ${step}`,
  chartEmpty: 'Right answers over steps; it has not been tried yet',
  atStep: (step: string) => `step ${step}`,
  wrongOf: (wrong: string, tried: string) => `${wrong} of ${tried} that it is tried on; a few of them:`,
  keptAt: (step: string, clock: string) => `Kept in this browser: step ${step}, at ${clock}.`,
  keptRun: (share: string, step: string, clock: string) => `${share} right · step ${step} · ${clock}`,
  savedAs: (name: string, size: string) => `Saved as ${name}, ${size}.`,
  loaded: (name: string) => `Loaded ${name}.`,
  ownRows: (rows: string, name: string) => `${rows} records in ${name}:`,
  unknownOptions: (names: string) => `The address has options that this page does not know: ${names}.`,
  unknownTask: (name: string, known: string) =>
    `The address asks for the task “${name}”, which is not there. There are ${known}.`,
};
