import type { StepReport } from '../../node.js';
import { nextMultiple, type SpreadWorker } from '../../graph.js';
import type { Tell, Training } from '../training.js';
import type { WorkerFiles } from './worker-files.js';

/** Milliseconds of one exchange after which the user is told which worker is missing. */
const LONG_WAIT_MS = 30_000;
/** Milliseconds between two questions why a worker is missing. */
const ASK_MS = 2000;

/**
 * Trains as one worker of several. It meets the others every `every` steps, and after the last one.
 * Its state is kept when the next round begins, so that a validation after a round is done before.
 * @param skipTo counts steps as done: those of rounds that others did without this worker
 */
export function spreadTraining(
  inner: Training,
  worker: SpreadWorker,
  files: WorkerFiles,
  every: number,
  skipTo: (step: number) => void,
): Training {
  const losses = [...inner.validationLosses];
  const { validate } = inner;
  let isKept = true;
  let hasBegun = false;

  const meet = async (step: number, signal: AbortSignal, tell: Tell): Promise<void> => {
    const next = worker.state.round + 1;
    const timer = setInterval(watcher(worker, next, tell), ASK_MS);
    try {
      const { round, members, ...figures } = await worker.exchange(signal);
      isKept = false;
      if (members.includes(worker.options.worker))
        tell({ event: 'exchange', round, step, ...figures, workers: members.length });
      else continueFrom(round, `Round ${next} was closed without this worker, which was late`, tell);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      clearInterval(timer);
    }
  };

  const continueFrom = (round: number, why: string, tell: Tell): void => {
    skipTo(Math.min(round * every, inner.plan.steps));
    isKept = false;
    tell({ event: 'warning', message: `${why}: it continues from round ${round} with the newest weights.` });
  };

  return {
    ...inner,
    again: 'repeat the same command',
    // All workers have the same weights, so one of them evaluates, samples and writes.
    validate:
      worker.options.worker === 0 && validate
        ? async () => {
            const validation = await validate();
            losses.push(validation.loss);
            return validation;
          }
        : undefined,
    async train({ until, signal, take }, tell) {
      let isOver = false;
      const watched = (report: StepReport): 'stop' | 'continue' => {
        const verdict = take(report);
        isOver ||= verdict === 'stop';
        return verdict;
      };
      const caughtUp = hasBegun ? undefined : await worker.catchUp(signal);
      hasBegun = true;
      if (caughtUp !== undefined)
        continueFrom(caughtUp, 'The others have continued without this worker', tell);
      while (inner.step() < until && !isOver && !signal.aborted) {
        if (!isKept) await files.keep(worker.state, (path) => inner.save(path, losses));
        isKept = true;
        const end = Math.min(until, nextMultiple(inner.step(), every));
        await inner.train({ until: end, signal, take: watched }, tell);
        const isRound = end % every === 0 || end === inner.plan.steps;
        if (isRound && inner.step() === end && !isOver) await meet(end, signal, tell);
      }
    },
  };
}

/** Reports, while a worker waits, which worker is missing and why; each reason once. */
function watcher(worker: SpreadWorker, round: number, tell: Tell): () => void {
  const began = performance.now();
  const told = new Set<string>();
  const once = (message: string): void => {
    if (told.has(message)) return;
    told.add(message);
    tell({ event: 'warning', message });
  };
  return () => {
    const { waitingFor } = worker;
    if (waitingFor === undefined) return;
    if (performance.now() - began >= LONG_WAIT_MS) once(`Round ${round}: waiting for worker ${waitingFor}.`);
    worker.options.exchange.refusal(waitingFor).then(
      (why) => {
        if (why !== undefined) once(`Worker ${waitingFor} was refused. ${why}`);
      },
      () => undefined,
    );
  };
}
