import { describe, expect, it } from 'vitest';
import {
  hyperParameterRecords,
  scalarRecord,
  sessionEndRecord,
  textRecord,
  versionRecord,
} from '../../src/graph.js';
import { crc32c } from '../../src/io/tensorboard.js';
import { allIn, bytesIn, fieldsOf, numberIn, readEvents, textIn } from '../support/event-file.js';

const time = { seconds: 1234.5, step: 7 };

function joined(...records: Uint8Array[]): Uint8Array {
  return Uint8Array.from(records.flatMap((record) => [...record]));
}

describe('event files', () => {
  it('have checksums with the Castagnoli polynomial', () => {
    // The check value of the catalogue of CRC algorithms, and RFC 3720, B.4.
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  });

  it('have the bytes that TensorFlow writes', () => {
    // A file of TensorFlow 2 begins so, behind the time: length 24, its checksum, and the version.
    const bytes = versionRecord({ seconds: 0, step: 0 });
    const version = Buffer.from(bytes).indexOf('brain.Event:2');
    expect(bytes[version - 2]).toBe(0x1a);
    expect(bytes[version - 1]).toBe(13);
    expect(new DataView(bytes.buffer).getUint32(0, true)).toBe(bytes.length - 16);
  });

  it('contain scalars and texts', () => {
    const file = joined(
      versionRecord({ seconds: 1, step: 0 }),
      scalarRecord(time, 'train/loss', 2.25),
      scalarRecord({ ...time, step: 2 ** 33 }, 'train/loss', NaN),
      textRecord(time, 'sample', '春天 😀\n'),
    );
    expect(readEvents(file)).toEqual([
      { seconds: 1, step: 0, version: 'brain.Event:2' },
      { seconds: 1234.5, step: 7, tag: 'train/loss', scalar: 2.25, texts: [] },
      { seconds: 1234.5, step: 2 ** 33, tag: 'train/loss', scalar: NaN, texts: [] },
      { seconds: 1234.5, step: 7, tag: 'sample', plugin: 'text', texts: ['春天 😀\n'] },
    ]);
  });

  it('contain hyperparameters of all types, metrics, and the status of the run', () => {
    const parameters = { cell: 'lstm', hidden: 128, bidirectional: true };
    const file = joined(
      ...hyperParameterRecords(time, parameters, ['validation/loss']),
      sessionEndRecord(time, 'success'),
    );
    const events = readEvents(file);
    expect(events.map(({ tag, plugin }) => [tag, plugin])).toEqual([
      ['_hparams_/experiment', 'hparams'],
      ['_hparams_/session_start_info', 'hparams'],
      ['_hparams_/session_end_info', 'hparams'],
    ]);
    const [experiment, start, end] = events.map(({ content = new Uint8Array() }, i) =>
      fieldsOf(bytesIn(fieldsOf(content), 2 + i) ?? new Uint8Array()),
    );
    const infos = allIn(experiment, 4).map(fieldsOf);
    // DataType: 1 a string, 2 a truth value, 3 a number.
    expect(infos.map((info) => [textIn(info, 1), numberIn(info, 4)])).toEqual([
      ['cell', 1],
      ['hidden', 3],
      ['bidirectional', 2],
    ]);
    const [metric] = allIn(experiment, 5).map((info) =>
      fieldsOf(bytesIn(fieldsOf(info), 1) ?? new Uint8Array()),
    );
    expect(textIn(metric, 2)).toBe('validation/loss');
    const values = allIn(start, 1).map((entry) => {
      const [name, value] = [
        textIn(fieldsOf(entry), 1),
        fieldsOf(bytesIn(fieldsOf(entry), 2) ?? new Uint8Array()),
      ];
      return [name, numberIn(value, 2) ?? textIn(value, 3) ?? numberIn(value, 4) === 1];
    });
    expect(Object.fromEntries(values)).toEqual(parameters);
    expect([numberIn(start, 5), numberIn(end, 1), numberIn(end, 2)]).toEqual([1234.5, 1, 1234.5]);
  });

  it('are rejected as damaged if a byte differs', () => {
    const file = scalarRecord(time, 'loss', 1);
    for (const at of [0, 9, 15, file.length - 1]) {
      const damaged = file.slice();
      damaged[at] ^= 4;
      expect(() => readEvents(damaged)).toThrow();
    }
  });
});
