import type { PlaceState } from './shape.js';

type Values = Readonly<Record<string, number>>;

/** A gate on a line of the cell. */
export interface Valve {
  /** Its label: `f`, `1 − z`. */
  readonly label: string;
  /** The saved gate whose units are drawn; undefined if they are drawn elsewhere. */
  readonly gate: string | undefined;
  /** Returns how far it is open for one unit, 0 to 1. */
  readonly opening: (values: Values) => number;
}

/** How the state of a gated cell is computed: belt = keep · previous belt + enter · candidate. */
export interface Wiring {
  /** The state on the belt. */
  readonly belt: 'c' | 'h';
  readonly keep: Valve;
  readonly enter: Valve;
  /** Saved name and sign of the candidate. */
  readonly candidate: { readonly name: string; readonly label: string };
  /** The output gate: h = out · tanh(belt). */
  readonly out?: Valve;
  /** The gate between the previous state and the candidate. */
  readonly reset?: Valve;
}

const gate = (name: string): Valve => ({ label: name, gate: name, opening: (values) => values[name] });

/**
 * Returns the wiring of a cell, which is recognized by the names of its activations; undefined for
 * a plain RNN.
 */
export function wiringOf(activations: PlaceState['activations']): Wiring | undefined {
  const has = (name: string): boolean => name in activations;
  if (has('c'))
    return {
      belt: 'c',
      keep: gate('f'),
      enter: gate('i'),
      candidate: { name: 'g', label: 'g' },
      out: gate('o'),
    };
  if (has('n'))
    return {
      belt: 'h',
      keep: gate('z'),
      enter: { label: '1 − z', gate: undefined, opening: ({ z }) => 1 - z },
      candidate: { name: 'n', label: 'n' },
      reset: gate('r'),
    };
  const candidate = { name: 'candidate', label: 'h̃' };
  if (has('z'))
    return {
      belt: 'h',
      keep: { label: '1 − z', gate: undefined, opening: ({ z }) => 1 - z },
      enter: gate('z'),
      candidate,
    };
  if (has('f'))
    return {
      belt: 'h',
      keep: { label: 'f/(f+i)', gate: 'f', opening: ({ f, i }) => f / (f + i) },
      enter: { label: 'i/(f+i)', gate: 'i', opening: ({ f, i }) => i / (f + i) },
      candidate,
    };
  return undefined;
}

/** Returns the numbers of one unit. */
export function valuesOf(activations: PlaceState['activations'], unit: number): Values {
  return Object.fromEntries(Object.entries(activations).map(([name, values]) => [name, values[unit]]));
}
