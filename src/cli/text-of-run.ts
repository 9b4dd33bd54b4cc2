import { UsageError } from './failure.js';
import type { MissingText, Notes } from './notes.js';
import type { TextFlags } from './options.js';
import { textSource, type TextSource } from './texts.js';

/**
 * The text that the options name, else the one that the checkpoint was learning; read as the
 * options say, else as before.
 * @param path of the checkpoint
 * @param instead what else the user may do, behind the options that name a text
 * @throws UsageError where the checkpoint leads to no text: a text that happens to be at hand must
 *   not take its place
 */
export function textOfRun(before: Notes, flags: TextFlags, path: string, instead = ''): TextSource {
  const given = textSource(flags, {});
  const options = { ...before.options, ...given.options };
  if (flags.corpus !== undefined || flags.ids !== undefined || flags.text !== undefined)
    return { ...given, options };
  if (before.text) return { ...before.text, options };
  const name = JSON.stringify(path);
  if (before.ownTask !== undefined)
    throw new UsageError(
      `${name} was learning a task of a program (${before.ownTask}), whose windows only that program can ` +
        'make: load the checkpoint there, with loadCheckpoint.',
    );
  const known = before.missing
    ? `was learning ${titleOf(before.missing)}`
    : 'does not say which text the run was learning';
  throw new UsageError(
    `${name} ${known}: name the text with --corpus FILE, --text NAME or --ids FILE${instead}.`,
  );
}

function titleOf({ name, places }: MissingText): string {
  const where = places.map((place) => JSON.stringify(place)).join(' or ');
  return `${JSON.stringify(name)}, and ${where === '' ? 'does not say where that is' : `there is no file ${where}`}`;
}
