import { OptionError, ShapeError } from '../core/errors.js';
import { elementCount } from '../core/notation.js';
import { onlyKnown } from '../core/options.js';
import { GraphBuilder, type Call } from './graph.js';
import type { Op, OpRegistry } from './op.js';
import { checkTensor, type Tensor } from './tensor.js';

/** Options of `differentiate`. */
export interface DifferentiateOptions {
  /** The record of ops that the graph's calls name. */
  readonly ops: OpRegistry;
  /**
   * Tensors whose gradients the caller wants. The gradient of a part of an arena is the same part
   * of the arena's gradient. Parts that are not wanted get no gradient.
   */
  readonly wanted: readonly Tensor[];
  /**
   * Upstream gradients: tensor name → tensor that holds its gradient. A loss op needs none.
   * Default: none.
   */
  readonly upstream?: Readonly<Record<string, Tensor>>;
  /**
   * Tensors that receive gradients of root tensors: name of the root → its gradient, such as arena
   * of parameters → arena of gradients. If only parts of the root are wanted, the target must be a
   * `memory`, `input` or `output` tensor, in which the other parts stay zero. Default:
   * intermediates.
   */
  readonly targets?: Readonly<Record<string, Tensor>>;
}

/**
 * Appends the backward calls of all calls in the graph so far, in reverse order (reverse-mode
 * differentiation). Where a tensor has several readers, its gradient is the sum of their gradients:
 * by accumulating kernels where the op has them, else by the op `add_into`.
 * @returns the gradient of each wanted tensor, by the tensor's name
 * @throws ShapeError where no gradient reaches a wanted tensor, or an op on its path has no
 *   backward
 */
export function differentiate(builder: GraphBuilder, options: DifferentiateOptions): Record<string, Tensor> {
  checkOptions(builder, options);
  const forward = builder.graph.calls;
  const needed = tensorsOnPath(forward, options, builder);
  const gradients = new Gradients(builder, options);

  for (const [name, tensor] of Object.entries(options.upstream ?? {}))
    gradients.give(builder.get(name), tensor);

  for (const call of [...forward].reverse()) {
    const op = options.ops[call.op];
    if (op.gradientInPlace) takeGradientInPlace(builder, gradients, op, call);
    else appendBackward(builder, options.ops, { call, needed, gradients });
  }
  return Object.fromEntries(
    options.wanted.map((tensor) => [tensor.name, gradients.of(tensor) ?? missing(tensor)]),
  );
}

function checkOptions(builder: GraphBuilder, options: DifferentiateOptions): void {
  if (!(builder instanceof GraphBuilder)) throw new OptionError('differentiate', builder, 'a GraphBuilder');
  onlyKnown('differentiate', options, ['ops', 'wanted', 'upstream', 'targets']);
  const { ops, wanted } = options;
  if (typeof ops !== 'object' || Array.isArray(ops))
    throw new OptionError('differentiate.ops', ops, 'the record `ops`');
  if (!Array.isArray(wanted)) throw new OptionError('differentiate.wanted', wanted, 'an array of tensors');
  for (const tensor of wanted) checkTensor('differentiate.wanted', tensor);
}

/** Appends the backward call of a call, if a gradient arrives at it and one of its inputs needs one. */
function appendBackward(
  builder: GraphBuilder,
  ops: OpRegistry,
  { call, needed, gradients }: { call: Call; needed: NeededTensors; gradients: Gradients },
): void {
  const op = ops[call.op];
  const tensors: Record<string, string> = { ...call.tensors };
  let arrived = false;
  for (const [key, row] of Object.entries(op.tensors)) {
    if (row.role !== 'output' || !call.tensors[key]) continue;
    const upstream = gradients.of(builder.get(call.tensors[key]));
    if (upstream) [tensors[`d${key}`], arrived] = [upstream.name, true];
  }
  if (!arrived) return;

  const isWanted = (key: string): boolean => {
    const { role, differentiable } = op.tensors[key];
    return (
      differentiable &&
      (role === 'input' || role === 'weight') &&
      call.tensors[key] !== undefined &&
      needed.has(builder.get(call.tensors[key]))
    );
  };
  const wanted = Object.keys(op.tensors).filter(isWanted);
  if (wanted.length === 0) return;

  const accumulate: string[] = [];
  const later: (() => void)[] = [];
  const fresh = new Set<string>(); // first written by this call, which cannot also add to it (x·x)
  for (const key of wanted) {
    const name = call.tensors[key];
    const tensor = builder.get(name);
    const sum = gradients.of(tensor);
    if (!sum) {
      tensors[`d${key}`] = gradients.create(tensor).name;
      fresh.add(name);
    } else if (op.accumulates?.includes(`d${key}`) && !fresh.has(name)) {
      tensors[`d${key}`] = sum.name;
      accumulate.push(`d${key}`);
    } else {
      const part = gradients.temporary(tensor);
      tensors[`d${key}`] = part.name;
      later.push(() => addInto(builder, ops, part, sum));
    }
  }
  if (!op.backward) throw new ShapeError(`${op.name} has no backward, but a gradient must pass through it.`);
  const { dims, attributes } = call;
  builder.add({ op: call.op, phase: 'backward', dims, attributes, tensors, accumulate });
  for (const add of later) add();
}

/** Takes the gradients that a loss wrote in forward. No upstream gradient may arrive at a loss. */
function takeGradientInPlace(builder: GraphBuilder, gradients: Gradients, op: Op, call: Call): void {
  for (const [key, { role }] of Object.entries(op.tensors)) {
    const result = role === 'output' && call.tensors[key] ? builder.get(call.tensors[key]) : undefined;
    if (result && gradients.of(result))
      throw new ShapeError(
        `A gradient arrives at "${result.name}", but ${op.name} is a loss, which has no upstream ` +
          'gradient. Weight the loss with the attribute scale.',
      );
  }
  // Without a gradient the tensor still holds the logits, which must not be used as a gradient.
  if (call.attributes.gradient === false) return;
  for (const [key, place] of Object.entries(op.gradientInPlace ?? {}))
    if (call.tensors[key]) gradients.give(builder.get(call.tensors[key]), builder.get(call.tensors[place]));
}

function missing(tensor: Tensor): never {
  throw new ShapeError(
    `No gradient reaches "${tensor.name}": nothing that depends on it has an upstream gradient, nor ` +
      'ends in a loss with the attribute gradient.',
  );
}

function rootOf(tensor: Tensor): string {
  return tensor.view?.of ?? tensor.name;
}

/**
 * Tensors on a path from a wanted tensor to a result. Only these need gradients. Tensors that a
 * call writes to memory are read by the next run, so no gradient flows back from them: this
 * truncates back-propagation through time.
 */
function tensorsOnPath(
  calls: readonly Call[],
  options: DifferentiateOptions,
  builder: GraphBuilder,
): NeededTensors {
  const needed = new NeededTensors(options.wanted);
  for (const call of calls) {
    const op = options.ops[call.op];
    const depends = Object.entries(op.tensors).some(
      ([key, row]) =>
        row.differentiable &&
        row.role !== 'output' &&
        call.tensors[key] &&
        needed.has(builder.get(call.tensors[key])),
    );
    if (!depends) continue;
    for (const [key, row] of Object.entries(op.tensors)) {
      if (row.role !== 'output' || !row.differentiable || !call.tensors[key]) continue;
      const tensor = builder.get(call.tensors[key]);
      if (tensor.kind !== 'memory') needed.addRoot(tensor);
    }
  }
  return needed;
}

/** The tensors that need gradients: whole tensors, and parts of others such as an arena. */
class NeededTensors {
  /** Roots of which every part is needed. */
  readonly #roots = new Set<string>();
  /** Needed elements [begin, end) by root. */
  readonly #parts = new Map<string, { readonly begin: number; readonly end: number }[]>();

  constructor(wanted: readonly Tensor[]) {
    for (const tensor of wanted) {
      const parts = this.#parts.get(rootOf(tensor)) ?? [];
      this.#parts.set(rootOf(tensor), [...parts, extentOf(tensor)]);
    }
  }

  addRoot(tensor: Tensor): void {
    this.#roots.add(rootOf(tensor));
  }

  /** Whether any element of the tensor needs a gradient. */
  has(tensor: Tensor): boolean {
    const { begin, end } = extentOf(tensor);
    return (
      this.#roots.has(rootOf(tensor)) ||
      (this.#parts.get(rootOf(tensor)) ?? []).some((part) => part.begin < end && begin < part.end)
    );
  }
}

function extentOf({ shape, view }: Tensor): { readonly begin: number; readonly end: number } {
  const begin = view?.offset ?? 0;
  return { begin, end: begin + elementCount(shape) };
}

/** The gradients that have been declared so far, by tensor and part. */
class Gradients {
  readonly #known = new Map<string, Tensor>();
  readonly #roots = new Map<string, Tensor>();
  #parts = 0;

  constructor(
    readonly builder: GraphBuilder,
    readonly options: DifferentiateOptions,
  ) {}

  #key(tensor: Tensor): string {
    return `${rootOf(tensor)}@${tensor.view?.offset ?? 0}+${elementCount(tensor.shape)}`;
  }

  of(tensor: Tensor): Tensor | undefined {
    const known = this.#known.get(this.#key(tensor));
    return known && this.#shaped(known, tensor);
  }

  give(tensor: Tensor, gradient: Tensor): void {
    this.#known.set(this.#key(tensor), gradient);
  }

  create(tensor: Tensor): Tensor {
    const root = this.builder.get(rootOf(tensor));
    if (tensor.view && root.kind !== 'memory' && elementCount(tensor.shape) !== elementCount(root.shape)) {
      // Other parts may have readers too. Parts without a gradient would have to be set to zero.
      throw new ShapeError(
        `No gradient flows through "${tensor.name}", a part of "${root.name}": use the op slice.`,
      );
    }
    const given = this.options.targets?.[root.name];
    // Values share buffers, so parts that receive no gradient are not zero.
    if (given?.kind === 'value' && elementCount(tensor.shape) !== elementCount(root.shape))
      throw new ShapeError(
        `The gradients of parts of "${root.name}" cannot go to "${given.name}", which is a value: ` +
          'declare it as memory, input or output.',
      );
    const target =
      given ?? this.#roots.get(root.name) ?? this.builder.tensor('value', `d(${root.name})`, root.shape);
    this.#roots.set(root.name, target);
    const gradient = tensor.view
      ? this.builder.view(target, tensor.shape, tensor.view.offset, `d(${tensor.name})`)
      : target;
    this.give(tensor, gradient);
    return gradient;
  }

  temporary(tensor: Tensor): Tensor {
    return this.builder.tensor('value', `d(${tensor.name}).part${++this.#parts}`, tensor.shape);
  }

  #shaped(gradient: Tensor, like: Tensor): Tensor {
    return gradient.shape.join() === like.shape.join() ? gradient : this.builder.view(gradient, like.shape);
  }
}

function addInto(builder: GraphBuilder, ops: OpRegistry, part: Tensor, sum: Tensor): void {
  const E = elementCount(sum.shape);
  builder.add({
    op: ops.add_into.name,
    phase: 'forward',
    dims: { E },
    attributes: {},
    tensors: { x: builder.view(part, [E]).name, sum: builder.view(sum, [E]).name },
    accumulate: [],
  });
}
