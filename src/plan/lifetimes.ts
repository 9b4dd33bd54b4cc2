import { BYTES_PER_ELEMENT } from '../core/arrays.js';
import { elementCount } from '../core/notation.js';
import type { Graph } from './graph.js';
import type { BoundTensor } from './kernel.js';
import { alignElements } from './tensor.js';

/** One GPU buffer for intermediates, and the tensors that take turns in it. */
export interface SharedBuffer {
  readonly elements: number;
  readonly tensors: readonly string[];
}

/** Where the tensors of a plan are kept. */
export interface BufferAssignment {
  /** Buffers of `value` tensors. */
  readonly shared: readonly SharedBuffer[];
  /** `value` tensor → index in `shared`. */
  readonly indexOf: Readonly<Record<string, number>>;
  /** Bytes of intermediates with sharing, and what they would be without. */
  readonly bytes: number;
  readonly bytesUnshared: number;
}

interface Span {
  readonly name: string;
  readonly elements: number;
  readonly first: number;
  last: number;
}

/**
 * Gives intermediates that are never alive at the same time one buffer. Greedy in order of first
 * use; among the free
 * buffers the smallest that is large enough is taken, and none more than twice as large, so that
 * big ones stay for big tensors.
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
