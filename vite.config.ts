import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';
import { contentSecurityPolicy, ISOLATION } from './demo/csp.js';
import { engineFiles } from './demo/engine-files.js';
import { htmlWords } from './demo/html-words.js';
import { pageHead } from './demo/page-head.js';
import { kernels } from './scripts/kernels.mjs';
import { novel } from './scripts/novel.mjs';
import { realData } from './scripts/real-data.mjs';
import { wgsl } from './scripts/wgsl.mjs';
import { PATIENCE } from './test/support/patience.js';
import { SlowestFirst } from './test/support/slowest-first.js';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

/**
 * `#dawn` in this repository's sources: Dawn for tests in Node, nothing for pages.
 * The published package does the same through "imports" in package.json.
 */
function dawnByRuntime(): Plugin {
  return {
    name: 'dawn-by-runtime',
    enforce: 'pre',
    resolveId(source) {
      if (source !== '#dawn') return undefined;
      return path(
        this.environment.config.consumer === 'server' ? './src/device/dawn.ts' : './src/device/no-dawn.ts',
      );
    },
  };
}

export default defineConfig({
  plugins: [
    ...[dawnByRuntime(), kernels(), novel(), realData(), wgsl()],
    ...[htmlWords(), pageHead(), contentSecurityPolicy()],
  ],
  // ES modules: what a worker imports dynamically stays a chunk of its own, fetched only when it is
  // asked for (other systems of the benchmark).
  worker: {
    format: 'es',
    plugins: () => [dawnByRuntime(), kernels(), novel(), realData(), wgsl()],
    rolldownOptions: { output: { codeSplitting: { groups: engineFiles } } },
  },
  server: { headers: ISOLATION },
  build: { target: 'es2023' },
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    allowOnly: false,
    sequence: { sequencer: SlowestFirst },
    // A software adapter takes seconds where a GPU takes milliseconds.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    teardownTimeout: 20_000,
    // The default of one second is short where six processes share two cores.
    expect: { poll: { timeout: PATIENCE } },
  },
});
