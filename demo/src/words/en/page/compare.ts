import { labels } from './labels.js';

/** The comparison. */
export const compare = {
  'compare-title': 'Three networks, one task',
  'compare-details.hint':
    'Three kinds of network learn the same task from the same examples. The training above pauses meanwhile.',
  'compare-form.bar.aria-label': 'Control the comparison',
  'compare-start': 'Remember 2 symbols for 20 steps: who can?',
  'compare-toggle': 'Continue',
  'compare-reset': 'Reset',
  'compare-gap.label': 'Time steps between the symbols and the question:',
  'compare-task.more': 'Change the task and the networks',
  'compare-task.hint':
    'All get the same windows in the same order, from the same seed, and take a few steps in turns. Adam corrects them, and gradients are scaled down to norm 1.',
  'compare-data.label': 'What they learn',
  'compare-symbols.label': 'Symbols',
  'compare-symbols.hint': 'To recall, of eight kinds.',
  'compare-delay.label': 'Gap',
  'compare-delay.hint': 'Time steps to keep them in mind.',
  'compare-time.label': labels['time.label'],
  'compare-time.hint': 'So many letters: time steps.',
  'compare-batch.label': labels['batch.label'],
  'compare-batch.hint': 'Rows side by side: a batch.',
  'compare-task.more-2': 'More settings',
  'compare-weights.label': 'Weights begin',
  'compare-weights.uniform': 'small, by chance',
  'compare-weights.orthogonal': 'recurrent ones orthogonal',
  'compare-weights.hint': 'Orthogonal ones neither shrink nor stretch a state. Forget gates begin open.',
  'compare-seed.label': labels['seed.label'],
  'compare-seed.hint': 'Of weights and windows.',
  'compare-backend.label': labels['backend.label'],
  'compare-backend.auto': 'GPU, else the fastest',
  'compare-backend.webgpu': 'GPU (WebGPU)',
  'compare-backend.cpu': 'CPU (WebAssembly)',
  'compare-backend.reference': 'CPU reference (slow)',
  'compare-backend.hint': 'One device for all.',
  'compare-problems.aria-label': 'Problems that are never learned, and what each recalls',
  'compare-results.title': 'Surprise',
  'compare-results.visually-hidden': 'Surprise over',
  'compare-axis.step': 'by step',
  'compare-axis.time': 'by training time',
  'compare-loss.aria-label': 'Surprise over steps',
  'compare-results.hint':
    'In bits, smoothed; over steps, or over the seconds that each spent on its own steps. Lower is better.',
  'compare-accuracy-box.title': 'Recalled, in percent',
  'compare-accuracy.aria-label': 'Share of symbols recalled, over steps',
  'compare-accuracy-box.hint':
    'Of the symbols in windows that they never learn. One in eight is what guessing gives.',
  'compare-results.title-2': 'Gradient by time step',
  'compare-results.visually-hidden-2': 'Gradient at which moment',
  'compare-moment.now': 'now',
  'compare-moment.first': 'untrained',
  'compare-flow.aria-label': 'Gradient by time step',
  'compare-results.hint-2':
    'The norm of the gradient of the last prediction with respect to the state of the first layer, by time step, over four batches. Where it has vanished at the left, the first symbols can no longer be blamed. It also shrinks where a prediction is already right.',
  'compare-flow-cells':
    'Thick dots: with respect to the cell c of an LSTM, which the forget gate carries from step to step. What its state h has lost in between comes back through there.',
  'compare-table.aria-label': 'Figures of the comparison',
  'compare-samples-box.title': 'What they write',
  'compare.hint':
    'Networks are shown two symbols and, twenty steps later, are asked which they were. A plain RNN forgets; an LSTM and a GRU learn to keep them. See it happen, in about a minute.',
  'compare-now': 'Remember two symbols for 20 steps: who can?',
};
