import type { StepReport } from '../../node.js';
import { nextMultiple, type SpreadWorker } from '../../graph.js';
import type { Tell, Training } from '../training.js';
import type { WorkerFiles } from './worker-files.js';

/** After so long in one exchange, a person should know for whom it waits. */
const LONG_WAIT_MS = 30_000;

/**
 * A run as one worker of several: every `every` steps, and after the last one, it meets the others.
 * Its state is kept when the next round begins, so that what follows a round, such as a validation,
 * is done before.
 */
export function spreadTraining(
  inner: Training,
  worker: SpreadWorker,
  files: WorkerFiles,
  every: number,
): Training {
  const losses = [...inner.validationLosses];
  const { validate } = inner;
  let isKept = true;

  const meet = async (step: number, signal: AbortSignal, tell: Tell): Promise<void> => {
    const round = worker.state.round + 1;
    const timer = setInterval(() => {
      const message = `Round ${round}: waiting for worker ${String(worker.waitingFor)}.`;
      tell({ event: 'warning', message });
    }, LONG_WAIT_MS);
    try {
      const { bytesSent, bytesReceived, waited } = await worker.exchange(signal);
      isKept = false;
      tell({ event: 'exchange', round, step, bytesSent, bytesReceived, waited });
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      clearInterval(timer);
    }
  };

  return {
    ...inner,
    again: 'the same command',
    // All have the same weights: one evaluates, samples and writes for all.
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
      const watched = (report: StepReport): 'stop' | 'go on' => {
        const verdict = take(report);
        isOver ||= verdict === 'stop';
        return verdict;
      };
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
