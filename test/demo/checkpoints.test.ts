import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bundledTexts, charModel, Corpus, openDevice, optimizerFromJSON, PRESETS, saveCheckpoint, Trainer } from '../../src/index.js';
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
    if (file !== undefined) return join(folder, file);
    await sleep(50);
  }
}

test('a checkpoint that is loaded again continues identically', async () => {
  await withDemo(SMALL, async (demo) => {
    await demo.until('state.step > 20');
    const saved = await demo.pause();
    const file = await download(demo);
    expect(file).toContain(`unrolled-${saved.step}.safetensors`);
    await demo.click('#step');
    const next = await demo.until(`state.step === ${saved.step + 1}`);
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

    // Over another text: its place in the text means nothing there.
    await demo.page.select('#text', 'dates');
    await demo.choose('#checkpoint', file);
    await demo.page.waitForFunction(`/another text/.test(document.querySelector('#text-facts').textContent)`);
    await demo.click('#toggle');
    await demo.untilItTrains();
  });
});

test('a checkpoint that was written in Node goes on in the page, at its place in the text', async () => {
  const device = await openDevice({ backend: 'cpu' });
  const { model, train } = PRESETS['min-char-rnn'];
  const corpus = Corpus.fromText(bundledTexts.english.text).split(0.1).train;
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
    for await (const report of trainer.run(corpus, { steps: 1 })) expect(next.smoothLoss).toBeCloseTo(report.smoothLoss, 9);
  });
  device.dispose();
});

test('a file that is no checkpoint is refused in one line, and training goes on', async () => {
  const garbage = join(folder, 'garbage.bin');
  await writeFile(garbage, Buffer.from('this is not a checkpoint at all, only some words'));
  await withDemo(SMALL, async (demo) => {
    const before = await demo.untilItTrains();
    await demo.choose('#checkpoint', garbage);
    await demo.page.waitForFunction(`document.querySelector('#file-message').classList.contains('fault')`);
    expect(await demo.text('#file-message')).toMatch(/^garbage\.bin: [^\n]+$/);
    const after = await demo.untilItTrains();
    expect(after.step).toBeGreaterThan(before.step);
  });
});
