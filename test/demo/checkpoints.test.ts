import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  charModel,
  Corpus,
  openDevice,
  PRESETS,
  saveCheckpoint,
  Trainer,
  writeSafetensors,
} from '../../src/index.js';
import { bundledTexts, optimizerFromJSON } from '../../src/graph.js';
import { command, eventsOf } from '../cli/support.js';
import { LACKING_SOME, lackingVariants } from '../support/lacking-variants.js';
import { enableRelaxedSimd } from '../support/relaxed.js';
import { SMALL, withDemo, type Demo } from './support.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-demo-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Presses "Download checkpoint" and waits for the file. */
async function download(demo: Demo): Promise<string> {
  const session = await demo.page.createCDPSession();
  await session.send('Browser.setDownloadBehavior', { behavior: 'allow', downloadPath: folder });
  await demo.click('#download');
  for (;;) {
    const file = (await readdir(folder)).find((name) => name.endsWith('.safetensors'));
    // A file that is being written has no content yet.
    if (file !== undefined && (await stat(join(folder, file))).size > 0) return join(folder, file);
    await sleep(50);
  }
}

test(
  'a checkpoint that is loaded again, in the page or by the command, continues; a file that is none is ' +
    'refused in one line',
  async () => {
    const garbage = join(folder, 'garbage.bin');
    await writeFile(garbage, Buffer.from('this is not a checkpoint at all, only some words'));
    await withDemo(`${SMALL}&backend=webgpu`, async (demo) => {
      const before = await demo.untilItTrains();
      await demo.choose('#checkpoint', garbage);
      await demo.page.waitForFunction(`document.querySelector('#file-message').classList.contains('fault')`);
      expect(await demo.text('#file-message')).toMatch(/^garbage\.bin: [^\n]+$/);
      const foreign = join(folder, 'foreign.bin');
      await writeFile(foreign, writeSafetensors({ w: { shape: [1], data: Float32Array.of(1) } }));
      await demo.choose('#checkpoint', foreign);
      await demo.page.waitForFunction(
        `document.querySelector('#file-message').textContent.startsWith('foreign.bin')`,
      );
      expect(await demo.text('#file-message')).toMatch(
        /^foreign\.bin: This is not a checkpoint .* another program\.$/,
      );
      expect((await demo.untilItTrains()).step).toBeGreaterThan(before.step);

      const saved = await demo.pause();
      const file = await download(demo);
      expect(file).toContain(`unrolled-${saved.step}.safetensors`);
      const copy = join(folder, 'copy.bin'); // the command writes its own state over what it resumes
      await copyFile(file, copy);
      const resumed = await command([
        'resume',
        copy,
        '--more',
        '3',
        '--log-every',
        '1',
        '--json',
        '--backend',
        'cpu',
      ]);
      expect(resumed).toMatchObject({ status: 0, error: '' });
      expect(eventsOf(resumed.out, 'start')[0]).toMatchObject({ step: saved.step, hidden: 16 });
      expect(eventsOf(resumed.out, 'warning')).toEqual([]);

      await demo.click('#step');
      const next = await demo.until(`state.step === ${saved.step + 1}`);
      expect(eventsOf(resumed.out, 'step')[0].smoothLoss).toBeCloseTo(next.smoothLoss, 4); // the CPU's step, and the GPU's
      await demo.click('#reset');
      await demo.until('state.step === 0');
      await demo.fill('#hidden', '8');
      await demo.choose('#checkpoint', file);
      const loaded = await demo.until(`state.step === ${saved.step}`);
      expect(loaded).toMatchObject({ status: 'paused', smoothLoss: saved.smoothLoss });
      expect(await demo.page.$eval('#hidden', (field) => (field as HTMLInputElement).value)).toBe('16');
      await demo.click('#step');
      const again = await demo.until(`state.step === ${saved.step + 1}`);
      expect(again.smoothLoss).toBe(next.smoothLoss);
      expect(await demo.text('#text-facts')).not.toContain('another text');

      // Reset goes back to where this run began, which is the file.
      await demo.click('#reset');
      await demo.until(`state.step === ${saved.step}`);

      // A driver may have lost a kernel variant since then.
      const lacking = join(folder, 'lacking.bin');
      await writeFile(lacking, lackingVariants(await readFile(file)));
      await demo.choose('#checkpoint', lacking);
      await demo.page.waitForFunction(
        `/does not continue exactly/.test(document.querySelector('#notice').textContent)`,
      );
      expect(await demo.text('#notice')).toMatch(LACKING_SOME);

      // Over another text: its place in the text means nothing there.
      await demo.page.select('#text', 'dates');
      await demo.choose('#checkpoint', file);
      await demo.page.waitForFunction(
        `/another text/.test(document.querySelector('#text-facts').textContent)`,
      );
      await demo.click('#toggle');
      await demo.untilItTrains();
    });
  },
);

test('a checkpoint that was written in Node goes on in the page, at its place in the text', async () => {
  enableRelaxedSimd(); // the page has it: both round alike
  const device = await openDevice({ backend: 'cpu' });
  const { model, train } = PRESETS['min-char-rnn'];
  const corpus = Corpus.fromText(await bundledTexts.english.text()).split(0.1).train;
  const trainer = await Trainer.create(charModel({ ...model, hidden: 12, vocabulary: corpus.vocabulary }), {
    ...train,
    time: 8,
    optimizer: optimizerFromJSON(train.optimizer),
    device,
    seed: 5,
  });
  for await (const { step } of trainer.run(corpus, { steps: 25 })) expect(step).toBeLessThanOrEqual(25);
  const file = join(folder, 'from-node.safetensors');
  await writeFile(file, await saveCheckpoint(trainer, { run: { validation: 0.1, text: { options: {} } } }));
  await withDemo('autostart=0&backend=cpu', async (demo) => {
    await demo.choose('#checkpoint', file);
    const { smoothLoss } = await demo.until('state.step === 25');
    expect(smoothLoss).toBe(trainer.smoothLoss);
    expect(await demo.text('#text-facts')).not.toContain('another text');
    await demo.click('#step');
    const next = await demo.until('state.step === 26');
    for await (const report of trainer.run(corpus, { steps: 1 }))
      expect(next.smoothLoss).toBeCloseTo(report.smoothLoss, 9);
  });
  device.dispose();
});
