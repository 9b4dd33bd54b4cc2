import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { History, Operations } from '../../src/sweep/index.js';
import { readRecord, RecordFile } from '../../src/sweep/node/index.js';
import { GRID, StubRunner, stubSweep } from './stub.js';

const folder = mkdtempSync(join(tmpdir(), 'unrolled-record-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string): string => join(folder, name);

const operations = new Operations('test');
const note = (value: unknown): ReturnType<Operations['studyAttribute']> =>
  operations.studyAttribute('note', value);

async function noteIn(path: string): Promise<unknown> {
  const history = new History({ values: false });
  await readRecord(path, history);
  return history.attributes.note;
}

describe('a record', () => {
  it('contains what was appended, and continues at its end', async () => {
    const path = file('goes-on');
    const first = new RecordFile(path, 'new');
    first.append([note(1)]);
    first.close();
    const second = new RecordFile(path, 'continue');
    second.append([note(2)]);
    second.close();
    expect(readFileSync(path, 'utf8').split('\n')).toHaveLength(3);
    expect(await noteIn(path)).toBe(2);
  });

  it('does not replace an existing record', () => {
    const path = file('there');
    new RecordFile(path, 'new').close();
    writeFileSync(path, '{}\n');
    expect(() => new RecordFile(path, 'new')).toThrow(/exists: continue it with "unrolled sweep resume"/);
    // The refusal leaves no lock.
    new RecordFile(path, 'continue').close();
  });

  it('that does not exist cannot be continued', () => {
    expect(() => new RecordFile(file('nowhere'), 'continue')).toThrow(/there is no such file/);
    expect(existsSync(file('nowhere'))).toBe(false);
  });

  it('loses only the line that a killed process was writing', async () => {
    const path = file('torn');
    const first = new RecordFile(path, 'new');
    first.append([note(1)]);
    first.close();
    appendFileSync(path, '{"op_code":2,"worker_id":"te');
    expect(await noteIn(path)).toBe(1);
    const second = new RecordFile(path, 'continue');
    second.append([note(2)]);
    second.close();
    expect(await noteIn(path)).toBe(2);
    for (const line of readFileSync(path, 'utf8').trim().split('\n')) JSON.parse(line);
  });

  it.each([['text\n'], ['{"a":1}\n'], ['[1]\n{"op_code":2}\n']])(
    'cannot be read from another file: %j',
    async (text) => {
      const path = file('foreign');
      writeFileSync(path, text);
      await expect(noteIn(path)).rejects.toThrow(
        /foreign" is not a record of a sweep: line 1 is not an operation/,
      );
    },
  );
});

describe('two processes on one record', () => {
  it('the second one is refused in one sentence, by any path of the file', () => {
    const path = file('shared');
    const record = new RecordFile(path, 'new');
    symlinkSync(path, file('link'));
    for (const name of ['shared', 'link'])
      expect(() => new RecordFile(file(name), 'continue')).toThrow(
        new RegExp(
          `shared" is in use: process ${process.pid} on .* runs this sweep\\. Wait for it, or stop it first\\.`,
        ),
      );
    record.close();
    new RecordFile(path, 'continue').close();
    expect(existsSync(`${path}.coordinator`)).toBe(false);
  });

  it('the lock of a killed process is taken over', () => {
    const path = file('killed');
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(path, '');
    writeFileSync(`${path}.coordinator`, JSON.stringify({ machine: hostname(), process: pid }));
    new RecordFile(path, 'continue').close();
  });

  it('a lock is taken over if another process has the same id by now, where the system reports its start', () => {
    const path = file('reused');
    writeFileSync(path, '');
    writeFileSync(
      `${path}.coordinator`,
      JSON.stringify({ machine: hostname(), process: process.pid, began: '1' }),
    );
    const take = (): void => new RecordFile(path, 'continue').close();
    if (existsSync('/proc/self/stat')) take();
    else expect(take).toThrow(/is in use/);
  });

  it('a lock of another machine stays, because its process cannot be checked', () => {
    const path = file('far');
    writeFileSync(path, '');
    writeFileSync(`${path}.coordinator`, JSON.stringify({ machine: 'far-away', process: 1 }));
    expect(() => new RecordFile(path, 'continue')).toThrow(
      /process 1 on far-away runs this sweep\. .*if that machine is gone, delete/,
    );
  });
});

it('a full disk leaves complete lines, from which the sweep continues', async () => {
  const path = file('full');
  const record = new RecordFile(path, 'new');
  const limited = { bytes: 3000 };
  const sweep = stubSweep(GRID);
  record.append(sweep.lines.map((line) => JSON.parse(line) as ReturnType<typeof note>));
  const runner = new StubRunner();
  // test/cli/sweep.test.ts uses the system's own limit on the size of files instead of a full disk.
  const append: RecordFile['append'] = (all) => {
    if ((limited.bytes -= JSON.stringify(all).length) < 0) throw new Error('the disk is full');
    record.append(all);
  };
  await expect(sweep.run(runner, { append })).rejects.toThrow('the disk is full');
  record.close();
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  const more = stubSweep(GRID, lines);
  expect(more.history.trials.length).toBeGreaterThan(0);
  expect(await more.run(runner)).toBe('complete');
  const undisturbed = stubSweep(GRID);
  await undisturbed.run(new StubRunner());
  expect(more.history.trials.map(({ value }) => value)).toEqual(
    undisturbed.history.trials.map(({ value }) => value),
  );
});
