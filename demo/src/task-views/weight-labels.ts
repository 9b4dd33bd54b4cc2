import type { WeightBlock } from '../drawing/shape.js';
import type { Unrolled } from '../tasks/unrolled.js';
import { wordsOf } from '../words/parts.js';

const words = (await wordsOf('unrolled')).weights;

const RECURRENT = /^(encoder|decoder|rnn)\.weight_(ih|hh)_l(\d+)$/;

let last: { readonly key: string; readonly blocks: readonly WeightBlock[] } | undefined;

/**
 * Returns the weight matrices with labels for their input and output; those of two directions have
 * one label. The same network returns the same list, so that it is drawn only once.
 */
export function weightBlocks(matrices: Unrolled['matrices']): readonly WeightBlock[] {
  const key = JSON.stringify(matrices);
  if (last?.key === key) return last.blocks;
  const blocks = matrices
    .filter(({ name }) => !name.endsWith('_reverse'))
    .map(({ name, rows, columns }) => {
      const twice = matrices.some((other) => other.name === `${name}_reverse`);
      return { label: twice ? words.twice(labelOf(name)) : labelOf(name), rows, columns };
    });
  last = { key, blocks };
  return blocks;
}

function labelOf(name: string): string {
  const [, module, kind, layer] = RECURRENT.exec(name) ?? [];
  if (module !== undefined) {
    const memory = words.memory[module as keyof typeof words.memory](Number(layer) + 1);
    if (kind === 'hh') return words.before(memory);
    return Number(layer) > 0 ? words.below(memory) : words.reads(memory);
  }
  const [start] = name.split('.');
  const { embedding, head, attention, image, summary } = words;
  const others: Readonly<Record<string, string>> = {
    ...{ embedding, source_embedding: embedding, target_embedding: embedding },
    ...{ head, attention, combine: attention, image, initial: summary, bridge: summary, summary },
  };
  return others[start] ?? name;
}
