import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Plugin } from 'vite';

/**
 * Only the pages' own files: no inline script or style, no other host, no plug-ins, no form that
 * sends anything.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

const HEADER = 'Content-Security-Policy';
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
      if (lib === false)
        this.emitFile({ type: 'asset', fileName: HEADERS_FILE, source: `/*\n  ${HEADER}: ${POLICY}\n` });
    },
    configurePreviewServer({ config, middlewares }) {
      const file = resolve(config.root, config.build.outDir, HEADERS_FILE);
      const [, policy] = existsSync(file)
        ? (new RegExp(`^ +${HEADER}: (.+)$`, 'm').exec(readFileSync(file, 'utf8')) ?? [])
        : [];
      if (!policy) return;
      middlewares.use((_request, response, next) => {
        response.setHeader(HEADER, policy);
        next();
      });
    },
  };
}
