import { openChromeDevice, Trainer, type Device, type Source, type TrainerOptions } from '../node.js';
import {
  chooseDevice,
  type ChooseDeviceOptions,
  type FieldsOf,
  type Model,
  type Probe,
  type TuningEvent,
} from '../graph.js';
import { UsageError } from './failure.js';
import type { BackendName, MachineFlags } from './options.js';

/** An opened device, and the reason for the choice. */
export interface Backend {
  readonly device: Device;
  readonly name: Exclude<BackendName, 'auto'>;
  readonly why: string;
}

/** Opens the device for a task; `auto` measures the probe. */
export type OpenBackend = (name: BackendName, probe: Probe, flags?: MachineFlags) => Promise<Backend>;

/**
 * Opens the backend of `--backend`. With `auto`, `chooseDevice` measures the task itself.
 * @throws DeviceError where the requested backend is not available
 */
export async function openBackend(
  name: BackendName,
  probe: Probe,
  flags: MachineFlags = {},
  onTuning: (event: TuningEvent) => void = () => undefined,
): Promise<Backend> {
  const { tune = 'off' } = flags;
  if (name === 'chrome') {
    if (tune !== 'off')
      throw new UsageError(
        `--tune ${tune} needs --backend webgpu, whose kernels it measures, but --backend is chrome.`,
      );
    return { device: await openChromeDevice(), name, why: 'as asked' };
  }
  const { device, why } = await chooseDevice({ backend: name, probe, tune, onTuning, ...cpuOptions(flags) });
  return { device, name: device.info.backend, why };
}

/** Options of the CPU device. `relaxed` is true unless --no-relaxed is given. */
export function cpuOptions({
  threads,
  relaxed,
}: MachineFlags): Pick<ChooseDeviceOptions, 'threads' | 'relaxed'> {
  return { ...(threads === undefined ? {} : { threads }), ...(relaxed === false ? { relaxed } : {}) };
}

/** Longest measurement of a probe, and most steps. */
const PROBE = { milliseconds: 150, steps: 32 };

/** Measures training steps of this model on its own data. */
export function trainingProbe<M extends Model>(
  model: M,
  source: Source<FieldsOf<M>>,
  options: Omit<TrainerOptions, 'device'>,
): Probe {
  return async (device) => {
    const trainer = await Trainer.create(model, { ...options, device });
    try {
      return await millisecondsPerUnit(PROBE, async (steps) => {
        const reports = trainer.run(source, { steps });
        while ((await reports.next()).done !== true);
      });
    } finally {
      trainer.dispose();
    }
  };
}

/**
 * Runs the task once to warm up, then in growing numbers until it has taken long enough. If the
 * first run takes longer than that, it is the measurement.
 */
export async function millisecondsPerUnit(
  limit: { readonly milliseconds: number; readonly steps: number },
  work: (count: number) => Promise<void>,
): Promise<number> {
  const timed = async (count: number): Promise<number> => {
    const start = performance.now();
    await work(count);
    return (performance.now() - start) / count;
  };
  const first = await timed(1);
  if (first > limit.milliseconds) return first;
  let each = first;
  for (let count = 2; count <= limit.steps; count *= 2) {
    each = await timed(count);
    if (each * count > limit.milliseconds / 2) break;
  }
  return each;
}
