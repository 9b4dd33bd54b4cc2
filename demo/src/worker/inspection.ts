import { FEATURES, Inspector, scoreUnits, type Connectivity, type Corpus, type GradientFlow, type Inspection, type Trainer, type UnitScore } from '../../../src/index.js';
import { MOST_SYMBOLS, type InsideRequest, type InsideView, type PredictionChoice, type UnitChoice } from '../inside/protocol.js';
import type { TrainingLoop } from './loop.js';
import type { Run } from './run.js';

/** Characters of a stretch that the page did not choose, and how far on its first whole line may begin. */
const STRETCH = 200;
const LINE_SEARCH = 120;
/** Units that are listed. */
const FOLLOWERS = 12;
/** Gradient flow is measured again after so many times what measuring it took, and after a second at the earliest. */
const FLOW_REST = 8;
const FLOW_MS = 1000;

/** What is known of a network at one step of its training. */
interface Known {
  readonly step: number;
  /** Where the text comes from: see `sourceOf`. */
  readonly source: string;
  readonly text: string;
  readonly cut: boolean;
  readonly inspection: Inspection;
  /** Of the prediction that was asked for last. */
  readonly connected?: { readonly asked: string; readonly connectivity: Connectivity | undefined };
}

/** Looks inside the network of a training between its steps, and keeps what it saw until the weights or the text change. */
export class Inspections {
  #trainer: Trainer | undefined;
  #inspector: Inspector | undefined;
  #known: Known | undefined;
  #flow: { readonly step: number; readonly layers: GradientFlow['layers']; readonly due: number } | undefined;

  /** @returns null where the page shows all of it already. @throws OptionError, DeviceError */
  async look(loop: TrainingLoop, request: InsideRequest): Promise<InsideView | null> {
    if (this.#trainer !== loop.run.trainer) this.close();
    const stale = this.#isStale(loop.run.trainer.step, request);
    const known = stale ? await loop.between(() => this.#measure(loop.run, request)) : this.#known;
    if (!known) return null;
    const token = JSON.stringify([loop.number, known.step, this.#flow?.step, sourceOf(request), request.unit, request.feature, request.prediction]);
    return token === request.shown ? null : { token, ...this.#view(loop.run.trainer, known, request) };
  }

  /** Frees what is held of a training that ends. */
  close(): void {
    this.#inspector?.dispose();
    this.#inspector = this.#trainer = this.#known = this.#flow = undefined;
  }

  #isStale(step: number, request: InsideRequest): boolean {
    const known = this.#known;
    if (known?.source !== sourceOf(request) || (request.prediction && known.connected?.asked !== predictionOf(request))) return true;
    return request.live && (known.step !== step || this.#flowIsDue(step));
  }

  #flowIsDue(step: number): boolean {
    return !this.#flow || (this.#flow.step !== step && performance.now() >= this.#flow.due);
  }

  async #measure({ trainer, whole, corpus }: Run, request: InsideRequest): Promise<Known> {
    if (this.#trainer !== trainer) this.close();
    this.#trainer = trainer;
    const inspector = (this.#inspector ??= new Inspector(trainer.model, trainer.device, trainer.memory));
    const { step } = trainer;
    const source = sourceOf(request);
    let known = this.#known;
    if (known?.step !== step || known.source !== source) {
      const given = Array.from(known?.source === source ? known.text : (request.text ?? (await stretchOf(whole, request.place))));
      const text = given.slice(0, MOST_SYMBOLS).join('');
      const cut = given.length > MOST_SYMBOLS || (known?.source === source && known.cut);
      known = { step, source, text, cut, inspection: await inspector.inspect(text) };
    }
    const asked = predictionOf(request);
    if (request.prediction && known.connected?.asked !== asked) {
      known = { ...known, connected: { asked, connectivity: await connectivityOf(inspector, known, request.prediction) } };
    }
    if (this.#flowIsDue(step)) {
      const began = performance.now();
      const { layers } = await trainer.gradientFlow(corpus);
      const now = performance.now();
      this.#flow = { step, layers, due: now + Math.max(FLOW_MS, FLOW_REST * (now - began)) };
    }
    return (this.#known = known);
  }

  #view(trainer: Trainer, { step, inspection, cut, connected }: Known, { unit, feature, prediction }: InsideRequest): Omit<InsideView, 'token'> {
    const { symbols, likeliest, layers, hidden } = inspection;
    const followers = followersOf(inspection, feature);
    const chosen = unit && unit.layer < layers.length && unit.unit < hidden ? unit : (followers[0] ?? { layer: 0, unit: 0 });
    return {
      step,
      layers: layers.length,
      hidden,
      symbols,
      cut,
      unknown: [...new Set(symbols.filter((symbol) => !trainer.model.vocabulary.has(symbol)))].slice(0, 5),
      likeliest,
      features: FEATURES.map(({ name }) => name),
      followers,
      unit: { layer: chosen.layer, unit: chosen.unit, activations: activationsOf(inspection, chosen) },
      ...(prediction && connected?.connectivity ? { connectivity: connected.connectivity } : {}),
      flow: this.#flow?.layers ?? [],
    };
  }
}

function sourceOf({ text, place }: InsideRequest): string {
  return JSON.stringify(text ?? place);
}

function predictionOf({ prediction }: InsideRequest): string {
  return JSON.stringify(prediction ?? null);
}

/** Nothing where the choice does not fit the text any more, or the character that comes next is unknown. */
function connectivityOf(inspector: Inspector, { inspection, text }: Known, { position, symbol }: PredictionChoice): Promise<Connectivity> | undefined {
  const { symbols, next } = inspection;
  if (position >= symbols.length || (symbol === undefined && Number.isNaN(next[position]))) return undefined;
  return inspector.connectivity(text, position, symbol === undefined ? {} : { symbol });
}

/** About STRETCH characters of the text in training, from the beginning of a line where one begins soon. */
async function stretchOf(corpus: Corpus, place: number): Promise<string> {
  const start = Math.floor(Math.max(0, corpus.length - STRETCH - LINE_SEARCH) * place);
  const read = Array.from(await corpus.text(start, STRETCH + LINE_SEARCH));
  const line = start === 0 ? 0 : read.slice(0, LINE_SEARCH).indexOf('\n') + 1;
  return read.slice(line, line + STRETCH).join('');
}

/** The units that follow one feature most closely, or the closest follower of each. */
function followersOf(inspection: Inspection, feature: string | undefined): UnitScore[] {
  if (feature !== undefined) return scoreUnits(inspection, { features: FEATURES.filter(({ name }) => name === feature) }).slice(0, FOLLOWERS);
  const closest = FEATURES.flatMap((one) => scoreUnits(inspection, { features: [one] }).slice(0, 1));
  return closest.sort((a, b) => Math.abs(b.correlation) - Math.abs(a.correlation));
}

/** The values of one unit, a column of each [T,H]. */
function activationsOf({ layers, hidden: H, symbols }: Inspection, { layer, unit }: UnitChoice): Record<string, Float32Array> {
  const column = (values: Float32Array): Float32Array => Float32Array.from(symbols, (_, t) => values[t * H + unit]);
  return Object.fromEntries(Object.entries(layers[layer]).map(([name, values]) => [name, column(values)]));
}
