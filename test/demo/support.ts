import type { Page, WebWorker } from 'puppeteer';
import { EMPTY_PAGE_BESIDE, withPage } from '../support/chrome.js';

/**
 * What `window.unrolledDemo.state()` returns; JSON has no NaN, so a number that is not known is
 * null.
 */
export interface State {
  readonly step: number;
  readonly smoothLoss: number;
  readonly baseline: number;
  readonly adapter: string;
  readonly dispatchesPerStep: number;
  readonly charsPerSecond: number | null;
  readonly status: string;
}

/**
 * A small network, so that a software adapter trains it quickly; sampled often; it goes on however
 * much it has learned: on a busy machine a test may take long.
 */
export const SMALL = 'hidden=16&time=10&sampleEvery=20&length=40&untilLearned=0';

/** Opens the training page with these options of its address. */
export function withDemo<T>(query: string, use: (demo: Demo) => Promise<T>): Promise<T> {
  return withPage(`/demo/index.html?${query}`, (page) => ready(page).then(use));
}

/** Opens the training page after `script` has run in it. */
export function withPreparedDemo<T>(
  script: string | (() => void),
  query: string,
  use: (demo: Demo) => Promise<T>,
): Promise<T> {
  return withPage(EMPTY_PAGE_BESIDE, async (page, origin) => {
    await page.evaluateOnNewDocument<[], () => void>(script);
    await page.goto(`${origin}/demo/index.html?${query}`);
    return use(await ready(page));
  });
}

/** The page once its choices are there. */
async function ready(page: Page): Promise<Demo> {
  await page.waitForSelector('#start:not(:disabled)');
  return new Demo(page);
}

/** The page, by what a person does and sees there. */
export class Demo {
  constructor(readonly page: Page) {}

  state(): Promise<State> {
    return this.page.evaluate('window.unrolledDemo.state()') as Promise<State>;
  }

  samples(): Promise<{ step: number; text: string }[]> {
    return this.page.evaluate('window.unrolledDemo.samples()') as Promise<{ step: number; text: string }[]>;
  }

  /** Waits until an expression about `state` (and `samples`) is true in the page. */
  async until(expression: string): Promise<State> {
    const script =
      '(() => { const demo = window.unrolledDemo; if (!demo) return false; const state = demo.state(), ' +
      `samples = demo.samples(); return ${expression}; })()`;
    await this.page.waitForFunction(script, { polling: 50 }).catch(async (error: unknown) => {
      throw new Error(
        `The page never came to "${expression}": ${JSON.stringify(await this.state())}, ` +
          `"${await this.text('.run .panel')}"`,
        { cause: error },
      );
    });
    return this.state();
  }

  /** Waits for the next step that the training takes by itself. */
  async untilItTrains(): Promise<State> {
    const { step } = await this.state();
    return this.until(`state.status === 'running' && state.step > ${step}`);
  }

  /** Calls a script in the worker that trains. */
  async inWorker(script: string): Promise<void> {
    const [worker] = await this.workers('training');
    if (!worker) throw new Error('The page has no worker that trains.');
    await worker.evaluate(script);
  }

  /**
   * The page's workers with this service: all are made from one file. Threads of the CPU are none of
   * them, and sleep in a way that answers nobody.
   */
  async workers(service: string): Promise<WebWorker[]> {
    const all = this.page.workers().filter((one) => !one.url().startsWith('blob:'));
    const names = await Promise.all(all.map((one) => one.evaluate('name').catch(() => undefined)));
    return all.filter((_, i) => String(names[i]).split(' ')[0] === service);
  }

  /**
   * The text of an element as it is seen; empty where it is hidden. What is only not drawn, since
   * it is scrolled out of sight, counts as seen.
   */
  text(selector: string): Promise<string> {
    return this.page.$eval(
      selector,
      (element) =>
        (element as HTMLElement).innerText || (element.checkVisibility() ? element.textContent : ''),
    );
  }

  /**
   * Notes from now on what is shown, each time that something changes within an element: it may be
   * gone again before Node comes to read it.
   * @param selector of the elements whose texts are noted
   * @param within the element that is watched; without it the noted one itself
   * @returns reads the notes so far: the texts of the elements, one after the other where there are
   *   several
   */
  async watch(selector: string, within = selector): Promise<() => Promise<string[]>> {
    const notes = await this.page.evaluateHandle(
      (noted, watched) => {
        const texts: string[] = [];
        const note = (): void =>
          void texts.push(
            Array.from(document.querySelectorAll(noted), ({ textContent }) => textContent).join(', '),
          );
        new MutationObserver(note).observe(document.querySelector(watched) as Element, {
          childList: true,
          characterData: true,
          subtree: true,
        });
        return texts;
      },
      selector,
      within,
    );
    return () => notes.jsonValue();
  }

  /**
   * Keeps a section in sight until what it shows there has come: while samples arrive, all that
   * lies below them moves.
   */
  async see(section: string, awaited: string): Promise<void> {
    const seen =
      `(document.querySelector('${section}').scrollIntoView(), document.querySelector('${awaited}') !== ` +
      'null)';
    await this.page.waitForFunction(seen, { polling: 100 });
  }

  /**
   * Presses a button. Not by the mouse: while samples arrive, buttons move between a pointer's aim
   * and its press.
   */
  async click(selector: string): Promise<void> {
    await this.#comeNear(selector);
    await this.page.waitForSelector(`${selector}:not(:disabled, [aria-disabled=true])`);
    await this.page.$eval(selector, (button) => {
      (button as HTMLElement).focus();
      (button as HTMLElement).click();
    });
  }

  /** Types into a field in place of what stands there, and leaves it. */
  async fill(selector: string, value: string): Promise<void> {
    await this.#comeNear(selector);
    await this.page.$eval(
      selector,
      (field, text) => {
        (field as HTMLInputElement).value = text;
        field.dispatchEvent(new Event('input', { bubbles: true }));
        field.dispatchEvent(new Event('change', { bubbles: true }));
      },
      value,
    );
  }

  /** Scrolls to an element, as everybody must: what is far away is not loaded. */
  async #comeNear(selector: string): Promise<void> {
    await this.page.waitForSelector(selector);
    await this.page.$eval(selector, (element) => element.scrollIntoView({ block: 'center' }));
  }

  /** Chooses files in a file field. */
  async choose(selector: string, ...paths: string[]): Promise<void> {
    const field = await this.page.waitForSelector(`${selector}:not(:disabled)`);
    await (field as import('puppeteer').ElementHandle<HTMLInputElement>).uploadFile(...paths);
  }

  async pause(): Promise<State> {
    await this.click('#toggle');
    return this.until(`state.status === 'paused'`);
  }
}
