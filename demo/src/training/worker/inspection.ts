import {
  Inspector,
  type Connectivity,
  type Inspection,
  type Trainer,
  type UnitScore,
} from '../../../../src/index.js';
import { type CharModel, scoreUnits, FEATURES, type WindowBatch } from '../../../../src/graph.js';
import {
  MOST_SYMBOLS,
  STRIP_STEPS,
  type FlowLine,
  type InsideRequest,
  type InsideView,
  type PredictionChoice,
  type StripStates,
  type UnitChoice,
  type UnitOverview,
} from '../../inside/protocol.js';
import { cellShapeOf } from '../../drawing/cell-shape.js';
import type { CellPlace, Sum } from '../../drawing/shape.js';
import { changeOf } from './text-change.js';
import { FlowProbe } from './flow-probe.js';
import type { TrainingLoop } from './loop.js';
import { overviewOf } from './overview.js';
import { lastErrorWindow, stretchOf } from './passages.js';
import type { Run } from './run.js';
import { unitSums } from './unit-sums.js';

/** Number of units that are listed. */
const FOLLOWERS = 12;
/**
 * Gradient flow is measured again after this multiple of the time that the last measurement took,
 * and not before a second.
 */
const FLOW_REST = 8;
const FLOW_MS = 1000;

/** What was computed for a network at one step of its training. */
interface Known {
  readonly step: number;
  /** Origin of the text: see `sourceOf`. */
  readonly source: string;
  readonly text: string;
  readonly cut: boolean;
  readonly inspection: Inspection;
  /** All units as small integers. */
  readonly overview: UnitOverview;
  /** The text before the visitor changed it, inspected with the same weights. */
  readonly earlier?: { readonly asked: string; readonly inspection: Inspection };
  readonly connected?: { readonly asked: string; readonly connectivity: Connectivity | undefined };
}

/**
 * Inspects the network of a training between its steps, and caches the results until the weights or
 * the text change.
 */
export class Inspections {
  #trainer: Trainer<CharModel> | undefined;
  #inspector: Inspector | undefined;
  #known: Known | undefined;
  #followers:
    | {
        readonly inspection: Inspection;
        readonly feature: string | undefined;
        readonly list: readonly UnitScore[];
      }
    | undefined;
  #passages: WindowBatch | undefined;
  #probe: FlowProbe | undefined;
  #flow: { readonly step: number; readonly layers: readonly FlowLine[]; readonly due: number } | undefined;

  /** @returns null if the page has the current results already @throws OptionError, DeviceError */
  async look(loop: TrainingLoop, request: InsideRequest): Promise<InsideView | null> {
    if (this.#trainer !== loop.run.trainer) this.close();
    const stale = this.#isStale(loop.run.trainer.step, request);
    const known = stale ? await loop.between(() => this.#measure(loop.run, request)) : this.#known;
    if (!known) return null;
    const token = JSON.stringify([
      loop.number,
      known.step,
      this.#flow?.step,
      sourceOf(request),
      request.unit,
      request.feature,
      request.prediction,
      request.strip,
      request.before,
    ]);
    return token === request.shown ? null : { token, ...this.#view(loop.run.trainer, known, request) };
  }

  /** Returns the terms of one unit's values at a character, with the current weights. */
  sums(
    loop: TrainingLoop,
    request: InsideRequest,
    place: CellPlace & { readonly unit: number },
  ): Promise<readonly Sum[]> {
    return loop.between(async () => {
      const { run } = loop;
      const { inspection } = await this.#measure(run, request);
      if (place.step >= inspection.symbols.length) return [];
      return unitSums(run.trainer.model, await run.trainer.parameters(), inspection, place);
    });
  }

  /** Releases everything that belongs to a training that ends. */
  close(): void {
    this.#inspector?.dispose();
    this.#probe?.dispose();
    this.#probe = undefined;
    this.#inspector = this.#trainer = this.#known = this.#followers = this.#passages = this.#flow = undefined;
  }

  #isStale(step: number, request: InsideRequest): boolean {
    const known = this.#known;
    if (
      known?.source !== sourceOf(request) ||
      (request.prediction && known.connected?.asked !== predictionOf(request)) ||
      (request.before !== undefined && known.earlier?.asked !== request.before)
    )
      return true;
    return request.live && (known.step !== step || this.#flowIsDue(step));
  }

  #flowIsDue(step: number): boolean {
    return !this.#flow || (this.#flow.step !== step && performance.now() >= this.#flow.due);
  }

  async #measure({ trainer, whole }: Run, request: InsideRequest): Promise<Known> {
    if (this.#trainer !== trainer) this.close();
    this.#trainer = trainer;
    const inspector = (this.#inspector ??= new Inspector(trainer.model, trainer.device, trainer.memory));
    const { step } = trainer;
    const source = sourceOf(request);
    let known = this.#known;
    if (known?.step !== step || known.source !== source) {
      const given = Array.from(
        known?.source === source ? known.text : (request.text ?? (await stretchOf(whole, request.place))),
      );
      const text = given.slice(0, MOST_SYMBOLS).join('');
      const cut = given.length > MOST_SYMBOLS || (known?.source === source && known.cut);
      const inspection = await inspector.inspect(text);
      known = { step, source, text, cut, inspection, overview: overviewOf(inspection) };
    }
    const { before } = request;
    if (before !== undefined && before !== '' && known.earlier?.asked !== before)
      known = { ...known, earlier: { asked: before, inspection: await inspector.inspect(before) } };
    const asked = predictionOf(request);
    if (request.prediction && known.connected?.asked !== asked) {
      known = {
        ...known,
        connected: { asked, connectivity: await connectivityOf(inspector, known, request.prediction) },
      };
    }
    if (this.#flowIsDue(step)) {
      this.#passages ??= await lastErrorWindow(whole, trainer.sizes);
      const began = performance.now();
      this.#probe ??= new FlowProbe(trainer);
      const layers = await this.#probe.measure([this.#passages]);
      const now = performance.now();
      this.#flow = { step, layers, due: now + Math.max(FLOW_MS, FLOW_REST * (now - began)) };
    }
    return (this.#known = known);
  }

  #view(
    trainer: Trainer<CharModel>,
    { step, inspection, cut, connected, overview, earlier }: Known,
    { unit, feature, prediction, strip, before }: InsideRequest,
  ): Omit<InsideView, 'token'> {
    const { symbols, likeliest, next, layers, hidden } = inspection;
    const followers = this.#followersOf(inspection, feature);
    const chosen =
      unit && unit.layer < layers.length && unit.unit < hidden
        ? unit
        : (followers[0] ?? { layer: 0, unit: 0 });
    const activations = activationsOf(inspection, chosen);
    const follows = followedBy(symbols, activations.h, feature);
    return {
      step,
      layers: layers.length,
      hidden,
      cell: cellShapeOf(trainer.model.config.cell),
      symbols,
      cut,
      unknown: [...new Set(symbols.filter((symbol) => !trainer.model.vocabulary.has(symbol)))],
      likeliest,
      surprise: Float32Array.from(symbols, (_, t) => (t === 0 ? NaN : -Math.log2(next[t - 1]))),
      features: FEATURES.map(({ name }) => name),
      followers,
      unit: { layer: chosen.layer, unit: chosen.unit, activations, ...(follows ? { follows } : {}) },
      ...(prediction && connected?.connectivity ? { connectivity: connected.connectivity } : {}),
      flow: this.#flow?.layers ?? [],
      overview,
      strip: stripOf(inspection, strip),
      ...(before !== undefined && earlier?.asked === before
        ? { changed: changeOf(earlier.inspection, inspection) }
        : {}),
    };
  }

  /**
   * Returns the units that follow one feature most closely, or the closest follower of each. All
   * units are compared, once per inspection.
   */
  #followersOf(inspection: Inspection, feature: string | undefined): readonly UnitScore[] {
    if (this.#followers?.inspection === inspection && this.#followers.feature === feature)
      return this.#followers.list;
    const closest = (name: string, count: number): UnitScore[] =>
      scoreUnits(inspection, { features: named(name) }).slice(0, count);
    const list =
      feature === undefined ? FEATURES.flatMap(({ name }) => closest(name, 1)) : closest(feature, FOLLOWERS);
    list.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation));
    this.#followers = { inspection, feature, list };
    return list;
  }
}

function sourceOf({ text, place }: InsideRequest): string {
  return JSON.stringify(text ?? place);
}

function predictionOf({ prediction }: InsideRequest): string {
  return JSON.stringify(prediction ?? null);
}

/** undefined if the choice does not fit the text any more, or the next character is unknown. */
function connectivityOf(
  inspector: Inspector,
  { inspection, text }: Known,
  { position, symbol }: PredictionChoice,
): Promise<Connectivity> | undefined {
  const { symbols, next } = inspection;
  if (position >= symbols.length || (symbol === undefined && Number.isNaN(next[position]))) return undefined;
  return inspector.connectivity(text, position, symbol === undefined ? {} : { symbol });
}

/** Returns the exact states of the drawn characters. */
function stripOf({ layers, hidden: H, symbols }: Inspection, wanted: number): StripStates {
  const from = Math.max(0, Math.min(symbols.length - STRIP_STEPS, Math.floor(wanted)));
  const part = (first: number, last: number): StripStates['layers'] =>
    layers.map((activations) =>
      Object.fromEntries(
        Object.entries(activations).map(([name, values]) => [name, values.slice(first * H, last * H)]),
      ),
    );
  return {
    from,
    layers: part(from, from + STRIP_STEPS),
    ...(from > 0 ? { before: part(from - 1, from) } : {}),
  };
}

/**
 * Returns which feature one unit follows most closely, or how closely it follows the requested one.
 */
function followedBy(
  symbols: readonly string[],
  states: Float32Array,
  feature: string | undefined,
): Pick<UnitScore, 'feature' | 'correlation'> | undefined {
  const alone = { symbols, hidden: 1, layers: [{ h: states }], likeliest: [], next: new Float32Array() };
  const [score] = scoreUnits(alone, feature === undefined ? {} : { features: named(feature) }) as (
    UnitScore | undefined
  )[];
  return score && { feature: score.feature, correlation: score.correlation };
}

function named(feature: string): typeof FEATURES {
  return FEATURES.filter(({ name }) => name === feature);
}

/** Returns the values of one unit, one column of each [T,H]. */
function activationsOf(
  { layers, hidden: H, symbols }: Inspection,
  { layer, unit }: UnitChoice,
): Record<string, Float32Array> {
  const column = (values: Float32Array): Float32Array =>
    Float32Array.from(symbols, (_, t) => values[t * H + unit]);
  return Object.fromEntries(Object.entries(layers[layer]).map(([name, values]) => [name, column(values)]));
}
