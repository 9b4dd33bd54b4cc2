import { ops } from '../../src/ops/index.js';
import { loadOps, type LoadedOp, type OpImplementation } from '../../src/plan/op.js';

/** All ops with their implementations, which graphs and programs load as they need them. */
export const allOps = await loadOps(ops);

/** An op whose name comes from a list. */
export function loadedOp(name: string): LoadedOp {
  const found = Object.entries(allOps).find(([key]) => key === name);
  if (!found) throw new Error(`There is no op "${name}".`);
  return found[1];
}

/** An op of a test's own, whose implementation is at hand. */
export function opWith(op: Omit<LoadedOp, 'load'>): LoadedOp {
  return { ...op, load: () => Promise.resolve(op) };
}

/** An op that is computed otherwise. */
export function changedOp(op: LoadedOp, changes: Partial<OpImplementation>): LoadedOp {
  return opWith({ ...op, ...changes });
}
