import axe from 'axe-core';
import type { Page } from 'puppeteer';
import { expect } from 'vitest';
import { withPage } from '../support/chrome.js';

/** What `window.unrolledTasks.state()` returns. */
interface TaskState {
  readonly task: string;
  readonly status: string;
  readonly step: number;
  readonly share: number;
  readonly tried: number;
}

/** The page of tasks, by what a person does and sees there. */
export class Tasks {
  constructor(readonly page: Page) {}

  state(): Promise<TaskState> {
    return this.page.evaluate('window.unrolledTasks.state()') as Promise<TaskState>;
  }

  /** Waits until an expression about `state` is true. */
  async until(expression: string): Promise<TaskState> {
    await this.page
      .waitForFunction(
        `(() => { const state = window.unrolledTasks?.state(); return state && ${expression}; })()`,
        { polling: 50 },
      )
      .catch(async (error: unknown) => {
        const said = await this.page.$eval('main', ({ innerText }) => innerText.slice(0, 600));
        throw new Error(`Never "${expression}": ${JSON.stringify(await this.state())}\n${said}`, {
          cause: error,
        });
      });
    return this.state();
  }

  /** Waits until an element's text fits. */
  async untilText(selector: string, text: RegExp): Promise<void> {
    const read = `document.querySelector(${JSON.stringify(selector)})?.innerText ?? ''`;
    await this.page
      .waitForFunction(`${String(text)}.test(${read})`, { polling: 50 })
      .catch(async (error: unknown) => {
        const found = String(await this.page.evaluate(read));
        throw new Error(`${selector} never fits ${String(text)}: "${found}"`, { cause: error });
      });
  }

  async click(selector: string): Promise<void> {
    await this.page.waitForSelector(`${selector}:not(:disabled)`);
    await this.page.$eval(selector, (button) => (button as HTMLElement).click());
  }

  async fill(selector: string, text: string): Promise<void> {
    await this.page.waitForSelector(selector);
    await this.page.$eval(
      selector,
      (field, value) => {
        (field as HTMLInputElement).value = value;
        field.dispatchEvent(new Event('input', { bubbles: true }));
      },
      text,
    );
  }

  /** Pauses, waits until it is kept, and loads the page again: it must stand where it stood. */
  async reload(): Promise<TaskState> {
    await this.click('#toggle');
    const { step } = await this.until(`state.status === 'paused' && state.tried === state.step`);
    await this.untilText('#keep-state', new RegExp(`step ${step.toLocaleString('en')}, at`));
    await this.page.reload();
    const again = await this.until(`state.status === 'paused'`);
    expect(again.step).toBe(step);
    return again;
  }

  /** Lets it go on. */
  async goOn(): Promise<void> {
    const { step } = await this.state();
    await this.click('#toggle');
    await this.until(`state.step > ${step}`);
  }
}

/** Opens the page of tasks with these options of its address. */
export function withTasks(query: string, use: (tasks: Tasks) => Promise<void>): Promise<void> {
  return withPage(`/demo/tasks.html?${query}`, async (page) => {
    const tasks = new Tasks(page);
    await tasks.until('true');
    await use(tasks);
  });
}

/** What axe finds in the view, in light and dark, each with its element. */
export async function violations({ page }: Tasks): Promise<string[]> {
  await page.evaluate(axe.source);
  const found: string[] = [];
  for (const scheme of ['light', 'dark']) {
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: scheme }]);
    const result = (await page.evaluate(
      `axe.run('#task-view', { resultTypes: ['violations'] })`,
    )) as axe.AxeResults;
    expect(result.passes.map(({ id }) => id)).toContain('color-contrast'); // it has looked
    for (const { id, nodes } of result.violations)
      found.push(
        ...nodes.map(
          ({ target, failureSummary }) => `${scheme}: ${id}: ${target.join(' ')}: ${failureSummary}`,
        ),
      );
  }
  return found;
}
