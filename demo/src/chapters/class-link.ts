import { create } from '../page/dom.js';
import { withOption } from '../page/url.js';
import { words } from '../words/words.js';
import { CHAPTERS } from './stepper.js';

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

/** Adds to each chapter a link that a teacher can give to a class. */
export function offerClassLinks(seed: () => string): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('.class-link'))
    button.addEventListener('click', () => {
      const chapter = (CHAPTERS as readonly string[]).indexOf(button.dataset.chapter ?? '') + 1;
      button.replaceWith(linkRow(classAddress(location, chapter, seed())));
    });
}

function linkRow(address: string): HTMLElement {
  const { about, copied, copy, label } = words.classes;
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
