#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { runCommand } from './run-command.js';
import { processServices } from './session.js';

// Node 20 has the relaxed SIMD instructions behind this flag, later versions without it.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');

process.exitCode = await runCommand(process.argv.slice(2), processServices());
