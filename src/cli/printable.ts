import type { Terminal } from './terminal.js';

/** All control characters but tab and newline: C0, DEL and C1. */
const CONTROLS = /(?![\t\n])\p{Cc}/gu;

/**
 * A terminal that no text, sample or name of a file can steer: control characters are written as
 * escapes, ESC as `\u001b`. These are escapes of JSON too, so lines of `--json` stay what they are,
 * though JSON itself leaves DEL and C1 as they come.
 */
export function printable(terminal: Terminal): Terminal {
  return {
    ...terminal,
    out: (text) => terminal.out(escaped(text)),
    error: (text) => terminal.error(escaped(text)),
  };
}

function escaped(text: string): string {
  return text.replace(CONTROLS, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
