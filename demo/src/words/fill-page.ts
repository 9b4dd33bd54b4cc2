/**
 * Puts the texts of a page's own table into its elements: `data-w` names that of an element,
 * `data-w-label` and `data-w-placeholder` those of attributes.
 */
export function fillPage(title: string, table: object): void {
  document.title = title;
  const texts = table as Readonly<Record<string, string>>;
  for (const element of document.querySelectorAll<HTMLElement>('[data-w]'))
    element.textContent = texts[element.dataset.w ?? ''] ?? '';
  for (const element of document.querySelectorAll<HTMLElement>('[data-w-label]'))
    element.ariaLabel = texts[element.dataset.wLabel ?? ''] ?? '';
  for (const element of document.querySelectorAll<HTMLElement>('[data-w-placeholder]'))
    element.setAttribute('placeholder', texts[element.dataset.wPlaceholder ?? ''] ?? '');
}
