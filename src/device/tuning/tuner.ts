import { messageOf } from '../../core/errors.js';
import type { GpuExecutor } from '../../gpu/executor.js';
import type { GpuProgram } from '../../gpu/program.js';
import type { Plan } from '../../plan/compile.js';
import type { VariantChoice } from '../../plan/kernel.js';
import type { Variants } from '../../plan/target.js';
import { loneLaunches } from './lone-launch.js';
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
    const turn = this.#turn.then(() => this.#settle(plan, replan, given));
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /**
   * For launches that can be replaced together, each way is tuned first, and then the best of both
   * are compared.
   */
  async #settle(
    plan: Plan,
    replan: (variants: Variants) => Promise<Plan>,
    given: Variants,
  ): Promise<Variants> {
    const open = (choices: readonly VariantChoice[]): VariantChoice[] =>
      choices.filter(({ of, taken }) => given[of] !== taken);
    const single = async (group: Variants): Promise<Variants> => {
      const planWith = (variants: Variants): Promise<Plan> => replan({ ...group, ...variants });
      return this.#variantsFor(open(choicesOf(await planWith({}))), planWith);
    };
    const groups = open(choicesWithin(plan));
    if (groups.length === 0) return single({});
    await this.#load();
    let tuned: Variants = {};
    if (this.#unknown(groups).length > 0) {
      const most = Math.max(...groups.map(({ offered }) => offered.length));
      for (let i = 0; i < most; i++) tuned = { ...tuned, ...(await single(nth(groups, i))) };
    }
    const best = await this.#variantsFor(groups, (variants) => replan({ ...tuned, ...variants }));
    return { ...(await single(best)), ...best };
  }

  async #variantsFor(
    choices: readonly VariantChoice[],
    replan: (variants: Variants) => Promise<Plan>,
  ): Promise<Variants> {
    await this.#load();
    const unknown = this.#unknown(choices);
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

  async #load(): Promise<void> {
    if (!this.#loaded && this.settings.mode === 'cached')
      for (const [of, found] of Object.entries(this.#known(await this.#read()))) this.#found.set(of, found);
    this.#loaded = true;
  }

  #unknown(choices: readonly VariantChoice[]): VariantChoice[] {
    return choices.filter(
      ({ of, offered }) => offered.length > 1 && !offered.includes(this.#found.get(of)?.variant ?? ''),
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
    for (let i = 0; i < most; i++) plans.push(await replan(nth(choices, i)));
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
        const together = plan.launches.filter(({ within }) => within?.of === of);
        // The last one: the first step of a backward pass has no product.
        const alone = plan.launches.findLast(({ choice }) => choice?.of === of);
        const own = together.length > 0 ? together : alone ? [alone] : [];
        const choice = own[0]?.within?.of === of ? own[0].within : own[0]?.choice;
        if (!choice) continue;
        const { taken, launches = 1 } = choice;
        const { plan: alonePlan, data } = loneLaunches(own, plan);
        try {
          const program = await this.executor.load(alonePlan, memory, 1);
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
  return once(launches.flatMap(({ choice }) => choice ?? []));
}

/** Returns the choices between several launches and others that replace them. */
function choicesWithin({ launches }: Plan): VariantChoice[] {
  return once(launches.flatMap(({ within }) => within ?? []));
}

function once(choices: readonly VariantChoice[]): VariantChoice[] {
  return [...new Map(choices.map((choice) => [choice.of, choice])).values()];
}

/** Returns the i-th variant of each choice; choices with fewer variants repeat them. */
function nth(choices: readonly VariantChoice[], i: number): Variants {
  return Object.fromEntries(choices.map(({ of, offered }) => [of, offered[i % offered.length]]));
}
