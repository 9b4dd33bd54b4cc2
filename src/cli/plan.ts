import type { OptimizerSpec } from '../node.js';
import {
  compile,
  formatBytes,
  ops,
  planTargetOf,
  printPlan,
  summarize,
  type Model,
  type Probe,
} from '../graph.js';
import { count } from './text-format.js';
import { planned, type PlanFlags } from './graph-to-plan.js';
import type { Services } from './services.js';

/** Bytes of workgroup memory that WebGPU guarantees on every device. */
const GRANTED_MEMORY = 16384;

/**
 * `unrolled plan`: prints the launches of one step, without a GPU; with --measure also its time.
 * @returns the exit status
 */
export async function runPlan(flags: PlanFlags, services: Services): Promise<number> {
  const { terminal } = services;
  const { model, graph, optimizer, measure, dispose } = await planned(flags);
  try {
    const plan = await compile(
      graph,
      ops,
      planTargetOf({
        hardware: flags.software !== true,
        features: ['subgroups', 'shader-f16'],
        workgroupMemory: GRANTED_MEMORY,
      }),
    );
    const time = flags.measure === true ? await timeOf(measure, flags, services) : undefined;
    if (!flags.json) {
      terminal.out(`${printPlan(plan)}\n${parametersLine(model, optimizer)}\n${timeLine(time)}`);
      return 0;
    }
    const launches = plan.launches.map(({ kernel, from, grid, constants, uniforms, tensors }) => ({
      kernel: kernel.name,
      from,
      grid,
      constants,
      ...(uniforms ? { uniforms } : {}),
      tensors,
    }));
    const parameters = model.layout.count;
    terminal.out(`${JSON.stringify({ event: 'plan', parameters, ...summarize(plan), ...time, launches })}\n`);
    return 0;
  } finally {
    dispose();
  }
}

/** The time of a training step, and its device. */
interface StepTime {
  readonly millisecondsPerStep: number;
  readonly backend: string;
  readonly adapter: string;
}

async function timeOf(measure: Probe, flags: PlanFlags, { openBackend }: Services): Promise<StepTime> {
  const { device, name } = await openBackend(flags.backend ?? 'auto', measure, flags);
  try {
    const { adapter } = device.info;
    return { millisecondsPerStep: await measure(device), backend: name, adapter };
  } finally {
    device.dispose();
  }
}

function timeLine(time: StepTime | undefined): string {
  if (!time) return '';
  return `${time.millisecondsPerStep.toPrecision(3)} ms a step on ${time.backend}: ${time.adapter}\n`;
}

/** The parameters, and their memory with gradients and optimizer state. */
function parametersLine({ layout }: Model, { stateTensors }: OptimizerSpec): string {
  const bytes = layout.elements * Float32Array.BYTES_PER_ELEMENT;
  return (
    `${count(layout.count)} parameters: ${formatBytes(bytes)}, with gradients and optimizer ` +
    formatBytes(bytes * (2 + stateTensors.length))
  );
}
