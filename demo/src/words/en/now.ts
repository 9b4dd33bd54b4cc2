/** The first screen. */
export const now = {
  label: 'What the network reads, holds and guesses, letter by letter',
  weights: {
    letters: 'letter → memory',
    before: (layer: number) => `memory → memory${layer > 1 ? `, layer ${layer}` : ''}`,
    below: (layer: number) => `layer ${layer - 1} → layer ${layer}`,
    guesses: 'memory → guesses',
    embedding: 'letters',
  },
  untrained: 'Before its first lesson: it guesses at random.',
  slowed: (step: string) => `Now, after ${step} steps of learning; four letters a second.`,
  wound: (step: string) => `As it was after ${step} steps, slowed to four letters a second.`,
  still: (step: string) => `After ${step} steps. Press “One letter” to go on.`,
  /** @param replay whether earlier states are kept */
  done: (step: string, replay: boolean) =>
    `It has learned what it can, in ${step} steps.${replay ? ' “Replay” shows how, slowly.' : ''}`,
  pause: 'Pause the letters',
  go: 'Let the letters run',
  nothingWritten: 'It has written nothing yet: the first lines come after ten steps.',
  writtenAt: (step: string) => `after ${step} steps`,
  surprise: (first: string, last: string) => `${first} → ${last} bits a letter`,
  surpriseStart: (first: string) => `${first} bits a letter`,
  meaning: '0: it would know every letter.',
  realWords: (percent: string) =>
    `0: it would know every letter. ${percent} of the words that it writes are in its text.`,
  networks: {
    gru: 'small GRU',
    lstm: 'small LSTM',
    rnn: 'small plain RNN',
    large: 'larger LSTM, two layers',
    own: 'your settings',
  },
};
