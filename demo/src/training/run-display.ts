import type { RunPast } from '../keep/saved-run.js';
import { Charts } from './charts.js';
import { Figures } from './figures.js';
import { Film } from './film.js';
import type { Progress, RunFacts, Sample, Validation } from './protocol.js';
import { SampleList } from './samples.js';

/** A part of the page that follows the current run. */
export interface RunFollower {
  began?(facts: RunFacts): void;
  progress?(progress: Progress): void;
  sample?(sample: Sample): void;
  /**
   * The network has learned what it can. @param restored whether it has returned to its best state
   */
  learned?(best: Validation, restored: boolean): void;
  /** The slider shows an earlier step; undefined: the present. */
  wound?(step: number | undefined): void;
}

/** What stays on the page when a run replaces another; empty for a new run. */
export interface ShownBefore {
  /** Curve and samples of the previous run stay up to this step. */
  readonly upTo?: number | undefined;
  /** Curve and samples from the storage. */
  readonly past?: RunPast | undefined;
}

/** Shows a run: curves, figures, samples, the slider, and the parts that follow it. */
export abstract class RunDisplay {
  readonly samples = new SampleList();
  readonly #figures = new Figures();
  readonly charts = new Charts((smooth) => this.#figures.showSmooth(smooth));
  readonly film = new Film({
    mark: (step) => {
      this.charts.mark(step);
      this.tell((follower) => follower.wound?.(step));
    },
    samples: () => this.samples.all,
    windBack: (step) => this.goBackTo(step),
  });
  readonly #followers = new Set<RunFollower>();

  /** Adds a part of the page that follows the run. */
  follow(follower: RunFollower): void {
    this.#followers.add(follower);
  }

  /** What the run has shown so far, to be stored. */
  get past(): RunPast {
    return { columns: this.charts.history.columns, samples: this.samples.toKeep() };
  }

  /** Called when the visitor wants to continue from a step of the slider. */
  protected abstract goBackTo(step: number): void;

  protected tell(news: (follower: RunFollower) => void): void {
    for (const follower of this.#followers) news(follower);
  }

  protected showBegun(facts: RunFacts, { upTo, past }: ShownBefore): void {
    if (past) this.charts.history.restore(past.columns);
    this.#figures.showFacts(facts);
    this.charts.reset(facts, past ? facts.step : upTo);
    this.samples.reset(upTo);
    this.samples.setText(facts.text);
    this.tell((follower) => follower.began?.(facts));
    for (const sample of past?.samples ?? []) if (sample.step <= facts.step) this.samples.add(sample);
    this.film.steps = facts.snapshots;
  }

  protected showProgress(progress: Progress, charactersPerStep: number): void {
    this.charts.add(progress);
    this.#figures.show(progress, charactersPerStep);
    this.tell((follower) => follower.progress?.(progress));
  }

  protected showSample(sample: Sample): void {
    this.samples.add(sample);
    this.film.showWriting();
    this.tell((follower) => follower.sample?.(sample));
  }

  protected showValidation(validation: Validation): void {
    this.charts.validated(validation);
    this.#figures.showValidation(validation);
  }
}
