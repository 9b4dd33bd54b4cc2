import type { Terminal } from './terminal.js';

/** All control characters except tab and newline: C0, DEL and C1. */
const CONTROLS = /(?![\t\n])\p{Cc}/gu;

/**
 * A terminal that escapes control characters, so that no text, sample or file name can control it.
 * ESC becomes `\u001b`. Such escapes are valid in JSON, too, so lines of `--json` stay valid; JSON
 * itself does not escape DEL and C1.
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
