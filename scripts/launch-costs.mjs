// What launches cost: two ways to do the same take turns in one process, on WebGPU in Node.
//   node scripts/launch-costs.mjs encoding [ROUNDS]   CPU time to encode a launch of a training step:
//       the number of the time step in a buffer with a dynamic offset, and as an immediate
//   node scripts/launch-costs.mjs windows [ROUNDS] [N,H …]    an LSTM layer, forward and backward: a
//       launch for each time step, and one for the window
//   node scripts/launch-costs.mjs diagonals [ROUNDS] [L,N,H …]    a training step of L LSTM layers: one
//       layer after the other, diagonals forward, and diagonals forward and backward
//   node scripts/launch-costs.mjs chrome [ROUNDS]    encoding in headless Chrome: the calls of such a
//       step as the recorder makes them, with bind groups for each launch and for each kernel
// After npm run build; prints a Markdown table of medians, their ratio, and the ratio of
// the least times, which other work on the machine disturbs less.
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { openDawn } from '../dist/dawn.js';
import { GpuDevice } from '../dist/device/gpu-device.js';
import { compile, loadOp, ops, planTargetOf, taskModel } from '../dist/graph.js';
import { adam, Corpus, Trainer } from '../dist/node.js';
import { launchChrome } from '../dist/launch.js';
import { buildOpGraph } from '../dist/verify/op-graph.js';

const PARTS = { encoding, windows, diagonals, chrome };
const { positionals } = parseArgs({ allowPositionals: true });
const [part, count = '7', ...chosen] = positionals;
const rounds = Number(count);
const sizes = chosen.map((text) => text.split(',').map(Number));
const lengths = { windows: 2, diagonals: 3 };
if (
  !(part in PARTS) ||
  !(Number.isInteger(rounds) && rounds > 0) ||
  sizes.some((size) => size.length !== lengths[part] || !size.every((n) => Number.isInteger(n) && n > 0))
) {
  console.error(
    'launch-costs: expected encoding, windows, diagonals or chrome, a whole number of rounds above 0, and ' +
      'sizes such as 8,128 (windows: N,H) or 2,32,256 (diagonals: L,N,H).',
  );
  process.exit(2);
}
if (part === 'chrome') {
  await chrome();
  process.exit(0);
}
const dawn = await openDawn();
if (!dawn.gpu) throw new Error(`There is no WebGPU here: ${dawn.why}`);
await PARTS[part](dawn.gpu);
process.exit(0);

async function encoding(gpu) {
  const spent = { ms: 0 };
  measureEncoding(spent);
  const without = new Proxy(gpu, {
    get: (target, name) =>
      name === 'wgslLanguageFeatures' ? new Set() : Reflect.get(target, name).bind(target),
  });
  const corpus = Corpus.fromText('the quick brown fox jumps over the lazy dog. '.repeat(40));
  const model = () => taskModel({ vocabulary: corpus.vocabulary, cell: 'lstm', hidden: 16, layers: 2 });
  const trainers = [];
  for (const each of [without, gpu]) {
    const device = await GpuDevice.open(each, dawn.note, ops);
    trainers.push(await Trainer.create(model(), { device, batch: 1, time: 50, optimizer: adam() }));
  }
  const launches = trainers[0].plan.dispatches;
  const turn = async (trainer, steps) => {
    spent.ms = 0;
    for await (const { loss } of trainer.run(corpus, { steps })) if (!(loss > 0)) throw new Error('no loss');
    return (spent.ms * 1000) / (steps * launches);
  };
  for (const trainer of trainers) await turn(trainer, 8);
  const times = await takeTurns(trainers.map((trainer) => () => turn(trainer, 16)));
  console.log(
    `| launches of a step | offset, µs a launch | immediate | ratio | of the least |\n| --- | --- | --- | --- | --- |`,
  );
  console.log(`| ${launches} ${row(times)}`);
}

/** Adds up the time from the creation of a command encoder to its end. */
function measureEncoding(spent) {
  const { createCommandEncoder } = GPUDevice.prototype;
  const { finish } = GPUCommandEncoder.prototype;
  let began = 0;
  GPUDevice.prototype.createCommandEncoder = function (...args) {
    began = performance.now();
    return createCommandEncoder.apply(this, args);
  };
  GPUCommandEncoder.prototype.finish = function (...args) {
    const commands = finish.apply(this, args);
    spent.ms += performance.now() - began;
    return commands;
  };
}

async function windows(gpu) {
  const device = await GpuDevice.open(gpu, dawn.note, ops);
  const op = await loadOp(ops.lstm);
  const T = 16;
  console.log(`LSTM, T ${T}, forward and backward, on ${device.info.adapter}\n`);
  console.log(
    '| N, H | each step, ms | one launch | ratio | of the least | rows to a workgroup |\n' +
      '| --- | --- | --- | --- | --- | --- |',
  );
  const all = [32, 128, 256, 512].flatMap((H) => [1, 8, 64].map((N) => [N, H]));
  for (const [N, H] of sizes.length > 0 ? sizes : all) {
    const without = ['keep', 'lengths', 'key', 'h0_learned', 'c0_learned', 'masked', 'dh'];
    const { graph, data } = buildOpGraph(
      op,
      { dims: { T, N, H }, without, fill: { weight_hh: { scale: 0.5 / Math.sqrt(H) } } },
      { backward: true },
    );
    const { launches } = await compile(graph, ops, planTargetOf(device.info));
    const choices = launches.flatMap(({ choice }) => (choice?.of.startsWith('steps') ? [choice] : []));
    const rows = [8, 4, 1].find(
      (each) => each <= N && choices.every(({ offered }) => offered.includes(`window ${each}`)),
    );
    if (rows === undefined) continue;
    const window = Object.fromEntries(choices.map(({ of }) => [of, `window ${rows}`]));
    const memory = await device.createMemory();
    const programs = [];
    for (const variants of [{}, window]) {
      const program = await device.prepare(graph, memory, { maxSteps: 1, variants });
      for (const [name, values] of Object.entries(data)) await program.write(name, values);
      await program.submit([{}]);
      programs.push(program);
    }
    const times = await takeTurns(programs.map((program) => async () => (await program.timeRuns(1)) / 1000));
    console.log(`| ${N}, ${H} ${row(times)} ${rows} |`);
    for (const program of programs) program.dispose();
    memory.dispose();
  }
}

/** A training step of some layers, T 16. Only the variants of the layers differ; the rules choose tiles. */
async function diagonals(gpu) {
  const device = await GpuDevice.open(gpu, dawn.note, ops);
  const corpus = Corpus.fromText('the quick brown fox jumps over the lazy dog. '.repeat(400));
  const T = 16;
  console.log(`LSTM, T ${T}, a training step, on ${device.info.adapter}\n`);
  console.log(
    '| L, N, H | each layer, ms | diagonals forward | both ways | ratios | of the least | launches |\n' +
      '| --- | --- | --- | --- | --- | --- | --- |',
  );
  const all = [2, 3, 4].flatMap((L) =>
    [
      [1, 128],
      [16, 64],
      [32, 256],
    ].map(([N, H]) => [L, N, H]),
  );
  for (const [L, N, H] of sizes.length > 0 ? sizes : all) {
    const model = () =>
      taskModel({ vocabulary: corpus.vocabulary, cell: 'lstm', hidden: H, layers: L, biases: 'single' });
    const create = (variants) =>
      Trainer.create(model(), { device: offering(device, variants), batch: N, time: T, optimizer: adam() });
    const each = await create({});
    const choices = Object.keys(each.variants).filter((name) => name.startsWith('layers '));
    const [forward, both] = ['forward', ''].map((phase) =>
      Object.fromEntries(
        choices.filter((of) => of.includes(phase)).map((of) => [of, otherOf(each.program.plan, of)]),
      ),
    );
    const trainers = [each, await create(forward), await create(both)];
    const turn = async (trainer) => {
      const steps = 4;
      const start = performance.now();
      for await (const { loss } of trainer.run(corpus, { steps }))
        if (!(loss > 0)) throw new Error('no loss');
      return (performance.now() - start) / steps;
    };
    for (const trainer of trainers) await turn(trainer);
    const times = await takeTurns(trainers.map((trainer) => () => turn(trainer)));
    const launches = trainers.map((trainer) => trainer.plan.dispatches).join(', ');
    console.log(`| ${L}, ${N}, ${H} ${row(times)} ${launches} |`);
    for (const trainer of trainers) trainer.dispose();
  }
}

/** A device that plans with these variants. */
function offering(device, variants) {
  return {
    info: device.info,
    createMemory: () => device.createMemory(),
    prepare: (graph, memory, options = {}) =>
      device.prepare(graph, memory, { ...options, variants: { ...options.variants, ...variants } }),
  };
}

/** The other variant of a choice of a plan. */
function otherOf({ launches }, of) {
  const { within } = launches.find((launch) => launch.within?.of === of);
  return within.offered.find((name) => name !== within.taken);
}

/**
 * The page has no library in it: the calls are those of src/gpu/recorder.ts, for 219 launches of two
 * kernels. Clocks of pages are coarse, so a turn encodes the step many times.
 */
async function chrome() {
  const server = createServer((_, response) => response.end('<!doctype html>'));
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const launched = await launchChrome();
  try {
    const page = await launched.browser.newPage();
    await page.goto(`http://127.0.0.1:${server.address().port}/`);
    const { version, names, times } = await page.evaluate(encodeInPage, rounds);
    console.log(`${version}\n\n| calls of a launch | µs a launch |\n| --- | --- |`);
    names.forEach((name, i) => console.log(`| ${name} | ${times[i].toPrecision(3)} |`));
  } finally {
    await launched.close();
    server.close();
  }
}

/** Runs in the page. */
async function encodeInPage(rounds) {
  const [LAUNCHES, REPEATS] = [219, 40];
  const adapter = await navigator.gpu.requestAdapter();
  const device = await adapter.requestDevice();
  const storage = device.createBuffer({ size: 256, usage: GPUBufferUsage.STORAGE });
  const uniforms = device.createBuffer({ size: 256 * LAUNCHES, usage: GPUBufferUsage.UNIFORM });
  const visibility = GPUShaderStage.COMPUTE;
  const tensors = device.createBindGroupLayout({
    entries: [{ binding: 0, visibility, buffer: { type: 'storage' } }],
  });
  const numbers = device.createBindGroupLayout({
    entries: [{ binding: 0, visibility, buffer: { type: 'uniform', hasDynamicOffset: true } }],
  });
  const bind = (layout, buffer, size) =>
    device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer, size } }] });
  const kernel = (bindGroupLayouts, immediate) =>
    device.createComputePipelineAsync({
      layout: device.createPipelineLayout({ bindGroupLayouts, ...(immediate ? { immediateSize: 16 } : {}) }),
      compute: {
        entryPoint: 'main',
        module: device.createShaderModule({
          code: `${immediate ? 'requires immediate_address_space;' : ''}
            struct Step { t: u32 }
            @group(0) @binding(0) var<storage, read_write> x: array<u32, 64>;
            ${immediate ? 'var<immediate>' : '@group(1) @binding(0) var<uniform>'} step: Step;
            @compute @workgroup_size(1) fn main() { x[0] = step.t; }`,
        }),
      },
    });
  const group = bind(tensors, storage, 256);
  const offsets = bind(numbers, uniforms, 16);
  const steps = Array.from({ length: LAUNCHES }, (_, t) => new Uint32Array([t, 0, 0, 0]));
  const byOffset = await kernel([tensors, numbers], false);
  const ways = {
    'pipeline, tensors and offset': (pass, t) => {
      pass.setPipeline(byOffset);
      pass.setBindGroup(0, group);
      pass.setBindGroup(1, offsets, [256 * t]);
    },
    'offset; pipeline and tensors once for each kernel': (pass, t) => {
      if (t === 0) {
        pass.setPipeline(byOffset);
        pass.setBindGroup(0, group);
      }
      pass.setBindGroup(1, offsets, [256 * t]);
    },
  };
  if (navigator.gpu.wgslLanguageFeatures.has('immediate_address_space')) {
    const byImmediate = await kernel([tensors], true);
    ways['immediate; pipeline and tensors once for each kernel'] = (pass, t) => {
      if (t === 0) {
        pass.setPipeline(byImmediate);
        pass.setBindGroup(0, group);
      }
      pass.setImmediates(0, steps[t]);
    };
  }
  const turn = async (set) => {
    let spent = 0;
    for (let repeat = 0; repeat < REPEATS; repeat++) {
      const start = performance.now();
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      for (let t = 0; t < LAUNCHES; t++) {
        set(pass, t);
        pass.dispatchWorkgroups(1);
      }
      pass.end();
      const commands = encoder.finish();
      spent += performance.now() - start;
      device.queue.submit([commands]);
      await device.queue.onSubmittedWorkDone();
    }
    return (spent * 1000) / (REPEATS * LAUNCHES);
  };
  const all = Object.values(ways);
  const times = all.map(() => []);
  for (const set of all) await turn(set);
  for (let round = 0; round < rounds; round++)
    for (const [i, set] of all.entries()) times[i].push(await turn(set));
  const middle = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  return { version: navigator.userAgent, names: Object.keys(ways), times: times.map(middle) };
}

/** Returns the times of each contestant in ascending order. All alternate in each round. */
async function takeTurns(contestants) {
  const times = contestants.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, contestant] of contestants.entries()) times[i].push(await contestant());
  return times.map((all) => all.sort((a, b) => a - b));
}

/** Medians of all contestants, then their ratios to the first, of medians and of least times. */
function row(times) {
  const medians = times.map((all) => all[Math.floor(all.length / 2)]);
  const ratios = (values) =>
    values
      .slice(1)
      .map((value) => (value / values[0]).toFixed(2))
      .join(', ');
  const cells = medians.map((median) => median.toPrecision(3));
  return `| ${[...cells, ratios(medians), ratios(times.map(([least]) => least))].join(' | ')} |`;
}
