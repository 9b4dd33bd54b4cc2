import { wordsOf } from '../words/parts.js';

/** All texts of the page of the benchmark. */
export const words = await wordsOf('bench');

/** A title, a column or a cell of the engine's tables. */
export function cellText(text: string): string {
  return words.cells[text] ?? text;
}
