import { checkSameContent, records, writeFileAtomic, type Records } from '../node.js';
import {
  recordsToTensors,
  recordsToText,
  toys,
  WRITTEN_FORMATS,
  type MadeData,
  type MadeOptions,
  type WrittenFormat,
} from '../graph.js';
import { UsageError } from './failure.js';
import type { Services } from './services.js';

/** All options of `data make`. */
export interface MakeFlags {
  readonly rows?: number;
  readonly heldOut?: number;
  readonly seed?: number;
  readonly set?: readonly string[];
  readonly out: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

const ROWS = 5000;

/** A file to write. */
interface Output {
  readonly path: string;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** `unrolled data make NAME`: writes a made-up data set as files. @returns the exit status */
export async function runDataMake(name: string, flags: MakeFlags, { terminal }: Services): Promise<number> {
  const { rows = ROWS, heldOut = 0, seed = 0, out } = flags;
  const parts = toys.parts(name, { rows, heldOut, seed, options: madeOptions(flags.set ?? []) });
  const made = toys.catalogue.find((each) => each.name === name) as MadeData;
  const outputs = [
    ...(await filesOf(made, parts.train, out)),
    ...(parts.heldOut ? await filesOf(made, parts.heldOut, heldOutPath(out)) : []),
  ];
  if (flags.overwrite !== true) for (const { path, bytes } of outputs) await checkSameContent(path, bytes);
  for (const { path, bytes } of outputs) await writeFileAtomic(path, bytes);
  for (const { path, rows: count } of outputs)
    terminal.out(
      flags.json
        ? `${JSON.stringify({ event: 'made', name, task: made.task, path, rows: count })}\n`
        : `${path}  ${count} rows\n`,
    );
  return 0;
}

/** A line of `unrolled data list` for a made-up data set. */
export function describeMade({ name, about, task, ending, options }: MadeData): string {
  const settings = options.length > 0 ? `; --set ${options.join(', ')}` : '';
  return `${name}  ${task}, .${ending}${settings}  ${about}`;
}

/** `dates.tsv` → `dates.held-out.tsv`. */
function heldOutPath(path: string): string {
  return path.replace(/(\.\w+)$/, '.held-out$1');
}

/** The files for some records. The end of the path decides the format. */
async function filesOf(
  { name, ending, tensors }: MadeData,
  rows: Records<object>,
  path: string,
): Promise<Output[]> {
  const own = /\.(\w+)$/.exec(path)?.[1].toLowerCase();
  const text = async (of: Records<object>, format: WrittenFormat, to: string): Promise<Output> => ({
    path: to,
    rows: of.length,
    bytes: new TextEncoder().encode(await recordsToText(of, format)),
  });
  if (tensors && own === 'safetensors') {
    const table = records.of(Array.from(rows, (row) => withoutTensors(row, tensors)));
    const features = { path, rows: rows.length, bytes: recordsToTensors(rows, tensors) };
    return [features, await text(table, 'tsv', path.replace(/\.\w+$/, '.tsv'))];
  }
  const format = WRITTEN_FORMATS.find((each) => each === own);
  if (!format)
    throw new UsageError(
      `--out ${path}: the end of the name decides the format. Data set ${name} can be written as .${ending}` +
        `${ending === 'jsonl' ? '' : ' or .jsonl'}.`,
    );
  return [await text(rows, format, path)];
}

/** The entries that a table can hold: texts, and others as JSON. */
function withoutTensors(row: object, tensors: object): Record<string, string> {
  const entries = Object.entries(row as Readonly<Record<string, unknown>>);
  return Object.fromEntries(
    entries
      .filter(([name]) => !Object.hasOwn(tensors, name))
      .map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
}

/** Parses `digits=3`: a name and a number, true, false or a text. */
function madeOptions(settings: readonly string[]): MadeOptions {
  return Object.fromEntries(
    settings.map((setting) => {
      const [, name, value] = /^([\w-]+)=(.*)$/.exec(setting) ?? [];
      if (name === undefined)
        throw new UsageError(`--set ${setting}: expected NAME=VALUE, such as --set digits=3.`);
      return [name, valueOf(value)];
    }),
  );
}

function valueOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}
