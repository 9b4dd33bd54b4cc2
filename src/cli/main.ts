#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { runCommand } from './run-command.js';
import { processServices } from './session.js';

// Node has the relaxed SIMD instructions behind this flag before version 22.
if (Number(process.versions.node.split('.')[0]) < 22) setFlagsFromString('--experimental-wasm-relaxed-simd');

process.exitCode = await runCommand(process.argv.slice(2), processServices());
