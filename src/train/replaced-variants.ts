import type { Variants } from '../plan/target.js';

/** A variant that a program was to use, but its device does not offer. */
export interface ReplacedVariant {
  /** What is computed, with its sizes: `product NT 50x512x128`. */
  readonly of: string;
  readonly wanted: string;
  /** The variant that the device uses instead. */
  readonly taken: string;
}

/** Receives the variants that were replaced in a program, if any were. */
export type OnVariantsReplaced = (replaced: readonly ReplacedVariant[]) => void;

/** The variants among those of a program that differ from the ones that it was to use. */
export function replacedVariants(wanted: Variants, taken: Variants): readonly ReplacedVariant[] {
  return Object.entries(taken).flatMap(([of, name]) =>
    Object.hasOwn(wanted, of) && wanted[of] !== name ? [{ of, wanted: wanted[of], taken: name }] : [],
  );
}

/**
 * One sentence for the user of a run that was resumed, about variants of its checkpoint that the
 * device replaced.
 * @param replaced as `OnVariantsReplaced` receives them: at least one
 */
export function replacedSentence(replaced: readonly ReplacedVariant[]): string {
  const [{ of, wanted, taken }] = replaced;
  const others = replaced.length - 1;
  return (
    `The run does not continue exactly: this device does not offer the kernel variant "${wanted}" of ` +
    `${of}, and uses "${taken}" instead` +
    `${others > 0 ? `. The same is true of ${others} ${others === 1 ? 'other' : 'others'}` : ''}.`
  );
}
