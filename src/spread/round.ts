import type { Exchange } from './exchange.js';

/**
 * How long a round waits for late workers. It is called after half of the expected workers have
 * contributed. When its promise resolves, the round is closed without the others.
 */
export type Patience = (signal: AbortSignal) => Promise<void>;

/** A round that is ending. */
interface EndingRound {
  readonly exchange: Exchange;
  readonly round: number;
  readonly patience: Patience;
  readonly workers: readonly number[];
  /** The members of the previous round, and this worker. */
  readonly expected: Set<number>;
}

/**
 * Waits until a round is closed. It waits for the members of the previous round and for workers
 * that have joined since; a worker that was left behind and does not return delays nobody. After
 * half of them have contributed, it waits as long as `patience` determines. Then the first worker
 * closes the round with those that have contributed.
 * @param tell called with the first worker that is missing
 * @returns the members, the same for all workers; none if the others have forgotten the round
 */
export async function membersOf(
  { exchange, round, patience, workers, expected }: EndingRound,
  tell: (missing: number | undefined) => void,
  signal?: AbortSignal,
): Promise<readonly number[]> {
  const over = new AbortController();
  const either = signal ? AbortSignal.any([signal, over.signal]) : over.signal;
  let patient: Promise<void> | undefined;
  let isOver = false;
  try {
    for (let looks = 0; ; looks++) {
      const closed = await exchange.closed(round, signal);
      if (closed !== undefined) return closed;
      if (await isForgotten(exchange, round, signal)) return [];
      const there = await exchange.handedIn(round, workers, signal);
      for (const worker of await exchange.joined(round, workers, signal)) expected.add(worker);
      const missing = [...expected].filter((worker) => !there.includes(worker));
      tell(missing.at(0));
      if (missing.length === 0 || isOver) return await exchange.close(round, there, signal);
      if (missing.length * 2 <= expected.size)
        patient ??= patience(either).then(
          () => void (isOver = true),
          () => undefined,
        );
      await Promise.race([exchange.change(looks, either), ...(patient ? [patient] : [])]);
    }
  } finally {
    over.abort();
  }
}

/**
 * Whether the others have closed a round and gone on so far that they have deleted what they said of
 * it. A worker that does not notice would close the round again, and train alone from then on.
 */
export async function isForgotten(
  exchange: Pick<Exchange, 'newest' | 'closed'>,
  round: number,
  signal?: AbortSignal,
): Promise<boolean> {
  // In this order: a round is closed before its model is left.
  return (await exchange.newest(round)) !== undefined && (await exchange.closed(round, signal)) === undefined;
}
