import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { adapterName, isHardware, SOFTWARE_NAMES, type AdapterInfo } from '../gpu/adapter.js';
import type { Environment } from './vulkan-files.js';
import script from './probe-drivers.mjs?raw';

/** An adapter that a driver offers. */
export interface ProbedAdapter {
  readonly name: string;
  readonly hardware: boolean;
  /** Speed in GFLOP/s of a software adapter that computes correctly. */
  readonly gigaflops?: number;
  /** Why a software adapter cannot be used. */
  readonly fault?: string;
}

/** What was found out about one driver file. */
export interface ProbedDriver {
  readonly file: string;
  readonly adapters: readonly ProbedAdapter[];
  /** Why there is no adapter, according to driver and loader. */
  readonly fault?: string;
}

/** Options of a probe. */
export interface ProbeOptions {
  /** A Vulkan loader to load first. Default: the system's. */
  readonly loader?: string | undefined;
  /** Milliseconds that a driver may take to answer. Default: a minute. */
  readonly patience?: number;
  /** Source of the probing program, an ES module. Default `probe-drivers.mjs`. */
  readonly program?: string;
}

/** Separates the output of one driver from the next. */
const MARK = '-- unrolled: next driver --';
const PATIENCE = 60_000;

/** The result of one process: its answers in the order of the files, and its output. */
interface Outcome {
  readonly answers: readonly (readonly ProbedAdapter[])[];
  readonly noise: readonly string[];
  /** How the process ended, if it did not answer for all files. */
  readonly end: string;
}

/**
 * Variables that keep Mesa from printing. Its layer that sorts devices complains about a missing
 * display. Dawn sorts devices itself, so the layer is off unless the environment sets an order.
 */
export function quietVariables(environment: Environment): Record<string, string> {
  return {
    MESA_VK_IGNORE_CONFORMANCE_WARNING: 'true',
    ...(environment.MESA_VK_DEVICE_SELECT === undefined ? { NODEVICE_SELECT: '1' } : {}),
  };
}

/**
 * Asks each Vulkan driver separately which adapters it offers. It does so in another process,
 * because a driver may crash, hang, or print to standard error.
 * @param files paths of driver files
 */
export async function probeDrivers(
  files: readonly string[],
  options: ProbeOptions = {},
): Promise<ProbedDriver[]> {
  const probed: ProbedDriver[] = [];
  while (probed.length < files.length) {
    const rest = files.slice(probed.length);
    const { answers, noise, end } = await ask(rest, options);
    answers.forEach((adapters, i) => {
      probed.push({
        file: rest[i],
        adapters,
        ...(adapters.length === 0 ? { fault: reasonIn(noise[i] ?? '') } : {}),
      });
    });
    // The driver that was being asked ended the process. Continue with the next one.
    if (answers.length < rest.length) probed.push({ file: rest[answers.length], adapters: [], fault: end });
  }
  return probed;
}

function ask(files: readonly string[], options: ProbeOptions): Promise<Outcome> {
  const { loader = null, patience = PATIENCE, program = script } = options;
  const webgpu = createRequire(import.meta.url).resolve('webgpu');
  const request = JSON.stringify({ webgpu, loader, files, software: SOFTWARE_NAMES.source, mark: MARK });
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program, '--', request], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, ...quietVariables(process.env) },
    });
    let [answered, printed, end] = ['', '', ''];
    const timer = setTimeout(() => {
      end = `it did not answer within ${patience / 1000} s`;
      child.kill('SIGKILL');
    }, patience);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      answered += text;
      timer.refresh();
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (printed += text));
    child.on('error', ({ message }) => (end = `it could not be asked: ${message}`));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const noise = printed.split(`${MARK}\n`).slice(1);
      const answers = answered.split('\n').slice(0, -1).map(adaptersIn);
      const lastWords = noise[answers.length] ?? printed;
      if (end === '')
        end = `it ended the process that asked (${signal ?? `status ${code}`}): ${reasonIn(lastWords)}`;
      resolve({ answers: answers.slice(0, files.length), noise, end });
    });
  });
}

function adaptersIn(line: string): ProbedAdapter[] {
  const answers = JSON.parse(line) as ({ info: AdapterInfo } & Pick<ProbedAdapter, 'gigaflops' | 'fault'>)[];
  return answers.map(({ info, ...rest }) => ({
    name: adapterName({ info }),
    hardware: isHardware({ info }),
    ...rest,
  }));
}

/**
 * Returns the cause from the output of loader, driver and Dawn: the first sentence that is not a
 * consequence of another.
 */
export function reasonIn(noise: string): string {
  const lines = noise
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .map((line) =>
      line
        .replace(/^(?:Warning|Error): /, '')
        .replace(/^Loader Message: \w+:/, '')
        .trim(),
    )
    .filter((line) => line !== '');
  const telling = lines.filter((line) => !/^vkCreateInstance\b|^WARNING: .* not a conformant/.test(line));
  return (telling[0] ?? lines[0] ?? 'it offers no adapter').slice(0, 300);
}
