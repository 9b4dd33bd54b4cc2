import { stat } from 'node:fs/promises';
import {
  checkFolderWritable,
  CsvTable,
  hasEventFiles,
  LogFile,
  openEventFile,
  UnrolledError,
} from '../node.js';
import {
  hyperParameterRecords,
  scalarRecord,
  sessionEndRecord,
  TASKS,
  textRecord,
  type EventTime,
  type HyperParameter,
} from '../graph.js';
import type { DoneEvent, RunEvent, StartEvent } from './events.js';
import type { NamedFile } from './output-files.js';
import type { Output } from './event-output.js';

/** Files with the reports of a run. */
export interface RecordingFlags {
  /** Folder of TensorBoard's event files. */
  readonly tensorboard?: string;
  /** A CSV table. */
  readonly csv?: string;
  /** A log of all events, as with `--json`. */
  readonly log?: string;
  readonly overwrite?: boolean;
}

/** An output that also records events, and a function that closes its files. */
export interface Recording {
  readonly output: Output;
  readonly close: () => void;
}

/** Receives every event of a run. */
interface Recorder {
  take(event: RunEvent): void;
  readonly close: () => void;
}

/** Adds the requested recordings to an output. Files are opened when the run begins. */
export function recorded(output: Output, flags: RecordingFlags): Recording {
  const recorders: Recorder[] = [];
  return {
    output(event) {
      if (event.event === 'start') recorders.push(...recordersOf(event, flags));
      for (const recorder of recorders) recorder.take(event);
      output(event);
    },
    close: () => recorders.forEach((recorder) => recorder.close()),
  };
}

function recordersOf(start: StartEvent, { tensorboard, csv, log }: RecordingFlags): Recorder[] {
  return [
    ...(tensorboard === undefined ? [] : [new EventRecorder(openEventFile(tensorboard))]),
    ...(csv === undefined ? [] : [tableRecorder(new CsvTable(csv, columnsOf(start), start.step > 0))]),
    ...(log === undefined ? [] : [logRecorder(new LogFile(log, 'append', '{"event"'))]),
  ];
}

/** The table, as one of the files of a command line. */
export function tableFile({ csv }: RecordingFlags): NamedFile {
  return { role: '--csv', path: csv };
}

/**
 * Checks, before anything is read, that the table and the folder are not those of another run, and
 * that files can be written into the folder.
 * @param resumes whether a run continues: its table and folder may exist
 * @throws UnrolledError, FileError
 */
export async function checkRecording(
  { tensorboard, csv, overwrite }: RecordingFlags,
  resumes: boolean,
): Promise<void> {
  if (csv !== undefined && !resumes && overwrite !== true)
    if (((await stat(csv).catch(() => undefined))?.size ?? 0) > 0)
      throw new UnrolledError(
        `${JSON.stringify(csv)} exists, and train would replace it: choose another --csv, or replace it with ` +
          '--overwrite.',
      );
  if (tensorboard !== undefined && hasEventFiles(tensorboard) && !resumes)
    throw new UnrolledError(
      `${JSON.stringify(tensorboard)} contains the events of another run, and TensorBoard would draw both as one: ` +
        'choose another --tensorboard, such as a folder for each run inside it.',
    );
  if (tensorboard !== undefined) await checkFolderWritable(tensorboard);
}

/** Columns of every table, before and after those of the task. */
const FIRST = ['event', 'step', 'epoch', 'loss', 'smoothLoss'];
const LAST = ['gradientNorm', 'rate', 'stepsPerSecond', 'skipped', 'best'];

/** The same for every run of a task. */
function columnsOf(start: StartEvent): string[] {
  const own =
    'records' in start
      ? ['meanLoss', 'recordsPerSecond', ...TASKS[start.task].measures]
      : ['perplexity', 'bitsPerChar', 'charsPerSecond', 'accuracy'];
  return [...FIRST, ...own.filter((name) => !FIRST.includes(name)), ...LAST];
}

/** Writes one row for each report and each validation. */
function tableRecorder(table: CsvTable): Recorder {
  return {
    take(event) {
      if (event.event === 'step' || event.event === 'validation') table.add({ ...event });
    },
    close: () => table.close(),
  };
}

/** Writes one line for each event, with the seconds since the run began. */
function logRecorder(file: LogFile): Recorder {
  const start = performance.now();
  return {
    take: (event) =>
      file.write(`${JSON.stringify({ ...event, seconds: (performance.now() - start) / 1000 })}\n`),
    close: () => file.close(),
  };
}

/** Metrics that TensorBoard compares in its tab HPARAMS. */
const METRICS = ['train/loss', 'validation/loss'];
const ENDINGS: Readonly<Record<DoneEvent['reason'], Parameters<typeof sessionEndRecord>[1]>> = {
  ...{ steps: 'success', patience: 'success', interrupted: 'unknown', diverged: 'failure' },
};

/** Facts about the machine and the length, which are not hyperparameters. */
const NO_PARAMETERS = ['event', 'why', 'runtime', 'about', 'step', 'stepsPerEpoch'];

/** Writes scalars, samples and hyperparameters in TensorBoard's format. */
class EventRecorder implements Recorder {
  readonly #file: LogFile;

  constructor(file: LogFile) {
    this.#file = file;
  }

  take(event: RunEvent): void {
    if (!('step' in event)) return;
    const time = { seconds: Date.now() / 1000, step: event.step };
    switch (event.event) {
      case 'start':
        for (const bytes of hyperParameterRecords(time, parametersOf(event), METRICS))
          this.#file.write(bytes);
        return;
      case 'step':
        this.#scalars(time, 'train', event);
        return;
      case 'validation':
        this.#scalars(time, 'validation', event);
        return;
      case 'sample':
        this.#file.write(
          textRecord(time, event.prime === '' ? 'sample' : `sample/${event.prime}`, markdown(event)),
        );
        return;
      case 'done':
        this.#file.write(sessionEndRecord(time, ENDINGS[event.reason]));
        return;
      case 'gradient-flow':
      case 'checkpoint':
      case 'exchange':
        return;
    }
  }

  #scalars(time: EventTime, group: string, event: object): void {
    for (const [name, value] of Object.entries(event))
      if (typeof value === 'number' && name !== 'step')
        this.#file.write(scalarRecord(time, `${group}/${name}`, value));
  }

  close(): void {
    this.#file.close();
  }
}

/** Formats a sample as code, since TensorBoard interprets texts as Markdown. */
function markdown({ prime, text }: { readonly prime: string; readonly text: string }): string {
  return `${prime}${text}`
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

function parametersOf(start: StartEvent): Record<string, HyperParameter> {
  const entries = Object.entries(start).filter(
    (entry): entry is [string, HyperParameter] =>
      ['string', 'number', 'boolean'].includes(typeof entry[1]) && !NO_PARAMETERS.includes(entry[0]),
  );
  return Object.fromEntries(entries);
}
