import type { Fault } from '../host/messages.js';
import type { RunWatcher, Stored } from '../keep/saved-run.js';
import { machineWords } from '../page/fault-words.js';
import { count } from '../page/format.js';
import { StatusLine } from '../page/status.js';
import type { Kept, Listener, Progress, RunFacts, Sample, SampleSettings, Validation } from './protocol.js';
import { RunDisplay } from './run-display.js';
import { workbench } from './workbench-words.js';

const says = workbench.status;

/** While a sample of at least so many letters is written, the page reports that training waits. */
const LONG_SAMPLE = 2000;

/**
 * Takes the worker's reports of the page's run, and shows and says them. Reports of a replaced run
 * may still arrive.
 */
export abstract class RunReports extends RunDisplay implements Listener {
  readonly line = new StatusLine();
  facts: RunFacts | undefined;
  latest: Progress | undefined;
  watcher: RunWatcher | undefined;
  protected sampling: SampleSettings | undefined;
  /** The last state that the page has in memory. */
  protected lastKept: Kept | undefined;

  /** The last step that is known to have been taken. */
  get lastStep(): number {
    return this.latest?.report.step ?? this.facts?.step ?? 0;
  }

  progress(run: number, progress: Progress): void {
    if (run !== this.facts?.run) return;
    this.latest = progress;
    this.showProgress(progress, this.facts.charactersPerStep);
    if (this.line.status === 'paused') this.sayPaused();
  }

  sample(run: number, sample: Sample): void {
    if (run !== this.facts?.run) return;
    this.showSample(sample);
    if (this.line.status === 'running') this.sayRunning();
  }

  writing(run: number, sample: Sample): void {
    if (run !== this.facts?.run) return;
    const length = Number(this.sampling?.length);
    this.samples.write(sample, length);
    if (this.line.status === 'running' && length >= LONG_SAMPLE)
      this.line.set('running', says.writing(count(length)), true);
  }

  validated(run: number, validation: Validation): void {
    if (run === this.facts?.run) this.showValidation(validation);
  }

  learned(run: number, best: Validation): void {
    if (run === this.facts?.run) this.endAt(best);
  }

  advised(run: number, advice: string): void {
    if (run === this.facts?.run) this.line.notice(advice);
  }

  ended(run: number, fault?: Fault): void {
    if (run !== this.facts?.run) return;
    if (fault) this.stopped(run, fault);
    else this.line.set('done', says.done(count(this.lastStep)), true);
  }

  kept(run: number, kept: Kept): void {
    if (run === this.facts?.run) this.lastKept = kept;
  }

  snapshots(run: number, steps: readonly number[]): void {
    if (run === this.facts?.run) this.film.steps = steps;
  }

  stored(_run: number, stored: Stored): void {
    this.watcher?.stored(stored);
  }

  heard(): void {
    // Calls arrive in order, so all earlier reports have been handled.
  }

  /** Called when the network has learned what it can. */
  protected abstract endAt(best: Validation): void;

  /** Called when an error has ended the run. */
  protected abstract stopped(run: number, fault: Fault): void;

  protected sayRunning(): void {
    if (this.facts) this.line.set('running', says.training(machineWords(this.facts)), true);
  }

  protected sayPaused(): void {
    if (this.line.status === 'failed' || !this.facts) return;
    const step = this.lastStep;
    this.line.set('paused', step === 0 ? says.ready : says.pausedAt(count(step)), true, {
      first: step === 0,
    });
  }
}
