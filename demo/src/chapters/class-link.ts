import { create } from '../page/dom.js';
import { withOption } from '../page/url.js';
import type { First } from '../words/en/first.js';

/**
 * Returns the address of one chapter alone, with configuration and seed, so that all pupils see the
 * same.
 */
export function classAddress(
  { origin, pathname, search, hash }: Pick<Location, 'origin' | 'pathname' | 'search' | 'hash'>,
  chapter: number,
  seed: string,
): string {
  const options = Object.entries({ controls: 'none', chapter: String(chapter), seed }).reduce(
    (all, [name, value]) => withOption(all, name, value),
    withOption(search, 'autostart', '1'),
  );
  // The settings of the comparison stand in its anchor.
  return `${origin}${pathname}${options}${hash.startsWith('#compare?') ? hash : ''}`;
}

/** Replaces the button of a chapter by the link that a teacher can give to a class. */
export function giveClassLink(
  button: HTMLButtonElement,
  chapter: number,
  seed: string,
  words: First['classes'],
): void {
  button.replaceWith(linkRow(classAddress(location, chapter, seed), words));
}

function linkRow(address: string, { about, copied, copy, label }: First['classes']): HTMLElement {
  const row = create('div', 'class-row');
  const field = create('input', 'class-address');
  field.readOnly = true;
  field.value = address;
  field.setAttribute('aria-label', label);
  const done = create('p', 'hint', about);
  done.setAttribute('role', 'status');
  const button = create('button', 'class-copy', copy);
  button.type = 'button';
  button.addEventListener('click', () => {
    field.select(); // where the clipboard is not allowed, Ctrl+C copies the selection
    void navigator.clipboard.writeText(address).then(
      () => (done.textContent = copied),
      () => undefined,
    );
  });
  row.append(field, button, done);
  queueMicrotask(() => field.select());
  return row;
}
