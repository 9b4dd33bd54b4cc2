/**
 * The element with this id, of this class. A page without it is a mistake of ours, said at once.
 */
export function byId<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`The page has no ${type.name} with the id "${id}".`);
}

/**
 * A new element with a class and a text. Text is only ever set as text: what people paste or a
 * network writes is never read as HTML.
 */
export function create<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className = '',
  text = '',
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  if (text !== '') element.textContent = text;
  return element;
}

/** Shows a message in its box, or hides the box where there is none. */
export function say(box: HTMLElement, message: string): void {
  box.textContent = message;
  box.hidden = message === '';
}
