/** Readable names of choices. An address, a checkpoint and the command use the identifiers. */
const TEXTS: Readonly<Record<string, string>> = {
  english: 'A village story',
  chinese: 'A village story, in Chinese',
  'moby-dick': 'Moby-Dick, the first 400 kB',
  brackets: 'Words in brackets',
  urls: 'Web addresses',
  program: 'A small program',
  dates: 'Dates',
  'counting-ab': 'aaabbb (counting)',
  'counting-abc': 'aabbcc (counting twice)',
};
const PRESETS: Readonly<Record<string, string>> = {
  'first-words': 'Quick start',
  'min-char-rnn': 'Karpathy’s min-char-rnn',
  gluon: 'Dive into Deep Learning',
  'char-rnn': 'Karpathy’s char-rnn',
};
const CELLS: Readonly<Record<string, string>> = {
  rnn: 'RNN',
  'rnn-relu': 'RNN (relu)',
  lstm: 'LSTM',
  gru: 'GRU',
  mingru: 'minGRU',
  minlstm: 'minLSTM',
};
const OPTIMIZERS: Readonly<Record<string, string>> = {
  sgd: 'plain descent (SGD)',
  adagrad: 'Adagrad',
  rmsprop: 'RMSprop',
  adam: 'Adam',
  adamw: 'AdamW',
};

/** Returns the name of a text in the menu. */
export function textName(name: string): string {
  return TEXTS[name] ?? name;
}

/** Returns the name of a recipe in the menu. */
export function presetName(name: string): string {
  return PRESETS[name] ?? name;
}

/** Returns the name of an optimizer in the menu. */
export function optimizerName(name: string): string {
  return OPTIMIZERS[name] ?? name;
}

/** Returns the name of a kind of cell. */
export function cellName(kind: string): string {
  return CELLS[kind] ?? kind;
}
