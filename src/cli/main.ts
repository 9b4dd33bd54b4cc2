#!/usr/bin/env node
import { failureOf } from './failure.js';
import { createProgram } from './program.js';
import { processServices } from './session.js';

const services = processServices();
try {
  await createProgram(services, (status) => (process.exitCode = status)).parseAsync();
} catch (error) {
  const { status, line, stack } = failureOf(error);
  process.exitCode = status;
  if (line !== undefined) services.terminal.error(`unrolled: ${line}\n`);
  if (process.env.UNROLLED_DEBUG && stack !== undefined) services.terminal.error(`${stack}\n`);
}
