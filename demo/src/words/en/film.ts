/** The slider through the training. */
export const film = {
  reads: 'What it reads, coloured by surprise',
  units: 'Its memory: a row for each unit, a column for each letter',
  sure: '0: knew it',
  full: (bits: number) => `${bits} bits`,
  said: (step: string, bits: string, letter: string) =>
    `After ${step} steps this stretch, read without a memory of what came before, surprises it by ${bits} bits a letter, most at ${letter}.`,
  saidUnknown: (step: string) => `After ${step} steps: this stretch is too short to measure.`,
  stopReplay: 'Stop',
  gone: 'The state of that step is not kept any more: only the curve and what it wrote are.',
  unitsLabel: (units: number, letters: number) => `States of ${units} units over ${letters} letters`,
};
