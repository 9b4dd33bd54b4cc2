import {
  Evaluator,
  parametersOnDevice,
  readCheckpointFile,
  type CharModel,
  type Checkpoint,
  type Corpus,
  type StateDict,
} from '../node.js';
import { millisecondsPerUnit, type Probe } from './backend.js';
import { notesOf } from './notes.js';
import type { BackendName, CpuFlags, TextFlags } from './options.js';
import { count, warn } from './output.js';
import type { Services } from './session.js';
import { openTask, refuseTextOptions, type TaskSource } from './tasks.js';
import { openText, textName, textSource } from './texts.js';

/** All options of `eval`. */
export interface EvaluateFlags extends TextFlags, CpuFlags {
  readonly checkpoint: string;
  /** Rows that run side by side. */
  readonly batch?: number;
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/**
 * `unrolled eval`: how well a model predicts a text, or does the task that it was trained on.
 * @returns the exit status
 */
export async function runEvaluate(flags: EvaluateFlags, services: Services): Promise<number> {
  const checkpoint = await readCheckpointFile(flags.checkpoint);
  const { text } = notesOf(checkpoint);
  return text?.kind === 'task'
    ? evaluateTask(text, checkpoint, flags, services)
    : evaluateText(checkpoint, flags, services);
}

/** Held-out windows of the task. */
async function evaluateTask(
  source: TaskSource,
  { characterModel: model, parameters, progress }: Checkpoint,
  flags: EvaluateFlags,
  { terminal, openBackend }: Services,
): Promise<number> {
  refuseTextOptions(flags, source.from);
  const task = openTask(source);
  const options = flags.batch === undefined ? {} : { batch: flags.batch };
  const probe: Probe = async (device) => {
    const evaluator = new Evaluator(model, device, await parametersOnDevice(model, parameters, device));
    return millisecondsPerUnit({ milliseconds: 100, steps: 16 }, async (windows) => {
      await evaluator.run(task, { ...options, windows });
    });
  };
  const { device, name } = await openBackend(flags.backend ?? 'auto', probe, flags);
  try {
    const evaluator = new Evaluator(model, device, await parametersOnDevice(model, parameters, device));
    const result = await evaluator.run(task, options);
    const { adapter } = device.info;
    const { loss, accuracy = NaN, characters } = result;
    if (flags.json)
      terminal.out(
        `${JSON.stringify({ event: 'eval', step: progress.step, ...result, backend: name, adapter })}\n`,
      );
    else {
      terminal.out(
        `loss ${loss.toFixed(4)} nats per symbol (guessing: ${task.baseline.toFixed(4)}), accuracy ` +
          `${(100 * accuracy).toFixed(1)} %\n`,
      );
      terminal.out(
        `${count(characters)} held-out symbols of ${task.name} (step ${progress.step}, ${adapter})\n`,
      );
    }
    return 0;
  } finally {
    device.dispose();
  }
}

async function evaluateText(
  { characterModel: model, parameters, progress }: Checkpoint,
  flags: EvaluateFlags,
  { terminal, openBackend }: Services,
): Promise<number> {
  const source = textSource(flags, {});
  const corpus = await openText(source, model.vocabulary);
  const batch = flags.batch ?? corpus.streams;
  try {
    for (const warning of corpus.warnings)
      warn(terminal, flags.json === true, `${textName(source)}: ${warning}`);
    const { device, name } = await openBackend(
      flags.backend ?? 'auto',
      evaluationProbe(model, parameters, corpus),
      flags,
    );
    try {
      const evaluator = new Evaluator(model, device, await parametersOnDevice(model, parameters, device));
      const { loss, perplexity, bitsPerChar, characters, unknown } = await evaluator.run(corpus, { batch });
      const { adapter } = device.info;
      if (flags.json)
        terminal.out(
          `${JSON.stringify({ event: 'eval', step: progress.step, loss, perplexity, bitsPerChar, characters, unknown, backend: name, adapter })}\n`,
        );
      else {
        terminal.out(
          `loss ${loss.toFixed(4)} nats per character, perplexity ${perplexity.toFixed(3)}, ` +
            `${bitsPerChar.toFixed(3)} bits per character\n`,
        );
        terminal.out(
          `${count(characters)} ` +
            `predictions${unknown > 0 ? `; ${count(unknown)} characters that the model does not know were left out` : ''} ` +
            `(step ${progress.step}, ${adapter})\n`,
        );
      }
      return 0;
    } finally {
      device.dispose();
    }
  } finally {
    corpus.dispose();
  }
}

/** Windows of an evaluation have 100 characters. */
const WINDOW = 100;

/** Milliseconds per window of the beginning of the text. */
function evaluationProbe(model: CharModel, parameters: StateDict, corpus: Corpus): Probe {
  return async (device) => {
    const memory = await parametersOnDevice(model, parameters, device);
    const evaluator = new Evaluator(model, device, memory);
    try {
      return await millisecondsPerUnit({ milliseconds: 100, steps: 16 }, async (windows) => {
        await evaluator.run(beginning(corpus, windows * WINDOW + 1), { batch: corpus.streams });
      });
    } finally {
      evaluator.dispose();
      memory.dispose();
    }
  };
}

/** The first positions of a text, as a part of it. */
function beginning(corpus: Corpus, positions: number): Corpus {
  return positions >= corpus.length - 2 ? corpus : corpus.split(1 - positions / corpus.length).train;
}
