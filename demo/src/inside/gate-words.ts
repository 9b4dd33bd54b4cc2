import { wordsOf } from '../words/parts.js';

const [{ gates: names }, { gates: sentences }] = await Promise.all([wordsOf('drawing'), wordsOf('inside')]);

/** What activations are called. */
export const GATE_NAMES = names;

/** Their order in rows. */
export const GATE_ORDER = ['f', 'i', 'g', 'o', 'r', 'z', 'n', 'candidate', 'c', 'h'] as const;

/** The activations between 0 and 1; all others have a sign. */
export const GATES: readonly string[] = ['f', 'i', 'o', 'r', 'z'];

/** Describes the gates of a cell, which is recognized by the names of its activations. */
export function gatesSentence(activations: Readonly<Record<string, unknown>>): string {
  const has = (name: string): boolean => name in activations;
  if (has('c')) return sentences.lstm;
  if (has('n')) return sentences.gru;
  if (!has('candidate')) return '';
  if (has('z')) return sentences.mingru;
  return has('f') && has('i') ? sentences.minlstm : '';
}
