import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SpreadWorker, type Contribution, type Exchange, type OuterOptions } from '../../src/graph.js';
import {
  adam,
  charModel,
  Corpus,
  FolderExchange,
  openDevice,
  Trainer,
  type CharModelConfig,
  type Device,
} from '../../src/node.js';

let folder = '';
let device: Device;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-spread-'));
  device = await openDevice({ backend: 'cpu', threads: 1 });
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const corpus = Corpus.fromText('in the beginning was the word, and the word was with the others. '.repeat(8));
const MODEL = { cell: 'gru', hidden: 6, layers: 1 } as const satisfies Partial<CharModelConfig>;

const trainer = (seed = 3): Promise<Trainer> =>
  Trainer.create(charModel({ vocabulary: corpus.vocabulary, ...MODEL }), {
    ...{ device, seed, batch: 2, time: 5, sampling: 'consecutive' },
    optimizer: adam({ rate: 0.02 }),
  });

async function train(trained: Trainer, source: Corpus, steps: number): Promise<void> {
  const reports = trained.run(source, { steps });
  while ((await reports.next()).done !== true);
}

/** All bits of the weights. */
async function bitsOf(trained: Trainer): Promise<number[]> {
  const weights = Float32Array.from(await trained.memory.read('parameters'));
  return [...new Uint32Array(weights.buffer)];
}

/** One worker of a run of 12 steps. */
async function work(
  exchange: Exchange,
  [worker, workers]: readonly [number, number],
  every: number,
  outer?: OuterOptions,
): Promise<{ readonly trained: Trainer; readonly rounds: number[][] }> {
  const trained = await trainer();
  const spread = await SpreadWorker.create(trained, { exchange, worker, workers, ...(outer && { outer }) });
  const shard = corpus.shard(worker, workers);
  const rounds: number[][] = [];
  for (let step = 0; step < 12; step += every) {
    await train(trained, shard, every);
    await spread.exchange();
    rounds.push(await bitsOf(trained));
  }
  return { trained, rounds };
}

/** Another way for weights to travel than files. */
class Postbox implements Exchange {
  readonly #there = new Map<string, Contribution>();
  agree = (): Promise<void> => Promise.resolve();
  put = (round: number, worker: number, weights: Float32Array): Promise<number> => {
    this.#there.set(`${round}/${worker}`, { weights: weights.slice(), bytes: weights.byteLength });
    return Promise.resolve(weights.byteLength);
  };
  take = async (round: number, worker: number): Promise<Contribution> => {
    for (;;) {
      const there = this.#there.get(`${round}/${worker}`);
      if (there) return there;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  };
  drop = (round: number, worker: number): Promise<void> => {
    this.#there.delete(`${round}/${worker}`);
    return Promise.resolve();
  };
}

describe('a spread run', () => {
  it.each([1, 4])('of one worker, outer rate 1 and no momentum is ordinary training, H %i', async (every) => {
    const exchange = new FolderExchange(join(folder, `alone-${every}`));
    const { trained } = await work(exchange, [0, 1], every, { rate: 1, momentum: 0 });
    const ordinary = await trainer();
    await train(ordinary, corpus.shard(0, 1), 12);
    expect(await bitsOf(trained)).toEqual(await bitsOf(ordinary));
  });

  it('of two workers has the same weights on both after each round, by any exchange', async () => {
    const shared = join(folder, 'two');
    const places = [
      [0, 2],
      [1, 2],
    ] as const;
    // Each has an object of its own, as it has in a process of its own.
    const [first, second] = await Promise.all(
      places.map((place) => work(new FolderExchange(shared), place, 4)),
    );
    expect(first.rounds).toHaveLength(3);
    expect(second.rounds).toEqual(first.rounds);
    expect(first.rounds[0]).not.toEqual(first.rounds[1]);
    const postbox = new Postbox();
    const [other] = await Promise.all(places.map((place) => work(postbox, place, 4)));
    expect(other.rounds).toEqual(first.rounds);
    // What nobody needs is gone: of three rounds the last one is left.
    const left = await Promise.all([1, 2, 3].map((round) => readdir(join(shared, `round-${round}`))));
    expect(left.map(({ length }) => length)).toEqual([0, 0, 2]);
  });

  it('refuses a worker that there is not', async () => {
    const options = { exchange: new Postbox(), worker: 2, workers: 2 };
    await expect(SpreadWorker.create(await trainer(), options)).rejects.toThrow(
      'worker: expected a number from 0 to 1, since there are 2, got 2.',
    );
  });
});

describe('a shared folder', () => {
  it('keeps the first contribution, and finds a damaged one', async () => {
    const exchange = new FolderExchange(join(folder, 'files'));
    expect(await exchange.put(1, 0, Float32Array.of(1, 2))).toBeGreaterThan(8);
    expect(await exchange.put(1, 0, Float32Array.of(3, 4))).toBe(0);
    expect([...(await exchange.take(1, 0)).weights]).toEqual([1, 2]);
    await exchange.put(1, 1, Float32Array.of(5, 6));
    const path = join(folder, 'files/round-1/worker-1.safetensors');
    const bytes = await readFile(path);
    bytes[bytes.length - 1] ^= 1;
    await writeFile(path, bytes);
    await expect(exchange.take(1, 1, AbortSignal.timeout(60))).rejects.toThrow(/timeout|aborted/i);
    await expect(new FolderExchange(join(folder, 'files'), 1).take(1, 1)).rejects.toThrow(
      /worker-1\.safetensors" is damaged: .* start worker 1 again\.$/,
    );
  });

  it('compares terms, and names the one that differs', async () => {
    const shared = join(folder, 'terms');
    const terms = { workers: 2, cell: 'gru' };
    await Promise.all([1, 2, 3].map(() => new FolderExchange(shared).agree(terms)));
    await expect(new FolderExchange(shared).agree({ ...terms, workers: 3 })).rejects.toThrow(
      /^workers of this worker: expected 2, as the run in ".*terms" has it: start all workers with .*, got 3\.$/,
    );
    await writeFile(join(shared, 'spread.json'), '{');
    await expect(new FolderExchange(shared, 1).agree(terms)).rejects.toThrow(/does not hold the terms/);
  });
});
