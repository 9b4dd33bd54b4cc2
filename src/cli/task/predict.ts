import { writeFileAtomic, type Checkpoint, type Device } from '../../node.js';
import {
  parametersOnDevice,
  type OpenTask,
  type Prediction,
  type Probe,
  type TaskRunner,
} from '../../graph.js';
import { millisecondsPerUnit } from '../backend.js';
import { readRecordsCheckpoint } from '../checkpoints.js';
import { UsageError } from '../failure.js';
import type { BackendName, MachineFlags } from '../options.js';
import { checkExport } from '../output-files.js';
import { warn } from '../event-output.js';
import type { Services } from '../services.js';
import { checkReading, inputsOf, namesFiles, placeOf, readRecords } from './record-place.js';
import { arrivingLines } from './arriving-lines.js';
import { taskNotesOf, type TaskNotes } from './checkpoint-notes.js';
import type { DataFlags } from './options.js';
import { checkBeam, refuseForeign } from './foreign-options.js';

/** All options of `predict`. */
export interface PredictFlags extends DataFlags, MachineFlags {
  readonly checkpoint: string;
  readonly beam?: number;
  /** File for the attention weights of all predictions. */
  readonly attention?: string;
  readonly batch?: number;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/** Records to predict from, as they arrive. */
interface Arrived {
  readonly records: readonly object[];
  /** The line of each record, where it came as a line. */
  readonly lines?: readonly string[];
}

/**
 * `unrolled predict`: prints one line for each line of standard input, or each record of a file.
 * @returns the exit status
 */
export async function runPredict(flags: PredictFlags, services: Services): Promise<number> {
  const checkpoint = await readRecordsCheckpoint(flags.checkpoint);
  const notes = taskNotesOf(checkpoint, flags.checkpoint);
  const { attention, ...shared } = flags;
  refuseForeign(notes.open.kind.name, shared);
  checkAbilities(flags, notes.open, checkpoint);
  if (!namesFiles(flags)) checkReading(flags);
  const place = namesFiles(flags) ? placeOf(flags, false) : undefined;
  if (attention !== undefined)
    await checkExport([attention], flags.checkpoint, '--attention', place ? inputsOf(place) : []);
  const writer = new PredictionWriter(flags, services);
  let work: { readonly device: Device; readonly runner: TaskRunner } | undefined;
  try {
    for await (const arrived of arrivals(notes, place, flags, services)) {
      work ??= await openRunner(notes.open, checkpoint, arrived.records, flags, services);
      const { batch, beam } = flags;
      const found = await work.runner.predict(arrived.records, {
        attention: attention !== undefined,
        ...(batch === undefined ? {} : { batch }),
        ...(beam === undefined ? {} : { beam }),
      });
      writer.write(found, arrived.lines);
    }
    if (attention !== undefined) await writeFileAtomic(attention, writer.attention());
    return 0;
  } finally {
    work?.runner.dispose();
    work?.device.dispose();
  }
}

/** @throws UsageError for options that the model does not support */
function checkAbilities({ beam, attention }: PredictFlags, { kind }: OpenTask, { model }: Checkpoint): void {
  const { attention: attends, inject } = model.config as {
    readonly attention?: string;
    readonly inject?: string;
  };
  checkBeam(beam, kind);
  if (attention !== undefined && inject !== 'attention' && (attends ?? 'none') === 'none')
    throw new UsageError(
      '--attention: this model has no attention. Train one with --task translate --attention additive, or with ' +
        '--task caption and features of places.',
    );
}

async function* arrivals(
  { open, setup }: TaskNotes,
  place: ReturnType<typeof placeOf> | undefined,
  { json }: PredictFlags,
  { terminal, input }: Services,
): AsyncGenerator<Arrived, void> {
  const { kind, ofLine } = open;
  if (place) {
    const records = await readRecords(kind.name, place, setup.options, false);
    for (const warning of records.warnings) warn(terminal, json === true, warning);
    yield { records: [...records] };
    return;
  }
  if (!ofLine)
    throw new UsageError(
      `This model does not read lines of text: add ${FILE_OPTIONS[kind.name === 'classify' ? 'idx' : kind.name] ?? '--data FILE'}.`,
    );
  for await (const lines of arrivingLines(input())) yield { records: lines.map(ofLine), lines };
}

/** Options for the files of models that do not read lines. */
const FILE_OPTIONS: Readonly<Record<string, string>> = {
  idx: '--idx IMAGES, or --images FOLDER with --data TABLE',
  caption: '--features FILE',
  regress: '--data FILE',
};

async function openRunner(
  open: OpenTask,
  { model, parameters }: Checkpoint,
  first: readonly object[],
  flags: PredictFlags,
  { openBackend }: Services,
): Promise<{ readonly device: Device; readonly runner: TaskRunner }> {
  const runnerOn = async (device: Device): Promise<TaskRunner> =>
    open.runner(device, await parametersOnDevice(model, parameters, device));
  const probe: Probe = async (device) => {
    const runner = await runnerOn(device);
    try {
      return await millisecondsPerUnit({ milliseconds: 100, steps: 16 }, async (times) => {
        for (let i = 0; i < times; i++) await runner.predict(first.slice(0, 32));
      });
    } finally {
      runner.dispose();
    }
  };
  const { device } = await openBackend(flags.backend ?? 'auto', probe, flags);
  return { device, runner: await runnerOn(device) };
}

/** Writes predictions as they are made, and collects their attention weights. */
class PredictionWriter {
  #row = 0;
  readonly #maps: object[] = [];

  constructor(
    readonly flags: Pick<PredictFlags, 'json' | 'attention'>,
    readonly services: Pick<Services, 'terminal'>,
  ) {}

  write(found: readonly (Prediction | undefined)[], lines: readonly string[] | undefined): void {
    const { terminal } = this.services;
    for (const [i, prediction] of found.entries()) {
      const row = ++this.#row;
      const input = lines === undefined ? {} : { input: lines[i] };
      if (prediction?.attention && this.flags.attention !== undefined)
        this.#maps.push({ row, ...input, text: prediction.text, ...prediction.attention });
      // An empty input line has an empty output line.
      if (this.flags.json !== true) terminal.out(`${oneLine(prediction?.text ?? '')}\n`);
      else
        terminal.out(
          `${JSON.stringify({ event: 'prediction', row, ...input, ...(prediction?.data ?? { empty: true }) })}\n`,
        );
    }
  }

  /** A JSON array with an object for each prediction. */
  attention(): Uint8Array {
    return new TextEncoder().encode(`${JSON.stringify(this.#maps)}\n`);
  }
}

function oneLine(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ');
}
