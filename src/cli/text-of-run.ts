import { UsageError } from './failure.js';
import type { MissingText, Notes } from './checkpoint-notes.js';
import type { TextFlags } from './options.js';
import { textSource, type TextSource } from './text-source.js';

/**
 * The text that the options name, otherwise that of the checkpoint; read as the options say,
 * otherwise as before.
 * @param path of the checkpoint
 * @param instead another way for the user, added to the error after the options that name a text
 * @throws UsageError where the checkpoint leads to no text. No other text must replace it.
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
      `${name} was trained on a task of a program (${before.ownTask}), whose windows only that program can ` +
        'make: load the checkpoint there, with loadCheckpoint.',
    );
  const known = before.missing
    ? `was trained on ${titleOf(before.missing)}`
    : 'does not name the text of its run';
  throw new UsageError(
    `${name} ${known}: name the text with --corpus FILE, --text NAME or --ids FILE${instead}.`,
  );
}

function titleOf({ name, places }: MissingText): string {
  const where = places.map((place) => JSON.stringify(place)).join(' or ');
  return `${JSON.stringify(name)}, but ${where === '' ? 'does not store its path' : `there is no file ${where}`}`;
}
