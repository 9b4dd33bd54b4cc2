import {
  adam,
  characters,
  languageModel,
  Trainer,
  type Device,
  type LanguageModel,
} from '../../src/index.js';

/** Symbols of the tiny model: four characters, begin and end. */
export const TINY = characters(['abcd']);

/** A language model of six symbols with peaked, random predictions: an RNN of five units. */
export async function tinyLanguageModel(device: Device, seed = 1): Promise<Trainer<LanguageModel>> {
  const model = languageModel({
    tokenizer: TINY,
    hidden: 5,
    cell: 'rnn',
    init: { kind: 'uniform', bound: 1.5 },
  });
  return Trainer.create(model, { device, optimizer: adam({ rate: 0.01 }), seed });
}

/** Returns the log-probabilities of the next symbol after ids, computed here in plain loops. */
export async function nextSymbol(
  trainer: Trainer<LanguageModel>,
): Promise<(ids: readonly number[]) => number[]> {
  const weights = await trainer.parameters();
  const [V, H] = [TINY.size, 5];
  const of = (name: string, i: number): number => weights[name].data[i];
  return (ids) => {
    let h = Array<number>(H).fill(0);
    for (const id of ids)
      h = h.map((_, i) => {
        let sum = of('rnn.bias_ih_l0', i) + of('rnn.bias_hh_l0', i);
        if (id < V) sum += of('rnn.weight_ih_l0', i * V + id);
        for (let j = 0; j < H; j++) sum += of('rnn.weight_hh_l0', i * H + j) * h[j];
        return Math.tanh(sum);
      });
    const logits = Array.from({ length: V }, (_, v) =>
      h.reduce((sum, x, i) => sum + of('head.weight', v * H + i) * x, of('head.bias', v)),
    );
    const total = Math.log(logits.reduce((sum, x) => sum + Math.exp(x), 0));
    return logits.map((x) => x - total);
  };
}

/** A sequence and the sum of its log-probabilities. */
export interface Scored {
  readonly ids: readonly number[];
  readonly logProbability: number;
}

/** Returns all continuations of `start` that end with the end symbol or have `longest` symbols. */
export function allContinuations(
  next: (ids: readonly number[]) => number[],
  start: readonly number[],
  longest: number,
): Scored[] {
  const found: Scored[] = [];
  const visit = (ids: readonly number[], logProbability: number): void => {
    for (const [id, more] of next([...start, ...ids]).entries()) {
      const longer = { ids: [...ids, id], logProbability: logProbability + more };
      if (id === TINY.end || longer.ids.length === longest) found.push(longer);
      else visit(longer.ids, longer.logProbability);
    }
  };
  visit([], 0);
  return found.sort((a, b) => b.logProbability - a.logProbability);
}

/** Options of the beam searches below. */
interface BeamOptions {
  readonly width: number;
  readonly longest: number;
}

/**
 * Returns the hypotheses of every step of a beam search by its definition, over whole lists, best
 * first.
 */
export function beamStepsByDefinition(
  next: (ids: readonly number[]) => number[],
  start: readonly number[],
  { width, longest }: BeamOptions,
): Scored[][] {
  let live: Scored[] = [{ ids: [], logProbability: 0 }];
  const steps: Scored[][] = [];
  for (let length = 1; length <= longest && live.length > 0; length++) {
    const best = live
      .flatMap(({ ids, logProbability }) =>
        next([...start, ...ids]).map((more, id) => ({
          ids: [...ids, id],
          logProbability: logProbability + more,
        })),
      )
      .sort((a, b) => b.logProbability - a.logProbability)
      .slice(0, width);
    steps.push(best);
    live = best.filter((one) => !ends(one, longest));
  }
  return steps;
}

/** Whether a hypothesis leaves the search. */
function ends({ ids }: Scored, longest: number): boolean {
  return ids.at(-1) === TINY.end || ids.length === longest;
}

/**
 * Returns the result of a beam search by its definition. Ranks by logProbability /
 * ((5+length)/6)^a.
 */
export function beamByDefinition(
  next: (ids: readonly number[]) => number[],
  start: readonly number[],
  { penalty = 0, ...options }: BeamOptions & { readonly penalty?: number },
): Scored[] {
  const steps = beamStepsByDefinition(next, start, options);
  const rank = ({ ids, logProbability }: Scored): number =>
    logProbability / ((5 + ids.length) / 6) ** penalty;
  return steps
    .flat()
    .filter((one) => ends(one, options.longest))
    .sort((a, b) => rank(b) - rank(a));
}
