// Shaders in built pages come without what only readers need: comments, indentation and blank
// lines, which are half of their bytes. The library keeps them as they are written.
import { readFileSync } from 'node:fs';

const SHADER = /\.wgsl\?raw$/;

/** Vite plugin for built pages. */
export function wgsl() {
  return {
    name: 'wgsl',
    apply: 'build',
    enforce: 'pre',
    load(id) {
      if (!SHADER.test(id) || this.environment.config.build.lib !== false) return undefined;
      const text = readFileSync(id.slice(0, id.indexOf('?')), 'utf8');
      return { code: `export default ${JSON.stringify(withoutComments(text))};\n`, moduleType: 'js' };
    },
  };
}

/** The same program: WGSL has no strings in which a comment could begin. */
export function withoutComments(text) {
  return text
    .replace(/\/\*[\s\S]*?\*\//g, ' ')
    .replace(/\/\/.*$/gm, '')
    .replace(/^\s+|[ \t]+$/gm, '')
    .replace(/\n{2,}/g, '\n');
}
