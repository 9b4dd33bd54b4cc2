import { labels } from './page/labels.js';

/** What "Try a grid" of the comparison says. */
export const grid = {
  title: 'Try a grid',
  about:
    'The first network above learns the task or text above once for each combination of these values: a small ' +
    'sweep, in workers of this page.',
  first: 'First option',
  second: 'Second option',
  none: 'no second one',
  options: {
    hidden: labels['hidden.label'],
    rate: labels['rate.label'],
    time: labels['time.label'],
    batch: labels['batch.label'],
    cell: labels['cell.label'],
  },
  values: 'Values',
  valuesHint: 'One to three, with blanks between them.',
  steps: 'Steps of each trial',
  run: 'Run the grid',
  stop: 'Stop',
  download: 'Download the record',
  name: 'Grid',
  loading: 'Preparing the first trial…',
  running: (done: string, total: string) => `Running: ${done} of ${total} trials are done.`,
  done: (total: string) => `All ${total} trials are done.`,
  stopped: (done: string, total: string) => `Stopped: ${done} of ${total} trials are done.`,
  notStarted: 'Not started: see the message.',
  failed: (trial: string, why: string) => `Trial ${trial} failed: ${why}`,
  broken: (why: string) => `The grid ended: ${why}`,
};
