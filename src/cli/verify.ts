import { basename } from 'node:path';
import { DeviceError, readFileBytes, UnrolledError, type Device } from '../node.js';
import {
  cpuVariants,
  runParityCase,
  verifyModels,
  verifyOps,
  type ModelCheck,
  type OpCheck,
  type ParityResult,
} from '../verify/index.js';
import type { Backend } from './backend.js';
import { FAILED } from './failure.js';
import type { BackendName, MachineFlags } from './options.js';
import type { Services } from './services.js';

/** All options of `verify`. */
export interface VerifyFlags extends MachineFlags {
  readonly thorough?: boolean;
  readonly only?: readonly string[];
  readonly case?: readonly string[];
  readonly backend?: BackendName;
  readonly json?: boolean;
}

/**
 * `unrolled verify`: checks this machine against the reference, or against recorded cases. The CPU is
 * checked with each kind of arithmetic and each number of threads.
 * @returns 1 where an error exceeds its tolerance
 */
export async function runVerify(flags: VerifyFlags, services: Services): Promise<number> {
  const { terminal } = services;
  const tell =
    flags.json === true ? (value: object): void => terminal.out(`${JSON.stringify(value)}\n`) : undefined;
  const write: Write = (text) => terminal.out(text);
  const results: { readonly pass: boolean }[] = [];
  for (const open of await waysToCompute(flags, services)) {
    const backend = await open();
    try {
      const { adapter, runtime } = backend.device.info;
      if (!tell) terminal.out(`${results.length > 0 ? '\n' : ''}${backend.name}: ${adapter}, ${runtime}\n\n`);
      if (flags.case) results.push(...(await runCases(flags.case, backend, write, tell)));
      else
        results.push(
          ...(await runOps(flags, backend, write, tell)),
          ...(await runModels(flags, backend, write, tell)),
        );
    } finally {
      backend.device.dispose();
    }
  }
  const failed = results.filter(({ pass }) => !pass).length;
  if (!tell)
    terminal.out(
      `\n${results.length - failed} of ${results.length} within ` +
        `tolerance${failed > 0 ? `, ${failed} NOT` : ''}\n`,
    );
  if (results.length === 0) terminal.error('unrolled: --only: no op and no model has such a name\n');
  return failed > 0 || results.length === 0 ? FAILED : 0;
}

/** The devices to check, one after the other. Recorded cases run on one device. */
async function waysToCompute(
  flags: VerifyFlags,
  services: Services,
): Promise<readonly (() => Promise<Backend>)[]> {
  const { backend: asked, threads, relaxed } = flags;
  if (asked === 'cpu' && !flags.case) {
    const variants = await cpuVariants({
      ...(threads === undefined ? {} : { threads }),
      ...(relaxed === undefined ? {} : { relaxed }),
    });
    if (variants.length > 0)
      return variants.map((variant) => async () => ({
        device: await variant.open(),
        name: 'cpu',
        why: 'as asked',
      }));
  }
  // Without an adapter there is no GPU to check. `auto` would choose the CPU and hide that.
  const name = asked === undefined || asked === 'auto' ? 'webgpu' : asked;
  return [() => services.openBackend(name, () => Promise.resolve(0), flags)];
}

type Write = (text: string) => void;
type Tell = ((value: object) => void) | undefined;

/** A case that could not be run: the file is no case, or needs something that this version lacks. */
interface UnusableCase extends Pick<ParityResult, 'case' | 'backend' | 'adapter'> {
  readonly pass: false;
  readonly error: string;
}

async function runCases(
  files: readonly string[],
  { device, name: backend }: Backend,
  write: Write,
  tell: Tell,
): Promise<(ParityResult | UnusableCase)[]> {
  const results: (ParityResult | UnusableCase)[] = [];
  for (const file of files) {
    const name = basename(file).replace(/\.safetensors$/, '');
    const result = await runCase(file, name, device, backend);
    results.push(result);
    if (tell) tell(result);
    else if ('error' in result) write(`${verdict(false)}  ${name.padEnd(28)} ${result.error}\n`);
    else
      write(`${verdict(result.pass)}  ${name.padEnd(28)} ${result.module.padEnd(12)} ${errorOf(result)}\n`);
  }
  return results;
}

/** Runs one case. An unusable case counts as failed, and the others still run. */
async function runCase(
  file: string,
  name: string,
  device: Device,
  backend: Backend['name'],
): Promise<ParityResult | UnusableCase> {
  const bytes = await readFileBytes(file);
  try {
    return { ...(await runParityCase(bytes, name, device)), backend };
  } catch (error) {
    if (!(error instanceof UnrolledError) || error instanceof DeviceError) throw error;
    return { case: name, backend, adapter: device.info.adapter, pass: false, error: error.message };
  }
}

/** Prints one line for each op, and one for each case that fails. */
async function runOps(
  flags: VerifyFlags,
  { device, name: backend }: Backend,
  write: Write,
  tell: Tell,
): Promise<readonly OpCheck[]> {
  const { adapter, runtime } = device.info;
  let op: OpCheck[] = [];
  const finishOp = (): void => {
    if (op.length === 0 || tell) return;
    const worst = op.reduce((a, b) => (b.maxError / b.tolerance > a.maxError / a.tolerance ? b : a));
    write(
      `${verdict(op.every(({ pass }) => pass))}  ${worst.op.padEnd(24)} ` +
        `${String(op.length).padStart(3)} checks  ${errorOf(worst)}\n`,
    );
    for (const check of op.filter(({ pass }) => !pass))
      write(`        ${check.size}, ${check.phase}, ${check.precision} precision: ${errorOf(check)}\n`);
    op = [];
  };
  const onResult = (check: OpCheck): void => {
    if (op.length > 0 && op[0].op !== check.op) finishOp();
    op.push(check);
    const { op: name, size, phase, precision, maxError, worst, tolerance, pass } = check;
    tell?.({ op: name, size, phase, precision, backend, adapter, runtime, maxError, worst, tolerance, pass });
  };
  const results = await verifyOps(device, {
    thorough: flags.thorough === true,
    ...(flags.only ? { only: flags.only } : {}),
    onResult,
  });
  finishOp();
  return results;
}

/** One line for each model. */
async function runModels(
  flags: VerifyFlags,
  { device, name: backend }: Backend,
  write: Write,
  tell: Tell,
): Promise<readonly ModelCheck[]> {
  const { adapter, runtime } = device.info;
  return verifyModels(device, {
    ...(flags.only ? { only: flags.only } : {}),
    onResult: (check) => {
      if (tell) tell({ ...check, backend, adapter, runtime });
      else write(`${verdict(check.pass)}  ${check.model.padEnd(46)} ${errorOf(check)}\n`);
    },
  });
}

function verdict(pass: boolean): string {
  return pass ? 'ok  ' : 'FAIL';
}

function errorOf({ maxError, worst, tolerance }: Pick<OpCheck, 'maxError' | 'worst' | 'tolerance'>): string {
  return `largest error ${maxError.toExponential(1)} of ${tolerance.toExponential(0)} allowed (${worst})`;
}
