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

test('a file and a dropped text are read piece by piece, and what is wrong with an encoding is said', async () => {
  const path = join(folder, 'latin1.txt');
  await writeFile(
    path,
    Buffer.concat(
      Array.from({ length: 60 }, () => Buffer.from('the caf\u00e9 on the hill and the mill. ', 'latin1')),
    ),
  );
  await withDemo(`${SMALL}&autostart=0&backend=cpu`, async (demo) => {
    await demo.page.select('#text', '(file)');
    await demo.click('#start');
    await demo.page.waitForSelector('#file-error');
    expect(await demo.text('#file-error')).toContain('a file to learn');
    await demo.choose('#file', path);
    await demo.click('#start');
    await demo.untilItTrains();
    expect(await demo.text('#text-facts')).toMatch(
      /latin1\.txt.*60 invalid UTF-8 sequences were replaced by U\+FFFD: it looks like Windows-1252/s,
    );

    await demo.page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(['a dropped text, '.repeat(50)], 'dropped.txt'));
      for (const type of ['dragover', 'drop'])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    });
    expect(await demo.text('#file-hint')).toContain('dropped.txt, 800 B');
    await demo.click('#start');
    await demo.page.waitForFunction(
      `document.querySelector('#text-facts').textContent.includes('dropped.txt: 800 characters, 10 ` +
        `different ones.')`,
    );
    await demo.untilItTrains();
  });
});

test('after a text that is refused the status is what it was before', async () => {
  const path = join(folder, 'utf16.txt');
  await writeFile(path, Buffer.from('\ufeffthe mill on the hill. '.repeat(20), 'utf16le'));
  await withDemo(`${SMALL}&autostart=0&backend=cpu&steps=4`, async (demo) => {
    const status = (): Promise<unknown> =>
      demo.page.$eval('#status', (line) => [line.getAttribute('data-status'), line.textContent]);
    const refused = async (): Promise<void> => {
      await demo.page.select('#text', '(file)');
      await demo.choose('#file', path);
      await demo.click('#start');
      await demo.page.waitForFunction(
        `document.querySelector('#form-error').textContent.includes('UTF-16 (little-endian)')`,
      );
      await demo.page.waitForSelector('#start:not([aria-disabled=true])');
    };
    const ready = await status();
    expect(ready).toEqual(['paused', 'Ready: press “Start”.']);
    await refused();
    expect(await status()).toEqual(ready);
    expect(await demo.text('#form-error')).not.toContain('--');

    await demo.page.select('#text', 'english');
    await demo.click('#start');
    await demo.until(`state.status === 'done'`);
    const done = await status();
    expect(done).toEqual(['done', 'Done after 4 steps']);
    await refused();
    expect(await status()).toEqual(done);
  });
});

test(
  'wrong values in the address are refused at their fields, one after the other, and then the training ' +
    'starts',
  async () => {
    const wrong = [
      ['sampleEvery', '1.5', '20', '“1.5” does not fit: it needs a whole number of at least 0.'],
      ['hidden', '0', '16', '“0” does not fit: it needs a whole number of at least 1.'],
      ['batch', 'many', '2', '“many” does not fit: it needs a whole number of at least 1.'],
      ['rate', '', '0.01', 'This is empty: it needs a number from 0 to 1,000,000.'],
      ['seed', '-1', '0', '“-1” does not fit: it needs a whole number from 0 to 4,294,967,295.'],
    ] as const;
    const query = wrong.map(([name, value]) => `${name}=${value}`).join('&');
    await withDemo(`time=10&${query}&backend=cpu&text=klingon&colour=red`, async (demo) => {
      await demo.until(`state.status === 'failed'`);
      const told = await demo.text('#form-error');
      expect(told).toMatch(/text: expected one of english, chinese, .*got "klingon"\./);
      expect(told).toContain('"colour"');
      const left = new Map(wrong.map(([name, , right, message]) => [name as string, { right, message }]));
      while (left.size > 0) {
        await demo.page.waitForSelector('#start:not([aria-disabled="true"])');
        const field = await demo.page.$eval('[aria-invalid]', ({ id }) => id);
        const { right, message } = left.get(field) ?? { right: '', message: `nothing wrong with ${field}` };
        expect(await demo.text(`#${field}-error`)).toMatch(message);
        expect((await demo.state()).step).toBe(0);
        left.delete(field);
        await demo.fill(`#${field}`, right);
        await demo.click('#start');
        await demo.page.waitForFunction(
          `!document.querySelector('#${field}-error') && ` +
            `document.querySelector('${left.size > 0 ? '[aria-invalid]' : '#status[data-status=running]'}')`,
        );
      }
      await demo.untilItTrains();
    });
  },
);

test(
  'settings that cannot be used leave the training that is under way as it is; what memory a network ' +
    'needs is said before and at the start',
  async () => {
    await withDemo(`${SMALL}&text=counting-ab`, async (demo) => {
      const before = await demo.until('state.step > 5');
      expect(await demo.text('#text-facts')).toMatch(
        /aaabbb \(counting\): [\d,]+ characters, 3 different ones/,
      );
      await demo.fill('#hidden', '0');
      await demo.click('#start');
      await demo.page.waitForSelector('#hidden-error');
      await demo.fill('#hidden', '1000000');
      const tooLarge =
        /^3,000,\d+,\d+,\d+ parameters are too many: they need 10\.9 TiB of memory in one piece, but at most [\d.]+ [MG]iB is available\. Take less under “Hidden units” or “Layers”/;
      await demo.page.waitForFunction(
        `/parameters are too many/.test(document.querySelector('#estimate').textContent)`,
      );
      expect(await demo.text('#estimate')).toMatch(tooLarge);
      await demo.click('#start');
      await demo.page.waitForFunction(`document.querySelector('#form-error').textContent !== ''`);
      expect(await demo.text('#form-error')).toMatch(tooLarge);
      await demo.fill('#hidden', '16');
      await demo.fill('#time', '50000');
      await demo.click('#start');
      await demo.page.waitForFunction(
        `/At least 842,122 characters are needed/.test(document.querySelector('#text-error')?.textContent)`,
      );
      const after = await demo.untilItTrains();
      expect(after.step).toBeGreaterThan(before.step);
      expect(after.adapter).toBe(before.adapter);

      // The Chinese story, with another recipe.
      await demo.page.select('#text', 'chinese');
      for (const [field, value] of Object.entries({
        preset: 'gluon',
        hidden: '16',
        time: '10',
        batch: '2',
        length: '40',
        sampleEvery: '5',
      }))
        await demo.fill(`#${field}`, value);
      await demo.click('#start');
      await demo.page.waitForSelector('#samples pre[lang="zh-Hans"]');
    });
  },
);
