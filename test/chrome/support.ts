import { execFileSync } from 'node:child_process';
import { GraphBuilder, type Graph } from '../../src/plan/graph.js';
import { ops } from '../../src/ops/index.js';
import { root } from '../build/run.js';
import { PATIENCE } from '../support/patience.js';

/** Builds dist/ if it is older than the sources: the page is served from there. */
export function buildDist(): void {
  execFileSync(process.execPath, ['scripts/setup.mjs'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

/**
 * Adds the feed x [E] to the memory `total`, and reports the total. The reports show in which order
 * steps ran.
 */
export function runningTotal(E: number): Graph {
  const builder = new GraphBuilder();
  const x = builder.tensor('feed', 'x', [E]);
  const total = builder.tensor('memory', 'total', [E]);
  const zero = builder.tensor('memory', 'zero', [E]);
  builder.apply(ops.add_into, 'accumulate', { x, sum: total });
  builder.apply(ops.add, 'copy', { a: total, b: zero, y: builder.tensor('report', 'report', [E]) });
  return builder.graph;
}

/** Whether a process of this group exists. */
export function groupIsAlive(group: number): boolean {
  try {
    process.kill(-group, 0);
    return true;
  } catch {
    return false;
  }
}

/** Waits until `condition` is true. @throws after PATIENCE */
export async function until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (const began = performance.now(); performance.now() - began < PATIENCE;) {
    if (await condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`Waited in vain for: ${what}.`);
}
