import { describe, expect, it } from 'vitest';
import { race, type Entrant, type RaceResult } from '../../src/device/tuning/race.js';

/** Runs a race between entrants with known times: one for all turns, or one for each. */
async function raceOf(
  times: Readonly<Record<string, number | readonly number[]>>,
  budgetMs = 300,
): Promise<RaceResult & { readonly runs: Readonly<Record<string, number>> }> {
  const runs: Record<string, number> = {};
  const [first, ...others] = Object.entries(times).map(([name, each]): Entrant => {
    const list = typeof each === 'number' ? [each] : each;
    let turn = 0;
    return {
      name,
      time: (repeats) => {
        const time = list[Math.min(turn++, list.length - 1)];
        runs[name] = (runs[name] ?? 0) + repeats;
        return Promise.resolve(time);
      },
    };
  });
  return { ...(await race([first, ...others], budgetMs)), runs };
}

describe('a race between variants', () => {
  it('is won by the fastest, which is told beside the first', async () => {
    const { winner, microseconds, firstMicroseconds, tried } = await raceOf({ rule: 100, b: 60, c: 80 });
    expect({ winner, microseconds, firstMicroseconds, tried }).toEqual({
      winner: 'b',
      microseconds: 60,
      firstMicroseconds: 100,
      tried: 3,
    });
  });

  it('is won by the first where no other is clearly faster', async () => {
    expect(await raceOf({ rule: 100, b: 96 })).toMatchObject({ winner: 'rule', microseconds: 100 });
    expect(await raceOf({ rule: 100, b: 94 })).toMatchObject({ winner: 'b' });
  });

  it('counts the least time of each, so that one disturbed turn decides nothing', async () => {
    expect(await raceOf({ rule: [500, 100], b: [150, 300, 150] })).toMatchObject({ winner: 'rule' });
  });

  it('believes a figure of many runs rather than the first, which timestamps round', async () => {
    expect(await raceOf({ rule: [131, 100], b: [65, 120] })).toMatchObject({
      winner: 'rule',
      microseconds: 100,
    });
  });

  it('sets launches that take one step each beside one that takes all', async () => {
    const runs: number[] = [];
    const entrant = (name: string, microseconds: number, launches?: number): Entrant => ({
      name,
      ...(launches === undefined ? {} : { launches }),
      time: (repeats) => {
        if (launches !== undefined) runs.push(repeats);
        return Promise.resolve(microseconds);
      },
    });
    const steps = entrant('steps', 20, 10);
    expect(await race([steps, entrant('window', 150)], 300)).toMatchObject({
      winner: 'window',
      microseconds: 150,
      firstMicroseconds: 200,
    });
    // A turn has the launches of four milliseconds.
    expect(Math.max(...runs)).toBe(200);
    expect(await race([steps, entrant('window', 250)], 300)).toMatchObject({ winner: 'steps' });
  });

  it('drops losers early, and those that come close later', async () => {
    const { runs } = await raceOf({ rule: 100, slow: 350, close: 120, closer: 108 });
    expect(runs.slow).toBe(1);
    expect(runs.close).toBeLessThan(runs.closer);
    expect(runs.rule).toBeGreaterThan(runs.close);
  });

  it('ends when its time is up, and tries what it can of slow variants', async () => {
    const long = await raceOf({ rule: 200_000, b: 150_000, c: 100_000 });
    expect(long).toMatchObject({ winner: 'b', tried: 2, runs: { rule: 3, b: 3 } });
    const { runs } = await raceOf({ rule: 1000, b: 990 }, 20);
    expect(runs.rule + runs.b).toBeLessThanOrEqual(25);
  });

  it('is not lost by the first for a disturbance that took all the time', async () => {
    expect(await raceOf({ rule: [100, 20_000, 100], b: 120 })).toMatchObject({
      winner: 'rule',
      microseconds: 100,
    });
  });
});
