import type { Device } from '../../../../src/index.js';
import {
  bundledTexts,
  syntheticLanguages,
  CELLS,
  OPTIMIZER_KINDS,
  SCHEDULE_KINDS,
} from '../../../../src/graph.js';
import type { RunLabel, RunStore } from '../../keep/saved-run.js';
import type { Answer, Entry, Fault } from '../../host/messages.js';
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
import { PageError } from '../../host/page-error.js';
import { RunService } from '../../host/run-service.js';
import { count } from '../../page/format.js';
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

/** Characters written by `goOn`. */
const GO_ON_LENGTH = 200;

/**
 * The service for everything that the page requests about its one run. The code that reads is
 * loaded before the code that trains, because the first letters are shown before the first run
 * exists.
 */
export class Service extends RunService<Listener, Run, TrainingLoop> implements TrainingService {
  #store: RunStore | undefined;
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

  estimate(settings: Settings): Promise<Answer<Estimate>> {
    return answer(async () => (await import('./estimate.js')).estimate(settings, this.device?.info));
  }

  firstReading(settings: Settings, request: ReadingRequest): Promise<Answer<Reading | null>> {
    return answer(async () => (await this.#readings.first(settings, request)) ?? null);
  }

  reading(request: ReadingRequest): Promise<Answer<Reading>> {
    return answer(() => this.#readings.read(this.current, request));
  }

  setUntilLearned(until: boolean): void {
    if (this.loop) this.loop.untilLearned = until;
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
      const { run, snapshots, untilLearned } = this.current;
      const checkpoint = snapshots.at(step);
      if (!checkpoint) throw new PageError(({ stepGone }) => stepGone(count(step)));
      // The visitor may have chosen since the start to go on by heart.
      const settings = { ...run.settings, untilLearned: untilLearned ? '1' : '0' };
      return this.#replace(
        settings,
        sampling,
        (Run, device) => Run.resume(checkpoint, settings, device),
        snapshots.upTo(step),
      );
    });
  }

  setRate(rate: Entry): Promise<Answer<null>> {
    return answer(() => {
      const loop = this.current;
      return loop
        .between(() => loop.run.setRate(rate))
        .then(() => void loop.keepNow())
        .then(nothing);
    });
  }

  setSampling(sampling: SampleSettings): Answer<null> {
    try {
      const checked = checkSampling(sampling);
      if (this.loop) this.loop.sampling = checked;
      return { ok: true, value: null };
    } catch (error) {
      return { ok: false, fault: faultOf(error) };
    }
  }

  sample(): Promise<Answer<null>> {
    return this.told((loop) => loop.sampleNow());
  }

  stopWriting(): void {
    this.loop?.stopWriting();
  }

  keepAs(run: number, label: RunLabel | null): Promise<Answer<null>> {
    return answer(async () => {
      const [{ Keeper }, { IndexedRunStore }] = await Promise.all([
        import('../../keep/keeper.js'),
        import('../../keep/store.js'),
      ]);
      const loop = this.loop;
      if (loop?.number !== run) return null; // another run has replaced it
      const store = (this.#store ??= new IndexedRunStore());
      if (label && loop.keeper) {
        loop.keeper.label = label;
        return null;
      }
      const { keeper } = loop;
      loop.keeper = label
        ? new Keeper(store, label, loop.run.settings.text, (stored) => this.listener.stored(run, stored))
        : undefined;
      await keeper?.close();
      return null;
    });
  }

  keep(): Promise<Answer<null>> {
    return answer(() => this.loop?.keepNow().then(nothing) ?? null);
  }

  inside(request: InsideRequest): Promise<Answer<InsideView | null>> {
    return answer(async () => {
      return (await this.#inspector()).look(this.current, request);
    });
  }

  insideSums(
    request: InsideRequest,
    place: CellPlace & { readonly unit: number },
  ): Promise<Answer<readonly Sum[]>> {
    return answer(async () => (await this.#inspector()).sums(this.current, request, place));
  }

  goOn(prime: string): Promise<Answer<string>> {
    return answer(() => {
      const loop = this.current;
      const { temperature, topK } = loop.sampling;
      return loop.between(() => loop.run.trainer.sample({ prime, temperature, topK, length: GO_ON_LENGTH }));
    });
  }

  /** Loads the inspections on first use. */
  #inspector(): Promise<Inspections> {
    return (this.#inspections ??= import('./inspection.js').then(({ Inspections }) => new Inspections()));
  }

  protected lost(listener: Listener, run: number, fault: Fault): void {
    listener.ended(run, fault);
  }

  async #replace(
    settings: Settings,
    sampling: SampleSettings,
    make: MakeRun,
    snapshots?: Snapshots,
  ): Promise<RunFacts> {
    const checked = checkSampling(sampling);
    this.loop?.stopWriting();
    const [{ TrainingLoop }, runs] = await Promise.all([import('./loop.js'), import('./run.js')]);
    const { number, run, notice } = await this.replace(
      settings.backend,
      (device) => make(runs.Run, device),
      async (each, made, listener) => {
        (await this.#inspections)?.close();
        return new TrainingLoop(each, made, listener, checked, snapshots);
      },
    );
    const { steps } = this.current.snapshots;
    return { run: number, ...run.facts, snapshots: steps, ...(notice === undefined ? {} : { notice }) };
  }
}

function nothing(): null {
  return null;
}
