import type { Launch, VariantChoice } from './kernel.js';
import type { PlanTarget, Variants } from './op.js';

/**
 * Takes one of several variants: the target's, where it names one that is offered, else the rule's.
 * @param of what it is taken for: everything that its time depends on
 * @param rule what a planner takes by itself
 * @param others what else computes the same; may have `rule` again
 */
export function takeVariant(
  of: string,
  rule: string,
  others: readonly string[],
  { variants }: PlanTarget,
): VariantChoice {
  const offered = [...new Set([rule, ...others])];
  const wanted = variants !== undefined && Object.hasOwn(variants, of) ? variants[of] : undefined;
  return { of, taken: wanted !== undefined && offered.includes(wanted) ? wanted : rule, offered };
}

/** All choices of some launches: `{ 'product NT 50x512x128': '8x8' }`. */
export function variantsOf(launches: readonly Pick<Launch, 'choice' | 'within'>[]): Variants {
  return Object.fromEntries(
    launches.flatMap(({ choice, within }) =>
      [choice, within].flatMap((one) => (one ? [[one.of, one.taken]] : [])),
    ),
  );
}
