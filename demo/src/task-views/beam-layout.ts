import type { BeamChoice } from '../tasks/view.js';
import { percent, shown } from './words.js';
import { texts } from './texts.js';

/**
 * The fate of a hypothesis: it leads to the best answer (`best`), it ended with another answer, it
 * was continued (`kept`), no likelier symbol continued it (`dropped`), or the search ended first
 * (`open`).
 */
export type Fate = 'best' | 'ended' | 'kept' | 'dropped' | 'open';

/** A hypothesis as a node of the tree. */
export interface TreeNode {
  readonly step: number;
  /** Its rank among the hypotheses of its step; the likeliest is 0. */
  readonly place: number;
  readonly symbol: string;
  /** All its symbols so far. */
  readonly symbols: readonly string[];
  readonly fate: Fate;
  /** Probability of the whole hypothesis. */
  readonly share: number;
  /** Probability of its last symbol given those before. */
  readonly own: number;
  /** Index of the node that it continues. */
  readonly parent: number | undefined;
}

/** Returns the tree of a beam search, step by step. */
export function treeOf(beam: readonly (readonly BeamChoice[])[]): TreeNode[] {
  const starts = beam.map((_, step) => beam.slice(0, step).reduce((sum, row) => sum + row.length, 0));
  const best = bestPath(beam);
  const nodes: TreeNode[] = [];
  for (const [step, row] of beam.entries())
    for (const [place, { symbol, parent: above, logProbability, ends }] of row.entries()) {
      const parent = step === 0 ? undefined : starts[step - 1] + above;
      const before = parent === undefined ? undefined : nodes[parent];
      const after = beam[step + 1] as readonly BeamChoice[] | undefined;
      const continued = after?.some((choice) => choice.parent === place) ?? false;
      nodes.push({
        step,
        place,
        symbol,
        parent,
        symbols: [...(before?.symbols ?? []), ...(ends ? [] : [symbol])],
        share: Math.exp(logProbability),
        own: Math.exp(logProbability) / (before?.share ?? 1),
        fate: best.has(`${step}.${place}`)
          ? 'best'
          : ends
            ? 'ended'
            : continued
              ? 'kept'
              : after
                ? 'dropped'
                : 'open',
      });
    }
  return nodes;
}

/** Returns the places on the path to the likeliest finished hypothesis. */
function bestPath(beam: readonly (readonly BeamChoice[])[]): ReadonlySet<string> {
  let [step, place, most] = [-1, 0, -Infinity];
  for (const [t, row] of beam.entries())
    for (const [p, { ends, logProbability }] of row.entries())
      if (ends && logProbability > most) [step, place, most] = [t, p, logProbability];
  const path = new Set<string>();
  for (; step >= 0; step--) {
    path.add(`${step}.${place}`);
    place = beam[step][place].parent;
  }
  return path;
}

/** Describes a node in words. @param joint separator of symbols: none, or a space between words */
export function nodeWords({ step, symbol, symbols, fate, share, own }: TreeNode, joint: string): string {
  const { node, whole, fates } = texts.beam;
  const isLong = symbols.length > 1 || fate === 'ended';
  return node(
    step + 1,
    shown(symbol),
    percent(own),
    isLong ? whole(symbols.join(joint), percent(share)) : undefined,
    fates[fate],
  );
}

/** Sizes of the drawing in pixels. The box of a symbol grows with the longest one. */
const TREE = { row: 44, margin: 6, box: { height: 24, least: 28, perCharacter: 8.4, padding: 10 } };
/** Pixels between two columns: as many as there is room for, so that the tree is seen whole. */
const GAP = { least: 12, most: 30 };

/** Sizes of a tree in pixels. */
export interface TreeSize {
  /** Of the box of a symbol. */
  readonly box: { readonly width: number; readonly height: number };
  readonly width: number;
  readonly height: number;
  /** Upper left corner of a node's box. */
  readonly placeOf: (node: Pick<TreeNode, 'step' | 'place'>) => { readonly x: number; readonly y: number };
}

/**
 * Returns the size of the drawing and the places of its nodes: one column for each step, the
 * likeliest at the top.
 * @param room width in pixels that is there. Default: any
 */
export function treeSize(nodes: readonly TreeNode[], room = Infinity): TreeSize {
  const most = (of: (node: TreeNode) => number): number => Math.max(0, ...nodes.map(of));
  const { row, margin } = TREE;
  const { least, perCharacter, padding, height } = TREE.box;
  const longest = most(({ symbol }) => [...symbol].length);
  const box = { width: Math.max(least, Math.ceil(longest * perCharacter) + padding), height };
  const columns = most(({ step }) => step) + 1;
  const fitting = Math.floor((room - 2 * margin - columns * box.width) / Math.max(1, columns - 1));
  const gap = Math.max(GAP.least, Math.min(GAP.most, fitting));
  const column = box.width + gap;
  return {
    box,
    width: 2 * margin + columns * column - gap,
    height: 2 * margin + (most(({ place }) => place) + 1) * row,
    placeOf: ({ step, place }) => ({ x: margin + step * column, y: margin + place * row }),
  };
}

/** Returns the node that a key leads to: left and right along the tree, up and down by rank. */
export function nodeFor(nodes: readonly TreeNode[], key: string, current: number): number | undefined {
  const at = nodes[current];
  if (!at) return undefined;
  if (key === 'ArrowLeft') return at.parent;
  const found = (step: number, place: number): number | undefined => {
    const index = nodes.findIndex((node) => node.step === step && node.place === place);
    return index < 0 ? undefined : index;
  };
  if (key === 'ArrowUp') return found(at.step, at.place - 1);
  if (key === 'ArrowDown') return found(at.step, at.place + 1);
  if (key !== 'ArrowRight') return undefined;
  const child = nodes.findIndex(({ parent }) => parent === current);
  return child < 0 ? found(at.step + 1, 0) : child;
}
