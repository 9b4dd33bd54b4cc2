import { compileLoaded, loadChainPlanner, type Plan } from '../../src/plan/compile.js';
import type { Graph } from '../../src/plan/graph.js';
import { inHalfPrecision } from '../../src/plan/half.js';
import type { VariantChoice } from '../../src/plan/kernel.js';
import type { PlanTarget, Variants } from '../../src/plan/target.js';
import { allOps } from './ops.js';

export const DISCRETE: PlanTarget = { kind: 'discrete', parallelism: 16384 };

export const PHASES = ['forward', 'backward'] as const;
export type Phase = (typeof PHASES)[number];

const inHalves = inHalfPrecision(allOps, 'emulated');
const [planner, halfPlanner] = await Promise.all([loadChainPlanner(allOps), loadChainPlanner(inHalves)]);

/** Plans a graph, with chains. */
export function planWith(graph: Graph, target: PlanTarget, variants: Variants = {}): Plan {
  return graph.precision
    ? compileLoaded(graph, inHalves, { ...target, variants }, halfPlanner)
    : compileLoaded(graph, allOps, { ...target, variants }, planner);
}

/** The choices that a plan has for all layers of a stack together. */
export function stacksOf(graph: Graph, target: PlanTarget): VariantChoice[] {
  const choices = planWith(graph, target).launches.flatMap(({ within }) => within ?? []);
  return [...new Map(choices.map((choice) => [choice.of, choice])).values()];
}

/** The plan that takes every diagonal of some phases. */
export function diagonalPlan(graph: Graph, target: PlanTarget, phases: readonly Phase[] = PHASES): Plan {
  const chosen = stacksOf(graph, target).filter(({ of }) => phases.some((phase) => of.includes(phase)));
  return planWith(graph, target, Object.fromEntries(chosen.map(({ of, offered }) => [of, offered[1]])));
}

/** The launches of diagonals in one phase. */
export const diagonalsOf = ({ launches }: Plan, phase: Phase): Plan['launches'] =>
  launches.filter(({ kernel }) => kernel.name.endsWith(`${phase}_diagonal`));
