import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { SMALL, withDemo } from './support.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-demo-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const HTML = '<img src=x onerror=alert(1)>';

test('a pasted text with HTML, Chinese and emoji is learned as it is, and never read as HTML', async () => {
  await withDemo(`${SMALL}&autostart=0`, async (demo) => {
    let alerts = 0;
    demo.page.on('dialog', (dialog) => {
      alerts++;
      void dialog.dismiss();
    });
    await demo.page.select('#text', '(paste)');
    await demo.fill('#pasted', `${HTML} 桥头村的四季 🦊🌙 `.repeat(40));
    await demo.fill('#prime', HTML);
    await demo.click('#start');
    await demo.until('samples.length >= 2');
    const [{ text }] = await demo.samples();
    expect(Array.from(text)).toHaveLength(40); // a fox is one symbol, not two
    expect(await demo.text('#text-facts')).toContain(HTML);
    expect(await demo.text('#samples li:first-child pre')).toContain(HTML);
    const symbols = new Set(`${HTML} 桥头村的四季 🦊🌙 `).size;
    expect(await demo.text('#text-facts')).toContain(`${symbols} different`);
    expect(await demo.page.$$('img')).toHaveLength(0);
    expect(alerts).toBe(0);
  });
});

test('a file is read piece by piece, and what is wrong with its encoding is said', async () => {
  const path = join(folder, 'latin1.txt');
  await writeFile(path, Buffer.concat(Array.from({ length: 60 }, () => Buffer.from('the caf\u00e9 on the hill and the mill. ', 'latin1'))));
  await withDemo(`${SMALL}&autostart=0`, async (demo) => {
    await demo.page.select('#text', '(file)');
    await demo.click('#start');
    await demo.page.waitForSelector('#file-error');
    expect(await demo.text('#file-error')).toContain('a file to learn');
    await demo.choose('#file', path);
    await demo.click('#start');
    await demo.untilItTrains();
    expect(await demo.text('#text-facts')).toMatch(/latin1\.txt.*60 invalid UTF-8 sequences were replaced/s);
  });
});

test('a text that is dropped on the page is learned when training starts', async () => {
  await withDemo(`${SMALL}&autostart=0&backend=cpu`, async (demo) => {
    await demo.page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['a dropped text, '.repeat(50)], 'dropped.txt'));
      for (const type of ['dragover', 'drop']) document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    });
    expect(await demo.text('#file-hint')).toContain('dropped.txt, 800 B');
    await demo.click('#start');
    await demo.untilItTrains();
    expect(await demo.text('#text-facts')).toContain('dropped.txt: 800 characters, 10 different ones.');
  });
});

test('a synthetic language and the Chinese story are chosen by the address', async () => {
  await withDemo(`${SMALL}&text=counting-ab&backend=cpu`, async (demo) => {
    await demo.untilItTrains();
    expect(await demo.text('#text-facts')).toMatch(/counting-ab: [\d,]+ characters, 3 different ones/);
  });
  await withDemo(`${SMALL}&text=chinese&preset=gluon&batch=2`, async (demo) => {
    await demo.until('samples.length >= 1');
    expect(await demo.page.$eval('#samples pre', (element) => element.lang)).toBe('zh-Hans');
  });
});

test.each([
  ['hidden=0', '#hidden-error', 'hidden: expected a whole number of at least 1, got 0.'],
  ['batch=many', '#batch-error', 'batch: expected a whole number of at least 1, got "many".'],
  ['rate=', '#rate-error', /^adam\.rate: expected .*, got ""\.$/],
  ['seed=-1', '#seed-error', 'seed: expected a whole number of at least 0, got -1.'],
  ['sampleEvery=1.5', '#sampleEvery-error', 'sampleEvery: expected a whole number of at least 0, got 1.5.'],
])('%s in the address is refused at its field', async (query, selector, message) => {
  await withDemo(`${query}&backend=cpu`, async (demo) => {
    await demo.page.waitForSelector(selector);
    expect(await demo.text(selector)).toMatch(message);
    expect(await demo.state()).toMatchObject({ status: 'failed', step: 0 });
  });
});

test('a word that the address does not know is said', async () => {
  await withDemo(`${SMALL}&backend=cpu&text=klingon&colour=red`, async (demo) => {
    await demo.untilItTrains();
    const message = await demo.text('#form-error');
    expect(message).toMatch(/text: expected one of english, chinese, .*got "klingon"\./);
    expect(message).toContain('"colour"');
  });
});

test('settings that cannot be used leave the training that is under way as it is', async () => {
  await withDemo(SMALL, async (demo) => {
    const before = await demo.until('state.step > 5');
    await demo.fill('#hidden', '0');
    await demo.click('#start');
    await demo.page.waitForSelector('#hidden-error');
    await demo.fill('#hidden', '1000000');
    await demo.click('#start');
    await demo.page.waitForFunction(`document.querySelector('#form-error').textContent !== ''`);
    expect(await demo.text('#form-error')).toMatch(/1000000|bytes|iB/);
    await demo.fill('#hidden', '16');
    await demo.fill('#time', '50000');
    await demo.click('#start');
    await demo.page.waitForFunction(`/50000 \\+ 1/.test(document.querySelector('#form-error').textContent)`);
    const after = await demo.untilItTrains();
    expect(after.step).toBeGreaterThan(before.step);
    expect(after.adapter).toBe(before.adapter);
  });
});
