const SVG = 'http://www.w3.org/2000/svg';

/** Creates an SVG element with attributes. Text is set as text only, never parsed as markup. */
export function svg<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string | number>> = {},
  text = '',
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text !== '') element.textContent = text;
  return element;
}

/** Sets an attribute if it differs. */
export function set(element: Element, name: string, value: string | number): void {
  const text = String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/** Rounds pixels to one decimal. */
export function r(value: number): number {
  return Math.round(10 * value) / 10;
}
