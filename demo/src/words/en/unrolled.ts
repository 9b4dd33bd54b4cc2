/** The network of a task, step by step. */
export const unrolled = {
  label: 'The network over this example',
  about:
    'The example that is looked at above, with the weights of the step that the slider shows: what is read, ' +
    'the memory after each step, and what is answered.',
  forced:
    'As in training, the right symbol is read at each step, whatever it guessed. ▸ begins a text, and ■ ends it.',
  own: 'It reads what it has written itself. ▸ begins a text, and ■ ends it.',
  now: (step: string) => `Now, after ${step} steps.`,
  wound: (step: string) => `As it was after ${step} steps.`,
  weights: {
    memory: {
      encoder: (layer: number) => `memory that reads${layer > 1 ? `, layer ${layer}` : ''}`,
      decoder: (layer: number) => `memory that writes${layer > 1 ? `, layer ${layer}` : ''}`,
      rnn: (layer: number) => `memory${layer > 1 ? `, layer ${layer}` : ''}`,
    },
    reads: (memory: string) => `what is read → ${memory}`,
    below: (memory: string) => `the layer below → ${memory}`,
    before: (memory: string) => `before → ${memory}`,
    /** Of a layer that reads from both ends. */
    twice: (label: string) => `${label}, one for each direction`,
    embedding: 'symbols',
    head: 'memory → guesses',
    attention: 'attention',
    image: 'picture or class → memory',
    summary: 'what was read → first memory',
  },
  gone: 'The weights of that step are not in memory any more. Here are those of now.',
};
