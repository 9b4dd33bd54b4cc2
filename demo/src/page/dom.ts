/**
 * Returns the element with this id, checked to be of this class.
 * @throws Error if the page does not have it
 */
export function byId<T extends HTMLElement>(id: string, type: abstract new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`The page has no ${type.name} with the id "${id}".`);
}

/**
 * Creates an element with a class and a text. Text is set as text only: what people paste or a
 * network writes is never parsed as HTML.
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

/** Shows a message in its box, or hides the box if the message is empty. */
export function say(box: HTMLElement, message: string): void {
  box.textContent = message;
  box.hidden = message === '';
}
