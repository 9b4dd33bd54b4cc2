import { FAILED, failureOf } from './failure.js';
import { createProgram } from './program.js';
import type { Services } from './session.js';

/**
 * Runs the command and tells a failure in one line on standard error.
 * @param args what stands behind `unrolled`
 * @returns the exit status
 */
export async function runCommand(args: readonly string[], services: Services): Promise<number> {
  let result = FAILED;
  try {
    await createProgram(services, (status) => (result = status)).parseAsync(args, { from: 'user' });
    return result;
  } catch (error) {
    const { status, line, stack } = failureOf(error);
    if (line !== undefined) services.terminal.error(`unrolled: ${line}\n`);
    if (process.env.UNROLLED_DEBUG && stack !== undefined) services.terminal.error(`${stack}\n`);
    return status;
  }
}
