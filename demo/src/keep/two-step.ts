/** Milliseconds after which a button that waits for a second press waits no more. */
const WAITING_MS = 5000;

/**
 * A button whose work cannot be undone: the first press says so on the button itself, a second one
 * does it.
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
