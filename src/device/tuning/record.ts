import { FileFormatError, messageOf } from '../../core/errors.js';

/**
 * What measurements are valid for: another driver, browser or version of the kernels may have
 * another winner.
 */
export interface TunedMachine {
  /** Adapter and driver, as in `DeviceInfo.adapter`. */
  readonly adapter: string;
  /** Origin of WebGPU; in a page, with the name and version of the browser. */
  readonly runtime: string;
  /** Version of this package. */
  readonly version: string;
}

/** The fastest variant for one piece of work. */
export interface TunedVariant {
  readonly variant: string;
  /** The variant that is used without tuning. */
  readonly rule: string;
  /** Least times of the work by each, for one launch or for all launches that replace it. */
  readonly microseconds: number;
  readonly ruleMicroseconds: number;
}

/** Results for a machine, by `VariantChoice.of`. */
export interface TuningEntry extends TunedMachine {
  readonly variants: Readonly<Record<string, TunedVariant>>;
}

/**
 * Where measured variants are stored: one JSON text for many machines. In Node the default is a
 * file in the cache folder; a page passes its own, such as localStorage.
 */
export interface TuningStore {
  /** Returns the text; undefined if there is none yet. */
  read(): Promise<string | undefined>;
  write(text: string): Promise<void>;
}

const FORMAT = 'unrolled-tuning/1';

/** Reads the text of a store. @throws FileFormatError with one line for an invalid text */
export function parseTuning(text: string): TuningEntry[] {
  try {
    const { format, machines } = JSON.parse(text) as {
      readonly format?: unknown;
      readonly machines?: unknown;
    };
    if (format !== FORMAT) throw new Error(`its format is not "${FORMAT}"`);
    if (!Array.isArray(machines) || !machines.every(isEntry)) throw new Error('its entries are incomplete');
    return machines;
  } catch (error) {
    throw new FileFormatError(`These are no measured variants: ${messageOf(error)}`, { cause: error });
  }
}

/** Returns the text of a store: one line for each piece of work. */
export function tuningText(machines: readonly TuningEntry[]): string {
  return `${JSON.stringify({ format: FORMAT, machines }, null, 1)}\n`;
}

/** Whether the results of one machine are valid for the other. */
export function sameMachine(a: TunedMachine, b: TunedMachine): boolean {
  return a.adapter === b.adapter && a.runtime === b.runtime && a.version === b.version;
}

/** Adds results to a machine's entry; a new variant replaces that of the same piece of work. */
export function withVariants(
  machines: readonly TuningEntry[],
  machine: TunedMachine,
  variants: TuningEntry['variants'],
): TuningEntry[] {
  const before = machines.find((entry) => sameMachine(entry, machine));
  const entry = { ...machine, variants: { ...before?.variants, ...variants } };
  return [...machines.filter((other) => other !== before), entry];
}

function isEntry(value: unknown): value is TuningEntry {
  const { adapter, runtime, version, variants } = fields(value);
  return (
    [adapter, runtime, version].every((name) => typeof name === 'string') &&
    typeof variants === 'object' &&
    variants !== null &&
    Object.values(variants).every((found) => {
      const { variant, rule, microseconds, ruleMicroseconds } = fields(found);
      return (
        [variant, rule].every((name) => typeof name === 'string') &&
        [microseconds, ruleMicroseconds].every((time) => typeof time === 'number')
      );
    })
  );
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
