import { messageOf } from '../../core/errors.js';
import type { GpuExecutor } from '../../gpu/executor.js';
import type { GpuProgram } from '../../gpu/program.js';
import type { Plan } from '../../plan/compile.js';
import type { VariantChoice } from '../../plan/kernel.js';
import type { Variants } from '../../plan/op.js';
import { loneLaunch } from './lone-launch.js';
import type { TuneMode, TuningEvent } from './modes.js';
import { race, type Entrant } from './race.js';
import {
  parseTuning,
  sameMachine,
  tuningText,
  withVariants,
  type TunedMachine,
  type TunedVariant,
  type TuningEntry,
  type TuningStore,
} from './record.js';

/** Settings of tuning. */
export interface TuningSettings {
  readonly mode: Exclude<TuneMode, 'off'>;
  readonly machine: TunedMachine;
  readonly store: TuningStore | undefined;
  readonly onEvent: ((event: TuningEvent) => void) | undefined;
}

/** Milliseconds of the runs for one piece of work. Compiling its variants is not included. */
const BUDGET_MS = 300;

/** Finds the fastest variants on a device, and stores them. */
export class Tuner {
  readonly #found = new Map<string, TunedVariant>();
  #turn: Promise<unknown> = Promise.resolve();
  #loaded = false;

  constructor(
    readonly settings: TuningSettings,
    readonly executor: GpuExecutor,
  ) {}

  /**
   * Returns the variants for the choices of a plan, and measures those that are not known. Plans
   * are measured one at a time, so that they do not disturb each other.
   * @param replan plans the same graph with other variants
   * @param given variants that are fixed
   */
  variantsFor(
    plan: Plan,
    replan: (variants: Variants) => Promise<Plan>,
    given: Variants = {},
  ): Promise<Variants> {
    const choices = choicesOf(plan).filter(({ of, taken }) => given[of] !== taken);
    const turn = this.#turn.then(() => this.#variantsFor(choices, replan));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #variantsFor(
    choices: readonly VariantChoice[],
    replan: (variants: Variants) => Promise<Plan>,
  ): Promise<Variants> {
    if (!this.#loaded && this.settings.mode === 'cached')
      for (const [of, found] of Object.entries(this.#known(await this.#read()))) this.#found.set(of, found);
    this.#loaded = true;
    const unknown = choices.filter(
      ({ of, offered }) => offered.length > 1 && !offered.includes(this.#found.get(of)?.variant ?? ''),
    );
    if (unknown.length > 0) {
      const measured = await this.#measure(unknown, replan);
      await this.#keep(measured);
    }
    return Object.fromEntries(
      choices.flatMap(({ of }) => {
        const found = this.#found.get(of);
        return found ? [[of, found.variant]] : [];
      }),
    );
  }

  /** Measures some choices one after the other. */
  async #measure(
    choices: readonly VariantChoice[],
    replan: (variants: Variants) => Promise<Plan>,
  ): Promise<TuningEntry['variants']> {
    const most = Math.max(...choices.map(({ offered }) => offered.length));
    // The i-th plan has the i-th variant of every choice.
    const plans: Plan[] = [];
    for (let i = 0; i < most; i++)
      plans.push(
        await replan(Object.fromEntries(choices.map(({ of, offered }) => [of, offered[i % offered.length]]))),
      );
    const measured: Record<string, TunedVariant> = {};
    for (const [done, choice] of choices.entries()) {
      const { of, offered } = choice;
      this.settings.onEvent?.({ kind: 'measuring', of, done, total: choices.length });
      const { tried, ...found } = await this.#race(choice, plans.slice(0, offered.length));
      this.#found.set(of, found);
      measured[of] = found;
      this.settings.onEvent?.({ kind: 'measured', of, tried, ...found });
    }
    return measured;
  }

  async #race(
    { of }: VariantChoice,
    plans: readonly Plan[],
  ): Promise<TunedVariant & { readonly tried: number }> {
    const memory = this.executor.createMemory();
    const programs: GpuProgram[] = [];
    const entrants: Entrant[] = [];
    try {
      for (const plan of plans) {
        // The last one: the first step of a backward pass has no product.
        const launch = plan.launches.findLast(({ choice }) => choice?.of === of);
        if (!launch?.choice) continue;
        const { taken, launches = 1 } = launch.choice;
        const { plan: alone, data } = loneLaunch(launch, plan);
        try {
          const program = await this.executor.load(alone, memory, 1);
          programs.push(program);
          for (const [name, values] of Object.entries(data)) await program.write(name, values);
          entrants.push({ name: taken, launches, time: (repeats) => program.timeRuns(repeats) });
        } catch (error) {
          // The rule's own variant would fail in training too. A driver may reject another one.
          if (entrants.length === 0) throw error;
          const message = `${of}: the variant ${taken} is left out: ${messageOf(error)}`;
          this.settings.onEvent?.({ kind: 'warning', message });
        }
      }
      const [first, ...others] = entrants;
      const { winner, microseconds, firstMicroseconds, tried } = await race([first, ...others], BUDGET_MS);
      return { variant: winner, rule: first.name, microseconds, ruleMicroseconds: firstMicroseconds, tried };
    } finally {
      for (const program of programs) program.dispose();
      memory.dispose();
    }
  }

  /** Returns the entries of a store; none, with a warning, if it is damaged. */
  async #read(): Promise<readonly TuningEntry[]> {
    try {
      const text = await this.settings.store?.read();
      return text === undefined ? [] : parseTuning(text);
    } catch (error) {
      const message = `The cache of measured variants is ignored: ${messageOf(error)}`;
      this.settings.onEvent?.({ kind: 'warning', message });
      return [];
    }
  }

  #known(entries: readonly TuningEntry[]): TuningEntry['variants'] {
    return entries.find((entry) => sameMachine(entry, this.settings.machine))?.variants ?? {};
  }

  /** Reads the store again before writing: another process may have measured something too. */
  async #keep(measured: TuningEntry['variants']): Promise<void> {
    const { store, machine, onEvent } = this.settings;
    if (!store) return;
    const text = await store.read().catch(() => undefined);
    let before: readonly TuningEntry[] = [];
    try {
      before = text === undefined ? [] : parseTuning(text);
    } catch {
      // A damaged store is replaced.
    }
    try {
      await store.write(tuningText(withVariants(before, machine, measured)));
    } catch (error) {
      onEvent?.({ kind: 'warning', message: `The measured variants are not kept: ${messageOf(error)}` });
    }
  }
}

/** Returns the distinct choices of a plan. */
function choicesOf({ launches }: Plan): VariantChoice[] {
  const choices = launches.flatMap(({ choice }) => choice ?? []);
  return [...new Map(choices.map((choice) => [choice.of, choice])).values()];
}
