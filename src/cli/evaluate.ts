import type { Checkpoint, Corpus, StateDict } from '../node.js';
import { type CharModel, Evaluator, parametersOnDevice, type Probe } from '../graph.js';
import { millisecondsPerUnit } from './backend.js';
import { readAnyCheckpoint } from './checkpoints.js';
import { checkLoss, type EvaluateFlags } from './evaluate-flags.js';
import { UsageError } from './failure.js';
import { notesOf } from './checkpoint-notes.js';
import { count } from './text-format.js';
import { warn } from './event-output.js';
import { lossFigures } from './run-meter.js';
import type { Services } from './services.js';
import { evaluateRecords } from './task/evaluate.js';
import { refuseRecordOptions } from './task/foreign-options.js';
import { openTask, refuseTextOptions, type TaskSource } from './made-up-task.js';
import { textOfRun } from './text-of-run.js';
import { openText, textName, type TextSource } from './text-source.js';
import { refuseUnused } from './unused-options.js';

/**
 * `unrolled eval`: evaluates a model on a text, on the task that it was trained on, or on records.
 * @returns the exit status
 */
export async function runEvaluate(flags: EvaluateFlags, services: Services): Promise<number> {
  const read = await readAnyCheckpoint(flags.checkpoint);
  if (read.of === 'records') return evaluateRecords(read.checkpoint, flags, services);
  refuseRecordOptions(flags);
  if (flags.beam !== undefined)
    throw new UsageError(
      '--beam applies only to models that write texts for records, and this is a model of text: leave it out.',
    );
  const { checkpoint } = read;
  const notes = await notesOf(checkpoint, flags.checkpoint);
  return notes.task
    ? evaluateTask(notes.task, checkpoint, flags, services)
    : evaluateText(textOfRun(notes, flags, flags.checkpoint), checkpoint, flags, services);
}

/** Evaluates held-out windows of a made-up task. */
async function evaluateTask(
  source: TaskSource,
  { model, parameters, progress }: Checkpoint<CharModel>,
  flags: EvaluateFlags,
  { terminal, openBackend }: Services,
): Promise<number> {
  refuseTextOptions(flags, source.from);
  const { source: task, name: called, guessing } = openTask(source);
  const options = flags.batch === undefined ? {} : { batch: flags.batch };
  const probe: Probe = async (device) => {
    const evaluator = new Evaluator(model, device, await parametersOnDevice(model, parameters, device));
    return millisecondsPerUnit({ milliseconds: 100, steps: 16 }, async (windows) => {
      await evaluator.run(task, { ...options, batches: windows });
    });
  };
  const { device, name } = await openBackend(flags.backend ?? 'auto', probe, flags);
  try {
    const evaluator = new Evaluator(model, device, await parametersOnDevice(model, parameters, device));
    const result = await evaluator.run(task, options);
    checkLoss(result, flags.checkpoint);
    const { adapter } = device.info;
    const { loss, count: characters } = result;
    const { accuracy } = result.measures;
    if (flags.json)
      terminal.out(
        `${JSON.stringify({ event: 'eval', step: progress.step, ...lossFigures(loss), characters, unknown: 0, accuracy, backend: name, adapter })}\n`,
      );
    else {
      terminal.out(
        `loss ${loss.toFixed(4)} nats per symbol (guessing: ${guessing.loss.toFixed(4)}), accuracy ` +
          `${(100 * accuracy).toFixed(1)} %\n`,
      );
      terminal.out(
        `${count(characters)} held-out symbols of ${called} (step ${progress.step}, ${adapter})\n`,
      );
    }
    return 0;
  } finally {
    device.dispose();
  }
}

async function evaluateText(
  source: TextSource,
  { model, parameters, progress }: Checkpoint<CharModel>,
  flags: EvaluateFlags,
  { terminal, openBackend }: Services,
): Promise<number> {
  refuseUnused(flags, ['minCount'], 'the symbols are those of the checkpoint');
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
      const result = await evaluator.run(corpus, { batch });
      checkLoss(result, flags.checkpoint);
      const { loss, count: characters } = result;
      const { perplexity, bitsPerChar } = lossFigures(loss);
      const unknown = (corpus.length - 1) * corpus.streams - characters;
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
            `predictions in ${textName(source)}${unknown > 0 ? `; ${count(unknown)} characters that the model does not know were left out` : ''} ` +
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

/** Characters in a window of an evaluation. */
const WINDOW = 100;

/** Milliseconds per window, measured on the beginning of the text. */
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

/** The first positions of a text, as a corpus. */
function beginning(corpus: Corpus, positions: number): Corpus {
  return positions >= corpus.length - 2 ? corpus : corpus.split(1 - positions / corpus.length).train;
}
