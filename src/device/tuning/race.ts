/** One of the ways to compute the same. */
export interface Entrant {
  readonly name: string;
  /** Microseconds of one run, the mean of so many in a row. */
  readonly time: (repeats: number) => Promise<number>;
}

/** How long a race takes. */
export interface RaceOptions {
  /** Milliseconds for all runs together, about: a run that has begun is waited for. */
  readonly budgetMs: number;
  /** Milliseconds that have passed, from any start. */
  readonly now: () => number;
}

/** How a race ended: the least times of the winner and of the first entrant. */
export interface RaceResult {
  readonly winner: string;
  readonly microseconds: number;
  readonly firstMicroseconds: number;
  /** Entrants that were timed. */
  readonly tried: number;
}

/** Milliseconds of runs in a row that make up one figure: long beside the cost of handing them over. */
const TURN_MS = 4;

/** Most runs in a row: what is handed over at once must not take a device's watchdog's time. */
const MOST_RUNS = 200;

const ROUNDS = 6;

/** An entrant is out whose least time is so many times the best, after each round. */
const OUT = [2, 1.25, 1.15, 1.1];

/**
 * The winner must take at most this share of the time of the first: two timings of the same differ
 * by as much.
 */
const CLEARLY = 0.95;

/**
 * Finds the fastest: all take turns in rounds, so that drift of the machine meets all alike, and the
 * least time of each counts. Losers are dropped early. The first one wins unless another is clearly
 * faster; it stays in the race to the end.
 */
export async function race(
  [first, ...others]: readonly [Entrant, ...Entrant[]],
  { budgetMs, now }: RaceOptions,
): Promise<RaceResult> {
  const start = now();
  const late = (): boolean => now() - start > budgetMs;
  const least = new Map<Entrant, number>();
  const note = async (entrant: Entrant, repeats: number): Promise<void> => {
    const time = await entrant.time(repeats);
    least.set(entrant, Math.min(time, least.get(entrant) ?? Infinity));
  };
  const leastOf = (entrant: Entrant): number => least.get(entrant) ?? Infinity;
  const best = (): number => Math.min(...least.values());

  // The first runs tell how many of them make a turn.
  await note(first, 1);
  for (const entrant of others) {
    if (late()) break;
    await note(entrant, 1);
  }
  const tried = least.size;
  let racing = [...least.keys()];
  for (let round = 0; round < ROUNDS && !late(); round++) {
    const limit = best() * OUT[Math.min(round, OUT.length - 1)];
    racing = racing.filter((entrant) => entrant === first || leastOf(entrant) <= limit);
    if (racing.length === 1) break;
    const repeats = Math.max(1, Math.min(MOST_RUNS, Math.round((TURN_MS * 1000) / best())));
    for (const entrant of racing) {
      if (late()) break;
      await note(entrant, leastOf(entrant) > 2 * best() ? 1 : repeats);
    }
  }
  const fastest = racing.reduce((a, b) => (leastOf(b) < leastOf(a) ? b : a));
  const winner = leastOf(fastest) <= CLEARLY * leastOf(first) ? fastest : first;
  return {
    winner: winner.name,
    microseconds: leastOf(winner),
    firstMicroseconds: leastOf(first),
    tried,
  };
}
