import { readSafetensors, writeSafetensors } from '../../src/index.js';

/**
 * Returns a checkpoint that was trained with a kernel variant that no device offers.
 * @param bytes a checkpoint of training on WebGPU
 * @param change chooses among the names of what its variants compute. Default: all
 */
export function lackingVariants(
  bytes: Uint8Array,
  change: (names: readonly string[]) => readonly string[] = (names) => names,
): Uint8Array {
  const { tensors, metadata } = readSafetensors(bytes);
  const description = JSON.parse(metadata.unrolled) as { variants: Record<string, string> };
  const names = Object.keys(description.variants);
  if (names.length < 3) throw new Error(`The checkpoint has too few variants: ${names.join(', ')}`);
  for (const name of change(names)) description.variants[name] = 'of another kind';
  return writeSafetensors(tensors, { ...metadata, unrolled: JSON.stringify(description) });
}

/** The warning about one variant, and about some. */
export const LACKING =
  /The run does not continue exactly: this device does not offer the kernel variant "of another kind" of (.+), and uses ".+" instead\./;
export const LACKING_SOME = new RegExp(
  `${LACKING.source.replace(/\\\.$/, '')}\\. The same is true of \\d+ others\\.`,
);
