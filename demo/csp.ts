import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

/**
 * Only the pages' own files: no inline script or style, no other host, no plug-ins, no form that
 * sends anything. The kernels of the CPU are WebAssembly, and its threads are workers from a text of
 * the pages' own.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  "worker-src 'self' blob:",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const HEADER = 'Content-Security-Policy';

/**
 * Isolates the pages from other origins: without these two headers their threads cannot share
 * memory, and the CPU computes with one.
 */
export const ISOLATION = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
} as const;

/** Beside the built pages: what a server is to send with every file, as some hosts read it. */
const HEADERS_FILE = '_headers';

/**
 * Writes a content security policy into built pages, and beside them as the header of a server: a
 * worker obeys the policy that its own script came with, not its page's. The preview server sends
 * what it finds there. The development server needs inline scripts and sockets, so it has none.
 */
export function contentSecurityPolicy(): Plugin {
  return {
    name: 'content-security-policy',
    apply: (_config, { command, isPreview }) => command === 'build' || isPreview === true,
    transformIndexHtml: () => [
      { tag: 'meta', attrs: { 'http-equiv': HEADER, content: POLICY }, injectTo: 'head-prepend' },
    ],
    generateBundle() {
      const { lib } = this.environment.config.build;
      if (lib !== false) return;
      const lines = Object.entries({ [HEADER]: POLICY, ...ISOLATION }).map(
        ([name, value]) => `  ${name}: ${value}\n`,
      );
      this.emitFile({ type: 'asset', fileName: HEADERS_FILE, source: `/*\n${lines.join('')}` });
    },
    configurePreviewServer({ config, middlewares }) {
      const file = resolve(config.root, config.build.outDir, HEADERS_FILE);
      const headers = existsSync(file) ? readFileSync(file, 'utf8').matchAll(/^ +([\w-]+): (.+)$/gm) : [];
      const given = [...headers].map(([, name, value]) => [name, value] as const);
      middlewares.use((_request, response, next) => {
        for (const [name, value] of given) response.setHeader(name, value);
        next();
      });
    },
  };
}
