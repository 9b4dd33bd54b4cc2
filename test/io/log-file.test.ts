import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { LogReader } from '../../src/cli/sweep/attempt-log.js';
import { CsvTable, LogFile } from '../../src/node.js';
import { temporaryFolder } from '../cli/support.js';

const file = temporaryFolder();

it('a line that a killed process has begun is removed before more are appended', () => {
  const path = file('events.jsonl');
  writeFileSync(path, '{"step":1}\n{"step":2}\n{"st');
  const log = new LogFile(path, 'append');
  log.write('{"step":2}\n');
  log.close();
  expect(readFileSync(path, 'utf8')).toBe('{"step":1}\n{"step":2}\n{"step":2}\n');
});

it('a last line of another writer is kept, and ended', () => {
  const path = file('notes.txt');
  writeFileSync(path, 'my notes');
  const log = new LogFile(path, 'append', '{"event"');
  log.write('{"event":"start"}\n');
  log.close();
  expect(readFileSync(path, 'utf8')).toBe('my notes\n{"event":"start"}\n');
  for (const own of ['{"event":"st', '{"ev']) {
    writeFileSync(path, `{"event":"start"}\n${own}`);
    new LogFile(path, 'append', '{"event"').close();
    expect(readFileSync(path, 'utf8')).toBe('{"event":"start"}\n');
  }
});

it('a table continues after a row that was begun, and after one without a line end', () => {
  const path = file('table.csv');
  const add = (step: number): void => {
    const table = new CsvTable(path, ['step', 'loss'], true);
    table.add({ step, loss: 0.5 });
    table.close();
  };
  writeFileSync(path, 'step,loss\n1,0.5\n2');
  add(2);
  expect(readFileSync(path, 'utf8')).toBe('step,loss\n1,0.5\n2,0.5\n');
  writeFileSync(path, 'step,loss\n1,0.5');
  add(2);
  expect(readFileSync(path, 'utf8')).toBe('step,loss\n1,0.5\n2,0.5\n');
});

it('a reader of a log reads a line again that was removed and written anew', () => {
  const path = file('read.jsonl');
  const reader = new LogReader(path);
  writeFileSync(path, '{"step":1}\n{"step":2,"lo');
  expect(reader.read()).toEqual([{ step: 1 }]);
  const log = new LogFile(path, 'append');
  expect(reader.read()).toEqual([]);
  log.write('{"step":2}\n{"st');
  expect(reader.read()).toEqual([{ step: 2 }]);
  log.write('ep":3}\n');
  expect([reader.read(), reader.end]).toEqual([[{ step: 3 }], 33]);
  log.close();
});
