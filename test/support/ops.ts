import { ops } from '../../src/ops/index.js';
import { loadOps, type LoadedOp, type OpImplementation } from '../../src/plan/op.js';

/** All ops with their implementations. */
export const allOps = await loadOps(ops);

/** Returns the op with this name. */
export function loadedOp(name: string): LoadedOp {
  const found = Object.entries(allOps).find(([key]) => key === name);
  if (!found) throw new Error(`There is no op "${name}".`);
  return found[1];
}

/** Makes an op of a test, whose implementation is already loaded. */
export function opWith(op: Omit<LoadedOp, 'load'>): LoadedOp {
  return { ...op, load: () => Promise.resolve(op) };
}

/** Returns an op with another implementation. */
export function changedOp(op: LoadedOp, changes: Partial<OpImplementation>): LoadedOp {
  return opWith({ ...op, ...changes });
}
