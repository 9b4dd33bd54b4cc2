/** One of several ways to compute the same. */
export interface Entrant {
  readonly name: string;
  /** Returns the microseconds of one launch, averaged over `repeats` consecutive launches. */
  readonly time: (repeats: number) => Promise<number>;
  /** Number of launches that do the work of one launch of the others. Default: 1. */
  readonly launches?: number;
}

/** The result of a race: the least times of the work by the winner and by the first entrant. */
export interface RaceResult {
  readonly winner: string;
  readonly microseconds: number;
  readonly firstMicroseconds: number;
  /** Number of entrants that were timed. */
  readonly tried: number;
}

/**
 * Milliseconds of consecutive launches for one measurement: long compared to the cost of submitting
 * them.
 */
const TURN_MS = 4;

/** Most consecutive launches, which must not exceed the time of a device's watchdog. */
const MOST_RUNS = 200;

const ROUNDS = 6;

/** Turns of the winner and the first entrant at the end, even if the time is up. */
const DUELS = 2;

/** After each round, an entrant drops out if its least time exceeds the best by this factor. */
const OUT = [3, 1.25, 1.15, 1.1];

/**
 * The winner must take at most this share of the first entrant's time: two measurements of the same
 * kernel differ by as much.
 */
const CLEARLY = 0.95;

/**
 * Finds the fastest entrant. All take turns in rounds, so that changes in the machine's speed
 * affect all alike, and the least time of each counts. Slow ones drop out early. The first entrant
 * stays to the end, and wins unless another is clearly faster.
 * @param budgetMs approximate milliseconds of all launches together. Waiting does not count, so
 *   that other load on the machine does not end the race
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
    // Timestamps are coarse: a measurement over many launches replaces those over few.
    const coarse = before === undefined || repeats >= 2 * before.repeats;
    if (coarse || time < before.time) least.set(entrant, { repeats, time });
  };

  // The first launches determine how many make a turn.
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
  // The first measurements may have been disturbed, so the winner must win once more.
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

/** Returns how many launches make a turn, if the work takes so many microseconds. */
function launchesOfTurn(microseconds: number, { launches = 1 }: Entrant): number {
  return Math.max(1, Math.min(MOST_RUNS, Math.round((TURN_MS * 1000 * launches) / microseconds)));
}
