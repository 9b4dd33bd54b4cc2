import { create } from './dom.js';

/** A label in a sentence. */
const QUOTED = /“([^”]+)”/;

/**
 * Splits a sentence into nodes, in which the label of a field leads to the field: advice in a chapter
 * is about fields of the workbench. A page with one chapter alone has no fields to go to.
 */
export function withFieldLinks(sentence: string): (string | HTMLElement)[] {
  const labels = document.querySelector('[data-alone]')
    ? []
    : [...document.querySelectorAll<HTMLLabelElement>('#settings label, #sampling label')];
  return sentence.split(QUOTED).map((part, i) => {
    if (i % 2 === 0) return part;
    const field = labels.find(({ textContent }) => textContent === part)?.control;
    return field ? linkTo(field, part) : `“${part}”`;
  });
}

function linkTo(field: HTMLElement, label: string): HTMLAnchorElement {
  const link = create('a', '', `“${label}”`);
  link.href = `#${field.id}`;
  link.addEventListener('click', (event) => {
    // The address stays that of the training, and the field comes into sight with its label.
    event.preventDefault();
    event.stopPropagation();
    field.closest('details')?.setAttribute('open', '');
    field.closest('.field')?.scrollIntoView({ block: 'center' });
    field.focus({ preventScroll: true });
  });
  return link;
}
