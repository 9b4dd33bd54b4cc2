// Measures the costs of launches on WebGPU in Node. Two ways to do the same alternate in one
// process.   node scripts/launch-costs.mjs encoding [ROUNDS]   CPU time to encode a launch of a
// training step:       the number of the time step in a buffer with a dynamic offset, and as an
// immediate   node scripts/launch-costs.mjs windows [ROUNDS]    an LSTM layer, forward and
// backward: a launch for       each time step, and one for the window After npm run build; prints a
// Markdown table of medians and their ratio.
import { parseArgs } from 'node:util';
import { openDawn } from '../dist/dawn.js';
import { GpuDevice } from '../dist/device/gpu-device.js';
import { compile, loadOp, ops, planTargetOf, taskModel } from '../dist/graph.js';
import { adam, Corpus, Trainer } from '../dist/node.js';
import { buildOpGraph } from '../dist/verify/op-graph.js';

const PARTS = { encoding, windows };
const { positionals } = parseArgs({ allowPositionals: true });
const [part, count = '7'] = positionals;
const rounds = Number(count);
if (!(part in PARTS) || !(Number.isInteger(rounds) && rounds > 0)) {
  console.error('launch-costs: expected encoding or windows, and a whole number of rounds above 0.');
  process.exit(2);
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
  console.log(`| launches of a step | offset, µs a launch | immediate | ratio |\n| --- | --- | --- | --- |`);
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
    '| N, H | each step, ms | one launch | ratio | rows to a workgroup |\n| --- | --- | --- | --- | --- |',
  );
  for (const H of [32, 128, 256, 512])
    for (const N of [1, 8, 64]) {
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
      const times = await takeTurns(
        programs.map((program) => async () => (await program.timeRuns(1)) / 1000),
      );
      console.log(`| ${N}, ${H} ${row(times)} ${rows} |`);
      for (const program of programs) program.dispose();
      memory.dispose();
    }
}

/** Medians over rounds. All variants alternate in each round. */
async function takeTurns(contestants) {
  const times = contestants.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, contestant] of contestants.entries()) times[i].push(await contestant());
  return times.map((all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)]);
}

function row([first, second]) {
  return `| ${first.toPrecision(3)} | ${second.toPrecision(3)} | ${(second / first).toFixed(2)} |`;
}
