import { readFile } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import { command, temporaryFolder } from './support.js';

const file = temporaryFolder();
const json = (out: string): Record<string, unknown>[] =>
  out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

test('devices --tune measures kernels, says which won, and keeps it in the cache folder', async () => {
  vi.stubEnv('XDG_CACHE_HOME', file(''));
  try {
    const { status, out } = await command(['devices', '--tune', '--only', 'H100', '--json']);
    expect(status).toBe(0);
    const tuned = json(out).filter(({ event }) => event === 'tuned');
    expect(tuned.map(({ of }) => of)).toEqual(
      expect.arrayContaining(['step rnn/forward 1x100', 'product NT 25x65x100']),
    );
    for (const { variant, rule, microseconds, ruleMicroseconds } of tuned)
      expect(Number(microseconds) < Number(ruleMicroseconds)).toBe(variant !== rule);
    const kept = JSON.parse(await readFile(file('unrolled/tuning.json'), 'utf8')) as {
      machines: { variants: Record<string, { variant: string }> }[];
    };
    expect(Object.entries(kept.machines[0].variants).map(([of, { variant }]) => [of, variant])).toEqual(
      tuned.map(({ of, variant }) => [of, variant]),
    );
  } finally {
    vi.unstubAllEnvs();
  }
});

test.each([
  [['devices', '--only', 'H100'], 'add --tune'],
  [['devices', '--tune', '--only', 'H99'], 'no workload has such a name'],
  [['verify', '--tune', 'cached', '--backend', 'chrome'], 'not in Chrome'],
])('%o is refused', async (args, why) => {
  const { status, error } = await command(args);
  expect(status).toBe(2);
  expect(error).toContain(why);
});
