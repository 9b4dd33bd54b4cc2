import type { PlaceState } from './shape.js';

type Values = Readonly<Record<string, number>>;

/** A gate on a line of the cell. */
export interface Valve {
  /** What stands beside it: `f`, `1 − z`. */
  readonly label: string;
  /** The saved gate that it is made of, whose units are drawn; undefined where it is drawn already. */
  readonly gate: string | undefined;
  /** How far it is open for one unit, 0 to 1. */
  readonly opening: (values: Values) => number;
}

/** How the state of a gated cell comes about: belt = keep · belt before + enter · candidate. */
export interface Wiring {
  /** The state that runs straight through. */
  readonly belt: 'c' | 'h';
  readonly keep: Valve;
  readonly enter: Valve;
  /** Saved name and sign of the candidate. */
  readonly candidate: { readonly name: string; readonly label: string };
  /** What shows the belt: h = out · tanh(belt). */
  readonly out?: Valve;
  /** What the candidate sees of the state before. */
  readonly reset?: Valve;
}

const gate = (name: string): Valve => ({ label: name, gate: name, opening: (values) => values[name] });

/** The wiring of a cell with these activations, whose names tell which one it is; a plain RNN has none. */
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

/** The numbers of one unit. */
export function valuesOf(activations: PlaceState['activations'], unit: number): Values {
  return Object.fromEntries(Object.entries(activations).map(([name, values]) => [name, values[unit]]));
}
