import { wordsOf } from '../words/parts.js';
import * as english from './names.js';

/** The texts of training and workbench, in the language of the page. */
export const workbench = await wordsOf('workbench');

/** Returns the name of a text in the menu, in the language of the page. */
export function textName(name: string): string {
  return workbench.texts[name] ?? english.textName(name);
}

/** Returns the name of a recipe in the menu. */
export function presetName(name: string): string {
  return workbench.presets[name] ?? english.presetName(name);
}

/** Returns the name of an optimizer in the menu. */
export function optimizerName(name: string): string {
  return workbench.optimizers[name] ?? english.optimizerName(name);
}
