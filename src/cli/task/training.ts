import { type Records, type Source, type Trainer, writeCheckpointFile } from '../../node.js';
import {
  keptSetup,
  trainStretch,
  type Model,
  type OpenTask,
  type TaskEvaluation,
  type TaskSetup,
} from '../../graph.js';
import type { Backend } from '../backend.js';
import { figure } from '../lines.js';
import type { RunPlan } from '../run-plan.js';
import type { Training, Validation } from '../training.js';
import { fileNames, notePlace, type RecordsPlace } from './data.js';
import type { TaskStartEvent } from './events.js';
import { TaskMeter } from './meter.js';
import { type RememberedTask } from './notes.js';
import { measureLine } from './output.js';

/** Texts that are generated in a validation: few, since each takes many steps. */
const GENERATED = 100;

/** Both parts of the records. */
export interface Parts {
  readonly train: Records<object>;
  readonly validation: Records<object> | undefined;
}

/** What a run over records is made of. */
export interface TaskTraining {
  readonly trainer: Trainer;
  readonly open: OpenTask;
  readonly setup: TaskSetup;
  readonly place: RecordsPlace;
  readonly parts: Parts;
  readonly source: Source & { readonly sizes: TaskStartEvent['sizes']; readonly length: number };
  readonly stepsPerEpoch: number;
  readonly plan: RunPlan;
  readonly out: string | undefined;
  readonly warnings: readonly string[];
  /** What checkpoints remember, without what follows from the other entries. */
  readonly remembered: Omit<RememberedTask, 'validationLosses' | 'data' | 'task' | 'plan'>;
  readonly validationLosses: readonly number[];
}

/** A run over records. */
export function taskTraining(given: TaskTraining): Training {
  const { trainer, open, setup, place, parts, source, plan, out, validationLosses, warnings } = given;
  const rows = rowsOf(given);
  const meter = new TaskMeter(rows);
  const runner = open.runner(trainer.device, trainer.memory);
  const { validation } = parts;
  return {
    ...{ plan, out, validationLosses, warnings, meter },
    step: () => trainer.step,
    start: (backend) => startEvent(given, backend),
    train: (stretch) => trainStretch(trainer, source, { ...stretch, meter }),
    standing: ({ meanLoss }) => `loss ${figure(meanLoss)}`,
    validate:
      validation &&
      (async () =>
        validationOf(await runner.evaluate(validation, { batch: rows, generated: GENERATED }), open)),
    sample: undefined,
    gradientFlow: () => trainer.gradientFlow(source),
    async save(path, losses) {
      const run: RememberedTask = {
        ...given.remembered,
        task: keptSetup(setup, trainer.reading),
        data: await notePlace(place, path),
        plan,
        validationLosses: losses,
      };
      await writeCheckpointFile(path, trainer, { run });
    },
  };
}

function validationOf({ loss, measures }: TaskEvaluation, { kind }: OpenTask): Validation {
  const [shown] = kind.measures;
  return { loss, figures: measures, standing: measureLine({ [shown]: measures[shown] }) };
}

/** N of a full batch. */
function rowsOf({ trainer, source }: Pick<TaskTraining, 'trainer' | 'source'>): number {
  return Math.min(trainer.config.batch ?? source.length, source.length);
}

/** What a model says about its layers, with the defaults of all tasks. */
function layersIn(
  config: object,
): Pick<TaskStartEvent, 'cell' | 'hidden' | 'layers' | 'directions' | 'dropout' | 'recurrentDropout'> {
  const { cell, hidden, layers, bidirectional, dropout, recurrentDropout } = config as Partial<
    Record<string, unknown>
  >;
  return {
    cell: typeof cell === 'string' ? cell : 'lstm',
    hidden: Number(hidden),
    layers: Number(layers ?? 1),
    directions: bidirectional === true ? 2 : 1,
    dropout: Number(dropout ?? 0),
    recurrentDropout: Number(recurrentDropout ?? 0),
  };
}

function startEvent(given: TaskTraining, { name, why, device }: Backend): TaskStartEvent {
  const { trainer, open, place, parts, source, plan, stepsPerEpoch } = given;
  const model: Model = trainer.model;
  const { config } = trainer;
  return {
    event: 'start',
    backend: name,
    adapter: device.info.adapter,
    runtime: device.info.runtime,
    why,
    parameters: model.layout.count,
    dispatchesPerStep: trainer.plan.dispatches,
    task: open.kind.name,
    about: open.kind.about,
    data: fileNames(place),
    records: parts.train.length,
    validationRecords: parts.validation?.length ?? 0,
    ...layersIn(model.config),
    batch: rowsOf(given),
    sizes: source.sizes,
    optimizer: config.optimizer.kind,
    seed: config.seed,
    step: trainer.step,
    steps: plan.steps,
    stepsPerEpoch,
    ...(model.baseline === undefined ? {} : { uniformLoss: model.baseline }),
  };
}
