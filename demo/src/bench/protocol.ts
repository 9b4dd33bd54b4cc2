import type { BenchEvent, BenchPart } from '../../../src/bench/index.js';
import type { Answer } from '../host/messages.js';

/** Other systems that the benchmark can be run against. */
export const PEER_NAMES = ['jax', 'tensorflow'] as const;
export type PeerName = (typeof PEER_NAMES)[number];

/** What is to be measured. */
export interface BenchRequest {
  readonly parts: readonly BenchPart[];
  /** Only workloads and kernels whose name contains one of these; empty: all. */
  readonly only: readonly string[];
  readonly rounds: number;
  readonly turnMs: number;
  readonly budgetMs: number;
  /** Whether the CPU takes part as a strategy. */
  readonly cpu: boolean;
  /** Other systems, which are loaded for this. */
  readonly peers: readonly PeerName[];
}

/** What the worker finds before it measures. */
export interface BenchStart {
  readonly adapter: string;
  /** Versions of other systems by name. */
  readonly versions: Readonly<Record<string, string>>;
  /** What does not take part, a sentence each: no GPU, a system that could not be loaded. */
  readonly notes: readonly string[];
}

/** What the worker tells the page while it measures. */
export interface BenchListener {
  begun(start: BenchStart): void;
  event(event: BenchEvent): void;
}

/** What the page asks of the worker that measures. To stop it, end the worker. */
export interface BenchService {
  /** Measures, and answers when the listener has been told of everything. */
  run(request: BenchRequest, listener: BenchListener): Promise<Answer<null>>;
}
