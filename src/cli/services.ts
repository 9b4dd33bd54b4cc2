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
