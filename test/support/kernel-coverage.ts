import { assembleShader } from '../../src/gpu/shader.js';
import { compileLoaded, type PlannedLaunch } from '../../src/plan/compile.js';
import { kernelId, pipelineKey } from '../../src/plan/kernel.js';
import type { LoadedOp, LoadedOps } from '../../src/plan/op.js';
import type { OpCase } from '../../src/plan/op-case.js';
import type { PlanTarget } from '../../src/plan/target.js';
import { buildOpGraph } from '../../src/verify/op-graph.js';
import { formsOf } from '../../src/verify/suite.js';

/** The kinds of adapter for which plans differ. */
export const TARGETS = {
  gpu: { parallelism: 16384 },
  software: { parallelism: 64 },
  quads: { parallelism: 64, quads: true },
} as const satisfies Record<string, PlanTarget>;

export type TargetName = keyof typeof TARGETS;

/** A case of an op in one of its forms, planned for a kind of adapter. */
export interface PlannedCase {
  readonly op: LoadedOp;
  readonly opCase: OpCase;
  readonly accumulate: boolean;
  readonly target: TargetName;
}

/**
 * The hand-written part of a kernel: its text with the flags of a launch resolved, without sizes.
 * Two launches of the same variant differ only in numbers.
 */
export class Variants {
  /** Texts by pipeline, shared by all collections: they are assembled once. */
  static readonly #known = new Map<string, string>();

  of(launches: readonly PlannedLaunch[]): Set<string> {
    return new Set(launches.map((launch) => this.#variant(launch)));
  }

  #variant(launch: PlannedLaunch): string {
    const key = pipelineKey(launch, launch.bound);
    let variant = Variants.#known.get(key);
    if (variant === undefined) {
      const text = assembleShader(launch, launch.bound)
        .replace(/^const \w+ = .*;$/gm, '')
        .replace(/array<([\w<>]+), \d+>/g, 'array<$1>');
      Variants.#known.set(key, (variant = `${kernelId(launch.kernel)}\n${text}`));
    }
    return variant;
  }
}

/** Launches by case and form: tests ask for those of all cases several times. */
const compiled = new WeakMap<OpCase, Map<string, readonly PlannedLaunch[]>>();

/**
 * Returns the launches of a case. Each is compiled once, so `ops` must always have the same
 * implementations.
 */
export function launchesOf(
  { op, opCase, accumulate, target }: PlannedCase,
  ops: LoadedOps,
): readonly PlannedLaunch[] {
  const forms = compiled.get(opCase) ?? new Map<string, readonly PlannedLaunch[]>();
  compiled.set(opCase, forms);
  // Ops share lists of cases, such as those of recurrent layers.
  const form = `${op.name} ${target} ${accumulate}`;
  let launches = forms.get(form);
  if (!launches) {
    const { graph } = buildOpGraph(op, opCase, {
      backward: op.backward === true,
      accumulate,
      data: false,
    });
    launches = compileLoaded(graph, ops, TARGETS[target]).launches;
    forms.set(form, launches);
  }
  return launches;
}

/** Returns every case in every form for every kind of adapter, large ones included. */
export function allCases(ops: LoadedOps): PlannedCase[] {
  return Object.values(ops).flatMap((op) =>
    op.cases.flatMap((opCase) =>
      formsOf(op, opCase, true).flatMap((accumulate) =>
        (Object.keys(TARGETS) as TargetName[]).map((target) => ({ op, opCase, accumulate, target })),
      ),
    ),
  );
}

/** Returns the cases that the generated tests run on the current adapter. */
export function casesAtHand(ops: LoadedOps, atHand: TargetName): PlannedCase[] {
  return allCases(ops).filter(
    ({ op, opCase, accumulate, target }) =>
      target === atHand && !opCase.thorough && formsOf(op, opCase).includes(accumulate),
  );
}

/**
 * Returns the additional cases needed so that every variant reachable on any of the `kinds` runs at
 * least once:
 * - planned for the other kinds, every size with a pipeline that neither the current adapter nor a
 *   case chosen before runs, in one form
 * - minor combinations and other forms with a variant that has not run yet
 */
export function casesForOtherKinds(
  ops: LoadedOps,
  atHand: TargetName,
  kinds: readonly TargetName[],
): PlannedCase[] {
  const variants = new Variants();
  const pipelines = new Set<string>();
  const covered = new Set<string>();
  const cover = (launches: readonly PlannedLaunch[]): void => {
    for (const variant of variants.of(launches)) covered.add(variant);
  };
  for (const planned of casesAtHand(ops, atHand)) {
    const launches = launchesOf(planned, ops);
    for (const launch of launches) pipelines.add(pipelineKey(launch, launch.bound));
    cover(launches);
  }
  const chosen: PlannedCase[] = [];
  const others: { planned: PlannedCase; launches: readonly PlannedLaunch[] }[] = [];
  for (const planned of allCases(ops)) {
    const { op, opCase, accumulate, target } = planned;
    if (opCase.thorough || !kinds.includes(target)) continue;
    const launches = launchesOf(planned, ops);
    const size = target !== atHand && !opCase.minor && formsOf(op, opCase)[0] === accumulate;
    if (size && launches.some((launch) => !pipelines.has(pipelineKey(launch, launch.bound)))) {
      chosen.push(planned);
      for (const launch of launches) pipelines.add(pipelineKey(launch, launch.bound));
      cover(launches);
    } else others.push({ planned, launches });
  }
  for (const { planned, launches } of others) {
    if ([...variants.of(launches)].every((variant) => covered.has(variant))) continue;
    chosen.push(planned);
    cover(launches);
  }
  return chosen;
}
