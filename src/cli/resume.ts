import { createBatcher, FileFormatError, readCheckpointFile, resumeTrainer, UnrolledError, type Checkpoint } from '../node.js';
import { trainingProbe } from './backend.js';
import { UsageError } from './failure.js';
import type { RunFlags, TextFlags } from './options.js';
import { warn } from './output.js';
import { planAgain, type Remembered } from './run-plan.js';
import { checkFits, checkWritable, runTraining, type Services } from './session.js';
import { INTERRUPTED } from './terminal.js';
import { fingerprint, openText, textName, textSource, type TextSource } from './texts.js';
import { split } from './train.js';

/** All options of `resume`. */
export interface ResumeFlags extends RunFlags, Pick<TextFlags, 'corpus' | 'ids'> {
  /** Steps from here, in place of a total. */
  readonly more?: number;
}

/** `unrolled resume CHECKPOINT`. @returns the exit status */
export async function runResume(path: string, flags: ResumeFlags, services: Services): Promise<number> {
  const checkpoint = await readCheckpointFile(path);
  const before = rememberedBy(checkpoint, path);
  const out = flags.out ?? path;
  await checkWritable(out);
  const { characterModel: model, trainer: config, progress } = checkpoint;
  const text = movedText(before.text, flags);
  const whole = await openText(text, model.vocabulary);
  try {
    const seen = await fingerprint(whole);
    if (seen.characters !== before.fingerprint.characters || seen.crc32 !== before.fingerprint.crc32) throw changedText(text, before, seen.characters);
    const { train: corpus, validation } = split(whole, before.validation);
    const { sampling, batch, time, seed } = config;
    const { windowsPerEpoch } = createBatcher(corpus, { sampling, batch, time, seed });
    const plan = planAgain(before.plan, flags, progress.step, windowsPerEpoch);
    checkFlags(flags, before);
    const probe = trainingProbe(model, corpus, config);
    const backend = await services.openBackend(flags.backend ?? before.backend, (device) => {
      checkFits(model, config.optimizer, device);
      return probe(device);
    });
    try {
      const { adapter } = backend.device.info;
      checkFits(model, config.optimizer, backend.device);
      if (adapter !== before.adapter)
        warn(services.terminal, flags.json === true, `The run was on ${before.adapter} and goes on on ${adapter}: the last bits of its numbers may differ.`);
      const trainer = await resumeTrainer(checkpoint, backend.device);
      const remembered = { ...before, text, plan, backend: backend.name, adapter, path: out };
      const training = { trainer, corpus, validation, stepsPerEpoch: windowsPerEpoch, plan, out, remembered, validationLosses: before.validationLosses };
      return (await runTraining(training, backend, undefined, services, flags.json === true)) ? INTERRUPTED : 0;
    } finally {
      backend.device.dispose();
    }
  } finally {
    whole.dispose();
  }
}

/** What the command wrote into the checkpoint. A checkpoint of a program has no text to go on with. */
function rememberedBy({ extra }: Checkpoint, path: string): Remembered {
  const run = extra.run as Partial<Remembered> | undefined;
  if (!run?.text || !run.plan || !run.fingerprint || !run.backend || !run.validationLosses)
    throw new FileFormatError(
      `${JSON.stringify(path)} was not written by "unrolled train": it does not say which text to go on with. Go on in a program with resumeTrainer, or start anew with train --init-from.`,
    );
  return run as Remembered;
}

/** The same text in another place. */
function movedText(text: TextSource, flags: ResumeFlags): TextSource {
  if (flags.corpus === undefined && flags.ids === undefined) return text;
  return { ...textSource(flags, {}), options: text.options };
}

function changedText(text: TextSource, before: Remembered, characters: number): UnrolledError {
  const was = before.fingerprint.characters;
  const change = characters === was ? `has ${was} characters as before, but others` : `has ${characters} characters now, and had ${was}`;
  return new UnrolledError(
    `The text changed: ${textName(text)} ${change}. Give the old text with --corpus FILE, or train on the new one from these weights: unrolled train --init-from ${before.path || 'CHECKPOINT'}.`,
  );
}

function checkFlags(flags: ResumeFlags, before: Remembered): void {
  if (before.validation === 0 && (flags.evalEvery !== undefined || flags.patience !== undefined))
    throw new UsageError('--eval-every and --patience need a run that was started with --validation.');
}
