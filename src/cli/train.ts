import { resolve } from 'node:path';
import { charModel, createBatcher, Trainer, type Corpus } from '../node.js';
import { trainingProbe } from './backend.js';
import { UsageError } from './failure.js';
import type { TrainFlags } from './options.js';
import { DEFAULT_PRESET, modelOptions, presetOf, scheduleOf, trainerOptions } from './recipe.js';
import { planOf } from './run-plan.js';
import { checkFits, checkWritable, runTraining, type Services } from './session.js';
import { INTERRUPTED } from './terminal.js';
import { fingerprint, openText, textSource } from './texts.js';
import { readWeights } from './weights.js';

/** `unrolled train`. @returns the exit status */
export async function runTrain(flags: TrainFlags, services: Services): Promise<number> {
  checkCombinations(flags);
  if (flags.out !== undefined) await checkWritable(flags.out);
  const weights = flags.initFrom === undefined ? undefined : await readWeights(flags.initFrom);
  const text = textSource(flags, presetOf(flags).text);
  const whole = await openText(text, weights?.vocabulary);
  try {
    const { train: corpus, validation } = split(whole, flags.validation);
    const options = trainerOptions(flags, corpus.streams);
    const { sampling = 'consecutive', batch, time, seed = 0 } = options;
    const { windowsPerEpoch } = createBatcher(corpus, { sampling, batch, time, seed });
    const plan = await planOf(flags, corpus, windowsPerEpoch);
    const schedule = scheduleOf(flags, plan.steps);
    const model = charModel({ vocabulary: corpus.vocabulary, ...modelOptions(flags, weights) });
    const checked = trainingProbe(model, corpus, { ...options, schedule });
    const backend = await services.openBackend(flags.backend ?? 'auto', (device) => {
      checkFits(model, options.optimizer, device);
      return checked(device);
    });
    try {
      checkFits(model, options.optimizer, backend.device);
      const trainer = await Trainer.create(model, { ...options, schedule, device: backend.device });
      if (weights) await trainer.loadParameters(weights.parameters);
      const remembered = {
        text,
        fingerprint: await fingerprint(whole),
        validation: flags.validation ?? 0,
        plan,
        backend: backend.name,
        adapter: backend.device.info.adapter,
        path: flags.out === undefined ? '' : resolve(flags.out),
      };
      const training = { trainer, corpus, validation, warnings: whole.warnings, stepsPerEpoch: windowsPerEpoch, plan, out: flags.out, remembered, validationLosses: [] };
      return (await runTraining(training, backend, flags.preset ?? DEFAULT_PRESET, services, flags.json === true)) ? INTERRUPTED : 0;
    } finally {
      backend.device.dispose();
    }
  } finally {
    whole.dispose();
  }
}

/** Training part and validation part of a text. */
export function split(corpus: Corpus, fraction: number | undefined): { readonly train: Corpus; readonly validation: Corpus | undefined } {
  if (fraction === undefined || fraction === 0) return { train: corpus, validation: undefined };
  return corpus.split(fraction);
}

/** Options that mean nothing without another are a mistake, and not to be ignored in silence. */
function checkCombinations(flags: TrainFlags): void {
  if (flags.validation === undefined && (flags.evalEvery !== undefined || flags.patience !== undefined))
    throw new UsageError('--eval-every and --patience need --validation FRACTION, the part of the text that is held back.');
  if (flags.out === undefined && flags.checkpointEvery !== undefined) throw new UsageError('--checkpoint-every needs --out FILE, where the checkpoint goes.');
}
