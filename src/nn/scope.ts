import { ShapeError } from '../core/errors.js';
import type { StackInspection } from '../layers/stack.js';
import type { StackOptions } from '../layers/stack-options.js';
import type { GraphBuilder } from '../plan/graph.js';
import type { Tensor } from '../plan/tensor.js';

/** The graph that expressions of a model are added to, and what they share. */
export class Scope {
  #labels = 0;
  #sites = 0;
  readonly #finite = new Set<string>();

  /**
   * @param parameters parameters of the graph by name
   * @param prefixes prefix of each module's parameter names
   * @param key u32 [2] = (seed, step) of dropout's random bits; undefined: no dropout
   * @param count [1]: number of targets, by which gradients of mean losses are divided
   * @param gradients whether losses compute gradients
   * @param inspected the recurrent module to inspect
   * @param fusedCells whether recurrent modules use fused ops even if their form is `general`
   */
  constructor(
    readonly builder: GraphBuilder,
    readonly parameters: Readonly<Record<string, Tensor>>,
    readonly prefixes: ReadonlyMap<object, string>,
    readonly key: Tensor | undefined,
    readonly count: Tensor | undefined,
    readonly gradients: boolean,
    readonly inspected?: { readonly module: object; readonly inspect: StackInspection },
    readonly fusedCells = false,
  ) {}

  /** The options of a recurrent module's layers in this graph. */
  stackOf({ stack }: { readonly stack: StackOptions }): StackOptions {
    return this.fusedCells ? { ...stack, form: 'fused' } : stack;
  }

  /** A label that no earlier call of this graph has. */
  label(name: string): string {
    return `${name}.${++this.#labels}`;
  }

  /** Reserves `sites` site numbers for dropout masks. @returns the first */
  dropoutSites(sites: number): number {
    const first = this.#sites;
    this.#sites += sites;
    return first;
  }

  /**
   * Marks a tensor [T,N,..] as finite at padded steps, such as vectors of ids, so that padding need
   * not be set to zero.
   * @returns the tensor
   */
  finite<X extends { readonly tensor: Tensor }>(x: X): X {
    this.#finite.add(rootOf(x.tensor));
    return x;
  }

  /** Whether a tensor, or the tensor that it is a view of, was marked by `finite`. */
  isFinite({ tensor }: { readonly tensor: Tensor }): boolean {
    return this.#finite.has(rootOf(tensor));
  }

  /** A parameter of a module. @throws ShapeError for a module of another model */
  own(module: object, name: string): Tensor {
    return this.parameters[this.prefixOf(module) + name];
  }

  /** First part of a module's parameter names. @throws ShapeError for a module of another model */
  prefixOf(module: object): string {
    const prefix = this.prefixes.get(module);
    if (prefix === undefined)
      throw new ShapeError('A module was called that is not among the modules of its model.');
    return prefix;
  }
}

function rootOf({ name, view }: Tensor): string {
  return view?.of ?? name;
}
