import type { Page } from 'puppeteer';

/**
 * Finds what is cut off or too wide in the current view of a page, one sentence for each element:
 * wider than the window, wider than its panel (which cuts it off), a text or a label of a drawing
 * that is cut, a choice of a menu that does not fit, controls that touch. Boxes that scroll are
 * allowed, and what is only for screen readers.
 */
export function badLooks(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found = new Set<string>();
    const seen = [...document.body.querySelectorAll('*')].filter(
      (element) =>
        element.checkVisibility() &&
        !element.closest('.visually-hidden') &&
        getComputedStyle(element).clipPath === 'none' &&
        element.getBoundingClientRect().width > 0,
    );
    const nameOf = (element: Element): string =>
      `${element.closest('[id]')?.id ?? ''} ${element.tagName.toLowerCase()}.${element.getAttribute('class') ?? ''}`;
    const scrolls = (element: Element | null): boolean =>
      element !== null &&
      element !== document.body &&
      (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
    const measure = document.createElement('canvas').getContext('2d');
    for (const element of seen) {
      const { left, right, top, bottom } = element.getBoundingClientRect();
      if ((right > innerWidth + 1 || left < -1) && !scrolls(element))
        found.add(`${nameOf(element)} is wider than the window`);
      if (element instanceof HTMLElement) {
        const { overflowX } = getComputedStyle(element);
        const wide = element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 0;
        if (wide && element.matches('.panel')) found.add(`${nameOf(element)} has wider content`);
        if (wide && /hidden|clip/.test(overflowX) && element.textContent.trim() !== '')
          found.add(`${nameOf(element)} cuts "${element.textContent.trim().slice(0, 30)}"`);
      }
      if (element instanceof HTMLSelectElement && measure) {
        const style = getComputedStyle(element);
        measure.font = style.font;
        const text = element.selectedOptions[0]?.text ?? '';
        const arrow = 16;
        const room =
          element.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
        if (measure.measureText(text).width > room + 1) found.add(`${nameOf(element)} cuts "${text}"`);
      }
      if (element instanceof SVGTextElement && element.ownerSVGElement) {
        const box = element.ownerSVGElement.getBoundingClientRect();
        if (left < box.left - 1 || right > box.right + 1 || top < box.top - 2 || bottom > box.bottom + 2)
          found.add(`${nameOf(element)}: a drawing cuts "${element.textContent}"`);
      }
    }
    const controls = seen.filter((element) =>
      element.matches(
        'main :is(button, select, textarea, .button-like, input:not([type=radio], [type=checkbox]))',
      ),
    );
    const lists = '.guess, .follower, .place, #stepper *'; // rows of a list follow without a gap
    for (const [i, one] of controls.entries())
      for (const other of controls.slice(i + 1)) {
        if (one.matches(lists) || other.matches(lists)) continue;
        const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
        const across = Math.max(b.left - a.right, a.left - b.right);
        const down = Math.max(b.top - a.bottom, a.top - b.bottom);
        if (across < 4 && down < 4) found.add(`${nameOf(one)} touches ${nameOf(other)}`);
      }
    return [...found];
  });
}
