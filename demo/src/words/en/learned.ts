/** A training that has come to its end, and what goes beyond it. */
export const learned = {
  done: (step: string, bits: string) =>
    'It has learned what it can of this style. Text that it has never seen surprised it least around ' +
    `step ${step}, by ${bits} bits a letter: it has gone back there.`,
  doneLater: (step: string, bits: string) =>
    'It has learned what it can of this style. Text that it has never seen surprised it least around ' +
    `step ${step}, by ${bits} bits a letter.`,
  status: 'Done: it has learned what it can',
  byHeart: 'It goes on, and learns this text by heart: watch the two curves part.',
};
