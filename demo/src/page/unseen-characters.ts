import { create } from './dom.js';
import { workbench } from '../training/workbench-words.js';

/** Returns a typed text with those characters marked that the network has never seen. */
export function markUnseen(text: string, alphabet: ReadonlySet<string>): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let known = '';
  for (const character of text) {
    if (alphabet.has(character)) {
      known += character;
      continue;
    }
    const mark = create('mark', 'unseen', character);
    mark.title = workbench.samples.unseenMark;
    parts.push(known, mark);
    known = '';
  }
  return [...parts, known].filter((part) => part !== '');
}

/** Returns the distinct characters of a text that are not in the alphabet. */
export function unseenIn(text: string, alphabet: ReadonlySet<string>): string[] {
  return [...new Set(text)].filter((character) => !alphabet.has(character));
}
