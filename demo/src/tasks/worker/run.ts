import {
  readCheckpoint,
  records as makeRecords,
  saveCheckpoint,
  Trainer,
  type Checkpoint,
  type Device,
  type Sizes,
} from '../../../../src/index.js';
import {
  captionerKind,
  classifierKind,
  encoderDecoderKind,
  keptSetup,
  openSetup,
  regressorKind,
  taggerKind,
  TASKS,
  type MadePlace,
  type ModelKind,
  type OpenTask,
  type TaskRunner,
  type TaskSetup,
} from '../../../../src/graph.js';
import { faultWords } from '../../host/answers.js';
import { PageError } from '../../host/page-error.js';
import { resumed } from '../../host/resumed.js';
import { count } from '../../page/format.js';
import { entryOf, TASK_ENTRIES, type TaskEntry } from '../catalogue.js';
import { WRITTEN_COLUMNS } from '../made/digits.js';
import { ownEntry } from '../own/own-entry.js';
import { readOwn } from '../own/read.js';
import { recordsOfRows } from '../own/rows.js';
import type { OwnData, TaskSettings } from '../protocol.js';
import type { PictureGiven, TaskFacts } from '../view.js';
import { notesOf, RUN_PLAN, type TaskNotes } from './checkpoint-notes.js';
import { planOf } from './plan.js';
import { classesOf, HELD_OUT, partsOf, type TaskParts } from './records.js';

/** Kinds of models that tasks train. */
const KINDS: readonly ModelKind[] = [
  encoderDecoderKind,
  classifierKind,
  taggerKind,
  regressorKind,
  captionerKind,
];

/** Share of a visitor's records that is held out, at most `HELD_OUT` records. */
const OWN_SHARE = 0.2;

/** What a run learns from. */
interface Material {
  readonly entry: Omit<TaskEntry, 'data'>;
  /** For a task of the catalogue. */
  readonly listed: TaskEntry | undefined;
  readonly parts: TaskParts;
  /** Share that was held out of one list; 0 if both parts were generated. */
  readonly validation: number;
  readonly warnings: readonly string[];
}

/** A task with its records, its model and its trainer. */
export class TaskRun {
  readonly runner: TaskRunner;
  readonly source: ReturnType<OpenTask['source']>;

  private constructor(
    readonly settings: TaskSettings,
    readonly material: Material,
    readonly setup: TaskSetup,
    readonly open: OpenTask,
    readonly trainer: Trainer,
  ) {
    this.runner = open.runner(trainer.device, trainer.memory);
    this.source = open.source(material.parts.train, trainer.config.batch ?? 32);
  }

  /**
   * Makes a new run at step 0.
   * @throws OptionError, DataError, DeviceError; then everything is released
   */
  static async create(settings: TaskSettings, own: OwnData | undefined, device: Device): Promise<TaskRun> {
    const material = await materialOf(settings, own);
    const { options, layers, steps } = planOf(material.entry, settings);
    const { train } = material.parts;
    const { setup, model, warnings } = TASKS[material.entry.kind].learn(
      { train, validation: material.parts.heldOut },
      options,
      layers,
    );
    const open = openSetup(setup, model);
    const sizes = largestOf(open.source(train, steps.batch), steps.batch);
    const trainer = await Trainer.create(model, { ...steps, sizes, device });
    const all = { ...material, warnings: [...material.warnings, ...warnings] };
    return new TaskRun(settings, all, setup, open, trainer);
  }

  /**
   * Makes a run that continues a checkpoint of this page or of the command.
   * @param settings used for what the checkpoint does not note
   * @throws FileFormatError, DataError, DeviceError
   */
  static async resume(
    bytes: Uint8Array,
    settings: TaskSettings,
    own: OwnData | undefined,
    device: Device,
  ): Promise<TaskRun> {
    const checkpoint = readCheckpoint(bytes, KINDS);
    const notes = notesOf(checkpoint);
    const open = openSetup(notes.setup, checkpoint.model);
    const found = settingsOf(checkpoint, notes, settings);
    const material = await materialAgain(found, own, notes, open);
    const batch = checkpoint.trainer.batch ?? 32;
    const source = open.source(material.parts.train, batch);
    const loader = source.loader({ batch, seed: checkpoint.trainer.seed });
    // This throws if the records are others.
    if (checkpoint.progress.loader) loader.restore(checkpoint.progress.loader);
    const { trainer, warnings } = await resumed(checkpoint, device, { sizes: largestOf(source, batch) });
    const all = { ...material, warnings: [...material.warnings, ...warnings] };
    return new TaskRun(found, all, notes.setup, open, trainer);
  }

  /** Names of the labels or tags, or of the classes to write for. */
  get labels(): readonly string[] {
    const labels = (this.setup.columns[1].labels ?? []) as readonly string[];
    const { listed } = this.material;
    return listed && labels.length === 0 ? classesOf(listed) : labels;
  }

  get attends(): boolean {
    const { attention = 'none', inject } = this.trainer.model.config as {
      readonly attention?: string;
      readonly inject?: string;
    };
    return inject === 'attention' || (this.open.kind.name === 'translate' && attention !== 'none');
  }

  /** When a picture is given. */
  get #given(): PictureGiven {
    const { inject } = this.trainer.model.config as { readonly inject?: PictureGiven };
    return inject ?? 'attention';
  }

  facts(run: number): TaskFacts {
    const { trainer, material } = this;
    const { reads } = material.entry;
    const { adapter, backend } = trainer.device.info;
    return {
      run,
      task: this.settings.task,
      shape: material.entry.shape,
      kind: this.open.kind.name,
      reads,
      labels: this.labels,
      attends: this.attends,
      ...(reads === 'picture' && this.open.kind.name === 'caption' ? { given: this.#given } : {}),
      ...(material.listed?.name === 'written-digits' ? { width: WRITTEN_COLUMNS } : {}),
      parameters: trainer.model.layout.count,
      records: material.parts.train.length,
      heldOut: material.parts.heldOut.length,
      adapter,
      backend,
      warnings: material.warnings,
      step: trainer.step,
    };
  }

  /** Returns the whole state as a file for `unrolled predict`, `evaluate` and `resume`. */
  save(): Promise<Uint8Array> {
    const { settings, material, setup, trainer } = this;
    const { listed } = material;
    const made =
      listed && 'made' in listed.data
        ? {
            name: listed.data.made,
            rows: material.parts.train.length,
            seed: trainer.config.seed,
            options: listed.data.options ?? {},
          }
        : undefined;
    return saveCheckpoint(trainer, {
      run: {
        task: keptSetup(setup, trainer.reading),
        data: { files: {}, reading: {}, ...(made ? { made } : {}) },
        stratify: false,
        validation: material.validation,
        validationLosses: [],
        plan: RUN_PLAN,
        name: `${settings.task}.safetensors`,
        page: { task: settings.task },
      },
    });
  }

  dispose(): void {
    this.runner.dispose();
    this.trainer.dispose();
  }
}

/** Sizes of the largest batches, whose program is compiled before the first step. */
function largestOf({ sizes, length }: TaskRun['source'], batch: number): Sizes {
  return { ...sizes[sizes.length - 1], N: Math.min(batch, length) };
}

async function materialOf(settings: TaskSettings, own: OwnData | undefined): Promise<Material> {
  const { task, seed } = settings;
  const listed = entryOf(task);
  if (listed) {
    const parts = await partsOf(listed, Number(seed));
    return { entry: listed, listed, parts, validation: 0, warnings: [] };
  }
  if (!own) throw new PageError((words) => words.own.openFirst);
  return ownMaterial(own, Number(seed));
}

/** Reads a visitor's records. @param share held out. Default: a fifth */
async function ownMaterial(own: OwnData, seed: number, share?: number): Promise<Material> {
  const { rows, warnings } = await readOwn(own.name, own.content, own.choice);
  const { records: list, empty } = recordsOfRows(rows, own.choice);
  const entry = ownEntry(own.choice, list.length);
  const all = makeRecords.of(list);
  const validation = share ?? Math.min(OWN_SHARE, HELD_OUT / list.length);
  const kind = TASKS[entry.kind];
  const { train, validation: heldOut } = kind.split(all, validation, { seed });
  const left = empty === 0 ? [] : [(await faultWords()).own.leftOut(count(empty))];
  return {
    ...{ entry, listed: undefined, validation },
    parts: { train, heldOut },
    warnings: [...warnings, ...left],
  };
}

/** Returns the records of a checkpoint: generated again, or the visitor's. */
async function materialAgain(
  settings: TaskSettings,
  own: OwnData | undefined,
  notes: TaskNotes,
  open: OpenTask,
): Promise<Material> {
  const seed = Number(settings.seed);
  const listed = entryOf(settings.task);
  if (!listed) {
    if (!own) throw new PageError((words) => words.own.openAgain);
    const material = await ownMaterial(own, seed, notes.validation);
    if (material.entry.kind !== open.kind.name)
      throw new PageError(({ own: { otherTask, tasks } }) =>
        otherTask(tasks[open.kind.name] ?? open.kind.name, tasks[material.entry.kind] ?? material.entry.kind),
      );
    return material;
  }
  const entry = notes.made ? { ...listed, ...madeBy(notes.made), options: optionsOf(listed, notes) } : listed;
  const parts = await partsOf(entry, notes.made?.seed ?? seed);
  return {
    entry: listed,
    listed: entry,
    parts: withHeldOut(parts, notes, open, seed),
    validation: notes.validation,
    warnings: [],
  };
}

function madeBy({ name, rows, options }: MadePlace): Pick<TaskEntry, 'data' | 'rows'> {
  return { data: { made: name, options }, rows };
}

/** The checkpoint determines how images are read. */
function optionsOf({ options }: TaskEntry, { setup }: TaskNotes): TaskEntry['options'] {
  return { ...options, ...setup.options };
}

/** The command holds out a share of the same records. */
function withHeldOut(
  parts: TaskParts,
  { validation }: TaskNotes,
  { kind }: OpenTask,
  seed: number,
): TaskParts {
  if (validation === 0) return parts;
  const { train, validation: heldOut } = kind.split(parts.train, validation, { seed });
  return { ...parts, train, heldOut };
}

/** Returns the settings of a checkpoint. */
function settingsOf({ model, trainer }: Checkpoint, notes: TaskNotes, before: TaskSettings): TaskSettings {
  const { cell, layers, hidden, bidirectional, attention, inject } = model.config as Partial<
    Record<string, unknown>
  >;
  const { rate } = trainer.optimizer.options as { readonly rate?: number };
  const listed = TASK_ENTRIES.find(
    (entry) =>
      entry.name === notes.page ||
      (notes.page === undefined && 'made' in entry.data && entry.data.made === notes.made?.name),
  );
  const how =
    typeof inject === 'string' && typeof attention !== 'string' ? attentionOfInject(inject) : attention;
  const attends = notes.setup.task === 'translate' || listed?.name === 'scenes';
  return {
    ...before,
    task: listed?.name ?? 'own',
    cell: typeof cell === 'string' ? cell : 'lstm',
    layers: Number(layers ?? 1),
    hidden: Number(hidden),
    bidirectional: bidirectional === true ? '1' : '0',
    attention: attends && typeof how === 'string' ? how : attends ? 'none' : '',
    batch: trainer.batch ?? before.batch,
    rate: rate ?? before.rate,
    seed: trainer.seed,
  };
}

function attentionOfInject(inject: string): string {
  return inject === 'attention' ? 'additive' : inject === 'first' ? 'first' : 'none';
}
