import { charModel, openDevice, sgd, Trainer, Vocabulary, type Device } from '../../../src/index.js';
import type { Memory, Program } from '../../../src/graph.js';
import { backwardGraph, forgetfulGraph, forwardGraph, READ } from './graphs.js';
import {
  LETTERS,
  READS,
  TARGETS,
  UNITS,
  type Backward,
  type Forward,
  type Matrix,
  type Weights,
} from './word.js';

const T = READS.length;
const vocabulary = Vocabulary.fromSymbols(LETTERS);
const inputs = Uint32Array.from(READS, (letter) => LETTERS.indexOf(letter));
const targets = Uint32Array.from(TARGETS, (letter) => LETTERS.indexOf(letter));

/**
 * The engine with the smallest network that can spell: a plain RNN of three units over four
 * letters, with plain gradient descent. Forward and backward are graphs of the same model in which
 * everything can be read; an update is a step of the engine's Trainer.
 */
export class Network {
  #updates = 0;

  private constructor(
    readonly trainer: Trainer,
    private readonly programs: {
      readonly forward: Program;
      readonly backward: Program;
      readonly forgetful: Program;
    },
  ) {}

  /** Makes a network with the weights of this seed. */
  static async create(seed: number, device?: Device): Promise<Network> {
    const own = device ?? (await openDevice({ backend: 'reference', precision: 'double' }));
    const model = charModel({
      vocabulary,
      hidden: UNITS,
      biases: 'single',
      init: { kind: 'uniform', bound: 0.5 },
    });
    const trainer = await Trainer.create(model, {
      device: own,
      batch: 1,
      time: T,
      optimizer: sgd(),
      loss: 'sum',
      seed,
    });
    const prepare = async (graph: ReturnType<typeof forwardGraph>): Promise<Program> => {
      const program = await own.prepare(graph, trainer.memory, { maxSteps: 1 });
      await program.write('inputs', inputs);
      await program.write('targets', targets);
      return program;
    };
    return new Network(trainer, {
      forward: await prepare(forwardGraph(model, T)),
      backward: await prepare(backwardGraph(model, T)),
      forgetful: await prepare(forgetfulGraph(model, T)),
    });
  }

  /** Tensors that outlive a pass: `parameters`. */
  get memory(): Memory {
    return this.trainer.memory;
  }

  async forward(): Promise<Forward> {
    const { forward, forgetful } = this.programs;
    await forward.submit([{}]);
    await forgetful.submit([{}]);
    const read = async (name: string, columns: number): Promise<Matrix> =>
      rows(await forward.read(name), columns);
    const losses = [...(await forward.read(READ.losses))];
    return {
      fromLetter: await read(READ.fromLetter, UNITS),
      fromBefore: await read(READ.fromBefore, UNITS),
      states: (await read(READ.states, UNITS)).slice(1),
      scores: await read(READ.scores, LETTERS.length),
      chances: await read(READ.chances, LETTERS.length),
      losses,
      loss: losses.reduce((sum, loss) => sum + loss, 0),
      forgetful: rows(await forgetful.read(READ.forgetful), LETTERS.length),
    };
  }

  async backward(): Promise<Backward> {
    const { backward } = this.programs;
    await backward.submit([{}]);
    return {
      scores: rows(await backward.read(READ.scoreGradients), LETTERS.length),
      states: rows(await backward.read(READ.stateGradients), UNITS),
      weights: this.#named(await backward.read(READ.gradients)),
    };
  }

  /** w ← w − rate·dL/dw, by one training step over the word. */
  async update(rate: number): Promise<void> {
    const { program, config } = this.trainer;
    await program.submit([
      { inputs, targets, keep: new Float32Array(1), hyper: config.optimizer.hyper(++this.#updates, rate) },
    ]);
  }

  async weights(): Promise<Weights> {
    return this.#named(await this.memory.read('parameters'));
  }

  dispose(): void {
    for (const program of Object.values(this.programs)) program.dispose();
    this.trainer.dispose();
  }

  #named(arena: ArrayLike<number>): Weights {
    const {
      'rnn.weight_ih_l0': ih,
      'rnn.weight_hh_l0': hh,
      'rnn.bias_hh_l0': b,
      'head.weight': w,
      'head.bias': c,
    } = this.trainer.model.layout.unpack(arena);
    return {
      fromLetter: rows(ih.data, LETTERS.length),
      fromBefore: rows(hh.data, UNITS),
      stateBias: [...b.data],
      toScores: rows(w.data, UNITS),
      scoreBias: [...c.data],
    };
  }
}

function rows(values: ArrayLike<number>, columns: number): Matrix {
  return Array.from({ length: values.length / columns }, (_, row) =>
    Array.from({ length: columns }, (_, column) => values[row * columns + column]),
  );
}
