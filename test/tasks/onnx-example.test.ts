import * as onnxruntime from 'onnxruntime-web/wasm';
import { expect, it } from 'vitest';
import * as graph from '../../src/graph.js';
import * as unrolled from '../../src/index.js';
import { codeOf } from '../support/library-docs.js';

it('the decoding of docs/weights.md equals that of generate', async () => {
  onnxruntime.env.wasm.numThreads = 1;
  const tokenizer = unrolled.characters(['abc']);
  const symbols = { tokenizer, embedding: 4 };
  const model = unrolled.encoderDecoder({
    source: symbols,
    target: symbols,
    hidden: 5,
    attention: 'general',
  });
  const device = await unrolled.openDevice({ backend: 'cpu' });
  const trainer = await unrolled.Trainer.create(model, { device, optimizer: unrolled.adam(), seed: 2 });
  const code = codeOf('Classifiers, taggers, regressors and encoder–decoders', 'weights').replace(
    /import (\{[^}]*\}) from 'onnxruntime-web';/g,
    'const $1 = onnxruntime;',
  );
  const body = `export const run = async (unrolled, onnxruntime, trainer, tokenizer) => { ${code}\nreturn ids; };`;
  const module = (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(body)}`)) as {
    readonly run: (...given: readonly unknown[]) => Promise<readonly number[]>;
  };
  const ids = await module.run({ ...unrolled, ...graph }, onnxruntime, trainer, tokenizer);
  const [wanted] = await trainer.generate('abc', { longest: 20 });
  expect(ids).toEqual(wanted.ids);
  expect(ids.length).toBeGreaterThan(0);
  trainer.dispose();
});
