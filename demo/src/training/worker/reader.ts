import {
  Inspector,
  openDevice,
  type Candidate,
  type Device,
  type Inspection,
} from '../../../../src/index.js';
import { cellShapeOf } from '../../drawing/cell-shape.js';
import { parametersOnDevice, type CharModel, type Memory } from '../../../../src/graph.js';
import { READ_CHARACTERS, type Reading } from '../../now/protocol.js';

/** Guesses per symbol. */
const GUESSES = 5;
const PARAMETERS = 'parameters';

/** A part of a text. */
export interface Passage {
  readonly text: string;
  /** Index of its first character, and the number of characters of the whole text. */
  readonly from: number;
  readonly characters: number;
}

/**
 * Reads parts of the text with any weights of a network, in plain loops on the CPU. Nothing has to
 * be compiled, so it can begin before training does, and it leaves the training's device alone.
 */
export class Reader {
  #device: Promise<Device> | undefined;
  #open: { readonly model: CharModel; readonly memory: Memory; readonly inspector: Inspector } | undefined;

  /**
   * @param parameters the model's parameters in one array
   * @throws DataError for an empty text
   */
  async read(
    model: CharModel,
    parameters: Float32Array,
    { text, from, characters }: Passage,
    { step, temperature }: Pick<Reading, 'step'> & { readonly temperature: number },
  ): Promise<Reading> {
    const inspector = await this.#inspector(model, parameters);
    const all = await inspector.inspect(text, { likeliest: model.vocabulary.size });
    const { symbols, layers, next } = all;
    return {
      step,
      from,
      characters,
      shape: shapeOf(model),
      matrices: matricesOf(model),
      symbols,
      likeliest: guessesOf(all, temperature),
      next,
      layers,
    };
  }

  async #inspector(model: CharModel, parameters: Float32Array): Promise<Inspector> {
    if (this.#open?.model === model) {
      await this.#open.memory.write(PARAMETERS, parameters);
      return this.#open.inspector;
    }
    const device = await (this.#device ??= openDevice({ backend: 'reference' }));
    this.#open?.inspector.dispose();
    this.#open?.memory.dispose();
    const memory = await parametersOnDevice(model, model.layout.unpack(parameters), device);
    const inspector = new Inspector(model, device, memory);
    this.#open = { model, memory, inspector };
    return inspector;
  }
}

/** Returns the part of a text from a position on. */
export async function passageOf(
  corpus: { readonly length: number; text(start: number, count: number): Promise<string> },
  from: number,
): Promise<Passage> {
  const { length: characters } = corpus;
  const start = from >= 0 && from < characters - 1 ? from : 0;
  const text = await corpus.text(start, Math.min(READ_CHARACTERS, characters - start));
  return { text, from: start, characters };
}

function matricesOf({ layout }: CharModel): Reading['matrices'] {
  return layout.specs
    .filter(({ shape }) => shape.length === 2)
    .map(({ name, shape: [rows, columns] }) => ({ name, rows, columns }));
}

function shapeOf({ config }: CharModel): Reading['shape'] {
  const { cell, hidden, layers } = config;
  return {
    answers: 'each',
    stack: { cell: cellShapeOf(cell), hidden, layers, directions: 1 },
  };
}

/**
 * Returns the likeliest candidates with their probabilities at this temperature: p^(1/T), scaled to
 * sum to 1.
 */
function guessesOf({ likeliest }: Inspection, temperature: number): Candidate[][] {
  return likeliest.map((candidates) => {
    const [best] = candidates;
    if (temperature <= 0 || !(best.probability > 0))
      return candidates.slice(0, GUESSES).map(({ symbol }, k) => ({ symbol, probability: k === 0 ? 1 : 0 }));
    const weights = candidates.map(
      ({ probability }) => (probability / best.probability) ** (1 / temperature),
    );
    const sum = weights.reduce((total, one) => total + one, 0);
    return candidates.slice(0, GUESSES).map(({ symbol }, k) => ({ symbol, probability: weights[k] / sum }));
  });
}
