#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8';
import { runCommand } from './run-command.js';
import { processServices } from './services.js';
import { INTERRUPTED } from './terminal.js';

// Node 20 supports relaxed SIMD only with this flag, later versions without it.
if (process.versions.node.startsWith('20.')) setFlagsFromString('--experimental-wasm-relaxed-simd');

// A sweep keeps a channel to its trials open. When the channel closes, or the sweep was killed, a
// trial acts as on Ctrl-C: it writes a checkpoint and ends.
if (process.channel) {
  process.once('disconnect', () => {
    if (!process.emit('SIGINT')) process.exit(INTERRUPTED);
  });
  process.channel.unref();
}

process.exitCode = await runCommand(process.argv.slice(2), processServices());
