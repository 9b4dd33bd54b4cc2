import { UnrolledError, type Device } from '../../../../src/index.js';
import {
  bundledTexts,
  syntheticLanguages,
  CELLS,
  OPTIMIZER_KINDS,
  SCHEDULE_KINDS,
} from '../../../../src/graph.js';
import type { RunLabel, RunStore } from '../../keep/saved-run.js';
import type { Answer, Entry } from '../../host/messages.js';
import type {
  Catalogue,
  Estimate,
  Listener,
  RunFacts,
  SampleSettings,
  Settings,
  TrainingService,
} from '../protocol.js';
import type { InsideRequest, InsideView } from '../../inside/protocol.js';
import type { CellPlace, Sum } from '../../drawing/shape.js';
import type { Reading, ReadingRequest } from '../../now/protocol.js';
import { answer, faultOf } from '../../host/answers.js';
import type { Opened } from '../../host/device.js';
import { handOver } from '../../host/hand-over.js';
import type { Inspections } from './inspection.js';
import type { TrainingLoop } from './loop.js';
import { Readings } from './readings.js';
import { RATES, recipeEntries, RECIPES } from './recipes.js';
import type { Run } from './run.js';
import { checkSampling } from './sampling.js';
import type { Snapshots } from './snapshots.js';
import { NOVEL } from './texts.js';

/** Makes a run on a device. */
type MakeRun = (runs: typeof Run, device: Device) => Promise<Run>;

/** Characters that it goes on writing from a place of a text. */
const GO_ON_LENGTH = 200;

/**
 * Everything that the page asks for, over one run at a time. The first letters come before the first
 * run, so what trains is fetched after what reads.
 */
export class Service implements TrainingService {
  #store: RunStore | undefined;
  #listener: Listener | undefined;
  #opened: Opened | undefined;
  #loop: TrainingLoop | undefined;
  /** Loaded with the first look into the network. */
  #inspections: Promise<Inspections> | undefined;
  readonly #readings = new Readings();

  catalogue(): Catalogue {
    return {
      bundled: [...Object.entries(bundledTexts), [NOVEL.name, NOVEL] as const].map(([name, { title }]) => ({
        name,
        title,
      })),
      synthetic: syntheticLanguages.map(({ name, about, whatMemory }) => ({
        name,
        about,
        memory: whatMemory,
      })),
      presets: Object.keys(RECIPES).map(recipeEntries),
      cells: CELLS.flatMap((cell) => (cell === 'rnn' ? ['rnn', 'rnn-relu'] : [cell])),
      optimizers: OPTIMIZER_KINDS,
      rates: RATES,
      schedules: SCHEDULE_KINDS,
    };
  }

  listen(listener: Listener): void {
    this.#listener = listener;
  }

  estimate(settings: Settings): Promise<Answer<Estimate>> {
    return answer(async () => (await import('./estimate.js')).estimate(settings, this.#opened?.device.info));
  }

  firstReading(settings: Settings, request: ReadingRequest): Promise<Answer<Reading | null>> {
    return answer(async () => (await this.#readings.first(settings, request)) ?? null);
  }

  reading(request: ReadingRequest): Promise<Answer<Reading>> {
    return answer(() => this.#readings.read(this.#current(), request));
  }

  setUntilLearned(until: boolean): void {
    if (this.#loop) this.#loop.untilLearned = until;
  }

  start(settings: Settings, sampling: SampleSettings): Promise<Answer<RunFacts>> {
    return answer(() => this.#replace(settings, sampling, (Run, device) => Run.create(settings, device)));
  }

  load(checkpoint: Uint8Array, settings: Settings, sampling: SampleSettings): Promise<Answer<RunFacts>> {
    return answer(() =>
      this.#replace(settings, sampling, (Run, device) => Run.resume(checkpoint, settings, device)),
    );
  }

  windBack(step: number, sampling: SampleSettings): Promise<Answer<RunFacts>> {
    return answer(() => {
      const { run, snapshots } = this.#current();
      const checkpoint = snapshots.at(step);
      if (!checkpoint) throw new UnrolledError(`The state of step ${step} is not kept any more.`);
      return this.#replace(
        run.settings,
        sampling,
        (Run, device) => Run.resume(checkpoint, run.settings, device),
        snapshots.upTo(step),
      );
    });
  }

  play(): void {
    this.#loop?.play();
  }

  pause(): Promise<Answer<null>> {
    return this.#told((loop) => loop.pause());
  }

  step(): Promise<Answer<null>> {
    return this.#told((loop) => loop.step());
  }

  setRate(rate: Entry): Promise<Answer<null>> {
    return answer(() => {
      const loop = this.#current();
      return loop
        .between(() => loop.run.setRate(rate))
        .then(() => void loop.keepNow())
        .then(nothing);
    });
  }

  setSampling(sampling: SampleSettings): Answer<null> {
    try {
      const checked = checkSampling(sampling);
      if (this.#loop) this.#loop.sampling = checked;
      return { ok: true, value: null };
    } catch (error) {
      return { ok: false, fault: faultOf(error) };
    }
  }

  sample(): Promise<Answer<null>> {
    return this.#told((loop) => loop.sampleNow());
  }

  stopWriting(): void {
    this.#loop?.stopWriting();
  }

  async save(): Promise<Answer<Uint8Array>> {
    const saved = await answer(async () => {
      const loop = this.#current();
      return loop.between(() => loop.run.save());
    });
    return saved.ok ? handOver(saved, saved.value) : saved;
  }

  keepAs(run: number, label: RunLabel | null): Promise<Answer<null>> {
    return answer(async () => {
      const [{ Keeper }, { IndexedRunStore }] = await Promise.all([
        import('../../keep/keeper.js'),
        import('../../keep/store.js'),
      ]);
      const loop = this.#loop;
      if (loop?.number !== run) return null; // another run has taken its place
      const store = (this.#store ??= new IndexedRunStore());
      if (label && loop.keeper) {
        loop.keeper.label = label;
        return null;
      }
      const { keeper } = loop;
      loop.keeper = label
        ? new Keeper(store, label, loop.run.settings.text, (stored) => this.#listen().stored(run, stored))
        : undefined;
      await keeper?.close();
      return null;
    });
  }

  keep(): Promise<Answer<null>> {
    return answer(() => this.#loop?.keepNow().then(nothing) ?? null);
  }

  inside(request: InsideRequest): Promise<Answer<InsideView | null>> {
    return answer(async () => {
      return (await this.#inspector()).look(this.#current(), request);
    });
  }

  insideSums(
    request: InsideRequest,
    place: CellPlace & { readonly unit: number },
  ): Promise<Answer<readonly Sum[]>> {
    return answer(async () => (await this.#inspector()).sums(this.#current(), request, place));
  }

  goOn(prime: string): Promise<Answer<string>> {
    return answer(() => {
      const loop = this.#current();
      const { temperature, topK } = loop.sampling;
      return loop.between(() => loop.run.trainer.sample({ prime, temperature, topK, length: GO_ON_LENGTH }));
    });
  }

  /** Loaded with the first look. */
  #inspector(): Promise<Inspections> {
    return (this.#inspections ??= import('./inspection.js').then(({ Inspections }) => new Inspections()));
  }

  /** Answers when `work` is done and the page has heard what it told. */
  #told(work: (loop: TrainingLoop) => Promise<void>): Promise<Answer<null>> {
    return answer(async () => {
      await work(this.#current());
      await this.#listen().heard();
      return null;
    });
  }

  /**
   * Puts a new run in the place of the old one, which goes on unharmed where the new one cannot be
   * made.
   */
  async #replace(
    settings: Settings,
    sampling: SampleSettings,
    make: MakeRun,
    snapshots?: Snapshots,
  ): Promise<RunFacts> {
    const checked = checkSampling(sampling);
    const listener = this.#listen();
    const before = this.#loop;
    before?.stopWriting();
    const { TrainingLoop } = await import('./loop.js');
    const prepare = (): Promise<{ opened: Opened; run: Run }> => this.#prepare(settings.backend, make);
    const { opened, run } = await (before ? before.between(prepare) : prepare());
    await before?.pause();
    (await this.#inspections)?.close();
    before?.run.dispose();
    if (this.#opened !== opened) this.#takeDevice(opened);
    const number = (before?.number ?? 0) + 1;
    this.#loop = new TrainingLoop(number, run, listener, checked, snapshots);
    const { steps } = this.#loop.snapshots;
    return {
      run: number,
      ...run.facts,
      snapshots: steps,
      ...(opened.notice === undefined ? {} : { notice: opened.notice }),
    };
  }

  async #prepare(backend: string, make: MakeRun): Promise<{ opened: Opened; run: Run }> {
    const [{ openedFor }, { Run }] = await Promise.all([import('../../host/device.js'), import('./run.js')]);
    const opened = await openedFor(backend, this.#opened);
    try {
      return { opened, run: await make(Run, opened.device) };
    } catch (error) {
      if (opened !== this.#opened) opened.device.dispose();
      throw error;
    }
  }

  #takeDevice(opened: Opened): void {
    this.#opened?.device.dispose();
    this.#opened = opened;
    void opened.device.lost.then((error) => {
      if (this.#opened !== opened) return;
      this.#opened = undefined; // the next run opens the device again
      if (this.#loop) this.#listen().ended(this.#loop.number, faultOf(error));
    });
  }

  #listen(): Listener {
    if (!this.#listener) throw new UnrolledError('Nobody listens to the training: call listen() first.');
    return this.#listener;
  }

  #current(): TrainingLoop {
    if (!this.#loop)
      throw new UnrolledError('No training has begun: choose a text and press "Start training".');
    return this.#loop;
  }
}

function nothing(): null {
  return null;
}
