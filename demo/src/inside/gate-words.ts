/** What activations are called, in the order of the rows. */
export const GATE_NAMES: Readonly<Record<string, string>> = {
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
};

export const GATE_ORDER = Object.keys(GATE_NAMES);

/** These lie between 0 and 1; all others have a sign. */
export const GATES: readonly string[] = ['f', 'i', 'o', 'r', 'z'];

/** What the gates of a cell do; the names of its activations tell which cell it is. */
export function gatesSentence(activations: Readonly<Record<string, unknown>>): string {
  const has = (name: string): boolean => name in activations;
  if (has('c'))
    return (
      'LSTM: c = f · (c before) + i · g, and h = o · tanh c. Where the forget gate is full and the input ' +
      'gate empty, the cell keeps what it knows.'
    );
  if (has('n'))
    return (
      'GRU: h = z · (h before) + (1 − z) · n. Where the update gate is full, the unit keeps what it ' +
      'knows; the reset gate says how much of the past the candidate sees.'
    );
  if (has('z'))
    return (
      'minGRU: h = (1 − z) · (h before) + z · h̃. Where the update gate is empty, the unit keeps what it ' +
      'knows.'
    );
  if (has('f'))
    return (
      'minLSTM: h = (f · (h before) + i · h̃) / (f + i). Where the forget gate outweighs the input gate, ' +
      'the unit keeps what it knows.'
    );
  return '';
}
