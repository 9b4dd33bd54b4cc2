import type { Launch, VariantChoice } from './kernel.js';
import type { PlanRequest } from './planner.js';

/**
 * How calls of one op that follow each other are planned together, where another op, the link, is
 * between every two of them. Forward, these are the layers of a stack with the projections between
 * them; backward, the same layers from the highest to the lowest.
 */
export interface Chaining {
  /** The tensor of the op that the link after it reads, and the one that the link before it writes. */
  readonly gives: string;
  readonly takes: string;
  /** The link, the tensor that it reads, and the tensor that it writes. */
  readonly link: { readonly op: string; readonly reads: string; readonly writes: string };
  /**
   * Plans a chain. Its launches replace those of all calls, links included.
   * @returns undefined if the calls can only run one after the other
   */
  readonly plan: (chain: ChainRequest) => ChainPlan | undefined;
}

/** How calls of an op are planned together, by phase. */
export type OpChains = Partial<Record<'forward' | 'backward', Chaining>>;

/** The calls of a chain, in order. */
export interface ChainRequest {
  /** Calls of the op. */
  readonly members: readonly ChainCall[];
  /** Calls of the link: `links[i]` is between `members[i]` and `members[i + 1]`. */
  readonly links: readonly ChainCall[];
}

/** One call of a chain. */
export interface ChainCall {
  readonly request: PlanRequest;
  /** Returns where a tensor of the call is; undefined if the call does not have it. */
  readonly place: (tensor: string) => ChainPlace | undefined;
  /** Plans the call by itself, as if it did not have a tensor. */
  readonly planWithout: (tensor: string) => readonly Launch[];
}

/** Where the elements of a tensor are. */
export interface ChainPlace {
  /** Name of the tensor that owns the elements, which may be the tensor itself. */
  readonly root: string;
  /** Index of the first element in `root`. */
  readonly offset: number;
  readonly elements: number;
  /** Whether the tensor is a whole intermediate, so that it can become a part of another tensor. */
  readonly joinable: boolean;
}

/** The plan of a chain. */
export interface ChainPlan {
  /** The choice between one call after the other and all calls together. */
  readonly choice: VariantChoice;
  /** The plan for all calls together. Undefined if the choice is one call after the other. */
  readonly together?: {
    readonly launches: readonly ChainLaunch[];
    /**
     * Intermediates that become parts of one new tensor, in this order. The key is the new tensor's
     * name in launches of the chain. Each part begins at a multiple of its length, which is rounded
     * up by `alignElements`.
     */
    readonly joined: Readonly<Record<string, readonly ChainTensor[]>>;
    /**
     * Other tensors that launches of the chain bind, by the name that they use. `whole` binds the
     * tensor's root instead of the tensor.
     */
    readonly others: Readonly<Record<string, ChainTensor & { readonly whole?: boolean }>>;
  };
}

/** A tensor of one member of a chain. */
export interface ChainTensor {
  /** Name in the op's contract. */
  readonly tensor: string;
  /** Index in `ChainRequest.members`. */
  readonly member: number;
}

/** A launch of a chain. It binds the tensors of `ChainPlan.together`, or those of one call. */
export interface ChainLaunch {
  readonly launch: Launch;
  /** The call whose tensors it binds: an index in `ChainRequest.members` or `links`. */
  readonly member?: number;
  readonly link?: number;
}
