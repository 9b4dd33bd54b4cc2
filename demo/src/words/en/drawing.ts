/** The drawing of a network, and how single letters are called. */
export const drawing = {
  /** Beside the rows of the strip. */
  rows: {
    guesses: 'guesses',
    answer: 'answer',
    memory: 'memory',
    reads: 'reads',
    picture: 'picture',
    source: 'source',
  },
  /** Letters that cannot be shown between quotes, by themselves. */
  letters: {
    ' ': 'space',
    '\n': 'line end',
    '\r': 'carriage return',
    '\t': 'tab',
    '"': 'quotation mark',
    '“': 'opening quote',
    '”': 'closing quote',
  } as Readonly<Record<string, string>>,
  stop: '.',
  comma: ', ',
  semicolon: '; ',
  shape: {
    each: (stack: string) => `It reads one symbol at each step with ${stack}, and answers after each.`,
    last: (stack: string) => `It reads one symbol at each step with ${stack}, and answers after the last.`,
    picture: (rows: number, columns: number) =>
      `An image encoder looks at ${rows} × ${columns} places of the picture`,
    source: (stack: string) => `The source is read first, by ${stack}`,
    writes: (stack: string, single: boolean) => `; ${stack} ${single ? 'writes' : 'write'} the answer and `,
    attention: 'at each step looks back at all of it.',
    summary: 'begins with its summary alone.',
    units: (hidden: number) => `${hidden} ${hidden === 1 ? 'unit' : 'units'}`,
    bothEnds: ', from both ends',
    joining: ', each joining two steps of the one below',
    one: (cell: string, units: string) => `${cell} of ${units}`,
    layers: (layers: number, cell: string, units: string) => `${layers} layers of ${cell} of ${units}`,
  },
  step: {
    /** What a step reads, by its English name. */
    place: (name: string, number: number) => `${name.charAt(0).toUpperCase()}${name.slice(1)} ${number}`,
    /** @param symbol absent where it has no other name than its place */
    reads: (place: string, symbol?: string) => `${place}: it reads ${symbol ?? 'it'}`,
    guesses: (symbol: string, share: string) => ` and guesses ${symbol} (${share})`,
    says: (number: string) => ` and says ${number}`,
    right: ', which is right',
    wrong: (symbol: string) => `, but ${symbol} is right`,
  },
  gradients: {
    widths:
      'A line is as wide as the gradient is large, two pixels less for each power of ten; dots: less than a ' +
      'ten-thousandth.',
    vanished: (name: string, share: string) =>
      `${name} has vanished at the first step: ${share} of the last is left`,
    grown: (name: string, times: number) =>
      `${name} is ${times} times as large at the first step as at the last`,
    left: (name: string, share: string) => `of ${name}, ${share} is left at the first step`,
    each: 'Gradients go back from right to left, and the error of each step joins them.',
    last: (parts: string) => `Gradients of the last error go back from right to left: ${parts}.`,
  },
  place: {
    layer: (layer: number) => `layer ${layer}`,
    left: 'from the left',
    right: 'from the right',
  },
  cell: {
    unit: (unit: number) => `Unit ${unit}`,
    plain: (unit: string, value: string, before: string) =>
      `${unit}: what is read and the whole state before, each times its weights, add up, and a ` +
      `nonlinearity makes ${value} of the sum. Nothing of the old state${before} passes by.`,
    before: (state: string) => `${state} before`,
    keeps: (unit: string, kept: string, entered: string, sum: string) =>
      `${unit} keeps ${kept} of what it knew and takes in ${entered} of the candidate: ${sum}.`,
    reset: (share: string) => `The candidate sees ${share} of the state before.`,
    shows: (share: string, sum: string) => `It shows ${share} of tanh c: ${sum}.`,
    unknown: 'Nothing is known of this cell yet.',
    reads: (symbol: string) => `reads ${symbol}`,
    formula: 'h = f(U · what is read + W · h before + b)',
  },
  /** What is multiplied, in the list of products. */
  terms: {
    before: (unit: number) => `unit ${unit} before`,
    below: (unit: number) => `unit ${unit} below`,
    letter: (symbol: string) => `letter ${symbol}`,
    numberOf: (number: number, symbol: string) => `number ${number} of ${symbol}`,
    symbol: (id: number) => `symbol ${id}`,
    numberOfSymbol: (number: number) => `number ${number} of the symbol`,
    numberOfStep: (number: number) => `number ${number} of the step`,
    lookedAt: (unit: number) => `unit ${unit} of what it looks at`,
    fromRight: 'from the right',
    firstOfTwo: 'first of two',
    secondOfTwo: 'second of two',
    picture: 'what it sees of the picture',
    bias: 'bias',
  },
  /** Gates, candidates and states of a unit. */
  gates: {
    f: 'forget gate f',
    i: 'input gate i',
    g: 'candidate g',
    o: 'output gate o',
    r: 'reset gate r',
    z: 'update gate z',
    n: 'candidate n',
    candidate: 'candidate h̃',
    c: 'cell state c',
    h: 'state h',
  } as Readonly<Record<string, string>>,
  view: {
    from: 'from',
    weight: 'weight',
    value: 'value',
    product: 'product',
    sum: 'sum',
    keys: '← → other steps, ↑ ↓ other cells or units, Enter nearer, Escape back',
    zooms: ['Steps', 'One cell', 'One unit'] as readonly [string, string, string],
    previous: 'Previous unit',
    next: 'Next unit',
    unit: (unit: number, of: number) => `unit ${unit} of ${of}`,
    noWeights: 'Its weights are not at hand here.',
    products: (name: string) => `products with the state are times ${name}`,
    weights: 'The weights, the same at every step:',
    smaller: (count: number) => `${count} smaller ones`,
  },
};
