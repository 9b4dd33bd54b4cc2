import type { CellPlace, PlaceState, Strip } from './shape.js';

/** A cell with the states before it. */
export interface CellMoment {
  readonly after: PlaceState;
  /** Undefined if they are not known. */
  readonly before: PlaceState['activations'] | undefined;
  /** Number of symbols that this step covers: more than one above the lowest layer of a pyramid. */
  readonly span: number;
}

/** Returns the states of a cell; undefined if they are not known. */
export function momentOf(strip: Strip, { layer, direction, step }: CellPlace): CellMoment | undefined {
  const states = strip.states.at(layer)?.[direction] ?? [];
  const after = states.at(step);
  if (!after) return undefined;
  const from = direction === 0 ? step - 1 : step + 1;
  const isFirst = from < 0 || from >= states.length;
  const zero = (): PlaceState['activations'] =>
    Object.fromEntries(
      Object.entries(after.activations).map(([name, { length }]) => [name, new Float32Array(length)]),
    );
  const atStart =
    strip.before?.[layer]?.[direction] ?? ((strip.first ?? 1) <= 1 || direction === 1 ? zero() : undefined);
  return {
    after,
    before: isFirst ? atStart : states[from].activations,
    span: Math.max(1, Math.round(strip.steps.length / states.length)),
  };
}
