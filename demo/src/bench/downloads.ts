import { benchCsv, benchMarkdown, type BenchReport } from '../../../src/bench/index.js';
import { byId } from '../page/dom.js';

/** Formats of a report's file. */
const FORMATS = {
  json: { type: 'application/json', write: (report: BenchReport) => `${JSON.stringify(report, null, 2)}\n` },
  csv: { type: 'text/csv', write: benchCsv },
  md: { type: 'text/markdown', write: benchMarkdown },
} as const;
export type Format = keyof typeof FORMATS;

/** Returns the report in a format, as a text. */
export function textOf(report: BenchReport, format: Format): string {
  return FORMATS[format].write(report);
}

/** The buttons that download the report. */
export class Downloads {
  readonly #buttons = (Object.keys(FORMATS) as Format[]).map(
    (format) => [format, byId(`download-${format}`, HTMLButtonElement)] as const,
  );

  constructor(report: () => BenchReport | undefined) {
    for (const [format, button] of this.#buttons)
      button.addEventListener('click', () => {
        const now = report();
        if (now)
          save(
            textOf(now, format),
            FORMATS[format].type,
            `unrolled-bench-${now.machine.date.slice(0, 10)}.${format}`,
          );
      });
  }

  set disabled(disabled: boolean) {
    for (const [, button] of this.#buttons) button.disabled = disabled;
  }
}

function save(text: string, type: string, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
