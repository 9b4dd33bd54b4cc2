import type { Launch, VariantChoice } from './kernel.js';
import type { PlanTarget, Variants } from './target.js';

/**
 * Chooses a variant: the one that the target names, if it is offered, else the planner's own.
 * @param name what is computed, with everything that its time depends on but the precision
 * @param rule the planner's own choice
 * @param others the other variants that compute the same; may contain `rule`
 */
export function takeVariant(
  name: string,
  rule: string,
  others: readonly string[],
  { variants, half }: PlanTarget,
): VariantChoice {
  const of = half ? `${half.name} ${name}` : name;
  const offered = [...new Set([rule, ...others])];
  const wanted = variants !== undefined && Object.hasOwn(variants, of) ? variants[of] : undefined;
  return { of, taken: wanted !== undefined && offered.includes(wanted) ? wanted : rule, offered };
}

/** The variants that were chosen in some launches: `{ 'product NT 50x512x128': '8x8' }`. */
export function variantsOf(launches: readonly Pick<Launch, 'choice' | 'within'>[]): Variants {
  return Object.fromEntries(
    launches.flatMap(({ choice, within }) =>
      [choice, within].flatMap((one) => (one ? [[one.of, one.taken]] : [])),
    ),
  );
}
