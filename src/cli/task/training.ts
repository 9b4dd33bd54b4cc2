import type { Records, Source } from '../../node.js';
import { keptSetup, type Model, type OpenTask, type TaskEvaluation, type TaskSetup } from '../../graph.js';
import type { RecordsStartEvent } from '../events.js';
import { figure, measureLine } from '../text-format.js';
import { recordMeter } from '../run-meter.js';
import { trainerTraining, type StartFacts, type TrainerParts } from '../trainer-training.js';
import type { Training, Validation } from '../training.js';
import { fileNames, storedPlace, type RecordsPlace } from './record-place.js';
import { type StoredTaskRun } from './checkpoint-notes.js';

/** Texts generated in a validation: few, since each takes many steps. */
const GENERATED = 100;

/** Training records and held-out records. */
export interface Parts {
  readonly train: Records<object>;
  readonly validation: Records<object> | undefined;
}

/** The parts of a run over records. */
export interface TaskTraining extends Omit<TrainerParts<Model>, 'meter'> {
  readonly open: OpenTask;
  readonly setup: TaskSetup;
  readonly place: RecordsPlace;
  readonly parts: Parts;
  readonly source: Source & Pick<RecordsStartEvent, 'sizes'> & { readonly length: number };
  /** Data that checkpoints store, without what follows from the other entries. */
  readonly stored: Omit<StoredTaskRun, 'validationLosses' | 'data' | 'task' | 'plan'>;
}

/** A run over records. */
export function taskTraining(given: TaskTraining): Training {
  const { trainer, open, setup, place, parts, plan, stored } = given;
  const batch = rowsOf(given);
  const runner = open.runner(trainer.device, trainer.memory);
  const { validation } = parts;
  return trainerTraining(
    { ...given, meter: recordMeter(batch) },
    {
      start: (facts) => startEvent(given, facts),
      standing: ({ meanLoss }) => `loss ${figure(meanLoss)}`,
      validate:
        validation &&
        (async () => validationOf(await runner.evaluate(validation, { batch, generated: GENERATED }), open)),
      sample: undefined,
      stored: async (path, validationLosses): Promise<StoredTaskRun> => ({
        ...stored,
        task: keptSetup(setup, trainer.reading),
        data: await storedPlace(place, path),
        plan,
        validationLosses,
      }),
    },
  );
}

function validationOf({ loss, measures }: TaskEvaluation, { kind }: OpenTask): Validation {
  const [shown] = kind.measures;
  return { loss, figures: measures, standing: measureLine({ [shown]: measures[shown] }) };
}

/** N, the rows of a full batch. */
function rowsOf({ trainer, source }: Pick<TaskTraining, 'trainer' | 'source'>): number {
  return Math.min(trainer.config.batch ?? source.length, source.length);
}

function startEvent(given: TaskTraining, { machine, layers, length }: StartFacts): RecordsStartEvent {
  const { trainer, open, place, parts, source } = given;
  const { baseline }: Model = trainer.model;
  return {
    event: 'start',
    ...machine,
    task: open.kind.name,
    about: open.kind.about,
    data: fileNames(place),
    records: parts.train.length,
    validationRecords: parts.validation?.length ?? 0,
    ...layers,
    ...{ batch: rowsOf(given), sizes: source.sizes },
    ...length,
    ...(baseline === undefined ? {} : { uniformLoss: baseline }),
  };
}
