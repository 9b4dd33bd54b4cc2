#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { runCommand } from './run-command.js';
import { processServices } from './session.js';
import { INTERRUPTED } from './terminal.js';

// Node 20 has the relaxed SIMD instructions behind this flag, later versions without it.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');

// A sweep holds a channel to its trials. Where it is closed, or the sweep was killed, a trial takes
// that as Ctrl-C: it writes a checkpoint and ends.
if (process.channel) {
  process.once('disconnect', () => {
    if (!process.emit('SIGINT')) process.exit(INTERRUPTED);
  });
  process.channel.unref();
}

process.exitCode = await runCommand(process.argv.slice(2), processServices());
