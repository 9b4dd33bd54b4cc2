import type { BenchEvent, BenchPart } from '../../../src/bench/index.js';
import type { ProductPrecision } from '../../../src/graph.js';
import type { Answer } from '../host/messages.js';

/** Other systems that the benchmark can compare with. */
export const PEER_NAMES = ['jax', 'tensorflow'] as const;
export type PeerName = (typeof PEER_NAMES)[number];

/** What to measure. */
export interface BenchRequest {
  readonly parts: readonly BenchPart[];
  readonly precisions: readonly ProductPrecision[];
  /** Only workloads and kernels whose name contains one of these; empty for all. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly turnMs: number;
  readonly budgetMs: number;
  /** Whether the CPU is one of the strategies. */
  readonly cpu: boolean;
  /** Other systems, which are loaded for this. */
  readonly peers: readonly PeerName[];
}

/** What the worker finds before it measures. */
export interface BenchStart {
  readonly adapter: string;
  /** Versions of other systems by name. */
  readonly versions: Readonly<Record<string, string>>;
  /**
   * One sentence for each thing that does not take part: no GPU, a system that could not be loaded.
   */
  readonly notes: readonly string[];
}

/** Reports of the worker while it measures. */
export interface BenchListener {
  begun(start: BenchStart): void;
  event(event: BenchEvent): void;
}

/** Requests to the worker that measures. To stop it, terminate the worker. */
export interface BenchService {
  /** Measures. Resolves after the listener has received every report. */
  run(request: BenchRequest, listener: BenchListener): Promise<Answer<null>>;
}
