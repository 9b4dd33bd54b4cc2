/** What the page of sweeps says, and the sweeps of the comparison. */
export const sweep = {
  title: 'unrolled: a sweep',
  heading: 'A sweep in pictures',
  intro:
    'Many trainings with different options, side by side. Drop the record of “unrolled sweep” on this page, or open ' +
    'it; it stays on this machine.',
  back: 'To the training page.',
  open: 'Open a record',
  drop: 'Drop the record of a sweep',
  waiting: 'No record yet.',
  /** @param message of the engine */
  unreadable: (message: string) => message,
  parallel: 'All trials, option by option',
  parallelAbout:
    'Each line is a trial, from its options down to its result. The quarter with the best results is the darkest.',
  curves: 'How they learned',
  questions: 'What each option did to the result and to the time',
  table: 'All trials',
  trial: 'trial',
  state: 'state',
  steps: 'steps',
  seconds: 'seconds',
  rank: 'Trial, from the best to the worst',
  states: { complete: 'complete', pruned: 'stopped early', failed: 'failed', running: 'running' },
  mattered: (option: string, share: string) => `${option}: ${share} of the variance of ranks`,
  summary: (name: string, trials: string, complete: string, best: string, objective: string) =>
    `${name}: ${trials} trials, ${complete} complete. Best ${objective}: ${best}.`,
  chosen: (
    number: string,
    rank: string,
    options: string,
    objective: string,
    value: string,
    steps: string,
    time: string,
  ) =>
    `Trial ${number}, number ${rank} by its result: ${options}. ${objective} ${value} after ${steps} steps, ${time} s.`,
  parallelLabel: (trials: number, options: string) =>
    `Parallel coordinates of ${trials} trials over ${options} and the result`,
  curvesLabel: (trials: number, measure: string) => `${measure} over the steps, ${trials} curves`,
  questionLabel: (option: string, objective: string) => `${objective} and seconds against ${option}`,
};
