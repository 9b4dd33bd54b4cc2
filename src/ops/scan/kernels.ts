import activations from '../../../shaders/lib/activations.wgsl?raw';
import dropout from '../../../shaders/lib/dropout.wgsl?raw';
import index from '../../../shaders/lib/index.wgsl?raw';
import random from '../../../shaders/lib/random.wgsl?raw';
import value from '../../../shaders/lib/value.wgsl?raw';
import initial from '../../../shaders/recurrent/initial.wgsl?raw';
import window from '../../../shaders/recurrent/window.wgsl?raw';
import backwardInitialSource from '../../../shaders/scan/backward_initial.wgsl?raw';
import backwardSource from '../../../shaders/scan/backward.wgsl?raw';
import forwardSource from '../../../shaders/scan/forward.wgsl?raw';
import parallelSource from '../../../shaders/scan/parallel.wgsl?raw';
import serialSource from '../../../shaders/scan/serial.wgsl?raw';
import values from '../../../shaders/scan/values.wgsl?raw';
import type { Binding, Kernel } from '../../plan/kernel.js';
import { windowBindings } from '../recurrent/kernels.js';

/**
 * How a kernel goes through a window: from step to step, with one invocation for each value of a
 * state, or in chunks, with several invocations for each value.
 */
export const SCAN_BODIES = ['serial', 'parallel'] as const;
export type ScanBody = (typeof SCAN_BODIES)[number];

/** Units that an invocation reads at a time: four where H is a multiple of four. */
export type ScanWidth = 1 | 4;

/** Builds a kernel in one of its forms. */
export type ScanKernel = (body: ScanBody, width: ScanWidth) => Kernel;

/** The kernels of a cell whose gates do not depend on the state. */
export interface ScanKernels {
  /** G, blocks of H units in a row of `projected`. */
  readonly gates: number;
  readonly forward: ScanKernel;
  readonly backward: ScanKernel;
  /** Gradients of the initial state, from dh and the gates of each row's first step. */
  readonly backwardInitial: Kernel;
}

type Accesses = Readonly<Record<string, Binding['access']>>;

const FORWARD: Accesses = {
  projected: 'read',
  h: 'read_write',
  gates: 'read_write',
  y: 'read_write',
  hn: 'read_write',
};
const BACKWARD: Accesses = {
  gates: 'read',
  h: 'read',
  dy: 'read',
  dhn: 'read',
  dprojected: 'read_write',
  dh: 'read_write',
};
const INITIAL: Accesses = {
  gates: 'read',
  dh: 'read',
  keep: 'read',
  dh0: 'read_write',
  dh0_learned: 'read_write',
};

/**
 * Builds a cell's kernels around the source of its gates. The cell's name is part of their form.
 *
 *   struct Gates;  fn share_of(g), fresh_of(g) -> Value
 *     h_t = share·h_{t−1} + fresh
 *   fn open_gates(at), saved_gates(at) -> Gates
 *     from `projected`, from `gates`; `at` is the place of the first gate
 *   fn save_gates(at, g), save_gradients(at, g, before, gradient)
 */
export function scanKernels(cell: string, gates: number, gatesSource: string): ScanKernels {
  const bodies: Readonly<Record<ScanBody, string>> = { serial: serialSource, parallel: parallelSource };
  const kernel = (
    name: string,
    form: string,
    accesses: Accesses,
    width: ScanWidth,
    sources: readonly string[],
  ): Kernel => ({
    name: `scan/${name}`,
    form: `${cell}${form}`,
    sources: [
      index,
      value,
      activations,
      random,
      `#if HAS_KEY\n${dropout}\n#endif`,
      window,
      values,
      gatesSource,
      ...sources,
    ],
    bindings: { ...bindingsOf(accesses, width), ...windowBindings },
  });
  const forms =
    (name: string, accesses: Accesses, source: string): ScanKernel =>
    (body, width) =>
      kernel(name, ` ${body}${width === 4 ? ' vec4' : ''}`, accesses, width, [source, bodies[body]]);
  return {
    gates,
    forward: forms('forward', FORWARD, forwardSource),
    backward: forms('backward', BACKWARD, backwardSource),
    backwardInitial: kernel('backward_initial', '', INITIAL, 1, [backwardInitialSource, initial]),
  };
}

function bindingsOf(accesses: Accesses, width: ScanWidth): Record<string, Binding> {
  return Object.fromEntries(
    Object.entries(accesses).map(([name, access]) => [
      name,
      { access, type: width === 4 ? 'vec4<f32>' : 'f32' },
    ]),
  );
}
