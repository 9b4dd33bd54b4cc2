/** The page of the benchmark. What the engine says of its results is put into other words where there are any. */
export const bench = {
  heading: 'unrolled: benchmark',
  intro:
    'How fast recurrent networks train on this machine. Nothing is timed before its results were found to be ' +
    'right.',
  language: 'Language',
  back: 'To the training page',
  measure: 'Measure',
  stop: 'Stop',
  keep: 'Keep the figures',
  json: 'Download JSON',
  csv: 'Download CSV',
  markdown: 'Download Markdown',
  settings: 'What to measure',
  parts: 'Parts',
  ceilings: 'What the device can do at most',
  grid: 'Training steps, from small to large',
  curves: 'Curves over H and T: as long as all the rest',
  generation: 'Writing, one character at a time',
  kernels: 'Single kernels, against ceilings',
  attention: 'Additive attention, fused and from general ops',
  precision: 'Precision of training steps and products on the GPU',
  single: 'Single',
  mixed: 'Mixed: half precision, if the GPU has it',
  emulated: 'Emulated: the numbers of mixed, slowly',
  beside: 'Beside the GPU, fused and from general ops',
  cpu: 'CPU: WebAssembly, and the reference',
  tensorflow: 'TensorFlow.js, WebGPU',
  jax: 'jax-js, WebGPU',
  peers:
    'Other systems are loaded only when they are chosen, from this site. They train the same network, written ' +
    'in their operations, with gradients by their own differentiation.',
  only: 'Only',
  all: 'all',
  onlyHint: 'Workloads and kernels whose name contains one of these, with commas between:',
  rounds: 'Rounds',
  roundsHint: 'In each, all take turns.',
  turn: 'Milliseconds of a turn',
  turnHint: 'At least; or one step.',
  budget: 'Seconds for a workload',
  budgetHint: 'About. If time runs short, less is measured, but at least one step.',
  time: 'Some minutes on a GPU; longer where the browser computes in software. The same without a window:',
  node: '; in Node:',
  status: {
    ready: 'Ready.',
    running: 'Measuring. Leave this page in front, and the machine alone.',
    done: 'Done.',
    failures: 'Done; something failed, see "Not measured".',
    stopped: 'Stopped. The figures so far stand below.',
    failed: 'Stopped by an error.',
  },
  choose: 'Choose what to measure.',
  choosePrecision: 'Choose a precision.',
  /** How the figures come about; none: the engine's own words. */
  method: '',
  /** What the engine says while it measures, of the machine, and of what it left out. */
  said: (sentence: string) => sentence,
  /** Titles, columns and cells of its tables, where this language has others. */
  cells: {} as Readonly<Record<string, string>>,
  asTable: (title: string) => `${title}, as a table`,
  perStep: 'Milliseconds per step',
  perCharacter: 'Milliseconds per character',
  shorter: (unit: string) => `${unit}, shorter is better`,
  scale: (unit: string, from: string, to: string) =>
    `${unit}: shorter is better. The scale is logarithmic: bars begin at ${from} ms, a full one is ${to} ms, and ` +
    'each factor of ten has the same length.',
  over: (letter: string) => `Milliseconds per step over ${letter}; both scales logarithmic`,
  curve: (letter: string, curves: readonly string[]) =>
    `Milliseconds per step over ${letter}. ${curves.join('. ')}`,
  points: (name: string, points: readonly string[]) => `${name}: ${points.join(', ')}`,
  at: (ms: string, x: string) => `${ms} at ${x}`,
  shares: 'Share of the ceilings',
  arithmetic: 'arithmetic',
  bandwidth: 'bandwidth',
  reached: (full: string) =>
    'Shares of what this device reaches in a loop of multiply-adds, and in a copy of one number per invocation. ' +
    'Software adapters pay more for an invocation than for memory: what moves more in each than the copy does ' +
    `can exceed it there. A full bar is ${full}.`,
};
