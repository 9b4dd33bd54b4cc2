import { writeFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { writeSafetensors, type Device } from '../../src/index.js';
import { Judge } from '../../src/bench/judge.js';
import { millisecondsPerUnit, openBackend } from '../../src/cli/backend.js';
import { duration } from '../../src/cli/progress.js';
import { built, buildOnce, command, temporaryFolder, TINY } from './support.js';

const file = temporaryFolder();
const TEXT = 'the quick brown fox jumps over the lazy dog.\n'.repeat(30);

beforeAll(async () => {
  await buildOnce();
  await writeFile(file('text.txt'), TEXT);
  const args = [
    'train',
    '--corpus',
    file('text.txt'),
    '--hidden',
    '24',
    '--steps',
    '600',
    '--backend',
    'cpu',
    '--sample-every',
    '0',
    '--out',
    file('model.safetensors'),
  ];
  expect(await command(args)).toMatchObject({ status: 0, error: '' });
});

function json(out: string): Record<string, unknown>[] {
  return out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('sample', () => {
  const sample = (...args: string[]): ReturnType<typeof command> =>
    command(['sample', '--checkpoint', file('model.safetensors'), '--backend', 'cpu', ...args]);

  test('continues the prime by --length characters', async () => {
    const { status, out, error } = await sample('--prime', 'the ', '--length', '150');
    expect({ status, error }).toEqual({ status: 0, error: '' });
    expect(out).toMatch(/^the .{150}\n$/s);
  });

  test('draws the same text for the same seed, and needs no seed with --greedy', async () => {
    const [first, again, other] = await Promise.all(['1', '1', '2'].map((seed) => sample('--seed', seed)));
    expect(again).toEqual(first);
    expect(other.out).not.toBe(first.out);
    const greedy = await sample('--greedy', '--prime', 'qu', '--seed', '1');
    expect(await sample('--temperature', '0', '--prime', 'qu', '--seed', '2')).toEqual(greedy);
    expect(await sample('--top-k', '1', '--prime', 'qu', '--seed', '3')).toEqual(greedy);
  });

  test('--json has one object with prime and continuation', async () => {
    const [line, ...rest] = json((await sample('--prime', 'the', '--length', '9', '--json')).out);
    expect(rest).toEqual([]);
    expect(line).toEqual({
      event: 'sample',
      step: 600,
      prime: 'the',
      text: expect.stringMatching(/^.{9}$/s) as string,
    });
  });

  test('a built command writes text to standard output, and GPU and CPU draw the same', async () => {
    const args = [
      'sample',
      '--checkpoint',
      file('model.safetensors'),
      '--prime',
      'the ',
      '--length',
      '40',
      '--backend',
    ];
    const [gpu, cpu] = await Promise.all([built([...args, 'webgpu']), built([...args, 'cpu'])]);
    expect(gpu).toEqual(cpu);
    expect(gpu).toMatchObject({ status: 0, error: '' });
  });
});

describe('eval', () => {
  const evaluate = (...args: string[]): ReturnType<typeof command> =>
    command(['eval', '--checkpoint', file('model.safetensors'), '--backend', 'cpu', '--json', ...args]);

  test('prints loss, perplexity and bits per character of the whole text', async () => {
    const { status, out } = await evaluate('--corpus', file('text.txt'));
    const [{ loss, perplexity, bitsPerChar, characters, unknown }] = json(out) as {
      loss: number;
      perplexity: number;
      bitsPerChar: number;
      characters: number;
      unknown: number;
    }[];
    expect(status).toBe(0);
    expect({ characters, unknown }).toEqual({ characters: TEXT.length - 1, unknown: 0 });
    expect(perplexity).toBeCloseTo(Math.exp(loss), 9);
    expect(bitsPerChar).toBeCloseTo(loss / Math.LN2, 9);
    expect(loss).toBeLessThan(0.5 * Math.log(29));
  });

  test('counts unknown characters, warns, and leaves them out', async () => {
    await writeFile(file('strange.txt'), `${TEXT}日本`);
    const { status, out, error } = await evaluate('--corpus', file('strange.txt'));
    expect(status).toBe(0);
    expect(json(out)).toMatchObject([
      {
        event: 'warning',
        message: expect.stringMatching(/2 characters are not in the vocabulary/) as string,
      },
      { event: 'eval', characters: TEXT.length - 1, unknown: 2 },
    ]);
    expect(error).toBe('');
  });

  test('parallel rows give nearly the same loss', async () => {
    const loss = async (batch: string): Promise<number> =>
      json((await evaluate('--corpus', file('text.txt'), '--batch', batch)).out)[0].loss as number;
    expect(Math.abs((await loss('10')) - (await loss('1')))).toBeLessThan(0.2);
  });
});

describe('verify', () => {
  test('checks ops on this adapter and names it', async () => {
    const { status, out } = await command(['verify', '--only', 'tanh', '--only', 'sigmoid']);
    console.info(out.split('\n')[0]);
    expect(status).toBe(0);
    expect(out).toMatch(/^webgpu: .+, Dawn in Node\n/);
    expect(out).toMatch(/^ok {4}tanh +\d+ checks +largest error /m);
    expect(out).toMatch(/\n(\d+) of \1 within tolerance\n$/);
  });

  test('ends with status 1 if a result of the machine is wrong', async () => {
    const wrong = async (): Promise<{ device: Device; name: 'cpu'; why: string }> => {
      const { device } = await openBackend('cpu', () => Promise.resolve(0));
      const prepare = device.prepare.bind(device);
      device.prepare = async (...args) => {
        const program = await prepare(...args);
        const read = program.read.bind(program);
        program.read = async (name) => (await read(name)).map((x) => x * 1.01);
        return program;
      };
      return { device, name: 'cpu', why: 'of the test' };
    };
    const { status, out } = await command(['verify', '--only', 'tanh', '--json'], { openBackend: wrong });
    expect(status).toBe(1);
    expect(json(out).some(({ pass }) => pass === false)).toBe(true);
  });

  test('fails if no op and no model matches --only', async () => {
    expect(await command(['verify', '--only', 'nonsense', '--backend', 'cpu'])).toMatchObject({ status: 1 });
  });

  test('each parity case has one line, and an invalid file fails alone', async () => {
    const x = Float32Array.of(0.5, -1);
    const y = Float32Array.of(Math.tanh(0.5 * 0.3 + 0.1), 0);
    y[1] = Math.tanh(-1 * 0.3 + 0.1 + 0.7 * y[0]);
    const one = (data: Float32Array, shape: number[]): { data: Float32Array; shape: number[] } => ({
      data,
      shape,
    });
    const config = JSON.stringify({
      input_size: 1,
      hidden_size: 1,
      num_layers: 1,
      batch: 1,
      time: 2,
      nonlinearity: 'tanh',
      bidirectional: false,
      bias: true,
    });
    const tensors = {
      'param.weight_ih_l0': one(Float32Array.of(0.3), [1, 1]),
      'param.weight_hh_l0': one(Float32Array.of(0.7), [1, 1]),
      'param.bias_ih_l0': one(Float32Array.of(0.1), [1]),
      'param.bias_hh_l0': one(Float32Array.of(0), [1]),
      'input.x': one(x, [2, 1, 1]),
      'input.h0': one(Float32Array.of(0), [1, 1, 1]),
      'output.y': one(y, [2, 1, 1]),
      'output.hn': one(y.slice(1), [1, 1, 1]),
      'upstream.y': one(Float32Array.of(0, 0), [2, 1, 1]),
      'upstream.hn': one(Float32Array.of(0), [1, 1, 1]),
    };
    const write = (name: string, values: typeof tensors): Promise<void> =>
      writeFile(
        file(name),
        writeSafetensors(values, {
          format: 'parity-case/1',
          module: 'RNN',
          config,
          source: 'worked by hand',
        }),
      );
    await write('hand.safetensors', tensors);
    await write('wrong.safetensors', { ...tensors, 'output.y': one(Float32Array.of(0.5, 0.5), [2, 1, 1]) });
    const { status, out, error } = await command([
      'verify',
      '--case',
      file('hand.safetensors'),
      file('wrong.safetensors'),
      file('model.safetensors'),
      '--backend',
      'cpu',
      '--json',
    ]);
    expect({ status, error }).toEqual({ status: 1, error: '' });
    expect(json(out)).toMatchObject([
      {
        case: 'hand',
        module: 'RNN',
        backend: 'cpu',
        pass: true,
        tolerance: expect.any(Number) as number,
        maxError: expect.any(Number) as number,
      },
      { case: 'wrong', pass: false, worst: 'output.y' },
      { case: 'model', pass: false, error: expect.stringMatching(/no parity case/) as string },
    ]);
  });
});

describe('plan', () => {
  test('prints launches and bytes without a device', async () => {
    const planned = async (...args: string[]): Promise<string> => {
      const { status, out } = await command(['plan', '--vocabulary', '65', ...args], {
        openBackend: () => Promise.reject(new Error('a plan needs no device')),
      });
      expect(status).toBe(0);
      expect(out).toMatch(/^\d+ dispatches, \d+ pipelines, \d+ buffers$/m);
      return out;
    };
    expect(await planned('--software')).toMatch(/25 × rnn\/forward\w* t=0…24/);
    // A GPU takes all steps of so small a layer in one launch.
    const onGpu = await planned();
    expect(onGpu).toMatch(/rnn\/forward\w* .*WHOLE_WINDOW=true/);
    expect(onGpu).not.toMatch(/25 × /);
  });

  test('has the options of a model, and prints JSON', async () => {
    const of = async (...args: string[]): Promise<Record<string, unknown>> =>
      json((await command(['plan', '--json', ...args])).out)[0];
    const [small, large] = [
      await of('--vocabulary', '10', '--hidden', '5'),
      await of('--vocabulary', '10', '--hidden', '5', '--layers', '3', '--time', '7'),
    ];
    expect(small.parameters).toBe(5 * 10 + 25 + 5 + 50 + 10);
    expect(small.launches).toHaveLength(small.dispatches as number);
    expect(large.dispatches).toBeLessThanOrEqual(2 * 7 * 3 + 6 * 3 + 9);
    expect((await of('--of', 'sampling', '--vocabulary', '10')).dispatches).toBeLessThan(10);
  });
});

test('devices prints the adapters, their limits and the backend of auto', async () => {
  const { status, out } = await command(['devices']);
  expect(status).toBe(0);
  expect(out).toMatch(/^webgpu {3}.+, (hard|soft)ware$/m);
  expect(out).toMatch(/maxStorageBufferBindingSize \d+/);
  expect(out).toMatch(/^--backend auto would use (webgpu|cpu)/m);
  const lines = json((await command(['devices', '--json'])).out);
  expect(lines[0]).toMatchObject({
    event: 'adapter',
    limits: { maxBufferSize: expect.any(Number) as number },
  });
  const adapters = lines.filter(({ event }) => event === 'adapter').length;
  expect(lines.at(-1)).toMatchObject({ event: 'devices', adapters });
});

test('data list prints the data sets, and data get refuses any other name', async () => {
  expect((await command(['data', 'list'])).out).toMatch(/^tiny-shakespeare {2}1\.1 MiB {2}/);
  expect(json((await command(['data', 'list', '--json'])).out)[0]).toMatchObject({
    event: 'dataset',
    name: 'tiny-shakespeare',
    bytes: 1_115_394,
  });
  expect(await command(['data', 'get', 'shakespeare'])).toMatchObject({ status: 2, out: '' });
});

test('bench times only verified strategies, in one run', async () => {
  const { status, out } = await command([
    'bench',
    '--part',
    'grid',
    'generation',
    '--only',
    'H100',
    '--rounds',
    '1',
    '--turn-ms',
    '1',
    '--budget',
    '100000',
    '--json',
  ]);
  const rows = json(out);
  expect(rows.filter(({ event }) => event === 'bench-left-out')).toEqual([]);
  expect(status).toBe(0);
  expect(rows.map(({ event, strategy }) => [event, strategy])).toEqual([
    ['bench', 'fused'],
    ['bench', 'general'],
    ['bench', 'cpu'],
    ['bench', 'reference'],
    ['bench-generation', 'fused'],
    ['bench-generation', 'fused, each awaited'],
    ['bench-generation', 'general'],
    ['bench-generation', 'cpu'],
    ['bench-generation', 'reference'],
  ]);
  for (const row of rows) {
    expect(row).toMatchObject({
      medianMs: expect.any(Number) as number,
      minMs: expect.any(Number) as number,
      maxMs: expect.any(Number) as number,
      adapter: expect.any(String) as string,
    });
    if (row.event !== 'bench') continue;
    expect(row).toMatchObject({ part: 'grid', workload: 'rnn V65 H100 N1 T25' });
    expect(row.verifiedError).toBeLessThan(1e-3);
  }
});

test('bench names the kernels that take most of a step', async () => {
  const { status, out } = await command([
    'bench',
    '--part',
    'grid',
    '--only',
    'H100',
    '--rounds',
    '1',
    '--turn-ms',
    '100',
    '--budget',
    '100000',
    '--backend',
    'cpu',
    '--no-reference',
  ]);
  expect(status).toBe(0);
  expect(out).toMatch(/^CPU, SIMD \(WebAssembly, \d+ threads?\)\nEvery strategy trains the same network/);
  expect(out).toMatch(/\n  cpu .*\n( +\d+ %  \w+ (forward|backward) .* ms = \d+ × [\d.]+ µs\n){3}$/);
});

test('bench skips workloads that nothing can verify within the budget', async () => {
  // On a fast machine the CPU would take less than a second.
  const judged = vi.spyOn(Judge.prototype, 'losses').mockResolvedValueOnce({ referenceMs: 50_000 });
  const { status, out } = await command([
    'bench',
    '--part',
    'grid',
    '--only',
    'L2 N32',
    '--budget',
    '1',
    '--backend',
    'cpu',
    '--json',
  ]);
  expect(json(out)).toEqual([
    expect.objectContaining({
      event: 'bench-left-out',
      part: 'grid',
      workload: 'lstm V65 H512 L2 N32 T64',
      why: expect.stringMatching(/would take about 50 s, and the budget is 1\.0 s$/) as string,
      failed: false,
    }),
  ]);
  expect(judged.mock.calls[0][1]).toBe(1000);
  judged.mockRestore();
  expect(status).toBe(1); // nothing was measured
});

describe('--backend auto', () => {
  test('prints its choice with the reason, and measures the task itself without a hardware GPU', async () => {
    const measured: string[] = [];
    const { device, name, why } = await openBackend('auto', ({ info }) => {
      measured.push(info.backend);
      return Promise.resolve(info.backend === 'cpu' ? 3 : 2);
    });
    console.info(`${name}: ${why}`);
    if (device.info.hardware)
      expect({ name, why, measured }).toEqual({ name: 'webgpu', why: 'a hardware GPU', measured: [] });
    else {
      expect({ name, measured }).toEqual({ name: 'webgpu', measured: ['cpu', 'webgpu'] });
      expect(why).toMatch(/^no hardware GPU; measured on this machine: 3\.00 ms on the CPU, 2\.00 ms on /);
    }
    device.dispose();
  });

  test('measures until it has taken long enough, and slow work only once', async () => {
    const counts: number[] = [];
    await millisecondsPerUnit({ milliseconds: 1e9, steps: 8 }, (count) =>
      Promise.resolve(void counts.push(count)),
    );
    expect(counts).toEqual([1, 2, 4, 8]);
    const slow: number[] = [];
    await millisecondsPerUnit({ milliseconds: 0, steps: 8 }, (count) =>
      Promise.resolve(void slow.push(count)),
    );
    expect(slow).toEqual([1]);
  });

  test('trains with the chosen backend', async () => {
    const { status, out } = await command([
      'train',
      '--corpus',
      file('text.txt'),
      ...TINY,
      '--backend',
      'auto',
      '--steps',
      '3',
    ]);
    expect(status).toBe(0);
    expect(json(out)[0].why).toMatch(/hardware GPU/);
  });
});

test.each([
  [0.2, '1 s'],
  [75, '1 min 15 s'],
  [3 * 3600 + 4 * 60 + 5, '3 h 04 min'],
])('%d seconds are printed as %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
