// Serves the built pages on the loopback interface, with the headers that a host should send.
import { join } from 'node:path';
import { preview } from 'vite';
import { root } from './state.mjs';

/**
 * @param dist folder of the built pages
 * @param options `port` (the first free one from there on), `strictPort`, `open`
 */
export function serve(dist, options) {
  return preview({
    configFile: join(root, 'vite.config.ts'),
    root,
    logLevel: 'error',
    build: { outDir: dist },
    preview: { host: 'localhost', ...options },
  });
}
