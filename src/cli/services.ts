import type { Command } from 'commander';
import { openBackend, type OpenBackend } from './backend.js';
import {
  processInput,
  processInterrupt,
  processTerminal,
  type Interrupt,
  type Terminal,
} from './terminal.js';
import { tuningReporter } from './tuning.js';

/** The environment of a verb. Tests replace it. */
export interface Services {
  readonly terminal: Terminal;
  readonly openBackend: OpenBackend;
  readonly interrupt: (onInterrupt: () => void) => Interrupt;
  /** Standard input as text, in pieces. */
  readonly input: () => AsyncIterable<string>;
  /** The program and arguments that start this command in another process. */
  readonly self: readonly string[];
}

/** Adds a verb to the command: `verb('resume <checkpoint>', 'continues a run', EXAMPLES)`. */
export type Verb = (name: string, about: string, examples: string) => Command;

/** Waits for the work of a verb, and keeps its exit status. */
export type Run = (work: Promise<number>) => Promise<void>;

/** The environment of this process. */
export function processServices(): Services {
  const terminal = processTerminal();
  const report = tuningReporter(terminal);
  return {
    terminal,
    openBackend: (name, probe, flags) => openBackend(name, probe, flags, report),
    interrupt: processInterrupt,
    input: processInput,
    self: [process.execPath, ...process.execArgv, process.argv[1]],
  };
}
