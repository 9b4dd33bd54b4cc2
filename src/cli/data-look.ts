import { records, type Records } from '../node.js';
import { given, lookAt, type ColumnLook, type LookOptions, type RecordsLook } from '../graph.js';
import { UsageError } from './failure.js';
import { warn } from './event-output.js';
import { formatOf, idxFiles, readSentences, type DataFormat } from './record-files.js';
import type { Services } from './services.js';
import { refuseUnused } from './unused-options.js';

/** All options of `data look`. */
export interface LookFlags extends LookOptions {
  readonly format?: DataFormat;
  readonly columns?: string;
  /** False with --no-header. */
  readonly header?: boolean;
  readonly separator?: string;
  readonly json?: boolean;
}

/** Most labels on the screen. */
const SHOWN = 20;

/** `unrolled data look FILE`: describes a file of records. @returns the exit status */
export async function runDataLook(file: string, flags: LookFlags, { terminal }: Services): Promise<number> {
  const { format, columns, header, separator, json, ...options } = flags;
  const rows = await readRecords(file, { format, columns, header, separator });
  for (const warning of rows.warnings) warn(terminal, json === true, warning);
  const look = lookAt(rows, options);
  terminal.out(json ? `${JSON.stringify({ event: 'look', file, ...look })}\n` : described(look, options));
  return 0;
}

type ReadFlags = { readonly [K in 'format' | 'columns' | 'header' | 'separator']: LookFlags[K] | undefined };

async function readRecords(file: string, flags: ReadFlags): Promise<Records<object>> {
  const { header, separator } = flags;
  const columns = flags.columns?.split(',');
  const reading = given({ format: flags.format, columns, header, separator });
  const format = formatOf(file, reading);
  switch (format) {
    case 'tsv':
      return records.tsv(file, columns ?? ['source', 'target']);
    case 'csv':
      if (header === false && columns === undefined)
        throw new UsageError('--no-header needs the names of all columns, such as --columns text,label.');
      return records.csv(file, given({ columns, header: header === false ? header : undefined, separator }));
    case 'jsonl':
      return records.jsonl(file, given({ columns }));
    case 'conll':
      return readSentences(file, { ...reading, format }, [], true);
    case 'idx': {
      refuseUnused({ columns }, ['columns'], 'IDX files have no columns');
      const { images, labels } = idxFiles(file);
      return records.idx(images, labels);
    }
  }
}

/** The description for a person. */
function described(look: RecordsLook, { tokens = 'characters' }: LookOptions): string {
  const lines = [`${look.records} records, ${look.repeated} of them repeat an earlier one`];
  for (const column of look.columns) lines.push('', ...columnLines(column, tokens));
  lines.push('');
  if (look.pairBuckets)
    lines.push(`pair         buckets ${look.pairBuckets.map(({ S, T }) => `S = ${S}, T = ${T}`).join('; ')}`);
  if (look.split)
    lines.push(
      `split        ${look.split.train} train, ${look.split.validation} held out; ${look.split.shared} ` +
        'held-out records are in the training part too',
    );
  return `${lines.join('\n').trimEnd()}\n`;
}

function columnLines(column: ColumnLook, tokens: string): string[] {
  const { name, empty, distinct, labels, lengths, buckets, unknown, shared } = column;
  const lines = [`${name}: ${distinct} different values, ${empty} empty`];
  if (labels) {
    const more = labels.length > SHOWN ? `, and ${labels.length - SHOWN} more` : '';
    const shown = labels.slice(0, SHOWN).map(([label, count]) => `${label} ${count}`);
    lines.push(`  labels     ${shown.join(', ')}${more}`);
  }
  if (lengths)
    lines.push(
      `  lengths    min ${lengths.min}, 25 % ${lengths.quarter}, median ${lengths.median}, 75 % ` +
        `${lengths.threeQuarters}, 95 % ${lengths.most95}, max ${lengths.max} (texts in ${tokens})`,
    );
  if (buckets) lines.push(`  buckets    ${buckets.join(', ')}`);
  if (unknown)
    lines.push(
      `  unknown    ${unknown.count} of ${unknown.of} symbols of the held-out part` +
        (unknown.count > 0 ? `: ${unknown.symbols.map((symbol) => JSON.stringify(symbol)).join(', ')}` : ''),
    );
  if (shared !== undefined) lines.push(`  in both    ${shared} held-out values are in the training part too`);
  return lines;
}
