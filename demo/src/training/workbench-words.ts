import { wordsOf } from '../words/parts.js';
import * as english from './names.js';

/** What the training and the workbench say, in the language of the page. */
export const workbench = await wordsOf('workbench');

/** A text of the menu, in the language of the page. */
export function textName(name: string): string {
  return workbench.texts[name] ?? english.textName(name);
}

/** A recipe of the menu. */
export function presetName(name: string): string {
  return workbench.presets[name] ?? english.presetName(name);
}

/** An optimizer of the menu. */
export function optimizerName(name: string): string {
  return workbench.optimizers[name] ?? english.optimizerName(name);
}
