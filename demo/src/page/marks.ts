import { create } from './dom.js';
import { workbench } from '../training/workbench-words.js';

/** A text that a person typed, with the characters marked that the network has never seen. */
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

/** The different characters of a text that are not in the alphabet. */
export function unseenIn(text: string, alphabet: ReadonlySet<string>): string[] {
  return [...new Set(text)].filter((character) => !alphabet.has(character));
}
