import { statesBefore, stepsOfSaved } from '../layers/trace.js';
import type { Feeds, Program } from '../plan/device.js';
import { cellStateGradients } from './cell-gradients.js';
import type { Activations } from './inspector.js';
import type { RecurrentCall } from './recurrent-calls.js';

/** Activations and gradients of one recurrent layer in one direction for a batch. */
export interface LayerInspection {
  /** Name of the module, as in the parameters' names: `rnn`, `encoder`, `decoder`. */
  readonly module: string;
  /** Number of the layer; layer 0 reads the input. */
  readonly layer: number;
  readonly direction: 'forward' | 'reverse';
  /**
   * Number of steps: T, or S of a source; fewer in upper layers of a pyramidal stack; one more for
   * a captioner, which reads the image first.
   */
  readonly steps: number;
  /** H: hidden units. */
  readonly hidden: number;
  /**
   * States and gates by name (of an LSTM i, f, g, o, h, c), each [steps,N,H]. States are those
   * after the step. Padded steps are zero.
   */
  readonly activations: Activations;
  /**
   * For the forward direction: states before the first step by name, each [N,H]. They are zero
   * unless the model sets them, such as a decoder from its source.
   */
  readonly before: Activations | undefined;
  /**
   * Gradients of the batch's mean loss with respect to the states after each step, by state (`h`,
   * and `c` of an LSTM), each [steps,N,H]. Undefined for a batch without targets.
   */
  readonly gradients: Activations | undefined;
}

/** Reads the tensors that a call saved, and the gradients of its states. */
export async function readCall(
  program: Program,
  call: RecurrentCall,
  feeds: Feeds,
): Promise<LayerInspection> {
  const { module, layer, reverse, cell, T, N, H } = call;
  const read = async (name: string): Promise<Float32Array> => (await program.read(name)) as Float32Array;
  const saved: Record<string, Float32Array> = {};
  for (const [key, name] of Object.entries(call.saved)) saved[key] = await read(name);
  const lengths =
    call.lengths === undefined ? undefined : (feeds[call.lengths] ?? (await program.read(call.lengths)));
  const stepsOfRow = (n: number): number => (lengths ? lengths[n] : T);
  const activations = stepsOfSaved(cell, saved, call, reverse, stepsOfRow);
  const dh = call.dh === undefined ? undefined : await read(call.dh);
  const dcn = call.dcn === undefined ? undefined : await read(call.dcn);
  return {
    module,
    layer,
    direction: reverse ? 'reverse' : 'forward',
    steps: T,
    hidden: H,
    activations,
    before: reverse ? undefined : statesBefore(cell, saved, call),
    gradients:
      dh &&
      (activations.c
        ? { h: dh, c: cellStateGradients({ ...activations, dh, dcn }, { T, N, H }, reverse, stepsOfRow) }
        : { h: dh }),
  };
}

/** Joins several calls of one layer in one direction, such as the single steps of a decoder. */
export function joinCalls(calls: readonly LayerInspection[]): LayerInspection[] {
  const groups = new Map<string, LayerInspection[]>();
  for (const call of calls) {
    const key = `${call.module} ${call.layer} ${call.direction}`;
    groups.set(key, [...(groups.get(key) ?? []), call]);
  }
  return [...groups.values()].map((parts) => {
    const [first] = parts;
    if (parts.length === 1) return first;
    const joined = (of: (part: LayerInspection) => Activations): Activations =>
      Object.fromEntries(
        Object.keys(of(first)).map((name) => [name, join(parts.map((part) => of(part)[name]))]),
      );
    return {
      ...first,
      steps: parts.reduce((sum, { steps }) => sum + steps, 0),
      activations: joined(({ activations }) => activations),
      gradients: first.gradients && joined(({ gradients }) => gradients ?? {}),
    };
  });
}

function join(parts: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
