import { records as makeRecords, type Checkpoint, type Records } from '../../node.js';
import { classScores, parametersOnDevice, type Probe, type TaskEvaluation } from '../../graph.js';
import { millisecondsPerUnit } from '../backend.js';
import { checkLoss, type EvaluateFlags } from '../evaluate-flags.js';
import { UsageError } from '../failure.js';
import { count, measureLine, percent } from '../text-format.js';
import { warn } from '../event-output.js';
import type { Services } from '../services.js';
import {
  checkReading,
  fileNames,
  findPlace,
  namesFiles,
  placeOf,
  readRecords,
  type RecordsPlace,
} from './record-place.js';
import { taskNotesOf, type TaskNotes } from './checkpoint-notes.js';
import { checkBeam, refuseDecided, refuseForeign } from './foreign-options.js';
import { partsOf } from './train.js';

/** Most labels in a table on the screen. */
const SHOWN_LABELS = 20;

/** Records of a probe. A series is used whole, since windows need consecutive steps. */
const PROBED = 64;

/** `unrolled eval` for a model of records: the task's own measures. @returns the exit status */
export async function evaluateRecords(
  checkpoint: Checkpoint,
  flags: EvaluateFlags,
  services: Services,
): Promise<number> {
  const notes = taskNotesOf(checkpoint, flags.checkpoint);
  const { open } = notes;
  refuseForeign(open.kind.name, flags);
  refuseDecided(flags.checkpoint, flags);
  checkBeam(flags.beam, open.kind);
  const { place, records } = await recordsOf(notes, checkpoint, flags);
  const json = flags.json === true;
  for (const warning of records.warnings) warn(services.terminal, json, warning);
  const { model, parameters, progress } = checkpoint;
  const { batch, beam } = flags;
  const options = { ...(batch === undefined ? {} : { batch }), ...(beam === undefined ? {} : { beam }) };
  const evaluate = async (device: Parameters<Probe>[0], some: Records<object>): Promise<TaskEvaluation> => {
    const runner = open.runner(device, await parametersOnDevice(model, parameters, device));
    try {
      return await runner.evaluate(some, options);
    } finally {
      runner.dispose();
    }
  };
  const few = open.kind.name === 'regress' ? records : makeRecords.of([...records].slice(0, PROBED));
  const probe: Probe = (device) =>
    millisecondsPerUnit({ milliseconds: 100, steps: 1 }, async () => {
      await evaluate(device, few);
    });
  const { device, name } = await services.openBackend(flags.backend ?? 'auto', probe, flags);
  try {
    const found = await evaluate(device, records);
    checkLoss(found, flags.checkpoint);
    const { adapter } = device.info;
    const { loss, count: targets, measures, tables, labels } = found;
    services.terminal.out(
      json
        ? `${JSON.stringify({
            event: 'eval',
            ...{ step: progress.step, task: open.kind.name, records: records.length, targets, loss },
            ...measures,
            ...tables,
            ...(labels ? { labels } : {}),
            ...{ backend: name, adapter },
          })}\n`
        : `${measureLine({ loss, ...measures })}\n${tableOf(found)}` +
            `${count(records.length)} records of ${fileNames(place).join(', ')} (step ${progress.step}, ${adapter})\n`,
    );
    return 0;
  } finally {
    device.dispose();
  }
}

/** The records that the options name, or those that the run held out. */
async function recordsOf(
  { open, setup, data, validation, stratify }: TaskNotes,
  { trainer }: Checkpoint,
  flags: EvaluateFlags,
): Promise<{ readonly place: RecordsPlace; readonly records: Records<object> }> {
  const { kind } = open;
  if (namesFiles(flags)) {
    const place = placeOf(flags, true);
    return { place, records: await readRecords(kind.name, place, setup.options, true) };
  }
  checkReading(flags);
  if (validation === 0)
    throw new UsageError(
      `${JSON.stringify(flags.checkpoint)} was trained on all its records, without --validation: name other records ` +
        'to evaluate, such as with --data FILE.',
    );
  const place = await findPlace(data, flags.checkpoint);
  const all = await readRecords(kind.name, place, setup.options, true);
  const parts = partsOf(kind, all, setup.options, { share: validation, seed: trainer.seed, stratify });
  return { place, records: parts.validation ?? all };
}

/** One line for each label: precision, recall, F1, and how often it was predicted as each label. */
function tableOf({ tables: { confusion }, labels = [] }: TaskEvaluation): string {
  if (confusion === undefined || labels.length > SHOWN_LABELS) return '';
  const { classes } = classScores(confusion);
  const wide = Math.max(...labels.map((label) => label.length), 5);
  const digits = Math.max(...confusion.flat().map((number) => String(number).length), 2) + 1;
  const lines = classes.map(
    ({ precision, recall, f1 }, k) =>
      `${labels[k].padEnd(wide)}  ${percent(precision).padStart(9)}  ${percent(recall).padStart(7)}  ` +
      `${percent(f1).padStart(7)}  ${confusion[k].map((number) => String(number).padStart(digits)).join('')}\n`,
  );
  return `${'label'.padEnd(wide)}  precision   recall       f1  predicted as each label, in this order\n${lines.join('')}`;
}
