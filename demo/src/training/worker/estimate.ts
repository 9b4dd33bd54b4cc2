import type { DeviceInfo } from '../../../../src/index.js';
import { checkFits, compile, ops, planTargetOf, summarize, trainingGraph } from '../../../../src/graph.js';
import { PageError } from '../../host/page-error.js';
import type { Estimate, Settings } from '../protocol.js';
import { partsOf, planOf } from './plan.js';
import { readText } from './texts.js';

/** Bytes of a file that are read to find out which characters it has. */
const LOOK_AT = 1_000_000;

/** Assumed limits while no device is open: those of a common GPU. */
const USUAL = { adapter: 'a GPU', hardware: true, features: ['subgroups'], maxTensorBytes: 2 ** 32 };

/**
 * Returns the size and cost of a run with these settings. Its plan is compiled without a device.
 * @param info of the open device
 * @throws OptionError, DataError, PageError, as the run itself would
 */
export async function estimate(
  settings: Settings,
  info?: Pick<DeviceInfo, 'backend' | keyof typeof USUAL>,
): Promise<Estimate> {
  const plan = planOf(settings);
  const { text: choice } = settings;
  const limit = Math.min(plan.text.limit ?? Infinity, LOOK_AT);
  const { corpus } = await readText(choice, { ...plan.text, ...(choice.kind === 'file' ? { limit } : {}) });
  try {
    const exact = choice.kind !== 'file' || corpus.length < LOOK_AT;
    const model = plan.model(corpus);
    checkFits(model, info ?? USUAL);
    let characters =
      choice.kind === 'file' ? Math.round((choice.file?.size ?? 0) * (1 - plan.validation)) : 0;
    try {
      const { train } = partsOf(corpus, plan);
      if (exact) characters = train.length;
    } catch (error) {
      if (exact || !(error instanceof PageError)) throw error; // the whole file may be long enough
    }
    const { sizes, loss = 'mean', clip = {}, optimizer } = plan.options;
    const graph = trainingGraph(model, { sizes, loss, clip, optimizer });
    const { dispatches, bytes } = summarize(
      await compile(graph, ops, planTargetOf(info?.backend === 'webgpu' ? info : USUAL)),
    );
    return {
      parameters: model.layout.count,
      characters,
      exact,
      symbols: corpus.vocabulary.size,
      dispatches,
      bytes: Object.values(bytes).reduce((sum, one) => sum + one, 0),
      charactersPerStep: sizes.N * sizes.T,
    };
  } finally {
    corpus.dispose();
  }
}
