import { copyFileSync } from 'node:fs';
import { beforeAll, expect, it } from 'vitest';
import { buildOnce, command, temporaryFolder } from './support.js';
import { runCommand } from '../../src/cli/run-command.js';
import { processServices } from '../../src/cli/services.js';

const file = temporaryFolder();
beforeAll(buildOnce);

it('sweep show --open serves the page and the record until Ctrl-C, and nothing else', async () => {
  const record = file('my sweep.journal');
  copyFileSync(new URL('../golden/sweep/own.journal', import.meta.url), record);
  const controller = new AbortController();
  let printed: (text: string) => void = () => undefined;
  const line = new Promise<string>((resolve) => (printed = resolve));
  const ended = runCommand(['sweep', 'show', record, '--open'], {
    ...processServices(),
    terminal: { out: (text) => printed(text), error: () => undefined, screen: undefined },
    interrupt: () => ({ signal: controller.signal, release: () => undefined }),
  });
  const address = /http:\S+/.exec(await line)?.[0] ?? '';
  const page = await fetch(address);
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(await page.text()).toContain('<title>unrolled: a sweep</title>');
  const told = new URL(new URL(address).searchParams.get('record') ?? '', address);
  expect(await (await fetch(told)).text()).toMatch(/^\{"op_code":0/);
  const { origin } = new URL(address);
  for (const path of ['/none.html', '/..%2fcli.js', '/%2e%2e/%2e%2e/package.json'])
    expect((await fetch(`${origin}${path}`)).status).toBe(404);
  controller.abort();
  expect(await ended).toBe(0);
});

it('refuses a missing record before it serves anything', async () => {
  const { status, error } = await command(['sweep', 'show', file('none.journal'), '--open']);
  expect(status).toBe(1);
  expect(error).toMatch(/^unrolled: Cannot read ".*none\.journal": there is no such file\.\n$/);
});
