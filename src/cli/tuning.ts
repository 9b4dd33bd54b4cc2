import { openDevice, tuningFile } from '../node.js';
import type { ProductPrecision, TuningEvent } from '../graph.js';
import { ownStrategy, WorkloadData, WORKLOADS } from '../bench/index.js';
import { UsageError } from './failure.js';
import type { Terminal } from './terminal.js';

/** Reports tuning while other work waits: warnings, and progress if standard error is a terminal. */
export function tuningReporter(terminal: Terminal): (event: TuningEvent) => void {
  const { screen } = terminal;
  return (event) => {
    if (event.kind === 'warning') terminal.error(`unrolled: warning: ${event.message}\n`);
    else if (event.kind === 'measuring')
      screen?.write(`\r\u001b[Kmeasuring kernels: ${event.done + 1} of ${event.total}, ${event.of}`);
    else screen?.write('\r\u001b[K');
  };
}

/** What `devices --tune` measures. */
interface TuningChoice {
  /** Workloads whose name contains one of these. Default: all. */
  readonly only: readonly string[] | undefined;
  readonly precisions: readonly ProductPrecision[];
  readonly json: boolean;
}

/**
 * `unrolled devices --tune`: measures the kernels of the benchmark's models on WebGPU and stores the
 * fastest.
 */
export async function tuneWorkloads(
  { only, precisions, json }: TuningChoice,
  terminal: Terminal,
): Promise<void> {
  const workloads = WORKLOADS.filter(({ name }) => only?.some((text) => name.includes(text)) ?? true);
  if (workloads.length === 0)
    throw new UsageError(
      `--only ${only?.join(', ') ?? ''}: expected a part of the name of a workload. Workloads are ` +
        `${WORKLOADS.map(({ name }) => `"${name}"`).join(', ')}.`,
    );
  const report = tuningReporter(terminal);
  const measured: Measured[] = [];
  const device = await openDevice({
    backend: 'webgpu',
    tune: 'force',
    onTuning: (event) => {
      report(event);
      if (event.kind !== 'measured') return;
      const { kind: _, ...rest } = event;
      measured.push(event);
      terminal.out(json ? `${JSON.stringify({ event: 'tuned', ...rest })}\n` : measuredLine(event));
    },
  });
  try {
    for (const workload of workloads)
      for (const precision of precisions) {
        const strategy = ownStrategy({ name: 'tuned', device, form: 'fused', precision });
        (await strategy.prepare(new WorkloadData(workload))).dispose();
      }
    if (!json) terminal.out(summaryLines(device.info.adapter, measured));
  } finally {
    device.dispose();
  }
}

type Measured = Extract<TuningEvent, { kind: 'measured' }>;

/** The fastest variant, and how much faster it is. */
export function measuredLine({ of, variant, rule, microseconds, ruleMicroseconds, tried }: Measured): string {
  const taken = variant === rule ? `${rule} stays` : `${rule} → ${variant}`;
  const times =
    variant === rule
      ? `${microseconds.toPrecision(3)} µs`
      : `${ruleMicroseconds.toPrecision(3)} → ${microseconds.toPrecision(3)} µs, ${(ruleMicroseconds / microseconds).toFixed(2)} times as fast`;
  return `tuned    ${of.padEnd(30)} ${taken.padEnd(24)} ${times} (of ${tried})\n`;
}

function summaryLines(adapter: string, measured: readonly Measured[]): string {
  const changed = measured.filter(({ variant, rule }) => variant !== rule).length;
  return (
    `         ${measured.length} pieces of work on ${adapter}: of ${measured.length - changed} the rule ` +
    `stays, ${changed} are faster in another variant\n         kept in ${tuningFile()}, for --tune cached\n`
  );
}
