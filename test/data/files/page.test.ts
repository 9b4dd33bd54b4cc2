import { gzipSync } from 'node:zlib';
import { beforeAll, expect, it } from 'vitest';
import { root, run } from '../../build/run.js';
import { EMPTY_PAGE, withPage } from '../../support/chrome.js';
import { png, PNG_COLOURS } from '../../support/png.js';

// The test uses the built library, which contains the packages that a page needs.
beforeAll(async () => {
  const { code, stderr } = await run(process.execPath, ['scripts/setup.mjs'], { cwd: root });
  if (code !== 0) throw new Error(stderr);
});

it('a page reads Files, and refuses a path', async () => {
  const packed = [...gzipSync('text,label\r\n"a ""b"",\r\n喜 😀",yes\r\n')];
  const picture = [...png({ columns: 2, colours: PNG_COLOURS.grey, lines: [[0, 255]] })];
  const found = await withPage(EMPTY_PAGE, (page) =>
    page.evaluate(
      `import('/dist/index.js').then(async ({ records }) => {
        const file = new File([Uint8Array.from(${JSON.stringify(packed)})], 'a.csv.gz');
        const ragged = new File(['a,b\\n1\\n'], 'b.csv');
        const message = ({ message }) => message;
        const picture = new File([Uint8Array.from(${JSON.stringify(picture)})], 'a.png');
        return [
          [...(await records.csv(file))],
          [...(await records.tsv(new Blob(['x\\ty']), ['source', 'target']))],
          await records.csv(ragged).catch(message),
          await records.csv('c.csv').catch(message),
          [...(await records.png([picture], records.of([{ file: 'a.png' }])))].map(({ image }) => [...image]),
        ];
      })`,
    ),
  );
  expect(found).toEqual([
    [{ text: 'a "b",\n喜 😀', label: 'yes' }],
    [{ source: 'x', target: 'y' }],
    '"b.csv", line 2: expected 2 fields as in line 1, the header (a, b), but there is 1.',
    'file: expected a File or Blob: a page cannot open a file by its path, got "c.csv".',
    [[0, 1]],
  ]);
});
