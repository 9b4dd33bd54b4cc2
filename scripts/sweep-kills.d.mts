/** What is left of a trial without what depends on the clock. */
export interface KilledTrial {
  readonly trial: number;
  readonly state: string;
  readonly loss: number;
  readonly rate: number;
  readonly steps: number;
  readonly seed: number;
}

export interface KillOptions {
  readonly url: string;
  readonly trials: number;
  readonly workers: number;
  /** Between two kills, on average. */
  readonly seconds: number;
  /** Kills in all. */
  readonly most?: number;
  readonly random?: () => number;
}

export declare function sweepUnderKills(options: KillOptions): Promise<{
  readonly local: readonly KilledTrial[];
  readonly wide: readonly KilledTrial[];
  /** How often each trial ended by the record. */
  readonly ends: readonly number[];
  readonly kills: { readonly workers: number; readonly coordinators: number };
}>;
