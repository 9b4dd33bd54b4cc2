import { CELLS, FACTS, hasRecurrentWeights, type CellKind } from '../cells/facts.js';
import type { ParameterSpec } from './named-arrays.js';

/** Names of a state_dict, and their shapes; a shape is undefined where the array has none. */
export interface WeightShapes {
  readonly names: readonly string[];
  readonly shapeOf: (name: string) => readonly number[] | undefined;
}

/** A cell that fits some weights, and the parameter whose shape shows it. */
interface Evidence {
  readonly cell: CellKind;
  readonly name: string;
  readonly H: number;
}

/**
 * The first cell whose weight_ih [G*H,C] has `rows` rows; undefined if there is none.
 * @param rows G*H
 * @param hidden H
 * @param recurrent whether there is a weight_hh
 */
export function cellOfRows(rows: number, hidden: number, recurrent: boolean): CellKind | undefined {
  return CELLS.find(
    (cell) => hasRecurrentWeights(cell) === recurrent && FACTS[cell].gates.length * hidden === rows,
  );
}

/**
 * Explains a mismatch: the weights belong to another kind of cell than the model's.
 * @param written gives a parameter's shape in letters and numbers
 * @returns the explanation; undefined where the cells agree or cannot be told
 */
export function describeOtherCell(
  specs: readonly ParameterSpec[],
  weights: WeightShapes,
  written: (spec: ParameterSpec) => string,
): string | undefined {
  for (const spec of specs) {
    const model =
      spec.gates && isInputWeight(spec.name)
        ? CELLS.find((cell) => FACTS[cell].gates.join() === spec.gates?.join())
        : undefined;
    const given = model && cellOf(spec, weights);
    if (!given) continue;
    const [G, modelG] = [given.cell, model].map((cell) => FACTS[cell].gates.length);
    const [recurrent, modelRecurrent] = [given.cell, model].map(hasRecurrentWeights);
    // Nothing tells the weights of two such cells apart.
    if (G === modelG && recurrent === modelRecurrent) continue;
    const is = recurrent
      ? `is ${FACTS[given.cell].noun}'s: G = ${G}`
      : `without weight_hh fits ${FACTS[given.cell].noun}: G = ${G}, H = ${given.H}`;
    const own =
      specs.find(({ name }) => name === (modelRecurrent ? recurrentName(spec.name) : spec.name)) ?? spec;
    const has =
      own.name === given.name
        ? written(own)
        : modelRecurrent
          ? `which has ${own.name} ${written(own)}`
          : 'which has no weight_hh';
    return (
      `${given.name} [${weights.shapeOf(given.name)?.join(',')}] ${is}, where the model is ` +
      `${FACTS[model].noun} with G = ${modelG}, ${has}`
    );
  }
  return undefined;
}

/**
 * The cell whose weights fit in the place of `spec`, a weight_ih. weight_hh [G*H,H] determines G. A
 * cell without recurrent weights has weight_ih [G*H,C] alone, so H is taken from other tensors, or
 * else from the model.
 */
function cellOf(
  { name, shape, gates }: ParameterSpec,
  { names, shapeOf }: WeightShapes,
): Evidence | undefined {
  const recurrent = names.some((other) => /(?:^|\.)(?:weight|bias)_hh_l\d/.test(other));
  const telling = recurrent ? recurrentName(name) : name;
  const given = shapeOf(telling);
  if (given?.length !== 2) return undefined;
  const widths = recurrent ? [given[1]] : [...widthsOf(name, shapeOf), shape[0] / (gates?.length ?? 1)];
  for (const H of widths) {
    const cell = cellOfRows(given[0], H, recurrent);
    if (cell) return { cell, name: telling, H };
  }
  return undefined;
}

/**
 * Widths that may be H: the length of a learned state, and the width of tensors that read the
 * layer's outputs, divided by 1, 2 or 4, since outputs are H, D*H or, in pyramidal stacks, up to
 * 2D*H wide. For given rows G*H with G = 2 or 3, at most one of these quotients fits.
 */
function widthsOf(name: string, shapeOf: WeightShapes['shapeOf']): number[] {
  const prefix = name.slice(0, name.indexOf('weight_ih'));
  const readers = [shapeOf('head.weight')?.[1], shapeOf(`${prefix}weight_ih_l1`)?.[1]].filter(
    (width) => width !== undefined,
  );
  return [...(shapeOf(`${prefix}h0_l0`) ?? []), ...readers.flatMap((width) => [width, width / 2, width / 4])];
}

function isInputWeight(name: string): boolean {
  return /(?:^|\.)weight_ih_l\d/.test(name);
}

function recurrentName(inputName: string): string {
  return inputName.replace('weight_ih', 'weight_hh');
}
