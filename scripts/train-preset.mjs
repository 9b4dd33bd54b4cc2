// Trains a recipe of a task (`TASK_PRESETS`) on a file of `data make`, and prints what docs/results.md
// tells of it. `unrolled train --preset` trains the same recipes, but some by models that are written
// in another way; this one runs what the recipe's `learn` says.
//   node scripts/train-preset.mjs adding-100 --data adding.jsonl --held-out adding.held-out.jsonl
//     [--cell lstm] [--steps 2000]
// After npm run build. Prints one JSON object: loss and measures on the held-out file, steps, seconds.
import { parseArgs } from 'node:util';
import { adam, openDevice, records, Trainer } from '../dist/node.js';
import { evaluateGenerated, TASK_KINDS, TASK_PRESETS } from '../dist/graph.js';

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    'held-out': { type: 'string' },
    cell: { type: 'string' },
    hidden: { type: 'string' },
    epochs: { type: 'string' },
    steps: { type: 'string' },
    rate: { type: 'string' },
    seed: { type: 'string', default: '1' },
  },
});
const [name] = positionals;
const preset = TASK_PRESETS.find((each) => each.name === name);
if (!preset || given.data === undefined || given['held-out'] === undefined) {
  const names = TASK_PRESETS.map((each) => each.name).join(', ');
  console.error(`train-preset: expected a recipe, --data FILE and --held-out FILE. Recipes: ${names}.`);
  process.exit(2);
}

const train = await records.jsonl(given.data);
const heldOut = await records.jsonl(given['held-out']);
const learnt = preset.learn(train);
/** The recipe's model, of another cell or size where it is asked for. */
const changes = {
  ...(given.cell === undefined ? {} : { cell: given.cell }),
  ...(given.hidden === undefined ? {} : { hidden: Number(given.hidden) }),
};
const { fromConfig } = TASK_KINDS.find(({ kind }) => kind === learnt.model.kind);
const model =
  Object.keys(changes).length === 0 ? learnt.model : fromConfig({ ...learnt.model.config, ...changes });
const source = learnt.source(train);
const device = await openDevice({ backend: 'cpu', threads: 1 });
const { batch, rate, epochs, clipNorm = 5 } = preset.train;
const trainer = await Trainer.create(model, {
  device,
  batch,
  optimizer: adam({ rate: Number(given.rate ?? rate) }),
  clip: { norm: clipNorm },
  seed: Number(given.seed),
});
const steps = Number(given.steps ?? Number(given.epochs ?? epochs) * Math.ceil(train.length / batch));
const began = performance.now();
for await (const { step, meanLoss } of trainer.run(source, { steps }))
  if (step % 100 === 0) console.error(`${step} ${meanLoss}`);
const seconds = (performance.now() - began) / 1000;
const { loss, measures } = await trainer.evaluate(learnt.source(heldOut));
const written = await texts();
const parameters = model.layout.specs.reduce(
  (sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1),
  0,
);
console.log(
  JSON.stringify({
    preset: name,
    loss,
    ...measures,
    ...written,
    steps,
    seconds: Number(seconds.toFixed(1)),
    parameters,
  }),
);
trainer.dispose();
device.dispose();

/** How many texts are right; of captions, how much of the attention lies on the thing that a word names. */
async function texts() {
  if (preset.task !== 'caption' && preset.task !== 'translate') return {};
  const rows = [...heldOut];
  const conditionOf = ({ image, frames }) => image ?? frames;
  const pairs = rows.map((row) => ({ condition: conditionOf(row), wanted: row.caption ?? row.text }));
  const { exactMatch, editDistance } = await evaluateGenerated(trainer.generator, pairs);
  if (model.config.inject !== 'attention') return { exactMatch, editDistance };
  const results = await trainer.generator.generateAll(rows.map(conditionOf), { attention: true });
  let [sum, count] = [0, 0];
  for (const [i, [{ text, attention }]] of results.entries()) {
    if (text !== rows[i].caption) continue;
    const { places } = rows[i];
    const P = attention.length / (places.length + 1);
    for (const [t, place] of places.entries())
      if (place !== null) [sum, count] = [sum + attention[t * P + place], count + 1];
  }
  return { exactMatch, editDistance, attentionOnNamed: sum / count };
}
