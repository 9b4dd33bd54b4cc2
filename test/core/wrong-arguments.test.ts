import { describe, expect, it } from 'vitest';
import * as graph from '../../src/graph.js';
import * as unrolled from '../../src/index.js';
import { UnrolledError } from '../../src/index.js';
import { verifyOps } from '../../src/verify/index.js';

/**
 * Wrong arguments that plain JavaScript may pass by mistake: a promise that was not awaited, a
 * misspelt name, another object of this library. Every public function must name the option and what
 * it accepts.
 */
const device = await unrolled.openDevice({ backend: 'cpu' });
const memory = await device.createMemory();
const corpus = unrolled.Corpus.fromText('abcdefgh'.repeat(30));
const { vocabulary } = corpus;
const model = unrolled.charModel({ vocabulary, hidden: 4 });
const options = { device, batch: 2, time: 3, optimizer: unrolled.adam() };
const trainer = await unrolled.Trainer.create(model, options);
const parameters = await trainer.parameters();
const layers = await unrolled.RecurrentLayers.create({ device, input: 2, hidden: 3, batch: 1, time: 2 });
const checkpoint = await unrolled.saveCheckpoint(trainer);

const itself: Record<string, unknown> = {};
itself.itself = itself;

/** Values that no function below accepts. */
const WRONG: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['NaN', NaN],
  ['a bigint', 10n],
  ['a symbol', Symbol('s')],
  ['a function', () => 1],
  ['a Map', new Map()],
  ['a promise', Promise.resolve(device)],
  ['an object that contains itself', itself],
  ['layers', layers],
];

/** Values that some of the functions accept. */
const TEXT = ['a text', 'text'] as const;
const LIST = ['an empty array', []] as const;
const NOTHING = ['nothing', undefined] as const;
const ALL = [...WRONG, TEXT, LIST, NOTHING];

const rows = [{ text: 'a' }, { text: 'b' }];
const columns = [unrolled.tokens('text', unrolled.characters(['ab']))];

type Call = (value: never) => unknown;

async function run(source: never, how?: never): Promise<void> {
  for await (const { step } of trainer.run(source, how ?? { steps: 1 })) if (step > 1) return;
}

describe.each<[string, Call, readonly (readonly [string, unknown])[]]>([
  ['charModel', (x) => unrolled.charModel(x), ALL],
  ['charModel vocabulary', (x) => unrolled.charModel({ vocabulary: x }), ALL],
  ['Trainer.create', (x) => unrolled.Trainer.create(x, options), ALL],
  ['Trainer.create options', (x) => unrolled.Trainer.create(model, x), ALL],
  ['Trainer.create device', (x) => unrolled.Trainer.create(model, { ...options, device: x }), ALL],
  ['Trainer.create optimizer', (x) => unrolled.Trainer.create(model, { ...options, optimizer: x }), ALL],
  [
    'Trainer.create schedule',
    (x) => unrolled.Trainer.create(model, { ...options, schedule: x }),
    [TEXT, LIST],
  ],
  ['Trainer.create clip', (x) => unrolled.Trainer.create(model, { ...options, clip: x }), [TEXT, LIST]],
  ['run', run, ALL],
  ['run options', (x) => run(corpus as never, x), [TEXT, LIST]],
  ['run misspelt options', () => run(corpus as never, { step: 1 } as never), [NOTHING]],
  ['evaluate', (x) => trainer.evaluate(x), ALL],
  ['gradientFlow', (x) => trainer.gradientFlow(x), ALL],
  ['sample', (x) => trainer.sample(x), [TEXT, LIST, ['null', null]]],
  ['sample prime', (x) => trainer.sample({ prime: x }), WRONG],
  [
    'sample onPiece',
    (x) => trainer.sample({ length: 1 }, x),
    [...WRONG.filter(([name]) => name !== 'a function'), TEXT, LIST],
  ],
  ['restore', (x) => trainer.restore(x), ALL],
  ['predict', (x) => trainer.predict(x), ALL],
  ['predict options', (x) => trainer.predict([], x), [TEXT, LIST]],
  ['Vocabulary.decode', (x) => vocabulary.decode(x), ALL.filter((one) => one !== LIST)],
  ['tokenizer.decode', (x) => unrolled.characters(['ab']).decode(x), ALL.filter((one) => one !== LIST)],
  ['Vocabulary.has', (x) => vocabulary.has(x), [...WRONG, LIST, NOTHING]],
  ['corpus.text', (x) => corpus.text(x, 1), ALL],
  ['corpus.text count', (x) => corpus.text(0, x), ALL],
  ['corpus.loader', (x) => corpus.loader(x), ALL],
  ['defineModel', (x) => unrolled.defineModel(x), ALL],
  [
    'defineModel modules',
    (x) =>
      unrolled.defineModel({ kind: 'k', fields: {}, modules: { x }, forward: () => ({}), loss: () => x }),
    ALL,
  ],
  ['nn.gru', (x) => unrolled.nn.gru(x), ALL],
  ['nn.attention', (x) => unrolled.nn.attention('general', x), ALL],
  ['nn.maxPool', (x) => unrolled.nn.maxPool(x), ALL],
  ['a module', (x) => unrolled.nn.linear(1, 1)(x), ALL],
  ['losses.mse', (x) => unrolled.losses.mse(x, x), ALL],
  ['losses.crossEntropy', (x) => unrolled.losses.crossEntropy(x, x), ALL],
  ['accuracy', (x) => graph.accuracy(x, [1]), ALL],
  ['meanSquaredError', (x) => graph.meanSquaredError([1], x), ALL],
  ['editDistance', (x) => graph.editDistance('a', x), [...WRONG, NOTHING]],
  ['editRate', (x) => graph.editRate(x), [...WRONG, TEXT, NOTHING]],
  ['bleu', (x) => graph.bleu(x), [...WRONG, TEXT, NOTHING].filter(([name]) => name !== 'a Map')],
  ['statsOf', (x) => graph.statsOf(x, 1), ALL],
  ['restored', (x) => graph.restored(x, { mean: [0], deviation: [1] }), ALL.filter((one) => one !== LIST)],
  ['restored stats', (x) => graph.restored([1], x), ALL],
  ['predictionSource', (x) => graph.predictionSource(x), ALL],
  ['renamed', (x) => graph.renamed(x, {}), ALL],
  ['lookAt', (x) => graph.lookAt(x), ALL],
  ['evaluateGenerated', (x) => graph.evaluateGenerated(x, []), ALL],
  ['layersToOnnx', (x) => graph.layersToOnnx(x), ALL.filter(([name]) => name !== 'layers')],
  ['loadOp', (x) => graph.loadOp(x), ALL],
  ['summarize', (x) => graph.summarize(x), ALL],
  ['printPlan', (x) => graph.printPlan(x), ALL],
  ['loadParameters', (x) => trainer.loadParameters(x), ALL],
  ['saveCheckpoint', (x) => unrolled.saveCheckpoint(x), ALL],
  ['readCheckpoint', (x) => unrolled.readCheckpoint(x), ALL],
  ['loadCheckpoint device', (x) => unrolled.loadCheckpoint(checkpoint, { device: x }), ALL],
  ['loadCheckpoint options', (x) => unrolled.loadCheckpoint(checkpoint, x), ALL],
  ['resumeTrainer', (x) => unrolled.resumeTrainer(x, device), ALL],
  ['parametersOnDevice', (x) => graph.parametersOnDevice(x, parameters, device), ALL],
  ['parametersOnDevice device', (x) => graph.parametersOnDevice(model, parameters, x), ALL],
  ['Evaluator', (x) => new graph.Evaluator(x, device, memory), ALL],
  ['Evaluator device', (x) => new graph.Evaluator(model, x, memory), ALL],
  ['Sampler.create', (x) => unrolled.Sampler.create(x, device, memory), ALL],
  ['Sampler.create memory', (x) => unrolled.Sampler.create(model, device, x), ALL.slice(0, -1)],
  ['Inspector', (x) => new unrolled.Inspector(x, device, memory), ALL],
  [
    'inspect',
    (x) => new unrolled.Inspector(model, device, trainer.memory).inspect(x),
    [...WRONG, LIST, NOTHING],
  ],
  ['scoreUnits', (x) => graph.scoreUnits(x), ALL],
  ['Corpus.fromText', (x) => unrolled.Corpus.fromText(x), [...WRONG, LIST, NOTHING]],
  ['Corpus.fromText vocabulary', (x) => unrolled.Corpus.fromText('abc', { vocabulary: x }), [TEXT, LIST]],
  ['Corpus.fromIds', (x) => unrolled.Corpus.fromIds(x), ALL],
  ['Corpus.fromBlob', (x) => unrolled.Corpus.fromBlob(x), ALL],
  ['Vocabulary.fromText', (x) => unrolled.Vocabulary.fromText(x), [...WRONG, LIST, NOTHING]],
  ['Vocabulary.fromSymbols', (x) => unrolled.Vocabulary.fromSymbols(x), ALL],
  ['characters', (x) => unrolled.characters(x), ALL],
  ['words', (x) => unrolled.words(x), ALL],
  ['tokenizerFromJSON', (x) => graph.tokenizerFromJSON(x), ALL],
  ['records.of', (x) => unrolled.records.of(x), ALL],
  ['split', (x) => unrolled.records.of(rows).split(x), ALL],
  ['split options', (x) => unrolled.records.of(rows).split(0.5, x), [TEXT, LIST]],
  ['labels', (x) => unrolled.labels(x), ALL],
  ['tokens', (x) => unrolled.tokens('text', x), ALL],
  ['classes', (x) => unrolled.classes('text', x), ALL],
  ['tags', (x) => unrolled.tags('text', x), ALL],
  ['features', (x) => unrolled.features('text', x), ALL],
  ['numbers size', (x) => unrolled.numbers('text', { size: x }), [TEXT, LIST]],
  ['columnFromJSON', (x) => graph.columnFromJSON(x), ALL],
  ['dataset', (x) => unrolled.dataset(x, columns, { batch: 1 }), ALL],
  ['dataset columns', (x) => unrolled.dataset(unrolled.records.of(rows), x, { batch: 1 }), ALL],
  ['predictionBatches', (x) => graph.predictionBatches(x, columns), ALL],
  ['predictionBatches columns', (x) => graph.predictionBatches(rows, x), ALL],
  ['dataset options', (x) => unrolled.dataset(unrolled.records.of(rows), columns, x), ALL],
  [
    'dataset buckets',
    (x) => unrolled.dataset(unrolled.records.of(rows), columns, { batch: 1, buckets: x }),
    ALL.filter((one) => one !== NOTHING),
  ],
  ['slidingWindows', (x) => unrolled.slidingWindows(x, { window: 1, batch: 1 }), ALL],
  ['slidingWindows options', (x) => unrolled.slidingWindows([[1, 2]], x), ALL],
  ['RecurrentLayers.create', (x) => unrolled.RecurrentLayers.create(x), ALL],
  ['readSafetensors', (x) => unrolled.readSafetensors(x), ALL],
  ['writeSafetensors', (x) => unrolled.writeSafetensors({ weight: x }), ALL],
  ['fromKeras', (x) => graph.fromKeras('lstm', x), ALL],
  ['ModelInspector', (x) => new graph.ModelInspector(x, device, memory), ALL],
  ['ModelInspector.inspect', (x) => new graph.ModelInspector(model, device, trainer.memory).inspect(x), ALL],
  [
    'ModelInspector.connectivity',
    (x) => new graph.ModelInspector(model, device, trainer.memory).connectivity(x, {}),
    ALL,
  ],
  ['readerToOnnx', (x) => graph.readerToOnnx(x, parameters), ALL],
  ['encoderDecoderToOnnx', (x) => graph.encoderDecoderToOnnx(x, parameters), ALL],
  ['charModelToOnnx', (x) => graph.charModelToOnnx(x, parameters), ALL],
  ['languageModelToOnnx', (x) => graph.languageModelToOnnx(x, parameters), ALL],
  ['trainingGraph', (x) => graph.evaluationGraph(x, { sizes: { T: 1, N: 1 } }), ALL],
  ['verifyOps', (x) => verifyOps(x), ALL],
  ['differentiate', (x) => graph.differentiate(x, { ops: graph.ops, wanted: [] }), ALL],
  ['compile', (x) => graph.compile(x, graph.ops, { parallelism: 64 }), ALL],
  ['prepare', (x) => device.prepare(x, memory), ALL],
  ['prepare memory', (x) => device.prepare(new graph.GraphBuilder().graph, x), ALL],
  [
    'g.tensor shape',
    (x) => new graph.GraphBuilder().tensor('input', 'x', x),
    ALL.filter((one) => one !== LIST),
  ],
  ['g.view', (x) => new graph.GraphBuilder().view(x, [1]), ALL],
  ['g.apply', (x) => new graph.GraphBuilder().apply(x, 'y', {}), ALL],
  ['g.apply tensors', (x) => new graph.GraphBuilder().apply(graph.ops.tanh, 'y', { x }), ALL],
])('%s', (_, call, wrong) => {
  it.each(wrong)('refuses %s by name', async (_, value) => {
    const error: unknown = await Promise.resolve()
      .then(() => call(value as never))
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
    expect(error).toBeInstanceOf(UnrolledError);
    expect((error as Error).message).not.toMatch(/\n|\[object/);
  });
});

it.each<[string, Call, unknown, string]>([
  [
    'a device that was not awaited',
    (x) => unrolled.Trainer.create(model, { ...options, device: x }),
    Promise.resolve(device),
    'device: expected a device, as `await openDevice()` gives it, got a Promise.',
  ],
  [
    'a missing vocabulary',
    (x) => unrolled.charModel(x),
    { hidden: 4 },
    "vocabulary: expected a Vocabulary, such as a corpus's `corpus.vocabulary` or " +
      'Vocabulary.fromText(text), got undefined.',
  ],
  [
    'a text instead of a corpus',
    (x) => run(x),
    'text',
    'source: expected a corpus, such as Corpus.fromText(text), a data set, such as dataset(records, columns, ' +
      '{ batch }), a task, such as copyMemory(), or an object with fields and loader(), got "text".',
  ],
  [
    'an optimizer by its name',
    (x) => unrolled.Trainer.create(model, { ...options, optimizer: x }),
    'adam',
    'optimizer: expected an optimizer such as adam({ rate: 0.002 }), got "adam".',
  ],
  [
    'a builder instead of its graph',
    (x) => device.prepare(x, memory),
    new graph.GraphBuilder(),
    'graph: expected a graph, as `builder.graph` gives it, got {}.',
  ],
])('the message says what to do: %s', async (_, call, value, message) => {
  await expect(Promise.resolve().then(() => call(value as never))).rejects.toThrow(message);
});
