import { BYTES_PER_ELEMENT } from '../core/arrays.js';
import { elementCount } from '../core/notation.js';
import type { Graph } from './graph.js';
import type { BoundTensor } from './kernel.js';
import { alignElements } from './tensor.js';

/** One GPU buffer for intermediates, and the tensors that use it one after another. */
export interface SharedBuffer {
  readonly elements: number;
  readonly tensors: readonly string[];
}

/** The buffers of a plan's intermediates. */
export interface BufferAssignment {
  /** Buffers of `value` tensors. */
  readonly shared: readonly SharedBuffer[];
  /** `value` tensor → index in `shared`. */
  readonly indexOf: Readonly<Record<string, number>>;
  /** Bytes of all shared buffers. */
  readonly bytes: number;
  /** Bytes that intermediates would need without sharing. */
  readonly bytesUnshared: number;
}

/** The launches in which an intermediate is used, from `first` to `last`. */
interface Span {
  readonly name: string;
  readonly elements: number;
  readonly first: number;
  last: number;
}

/**
 * Assigns intermediates to buffers, such that those in one buffer are never used at the same time.
 * It is greedy, in order of first use: it takes the smallest free buffer that is large enough, but
 * no buffer more than twice as large as needed, so that large buffers remain for large tensors.
 */
export function assignBuffers(
  graph: Graph,
  launches: readonly { readonly bound: readonly Pick<BoundTensor, 'root'>[] }[],
): BufferAssignment {
  const spans = new Map<string, Span>();
  launches.forEach(({ bound }, index) => {
    for (const { root } of bound) {
      const tensor = graph.tensors[root];
      if (tensor.kind !== 'value') continue;
      const span = spans.get(root);
      if (span) span.last = index;
      else
        spans.set(root, {
          name: root,
          elements: alignElements(elementCount(tensor.shape)),
          first: index,
          last: index,
        });
    }
  });

  const shared: { elements: number; tensors: string[]; freeFrom: number }[] = [];
  const indexOf: Record<string, number> = {};
  let bytesUnshared = 0;
  for (const span of spans.values()) {
    bytesUnshared += span.elements * BYTES_PER_ELEMENT;
    const fitting = shared.filter(
      (buffer) =>
        buffer.freeFrom <= span.first &&
        buffer.elements >= span.elements &&
        buffer.elements <= 2 * span.elements,
    );
    let best = fitting.sort((a, b) => a.elements - b.elements)[0];
    if (!best) shared.push((best = { elements: span.elements, tensors: [], freeFrom: 0 }));
    best.tensors.push(span.name);
    best.freeFrom = span.last + 1;
    indexOf[span.name] = shared.indexOf(best);
  }
  const bytes = shared.reduce((sum, buffer) => sum + buffer.elements * BYTES_PER_ELEMENT, 0);
  return {
    shared: shared.map(({ elements, tensors }) => ({ elements, tensors })),
    indexOf,
    bytes,
    bytesUnshared,
  };
}
