/** `e`, `e and l`, `e, l and o` */
const list = (items: readonly string[]): string =>
  items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1) ?? ''}`;

/** What the scripts of "four letters" say. Numbers come with their signs. */
export const scene = {
  buttons: { forward: 'Forward', backward: 'Backward', update: 'Update' },
  many: (updates: string) => `${updates} updates`,
  reset: 'Reset',
  other: 'Other weights',
  drawing: 'The network, letter by letter',
  steps: 'Step through the scene',
  rate: 'Learning rate',
  rates: { careful: '0.1, careful', wellChosen: '0.3, well chosen', hasty: '1, hasty' },
  numbers: 'Every number: the four letters, the 40 weights',
  counter: (updates: string, seed: string) =>
    `${updates} ${updates === '1' ? 'update' : 'updates'}, weights of seed ${seed}`,
  card: {
    /** The head of a card, around the letter that is read and the one that should come. */
    reads: ' reads ',
    should: ', should say ',
    input: (place: string) => `Input of letter ${place}, one-hot`,
    state: (place: string) => `State after letter ${place}`,
    scores: (place: string) => `Scores after letter ${place}`,
    rise: (letter: string, before: string, now: string, higher: boolean) =>
      `Score of ${letter}: ${before} → ${now} ${higher ? '▲ higher' : '▼ lower'}`,
    says: 'says ',
    share: (share: string) => ` (${share})`,
    right: ' ✓ right',
    notYet: ' ✗ not yet',
  },
  /** Heads of tables: columns, and what the heads of the rows are. */
  heads: {
    letter: 'letter',
    input: 'input',
    unit: 'unit',
    before: 'before',
    bias: 'bias',
    state: 'state',
    gradient: 'gradient',
    next: 'next',
    score: 'score',
    chance: 'chance',
    target: 'target',
    update: 'update',
    says: 'says',
    loss: 'loss',
  },
  weights: {
    title: 'The 40 weights',
    nothing: 'The same weights serve all four letters.',
    gradient: 'Below each weight: its gradient, the sum of its shares at all four letters.',
    change: 'Below each weight: what the update has changed.',
    fromLetter: 'Letter → state',
    fromBefore: 'State before → state',
    toScores: 'State → scores',
    /** For those who hear the page: before the second number of a cell. */
    changedBy: ', changed by ',
    ofGradient: ', gradient ',
    /** Under the drawing. */
    drawn: {
      fromLetter: 'letter → memory',
      fromBefore: 'memory before → memory',
      toScores: 'memory → guesses',
    },
  },
  terms: {
    letter: (letter: string) => `letter ${letter}`,
    before: (unit: number) => `unit ${unit} before`,
  },
  twice: {
    title: 'The same l, twice',
    caption: 'The letter l, read twice',
    place: (place: string, letter: string) => `letter ${place}: ${letter}`,
    rows: [
      'From the letter',
      'From the state before',
      'State',
      'Chances',
      'It says',
      'It should say',
      'Chances without the state before',
    ] as readonly string[],
    text:
      'Read twice, the letter l adds the same numbers twice. Only the state before is different, and it alone ' +
      'can tell the network to say l after the first and o after the second. Without it, in the last row, both ' +
      'must get the same chances.',
  },
  progress: {
    title: 'Scores of the right letters',
    caption: 'Scores of the right letters, by update',
    hint:
      'The scores of e, l, l and o where these are right. An arrow says whether a score is higher or lower than ' +
      'in the row above.',
    higher: ', higher',
    lower: ', lower',
  },
  explain: {
    random: (button: string, letters: readonly string[]) =>
      `All 40 weights are random numbers. Press “${button}”: the network reads ${list(letters)}, one after the ` +
      'other.',
    forward:
      'Forward. Each letter and the state before it make a new state, state = tanh(letter + before + bias): ' +
      'three numbers that are all the network remembers. From them come four scores, and softmax turns scores ' +
      'into chances that add up to 1.',
    first: (should: string, says: string, chances: readonly string[], loss: string, guessing: string) =>
      `It should say “${should}” and says “${says}”. The right letters got ${chances.join(', ')}. The loss adds ` +
      `up how surprised it is by them, −ln(chance): ${loss}. Whoever guesses has ${guessing}.`,
    change: (button: string) => `Next, “${button}”: what would have to change?`,
    move: (letter: string, before: string, now: string) => `${letter} (${before} to ${now})`,
    /** @param updates since the pass that it is compared with */
    again: (updates: string, rose: readonly string[], fell: readonly string[]) =>
      `Forward, ${updates === '1' ? 'with the new weights' : `after ${updates} updates`}. ` +
      (rose.length === 0
        ? 'No score of a right letter rose'
        : `The score of the right letter rose for ${list(rose)}`) +
      (fell.length === 0 ? '.' : `; it fell for ${list(fell)}, since all letters share the same weights.`),
    loss: (before: string, now: string, grew: boolean, says: string, right: boolean) =>
      `The loss went from ${before} to ${now}` +
      `${grew ? ': a step was too long, and a smaller learning rate helps' : ''}. It says “${says}”` +
      `${right ? ', which is right' : ''}.`,
    learned: (share: string) =>
      `It has learned the word: every right letter has a chance of at least ${share}, and the same l gives l ` +
      'first and o later.',
    nextAgain: (button: string) => `Next, “${button}” again.`,
    backward:
      'Backward. A gradient says how the loss grows with a number. For a score it is chance − target: negative ' +
      'for the right letter, which should have more, positive for all others.',
    /** @param largest of the gradients, and the name of its weight */
    back: (largest: string, name: string) =>
      'From the scores it goes to the states, and from each state to the one before it, right to left: so a ' +
      'state also answers for what it did to later letters. Each weight adds up its share at all four letters; ' +
      `the largest is ${largest}, of ${name}.`,
    step: (button: string) => `Next, “${button}”: every weight takes a small step against its gradient.`,
    update: (rate: string, name: string, before: string, gradient: string, now: string) =>
      `Update. New weight = weight − ${rate} × gradient, for all 40 of them. The largest step is that of ` +
      `${name}: ${before} − ${rate} × (${gradient}) = ${now}.`,
    still: (button: string) =>
      `The letters still show the pass before the update. Next, “${button}”: do the right letters get higher ` +
      'scores?',
  },
  names: {
    fromLetter: (letter: string, unit: number) => `the weight from letter ${letter} to unit ${unit}`,
    fromBefore: (from: number, unit: number) => `the weight from unit ${from} before to unit ${unit}`,
    stateBias: (unit: number) => `the bias of unit ${unit}`,
    toScore: (unit: number, letter: string) => `the weight from unit ${unit} to the score of ${letter}`,
    scoreBias: (letter: string) => `the bias of the score of ${letter}`,
  },
};
