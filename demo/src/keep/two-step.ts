/** Milliseconds for which a button waits for the second press. */
const WAITING_MS = 5000;

/**
 * Makes a button whose action cannot be undone ask first: the first press shows a warning on the
 * button, the second one acts.
 */
export function twoStep(button: HTMLButtonElement, warning: string, work: () => void): void {
  const label = button.textContent;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const calm = (): void => {
    clearTimeout(timer);
    timer = undefined;
    button.textContent = label;
    button.classList.remove('warning');
  };
  button.addEventListener('click', () => {
    if (timer !== undefined) {
      calm();
      work();
      return;
    }
    button.textContent = warning;
    button.classList.add('warning');
    timer = setTimeout(calm, WAITING_MS);
  });
  button.addEventListener('blur', calm);
}
