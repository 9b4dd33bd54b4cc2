import { FAILED, failureOf } from './failure.js';
import { printable } from './printable.js';
import { createProgram } from './program.js';
import type { Services } from './services.js';

/**
 * Runs the command. A failure is reported in one line on standard error.
 * @param args arguments after `unrolled`
 * @returns the exit status
 */
export async function runCommand(args: readonly string[], services: Services): Promise<number> {
  const terminal = printable(services.terminal);
  let result = FAILED;
  try {
    const program = createProgram({ ...services, terminal }, (status) => (result = status));
    await program.parseAsync(args, { from: 'user' });
    return result;
  } catch (error) {
    const { status, line, stack } = failureOf(error);
    if (line !== undefined) terminal.error(`unrolled: ${line}\n`);
    if (process.env.UNROLLED_DEBUG && stack !== undefined) terminal.error(`${stack}\n`);
    return status;
  }
}
