// Measures the costs of options of the layers per step, relative to the same layers without them.
// All variants of a cell alternate in the rounds of one run.
//   node scripts/option-costs.mjs [ROUNDS]
// After npm run build; prints a Markdown table of medians, relative to the plain layers.
// Dropout: training steps, with the update. Lengths and trace: forward, then forward and backward
// of the layers alone, with all results read back.
import { parseArgs } from 'node:util';
import { adam, Corpus, openDevice, RecurrentLayers, taskModel, Trainer } from '../dist/node.js';

const [C, H, LAYERS, N, T] = [64, 128, 2, 32, 50];
const CELLS = [
  ['RNN', { cell: 'rnn' }],
  ['LSTM', { cell: 'lstm' }],
  ['GRU', { cell: 'gru' }],
  ['GRU, reset before', { cell: 'gru', reset: 'before' }],
  ['minGRU', { cell: 'mingru' }],
  ['minLSTM', { cell: 'minlstm' }],
];
const DROPPED = 0.25;
/** Milliseconds of one turn: at least one step. */
const TURN = 1000;

const { positionals } = parseArgs({ allowPositionals: true });
const rounds = Number(positionals[0] ?? 7);
if (!(Number.isInteger(rounds) && rounds > 0)) {
  console.error(`option-costs: expected a whole number of rounds above 0, got "${positionals[0]}".`);
  process.exit(2);
}

const device = await openDevice({ backend: 'webgpu' });
console.error(`${device.info.adapter}: ${LAYERS} layers of ${H} units, N ${N}, T ${T}, ${rounds} rounds`);
const corpus = Corpus.fromText(
  Array.from({ length: 20 * N * T }, (_, i) => String.fromCharCode(48 + ((i * i) % 61))).join(''),
);

/** Takes training steps. */
async function training(options) {
  const trainer = await Trainer.create(
    taskModel({ vocabulary: corpus.vocabulary, hidden: H, layers: LAYERS, ...options }),
    {
      device,
      batch: N,
      time: T,
      optimizer: adam(),
      seed: 1,
    },
  );
  const steps = async (count) => {
    for await (const { skipped } of trainer.run(corpus, { steps: count }))
      if (skipped) throw new Error('option-costs: a step was skipped.');
  };
  return { steps, end: () => trainer.dispose() };
}

/** Runs layers alone. */
async function passes(options, { lengths, trace = false }) {
  const layers = await RecurrentLayers.create({
    device,
    input: C,
    hidden: H,
    layers: LAYERS,
    batch: N,
    time: T,
    ...options,
  });
  const x = Float32Array.from({ length: T * N * C }, (_, i) => Math.sin(i));
  const y = Float32Array.from({ length: T * N * H }, (_, i) => Math.cos(i));
  const given = lengths ? { lengths } : {};
  const steps = async (count) => {
    for (let i = 0; i < count; i++) {
      await layers.forward(x, {}, { ...given, trace });
      await layers.forwardBackward(x, {}, { y }, given);
    }
  };
  return { steps, end: () => layers.dispose() };
}

/**
 * Milliseconds per step of each variant, as the median over the rounds. The first turn compiles,
 * and decides the number of steps of a turn.
 */
async function timed(variants) {
  const counts = [];
  for (const { steps } of variants) {
    await steps(1);
    counts.push(Math.max(1, Math.round(TURN / (await clocked(steps, 2)))));
  }
  const times = variants.map(() => []);
  for (let round = 0; round < rounds; round++)
    for (const [i, { steps }] of variants.entries()) times[i].push(await clocked(steps, counts[i]));
  for (const { end } of variants) end();
  return times.map((all) => all.sort((a, b) => a - b)[Math.floor(all.length / 2)]);
}

async function clocked(steps, count) {
  const began = performance.now();
  await steps(count);
  return (performance.now() - began) / count;
}

const percent = (time, plain) =>
  time === undefined ? '' : `${time < plain ? '−' : '+'}${Math.abs(Math.round((time / plain - 1) * 100))} %`;

console.log(
  '| cell | training step | dropout 0.25 | recurrent dropout 0.25 | both | passes | lengths | trace ' +
    '|\n| --- | --- | --- | --- | --- | --- | --- | --- |',
);
for (const [name, cell] of CELLS) {
  const shares = [{}, { dropout: DROPPED }];
  if (!cell.cell.startsWith('min'))
    shares.push({ recurrentDropout: DROPPED }, { dropout: DROPPED, recurrentDropout: DROPPED });
  const [plain, ...dropped] = await timed(
    await Promise.all(shares.map((share) => training({ ...cell, ...share }))),
  );
  const lengths = Array.from({ length: N }, (_, n) => 1 + ((n * 37) % T));
  const [bare, ragged, traced] = await timed(
    await Promise.all([{}, { lengths }, { trace: true }].map((call) => passes(cell, call))),
  );
  const cells = [
    `${plain.toFixed(0)} ms`,
    ...[0, 1, 2].map((i) => percent(dropped[i], plain)),
    `${bare.toFixed(0)} ms`,
    percent(ragged, bare),
    percent(traced, bare),
  ];
  console.log(`| ${name} | ${cells.join(' | ')} |`);
}
device.dispose();
