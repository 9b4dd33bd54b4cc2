import { byId, create } from '../page/dom.js';
import { count, figure } from '../page/format.js';
import type { Read, Reply } from './view.js';
import { words } from './words.js';

/** Most characters of an input that are shown. */
const MOST = 120;

/** The list of examples with wrong answers. */
export class WrongList {
  readonly #list = byId('wrong-list', HTMLUListElement);
  readonly #note = byId('wrong-note', HTMLElement);

  clear(): void {
    this.#note.textContent = words.notTried;
    this.#list.replaceChildren();
  }

  show(wrong: readonly Reply[], share: number, tried: number): void {
    const known = Math.max(wrong.length, Math.round((1 - share) * tried));
    this.#note.textContent =
      wrong.length === 0 ? words.nothingWrong : words.wrongOf(count(known), count(tried));
    this.#list.replaceChildren(...wrong.map(itemOf));
  }
}

function itemOf(reply: Reply): HTMLElement {
  const item = create('li');
  const said = create('span', 'said');
  const { read, wanted, tags, wantedTags, value } = reply;
  const text = value === undefined ? reply.text : figure(value);
  const asked = textOfRead(read);
  if (asked !== '') item.append(create('bdi', 'asked', asked.slice(0, MOST)), ' → ');
  if (tags && wantedTags) said.append(...wrongTags(tags, wantedTags));
  else said.append(create('bdi', 'wrong', text === '' ? words.noAnswer : text.slice(0, MOST)));
  item.append(said);
  if (wanted !== undefined && !tags)
    item.append(`; ${words.wanted} `, create('bdi', 'wanted', wanted.slice(0, MOST)));
  return item;
}

/** Returns the tags in order, the wrong ones followed by the right ones. */
function wrongTags(tags: readonly string[], wanted: readonly (string | null)[]): (Node | string)[] {
  return tags.flatMap((tag, i) => {
    const right = wanted[i];
    if (right === null || right === tag) return [`${tag} `];
    return [create('bdi', 'wrong', tag), ' (', create('bdi', 'wanted', right), ') '];
  });
}

/** Returns an input in one line; empty for what is not a text. */
export function textOfRead(read: Read): string {
  switch (read.kind) {
    case 'text':
      return read.text;
    case 'tokens':
      return read.tokens.join(' ');
    case 'class':
      return read.name;
    case 'picture':
    case 'film':
    case 'series':
    case 'sound':
      return '';
  }
}
