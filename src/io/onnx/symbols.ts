import type { ShapedArray } from '../gate-blocks.js';
import type { OnnxGraph } from './graph.js';

/**
 * Adds the vectors of ids: rows of the table, or one-hot vectors without a table. An id of V or
 * more, which is unknown or padding, has the zero vector.
 * @param ids name of int64 values [..]
 * @param table [V,C]
 * @param result name of the vectors [..,C], or [..,V] without a table
 */
export function addSymbolVectors(
  graph: OnnxGraph,
  ids: string,
  V: number,
  table: ShapedArray | undefined,
  result: string,
): string {
  if (!table) {
    const depth = graph.constant(`${result}.depth`, [1], [V], 'int64');
    return graph.node('OneHot', [ids, depth, graph.constant('off.on', [2], [0, 1])], [result], { axis: -1 });
  }
  const [, C] = table.shape;
  // Another row of zeros after the last one is the vector of unknown symbols.
  const rows = new Float32Array((V + 1) * C);
  rows.set(Array.from(table.data));
  const last = graph.constant(`${result}.unknown`, [], [V], 'int64');
  const known = graph.node('Min', [ids, last], [`${result}.ids`]);
  return graph.node('Gather', [graph.constant(`${result}.table`, [V + 1, C], rows), known], [result]);
}
