/** One of the ways to compute the same. */
export interface Entrant {
  readonly name: string;
  /** Microseconds of one launch, the mean of so many in a row. */
  readonly time: (repeats: number) => Promise<number>;
  /** Launches that do the work of one of the others. Default: 1. */
  readonly launches?: number;
}

/** How a race ended: the least times of the work by the winner and by the first entrant. */
export interface RaceResult {
  readonly winner: string;
  readonly microseconds: number;
  readonly firstMicroseconds: number;
  /** Entrants that were timed. */
  readonly tried: number;
}

/** Milliseconds of launches in a row that make up one figure: long beside the cost of handing them over. */
const TURN_MS = 4;

/** Most launches in a row: what is handed over at once must not take a device's watchdog's time. */
const MOST_RUNS = 200;

const ROUNDS = 6;

/** Turns of the winner and the first at the end, also where the time is up. */
const DUELS = 2;

/** An entrant is out whose least time is so many times the best, after each round. */
const OUT = [3, 1.25, 1.15, 1.1];

/**
 * The winner must take at most this share of the time of the first: two timings of the same differ
 * by as much.
 */
const CLEARLY = 0.95;

/**
 * Finds the fastest: all take turns in rounds, so that drift of the machine meets all alike, and the
 * least time of each counts. Losers are dropped early. The first one wins unless another is clearly
 * faster; it stays in the race to the end.
 * @param budgetMs milliseconds of all launches together, about. Their own times count, and not how long
 *   they were waited for: a machine that is busy with something else must not end the race
 */
export async function race(
  [first, ...others]: readonly [Entrant, ...Entrant[]],
  budgetMs: number,
): Promise<RaceResult> {
  let spentMs = 0;
  const late = (): boolean => spentMs > budgetMs;
  const least = new Map<Entrant, { readonly repeats: number; readonly time: number }>();
  const leastOf = (entrant: Entrant): number => least.get(entrant)?.time ?? Infinity;
  const note = async (entrant: Entrant, repeats: number): Promise<void> => {
    const launch = await entrant.time(repeats);
    spentMs += (launch * repeats) / 1000;
    const time = launch * (entrant.launches ?? 1);
    const before = least.get(entrant);
    // Timestamps are coarse: a figure of many launches goes before those of few.
    const coarse = before === undefined || repeats >= 2 * before.repeats;
    if (coarse || time < before.time) least.set(entrant, { repeats, time });
  };

  // The first launches tell how many of them make a turn.
  await note(first, 1);
  for (const entrant of others) {
    if (late()) break;
    await note(entrant, 1);
  }
  const tried = least.size;
  let racing = [...least.keys()];
  for (let round = 0; round < ROUNDS && !late(); round++) {
    const best = Math.min(...racing.map(leastOf));
    const limit = best * OUT[Math.min(round, OUT.length - 1)];
    racing = racing.filter((entrant) => entrant === first || leastOf(entrant) <= limit);
    if (racing.length === 1) break;
    for (const entrant of racing) {
      if (late()) break;
      await note(entrant, launchesOfTurn(best, entrant));
    }
  }
  const fastest = (): Entrant => racing.reduce((a, b) => (leastOf(b) < leastOf(a) ? b : a));
  const beats = (entrant: Entrant): boolean => leastOf(entrant) <= CLEARLY * leastOf(first);
  // The first may have been disturbed. Who takes its place must beat it once more.
  for (let duel = 0; duel < DUELS && beats(fastest()); duel++) {
    const best = Math.min(...racing.map(leastOf));
    for (const entrant of [first, fastest()]) await note(entrant, launchesOfTurn(best, entrant));
  }
  const winner = beats(fastest()) ? fastest() : first;
  return {
    winner: winner.name,
    microseconds: leastOf(winner),
    firstMicroseconds: leastOf(first),
    tried,
  };
}

/** How many launches make a turn, where the work takes so many microseconds. */
function launchesOfTurn(microseconds: number, { launches = 1 }: Entrant): number {
  return Math.max(1, Math.min(MOST_RUNS, Math.round((TURN_MS * 1000 * launches) / microseconds)));
}
