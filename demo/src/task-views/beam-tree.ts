import { svg } from '../drawing/svg.js';
import { create } from '../page/dom.js';
import type { BeamChoice } from '../tasks/view.js';
import { nodeFor, nodeWords, treeOf, treeSize, type TreeNode } from './beam-layout.js';
import { Stepper } from './stepper.js';
import { percent, shown } from './words.js';
import { texts } from './texts.js';

/**
 * A beam search as a tree: one column for each step, the likeliest hypothesis at the top with its
 * score.
 */
export class BeamTree {
  readonly element = create('figure', 'beam-tree');
  readonly #stepper = new Stepper(
    texts.beam.steps,
    (node) => {
      this.#current = node;
      this.#choose(node);
    },
    (key, current) => nodeFor(this.#nodes, key, current),
  );
  readonly #words = create('p', 'hint');
  #nodes: readonly TreeNode[] = [];
  /** Undefined until the visitor chooses a node. */
  #current: number | undefined;
  #joint = '';

  constructor() {
    const scroll = this.#stepper.element;
    scroll.classList.add('wide');
    this.element.append(scroll, this.#words);
  }

  /** @param joint separator of symbols: none, or a space between words */
  show(beam: readonly (readonly BeamChoice[])[], joint: string): void {
    this.#nodes = treeOf(beam);
    this.#joint = joint;
    // Keep the visitor's choice if that node still exists.
    const first = this.#nodes.findIndex(({ fate }) => fate === 'best');
    this.#choose(Math.min(this.#current ?? Math.max(0, first), Math.max(0, this.#nodes.length - 1)));
  }

  #choose(node: number): void {
    this.#draw(node);
    const at = this.#nodes[node];
    const text = at ? nodeWords(at, this.#joint) : texts.beam.nothing;
    this.#words.textContent = text;
    this.#stepper.show({ count: this.#nodes.length, current: node, text });
  }

  #draw(current: number): void {
    const nodes = this.#nodes;
    const { width, height, box, placeOf } = treeSize(nodes, this.#stepper.element.clientWidth || undefined);
    const path = new Set<number>();
    for (let i: number | undefined = current; i !== undefined; i = nodes[i]?.parent) path.add(i);
    const picture = svg('svg', {
      ...{ width, height, viewBox: `0 0 ${width} ${height}` },
      'aria-hidden': 'true',
    });
    for (const [i, node] of nodes.entries()) {
      if (node.parent === undefined) continue;
      const [from, to] = [placeOf(nodes[node.parent]), placeOf(node)];
      const [x1, y1] = [from.x + box.width, from.y + box.height / 2];
      const [x2, y2] = [to.x, to.y + box.height / 2];
      const middle = (x1 + x2) / 2;
      picture.append(
        svg('path', {
          d: `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`,
          class: `branch ${node.fate}${path.has(i) ? ' lit' : ''}`,
          'stroke-width': (1 + 5 * Math.min(1, node.own)).toFixed(2),
        }),
      );
    }
    for (const [i, node] of nodes.entries()) {
      const { x, y } = placeOf(node);
      const group = svg('g', {
        class: `leaf ${node.fate}${path.has(i) ? ' lit' : ''}${i === current ? ' current' : ''}`,
        'data-step': i,
      });
      const middle = x + box.width / 2;
      group.append(
        svg('rect', { x, y, width: box.width, height: box.height, rx: 4 }),
        svg('text', { x: middle, y: y + 17 }, shown(node.symbol)),
        svg('text', { x: middle, y: y + box.height + 12, class: 'score' }, percent(node.share)),
      );
      picture.append(group);
    }
    this.#stepper.element.replaceChildren(picture);
  }
}
