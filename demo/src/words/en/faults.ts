import { labels } from './page/labels.js';
import { workbench } from './workbench.js';

/** Fields for sizes of a network and of what it reads at once. */
type SizeField = 'hidden' | 'layers' | 'batch' | 'examples' | 'time';

/** “Layers”, “Reads at once” or “Looks back” */
function either(fields: readonly SizeField[]): string {
  const quoted = fields.map((field) => `“${labels[`${field}.label`]}”`);
  return quoted.length < 2 ? quoted.join('') : `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1) ?? ''}`;
}

/** @param least characters, with the numbers of the form */
const tooShort = (characters: string, least: string): string =>
  `At least ${least} characters are needed: this text has ${characters}. Take a longer one, or less under ` +
  `“${labels['batch.label']}” or “${labels['time.label']}”.`;

/** What cannot be done, and why: the page's own faults, most of which its workers find. */
export const faults = {
  /** @param message of the engine, which speaks English */
  engine: (message: string) => message,
  labels,
  fields: workbench.faults,
  /** What the engine says of options, by the labels of their fields. */
  options: {
    tooFew: tooShort,
    notFinite: (steps: string, clipped: boolean) =>
      `The gradient was no finite number for ${steps} steps in a row: lower “${labels['rate.label']}”` +
      `${clipped ? '' : `, or write 1 under “${labels['clipNorm.label']}”`}.`,
    noRate: (steps: string) =>
      `“${labels['rate.label']}” was 0 for ${steps} steps in a row, so nothing is learned: “${labels['schedule.label']}” ` +
      `has come to its end. Take a later “${labels['steps.label']}”, or a larger “${labels['rateFloor.label']}”.`,
    smaller: (fields: readonly SizeField[]) => `Take less under ${either(fields)}`,
    otherPosition:
      'This state was kept with other settings: go on with the same text, ' +
      `“${labels['batch.label']}”, “${labels['time.label']}” and “${labels['seed.label']}”.`,
    anotherDevice: `another device under “${labels['backend.label']}”`,
    needed: {
      severalLayers:
        `0 with one layer, since it acts between layers: 2 under “${labels['layers.label']}”, or ` +
        `“${labels['recurrentDropout.label']}” in its place`,
      recurrent: `0 with this “${labels['cell.label']}”, which has no recurrent weights`,
      most: (most: string) => `at most ${most}`,
    },
  },
  run: (number: string, why: string) => `Run ${number}: ${why}`,
  noRun: 'No training has begun: start one first.',
  stepGone: (step: string) => `The state of step ${step} is not kept any more.`,
  tooShort,
  otherText:
    'The checkpoint was made with another text: the network goes on with what it has learned, from the ' +
    'beginning of this text.',
  storage: {
    full: (step: string) =>
      `The state of step ${step} is not kept in this browser: its storage is full. Delete saved runs, or ` +
      'download the checkpoint.',
    refused: (step: string, reason: string) =>
      `The state of step ${step} is not kept in this browser: it refused to store anything, as in some ` +
      `private windows (${reason}). Download the checkpoint before you leave the page.`,
    noRoom: 'This browser’s storage has no room for it.',
    textRefused: (reason: string) => `It could not be stored (${reason}).`,
    textTooLarge: (size: string, most: string) => `Its ${size} are more than the ${most} that are kept.`,
  },
  own: {
    tooLarge: (name: string, most: string) => `${name} is too large for a page: it may have ${most} at most.`,
    empty: (name: string) => `${name} is empty.`,
    oneColumn: 'There is one column only: two are needed, one to read and one to learn.',
    sameColumn: 'What is read and what is learned are the same column: choose two.',
    tooFew: (records: string, least: string) =>
      `There are ${records} records with something in both columns: at least ${least} are needed, of which ` +
      'some are held back to try the network on.',
    tags: (record: string, words: string, read: string, tags: string, learned: string) =>
      `Record ${record} has ${words} words in “${read}” and ${tags} in “${learned}”: each word needs one tag.`,
    noNumber: (record: string, text: string, column: string) =>
      `Record ${record} has “${text}” in the column “${column}”, where a number is needed.`,
    leftOut: (records: string) =>
      `${records} records were left out, since there is nothing in one of their columns.`,
    openFirst: 'Open the file that is to be learned first.',
    openAgain:
      'This checkpoint has learned a file of somebody’s own. Open that file here first, then the checkpoint.',
    otherTask: (learned: string, asked: string) => `This checkpoint has learned ${learned}, not ${asked}.`,
    /** What the kinds of tasks learn, by the command's names. */
    tasks: {
      classify: 'a label for each text',
      tag: 'a tag for each word',
      translate: 'a text for each text',
      regress: 'the next number of a series',
    } as Readonly<Record<string, string>>,
  },
  noTask:
    'This checkpoint does not say which task it has learned. Checkpoints of texts are opened on the page of ' +
    'texts.',
  ask: {
    noText: 'This network reads no text.',
    empty: 'Type something to read.',
    noLetters: 'Type letters from A to Z: others have no code here.',
    tooLong: (most: string) => `A text of at most ${most} characters can be read here.`,
    noPictures: 'This network reads no pictures.',
    pictureSize: (rows: string, columns: string) => `A picture has ${rows} rows of ${columns} pixels here.`,
  },
  bench: {
    noGpu: (why: string) => `There is no GPU to measure: ${why}`,
    noPeer: (name: string, why: string) => `${name} takes no part: ${why}`,
  },
};
