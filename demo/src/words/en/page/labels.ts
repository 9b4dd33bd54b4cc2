/**
 * The labels of the fields, by the names of their options. Every sentence of the page that names a
 * field takes its label from here.
 */
export const labels = {
  'text.label': 'Text',
  'pasted.label': 'Paste a text',
  'file.label': 'Open a text file, or drop one anywhere on this page',
  'preset.label': 'Recipe',
  'cell.label': 'Cell',
  'layers.label': 'Layers',
  'hidden.label': 'Hidden units',
  'time.label': 'Looks back',
  'batch.label': 'Reads at once',
  /** A batch of records, on the page of tasks. */
  'examples.label': 'Examples at once',
  'rate.label': 'Learning rate',
  'dropout.label': 'Dropout',
  'recurrentDropout.label': 'Recurrent dropout',
  'optimizer.label': 'Optimizer',
  'schedule.label': 'Rate over time',
  'rateDecay.label': 'Factor per epoch',
  'rateDecayAfter.label': 'Epochs before that',
  'rateFloor.label': 'Share that remains',
  'warmup.label': 'Warm-up steps',
  'clipNorm.label': 'Clip norm',
  'clipValue.label': 'Clip value',
  'validation.label': 'Held back',
  'backend.label': 'Compute on',
  'seed.label': 'Seed',
  'steps.label': 'Stop after step',
  'untilLearned.label': 'Stop when it has learned what it can',
  'prime.label': 'Begin with',
  'temperature.label': 'Wildness',
  'draw.label': 'Choice',
  'topK.label': 'How many',
  'length.label': 'Length',
  'sampleEvery.label': 'Every … steps',
};
