import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import { openBackend } from '../../src/cli/backend.js';
import type { RecordFigures, RecordMeans, RecordsStartEvent, RunEvent } from '../../src/cli/events.js';
import { runCommand } from '../../src/cli/run-command.js';
import type { Services } from '../../src/cli/services.js';
import { root, run } from '../build/run.js';

/** How a command ended and what it wrote. */
export interface Outcome {
  readonly status: number;
  readonly out: string;
  readonly error: string;
}

/** Runs the command in this process, from the sources. */
export async function command(
  args: readonly string[],
  services: Partial<Omit<Services, 'terminal' | 'input'>> & { readonly input?: string } = {},
): Promise<Outcome> {
  let [out, error] = ['', ''];
  const terminal = {
    out: (text: string) => void (out += text),
    error: (text: string) => void (error += text),
    screen: undefined,
  };
  const interrupt = (): { signal: AbortSignal; release: () => void } => ({
    signal: new AbortController().signal,
    release: () => undefined,
  });
  const { input = '', ...others } = services;
  // Two pieces, which need not end with a line.
  const pieces = async function* (): AsyncGenerator<string> {
    await Promise.resolve();
    yield input.slice(0, input.length / 2);
    yield input.slice(input.length / 2);
  };
  const self = [process.execPath, CLI];
  const status = await runCommand(args, { openBackend, interrupt, self, ...others, input: pieces, terminal });
  return { status, out, error };
}

/** The built command. */
export const CLI = join(root, 'dist/cli.js');

/** Runs the built command to its end. */
export async function built(args: readonly string[]): Promise<Outcome> {
  const { code, stdout, stderr } = await run(process.execPath, [CLI, ...args]);
  return { status: code, out: stdout, error: stderr };
}

/** A running built command. */
export interface Running {
  readonly process: ChildProcess;
  /** Resolves when standard output contains `text`; rejects if the command ends before. */
  printed(text: string): Promise<void>;
  /** The same for standard error. */
  warned(text: string): Promise<void>;
  readonly ended: Promise<Outcome & { readonly killedBy: string | null }>;
}

/** Starts the built command. */
export function start(args: readonly string[]): Running {
  const child = spawn(process.execPath, [CLI, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, error] = ['', ''];
  const waiting = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    for (const check of waiting) check();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    error += text;
    for (const check of waiting) check();
  });
  const ended = new Promise<Outcome & { readonly killedBy: string | null }>((resolve) =>
    child.once('close', (code, signal) => resolve({ status: code ?? -1, out, error, killedBy: signal })),
  );
  const until = (text: string, written: () => string): Promise<void> =>
    new Promise((resolve, reject) => {
      const check = (): void => {
        if (!written().includes(text)) return;
        waiting.delete(check);
        resolve();
      };
      waiting.add(check);
      check();
      void ended.then(() => reject(new Error(`The command ended without ${text}:\n${out}\n${error}`)));
    });
  return {
    process: child,
    printed: (text) => until(text, () => out),
    warned: (text) => until(text, () => error),
    ended,
  };
}

/** An event of a run over a text or a made-up task. */
type TextEvent = Exclude<RunEvent, RecordsStartEvent | RecordMeans | RecordFigures>;

/** The events of `--json`. A last line that a killed process left unfinished is left out. */
export function events(out: string): TextEvent[] {
  const lines = out.split('\n');
  return lines.slice(0, -1).map((line) => JSON.parse(line) as TextEvent);
}

/** The events of one kind. */
export function eventsOf<K extends TextEvent['event']>(
  out: string,
  kind: K,
): Extract<TextEvent, { event: K }>[] {
  return events(out).filter((event): event is Extract<TextEvent, { event: K }> => event.event === kind);
}

/** A folder for the files of one test file. Call at its top. */
export function temporaryFolder(): (name: string) => string {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'unrolled-cli-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/** Builds dist/ if a source has changed. */
export async function buildOnce(): Promise<void> {
  const { code, stdout, stderr } = await run(process.execPath, ['scripts/setup.mjs']);
  if (code !== 0) throw new Error(`The set-up failed:\n${stdout}\n${stderr}`);
}

/** Options of a tiny run. */
export const TINY = ['--hidden', '8', '--backend', 'cpu', '--sample-every', '0', '--json'] as const;
