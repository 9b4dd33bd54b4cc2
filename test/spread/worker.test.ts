import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SpreadWorker, type OuterOptions } from '../../src/graph.js';
import {
  FolderExchange,
  openDevice,
  openQueueExchange,
  readCheckpoint,
  resumeTrainer,
  saveCheckpoint,
  type Device,
  type Trainer,
} from '../../src/node.js';
import { inFolder } from '../../src/spread/node/board.js';
import { missingServer, queueServer, startServer, type ServerKind } from '../support/queue-servers.js';
import { bitsOf, corpus, tinyTrainer, train } from './support.js';

let folder = '';
let device: Device;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-spread-'));
  device = await openDevice({ backend: 'cpu', threads: 1 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const ignore = (): void => undefined;

/** One worker of a run of 12 steps. */
async function work(
  exchange: FolderExchange,
  [worker, workers]: readonly [number, number],
  every: number,
  outer?: OuterOptions,
): Promise<{ readonly trained: Trainer; readonly rounds: number[][] }> {
  const trained = await tinyTrainer(device);
  const spread = await SpreadWorker.create(trained, { exchange, worker, workers, ...(outer && { outer }) });
  const shard = corpus.shard(worker, workers);
  const rounds: number[][] = [];
  for (let step = 0; step < 12; step += every) {
    await train(trained, shard, every);
    await spread.exchange();
    rounds.push(await bitsOf(trained));
  }
  await exchange.dispose();
  return { trained, rounds };
}

/** Two workers that wait for no late one. */
async function pairOf(exchanges: readonly FolderExchange[]): Promise<{
  readonly trainers: readonly Trainer[];
  readonly workers: readonly SpreadWorker[];
}> {
  const trainers = await Promise.all(exchanges.map(() => tinyTrainer(device)));
  const workers = await Promise.all(
    exchanges.map((exchange, worker) =>
      SpreadWorker.create(trainers[worker], {
        ...{ exchange, worker, workers: 2 },
        patience: () => Promise.resolve(),
      }),
    ),
  );
  return { trainers, workers };
}

const PLACES = [
  [0, 2],
  [1, 2],
] as const;

/** The result of two workers that exchange by files. */
let expected: Promise<number[][]> | undefined;
const byFiles = (): Promise<number[][]> =>
  (expected ??= Promise.all(
    PLACES.map((place) => work(new FolderExchange(join(folder, 'expected')), place, 4)),
  ).then(([{ rounds }]) => rounds));

describe.each(['folder', 'redis', 'postgres'] as const)('a spread run that exchanges by %s', (kind) => {
  const server = kind === 'folder' ? (): string => '' : queueServer(kind);
  /** Each worker has its own exchange, as in separate processes. */
  const open = async (name: string): Promise<FolderExchange | undefined> => {
    const [url, path] = [server(), join(folder, `${kind}-${name}`)];
    if (url === undefined) return undefined;
    return url === '' ? new FolderExchange(path) : openQueueExchange(url, path, ignore);
  };
  const openAll = async (name: string, count: number): Promise<FolderExchange[]> => {
    const all = await Promise.all(Array.from({ length: count }, () => open(name)));
    return all.filter((exchange) => exchange !== undefined);
  };

  it.each([1, 4])(
    'with one worker, outer rate 1 and no momentum equals ordinary training, H %i',
    async (every) => {
      const exchange = await open(`alone-${every}`);
      if (!exchange) return;
      const { trained } = await work(exchange, [0, 1], every, { rate: 1, momentum: 0 });
      const ordinary = await tinyTrainer(device);
      await train(ordinary, corpus.shard(0, 1), 12);
      expect(await bitsOf(trained)).toEqual(await bitsOf(ordinary));
    },
  );

  it('with two workers has the same weights on both after each round', async () => {
    const exchanges = await openAll('two', 2);
    if (exchanges.length === 0) return;
    const [first, second] = await Promise.all(
      exchanges.map((exchange, place) => work(exchange, PLACES[place], 4)),
    );
    expect(first.rounds).toHaveLength(3);
    expect(second.rounds).toEqual(first.rounds);
    expect(first.rounds[0]).not.toEqual(first.rounds[1]);
    expect(first.rounds).toEqual(await byFiles());
    // Rounds that are not needed any more are deleted: of three, only the last one is left.
    const there = (await readdir(join(folder, `${kind}-two`))).filter((name) => name.startsWith('round-'));
    const files = await Promise.all(there.map((name) => readdir(join(folder, `${kind}-two`, name))));
    const weights = files.flat().filter((name) => name.endsWith('.safetensors'));
    expect([there.sort(), weights.length]).toEqual([['round-2', 'round-3'], 2]);
  });

  it('has the same result after kill -9 of a worker that had contributed its weights', async () => {
    const [exchange, again, other] = await openAll('killed', 3);
    if (!exchange) return;
    const undisturbed = work(other, [1, 2], 4);
    const [trained, shard] = [await tinyTrainer(device), corpus.shard(0, 2)];
    const spread = await SpreadWorker.create(trained, { exchange, worker: 0, workers: 2 });
    await train(trained, shard, 4);
    await spread.exchange();
    const [kept, state] = [await saveCheckpoint(trained), spread.state];
    await train(trained, shard, 4);
    // It is killed after it has contributed.
    await exchange.put(2, 0, Float32Array.from(await trained.memory.read('parameters')));
    await exchange.dispose();

    const second = await resumeTrainer(readCheckpoint(kept), device);
    const goesOn = await SpreadWorker.create(second, { exchange: again, worker: 0, workers: 2 }, state);
    for (let round = 2; round <= 3; round++) {
      await train(second, shard, 4);
      await goesOn.exchange();
    }
    expect(await bitsOf(second)).toEqual((await byFiles())[2]);
    expect((await undisturbed).rounds).toEqual(await byFiles());
    await again.dispose();
  });

  it('closes a round without a late worker, which continues with the newest weights', async () => {
    const exchanges = await openAll('late', 3);
    if (exchanges.length === 0) return;
    let lose: () => void = ignore;
    let over = new Promise<void>((resolve) => (lose = resolve));
    const trainers = await Promise.all(exchanges.map(() => tinyTrainer(device)));
    const workers = await Promise.all(
      exchanges.map((exchange, worker) =>
        SpreadWorker.create(trainers[worker], { exchange, worker, workers: 3, patience: () => over }),
      ),
    );
    const step = (k: number): Promise<void> => train(trainers[k], corpus.shard(k, 3), 2);
    await Promise.all([step(0), step(1)]);
    const [first, second] = [workers[0].exchange(), workers[1].exchange()];
    await expect.poll(() => exchanges[0].handedIn(1, [0, 1, 2])).toEqual([0, 1]);
    expect(await exchanges[0].closed(1)).toBeUndefined();
    lose();
    expect((await first).members).toEqual([0, 1]);
    expect((await second).members).toEqual([0, 1]);
    expect(await bitsOf(trainers[1])).toEqual(await bitsOf(trainers[0]));

    // The weights of the late worker do not count, and it takes the model of the others.
    await step(2);
    const late = await workers[2].exchange();
    expect([late.round, late.members]).toEqual([1, [0, 1]]);
    expect(await bitsOf(trainers[2])).toEqual(await bitsOf(trainers[0]));
    expect(workers[2].state).toEqual(workers[0].state);

    // It has joined: the next round, with patience, has three, whoever comes first.
    over = new Promise(() => undefined);
    await Promise.all([step(0), step(1), step(2)]);
    const reports = await Promise.all(workers.map((worker) => worker.exchange()));
    expect(reports.map(({ round, members }) => [round, members])).toEqual(
      Array.from({ length: 3 }, () => [2, [0, 1, 2]]),
    );
    expect(await bitsOf(trainers[2])).toEqual(await bitsOf(trainers[0]));
    await Promise.all(exchanges.map((exchange) => exchange.dispose()));
  });

  it('does not wait for a worker that has gone, and includes it when it returns', async () => {
    const exchanges = await openAll('gone', 2);
    if (exchanges.length === 0) return;
    let [waits, hurried] = [0, true];
    const patience = (): Promise<void> => {
      waits++;
      return hurried ? Promise.resolve() : new Promise(() => undefined);
    };
    const trainers = await Promise.all(exchanges.map(() => tinyTrainer(device)));
    const [stays, gone] = await Promise.all(
      exchanges.map((exchange, worker) =>
        SpreadWorker.create(trainers[worker], { exchange, worker, workers: 2, patience }),
      ),
    );
    for (let round = 1; round <= 3; round++) {
      await train(trainers[0], corpus.shard(0, 2), 2);
      expect((await stays.exchange()).members).toEqual([0]);
    }
    // It was waited for once, in the round in which it went away.
    expect(waits).toBe(1);
    expect(await gone.catchUp()).toBe(3);
    expect(await gone.catchUp()).toBeUndefined();
    expect(await bitsOf(trainers[1])).toEqual(await bitsOf(trainers[0]));
    // Without patience, whoever comes first would close the round alone.
    hurried = false;
    const both = [stays.exchange(), gone.exchange()];
    for (const report of await Promise.all(both)) expect(report.members).toEqual([0, 1]);
    await Promise.all(exchanges.map((exchange) => exchange.dispose()));
  });

  it('a worker that is late by many rounds continues with the weights of the others, and not alone', async () => {
    const exchanges = await openAll('far-behind', 2);
    if (exchanges.length === 0) return;
    const { trainers, workers } = await pairOf(exchanges);
    for (let round = 1; round <= 4; round++) {
      await train(trainers[0], corpus.shard(0, 2), 2);
      await workers[0].exchange();
    }
    // The others have deleted what they said of its round.
    await train(trainers[1], corpus.shard(1, 2), 2);
    const late = await workers[1].exchange();
    expect([late.round, late.bytesSent, late.members]).toEqual([4, 0, [0]]);
    expect(await bitsOf(trainers[1])).toEqual(await bitsOf(trainers[0]));
    expect(workers[1].state).toEqual(workers[0].state);
    await Promise.all(exchanges.map((exchange) => exchange.dispose()));
  });

  it.each([
    ['one round', 2],
    ['many rounds', 5],
  ])(
    'a worker that was stopped in an exchange, while the others went on by %s, continues with their weights',
    async (name, rounds) => {
      const exchanges = await openAll(`stopped-${name}`, 2);
      if (exchanges.length === 0) return;
      const { trainers, workers } = await pairOf(exchanges);
      await Promise.all([0, 1].map((k) => train(trainers[k], corpus.shard(k, 2), 2)));
      // The second worker stops when it has contributed, and sees nothing of the first.
      let go: () => void = ignore;
      const goes = new Promise<void>((resolve) => (go = resolve));
      const [, second] = exchanges;
      const closed = second.closed.bind(second);
      second.closed = async (...given) => {
        await goes;
        return closed(...given);
      };
      const stopped = workers[1].exchange();
      await expect.poll(() => exchanges[0].handedIn(1, [1])).toEqual([1]);
      for (let round = 1; round <= rounds; round++) {
        await workers[0].exchange();
        await train(trainers[0], corpus.shard(0, 2), 2);
      }
      go();
      expect((await stopped).round).toBe(rounds);
      expect(workers[1].state).toEqual(workers[0].state);
      expect(workers[1].start).toEqual(workers[0].start);
      await Promise.all(exchanges.map((exchange) => exchange.dispose()));
    },
  );

  it('refuses a worker of another version, informs those that wait for it, and accepts a correct one', async () => {
    const [first, second] = await openAll('terms', 2);
    if (!first) return;
    const terms = { unrolled: '1.0.0', workers: 2, data: 'sha256-a' };
    await Promise.all([first.agree(terms, 0), second.agree(terms, 1)]);
    expect(await first.refusal(1)).toBeUndefined();
    await expect(second.agree({ ...terms, unrolled: '2.0.0' }, 1)).rejects.toThrow(
      /^unrolled of this worker: expected "1\.0\.0", the value of the run in ".*terms": start all .*, got "2\.0\.0"\.$/,
    );
    expect(await first.refusal(1)).toMatch(
      /^unrolled of this worker: expected "1\.0\.0".*, got "2\.0\.0"\.$/,
    );
    await expect(second.agree({ ...terms, data: 'sha256-b' }, 1)).rejects.toThrow(/^data of this worker/);
    await second.agree(terms, 1);
    expect(await first.refusal(1)).toBeUndefined();
    await Promise.all([first.dispose(), second.dispose()]);
  });

  it('keeps the first contribution, and detects a damaged one', async () => {
    const exchange = await open('files');
    if (!exchange) return;
    expect(await exchange.put(1, 0, Float32Array.of(1, 2))).toBeGreaterThan(8);
    expect(await exchange.put(1, 0, Float32Array.of(3, 4))).toBe(0);
    expect([...((await exchange.take(1, 0))?.weights ?? [])]).toEqual([1, 2]);
    await exchange.put(1, 1, Float32Array.of(5, 6));
    const names = await readdir(join(folder, `${kind}-files`, 'round-1'));
    const path = join(
      folder,
      `${kind}-files`,
      'round-1',
      String(names.find((name) => name.startsWith('worker-1-'))),
    );
    const bytes = await readFile(path);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(path, bytes);
    const impatient = new FolderExchange(exchange.folder, 0, exchange.board);
    await expect(impatient.take(1, 1)).rejects.toThrow(
      /worker-1-.*safetensors" is damaged: .* start worker 1 again\.$/,
    );
    await exchange.dispose();
  });
});

describe('a shared folder', () => {
  it('refuses a number that no worker has, and a damaged file of terms', async () => {
    const exchange = new FolderExchange(join(folder, 'terms'), 1);
    const options = { exchange, worker: 2, workers: 2 };
    await expect(SpreadWorker.create(await tinyTrainer(device), options)).rejects.toThrow(
      'worker: expected a number from 0 to 1, since there are 2, got 2.',
    );
    await exchange.agree({ workers: 2 }, 0);
    await writeFile(join(folder, 'terms', 'spread.json'), '{');
    await expect(exchange.agree({ workers: 2 }, 1)).rejects.toThrow(/must be a note of a spread run in JSON/);
  });

  it('writes into a folder that another worker deletes meanwhile', async () => {
    const path = join(folder, 'deleted');
    let deletions = 0;
    await inFolder(path, async () => {
      if (deletions++ < 2) await rm(path, { recursive: true });
      await writeFile(join(path, 'file'), '');
    });
    expect(await readdir(path)).toEqual(['file']);
    const vain = inFolder(path, () => writeFile(join(path, 'no-such-folder', 'file'), ''));
    await expect(vain).rejects.toThrow('ENOENT');
  });

  it('keeps the contribution of a worker whose note was lost', async () => {
    const path = join(folder, 'lost');
    await new FolderExchange(path).put(1, 0, Float32Array.of(1, 2));
    await rm(join(path, 'round-1', 'worker-0.json'));
    const again = new FolderExchange(path);
    expect(await again.put(1, 0, Float32Array.of(1.5, 2))).toBe(0);
    expect([...((await again.take(1, 0))?.weights ?? [])]).toEqual([1, 2]);
  });
});

it.each(['redis', 'postgres'] as const satisfies readonly ServerKind[])(
  'a server of %s that goes away in a round is waited for, and knows again what it knew',
  { timeout: 60_000 },
  async (kind) => {
    if (missingServer(kind) !== undefined) return;
    const own = await startServer(kind);
    const path = join(folder, `${kind}-away`);
    const troubles: string[] = [];
    const opened = [1, 2].map(() => openQueueExchange(own.url, path, (why) => void troubles.push(why)));
    const [first, second] = await Promise.all(opened);
    await first.put(1, 0, Float32Array.of(1, 2));
    const waits = first.take(1, 1);
    await own.restart(() => expect.poll(() => troubles.length, { timeout: 60_000 }).toBeGreaterThan(0));
    await second.put(1, 1, Float32Array.of(3, 4));
    expect([...((await waits)?.weights ?? [])]).toEqual([3, 4]);
    // Workers that wait store their notes on the server again.
    const stop = new AbortController();
    const looking = first.take(2, 1, stop.signal).catch(ignore);
    expect([...((await second.take(1, 0))?.weights ?? [])]).toEqual([1, 2]);
    stop.abort();
    await looking;
    await Promise.all([first.dispose(), second.dispose()]);
    await own.kill();
  },
);
