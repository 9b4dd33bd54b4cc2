#!/usr/bin/env node
import { runCommand } from './run-command.js';
import { processServices } from './session.js';

process.exitCode = await runCommand(process.argv.slice(2), processServices());
