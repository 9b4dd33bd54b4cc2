/** The network of a task, step by step. */
export const unrolled = {
  title: 'The network, step by step',
  label: 'The network over this example',
  about:
    'The example that is looked at above, with the weights of the step that the slider shows: what is read, ' +
    'the memory after each step, and what is answered.',
  forced:
    'As in training, the right symbol is read at each step, whatever it guessed. ▸ begins a text, and ■ ends it.',
  own: 'It reads what it has written itself. ▸ begins a text, and ■ ends it.',
  now: (step: string) => `Now, after ${step} steps.`,
  wound: (step: string) => `As it was after ${step} steps.`,
  gone: 'The weights of that step are not in memory any more. Here are those of now.',
};
