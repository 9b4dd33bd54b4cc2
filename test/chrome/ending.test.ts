import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { launchChrome } from '../../src/chrome/launch.js';
import { openChromeDevice, type ChromeDevice } from '../../src/chrome/remote-device.js';
import { DeviceError, DeviceLostError } from '../../src/core/errors.js';
import type { Program } from '../../src/plan/device.js';
import { root } from '../build/run.js';
import { buildDist, groupIsAlive, runningTotal, until } from './support.js';

// How Chrome ends: on purpose, by accident, and together with the process that started it.

beforeAll(buildDist);

async function openWithProgram(): Promise<{ device: ChromeDevice; program: Program; pid: number }> {
  const device = await openChromeDevice({ software: true });
  const program = await device.prepare(runningTotal(5), await device.createMemory(), { maxSteps: 1 });
  return { device, program, pid: Number(device.processId) };
}

function portIsOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    }).on('error', () => resolve(false));
  });
}

const step = (): { x: Float32Array } => ({ x: new Float32Array(5) });

/** Returns the profile folder of a browser from its command line. */
const profileOf = (args: readonly string[]): string =>
  String(args.find((arg) => arg.startsWith('--user-data-dir='))).slice('--user-data-dir='.length);

it('dispose ends browser and server, and rejects current and later calls', async () => {
  const { device, program, pid } = await openWithProgram();
  const { port } = device;
  expect([groupIsAlive(pid), await portIsOpen(port)]).toEqual([true, true]);
  const running = program.submit([step()]);
  device.dispose();
  await expect(running).rejects.toThrow(
    new DeviceLostError('The device has been disposed of', 'running steps'),
  );
  await expect(device.createMemory()).rejects.toBeInstanceOf(DeviceLostError);
  await device.close();
  await until(() => !groupIsAlive(pid), 'the end of all processes of Chrome');
  expect(await portIsOpen(port)).toBe(false);
  expect(await Promise.race([device.lost, Promise.resolve('not lost')])).toBe('not lost');
  program.dispose();
  device.dispose();
});

it('killing the browser during a run rejects current calls and resolves `lost`', async () => {
  const { device, program, pid } = await openWithProgram();
  const { port } = device;
  const runForever = async (): Promise<never> => {
    for (;;) await program.submit([step()]);
  };
  const running = Promise.allSettled([runForever(), runForever(), runForever()]); // whichever is reported first
  await program.submit([step()]);
  process.kill(pid, 'SIGKILL');
  for (const run of await running)
    expect(run).toMatchObject({ status: 'rejected', reason: expect.any(DeviceLostError) as DeviceLostError });
  const lost = await device.lost;
  expect(lost).toBeInstanceOf(DeviceLostError);
  expect(lost.message).toMatch(
    /^Headless Chrome went away: [^\n]* Open the device again and load the last checkpoint \(while running steps\)$/,
  );
  await expect(program.submit([step()])).rejects.toBe(lost);
  await until(
    async () => !groupIsAlive(pid) && !(await portIsOpen(port)),
    'the end of all processes of Chrome, and of its server',
  );
});

it('the profile and the signal handlers are removed with the browser', async () => {
  const before = process.listenerCount('SIGINT');
  const chrome = await launchChrome({ software: true });
  const profile = profileOf(chrome.browser.process()?.spawnargs ?? []);
  expect(existsSync(profile)).toBe(true);
  expect(process.listenerCount('SIGINT')).toBe(before + 1);
  await chrome.close();
  await until(() => !existsSync(profile), 'the removal of the profile');
  expect(process.listenerCount('SIGINT')).toBe(before);
});

it('a missing browser is an error that says what to do', async () => {
  const failing = openChromeDevice({ executablePath: '/no/such/browser' });
  await expect(failing).rejects.toBeInstanceOf(DeviceError);
  await expect(failing).rejects.toThrow(
    'There is no browser at /no/such/browser. Install Chrome, Chromium or Edge, or name one in the ' +
      'environment variable CHROME_PATH',
  );
});

interface StartedProgram {
  readonly child: ChildProcess;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /**
   * Waits for the end of Chrome, and returns the files that it has left in the temporary folder.
   */
  readonly leftBehind: () => Promise<string[]>;
}

const folders: string[] = [];
afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true, maxRetries: 5 })));

/**
 * Starts a program with a temporary folder of its own, which opens the device and then runs `code`.
 */
async function startProgram(code: string): Promise<StartedProgram> {
  const program = `import { openChromeDevice } from ${JSON.stringify(pathToFileURL(join(root, 'dist/node.js')).href)};
    const device = await openChromeDevice({ software: true });
    console.log(device.processId);
    ${code}`;
  const folder = mkdtempSync(join(tmpdir(), 'unrolled-test-'));
  folders.push(folder);
  const env = { ...process.env, TMPDIR: folder, TEMP: folder };
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) =>
    child.on('exit', (code, signal) => resolve({ code, signal })),
  );
  const browser = await new Promise<number>((resolve, reject) => {
    createInterface(child.stdout).once('line', (line) => resolve(Number(line)));
    void ended.then(() => reject(new Error('The program ended before it had a device.')));
  });
  expect(groupIsAlive(browser)).toBe(true);
  const leftBehind = async (): Promise<string[]> => {
    await until(() => !groupIsAlive(browser), 'the end of Chrome');
    return readdirSync(folder);
  };
  return { child, ended, leftBehind };
}

it('Node ends by itself after dispose', async () => {
  const { ended, leftBehind } = await startProgram('device.dispose();');
  expect(await ended).toEqual({ code: 0, signal: null });
  expect(await leftBehind()).toEqual([]);
});

it.each(['SIGINT', 'SIGTERM'] as const)('Chrome ends with a program that is ended by %s', async (signal) => {
  const { child, ended, leftBehind } = await startProgram('');
  child.kill(signal);
  expect(await ended).toEqual({ code: null, signal });
  expect(await leftBehind()).toEqual([]);
});

it('Chrome ends with a program that is killed, although its profile remains', async () => {
  const { child, ended, leftBehind } = await startProgram('');
  child.kill('SIGKILL');
  expect(await ended).toEqual({ code: null, signal: 'SIGKILL' });
  await leftBehind();
});

it('Chrome ends with a program that crashes', async () => {
  const { ended, leftBehind } = await startProgram('throw new Error("on purpose");');
  expect(await ended).toEqual({ code: 1, signal: null });
  expect(await leftBehind()).toEqual([]);
});

it('a program that handles Ctrl-C itself keeps its device until it ends', async () => {
  const { child, ended, leftBehind } = await startProgram(
    `process.on('SIGINT', async () => { await device.createMemory(); process.exit(130); });`,
  );
  child.kill('SIGINT');
  expect(await ended).toEqual({ code: 130, signal: null });
  expect(await leftBehind()).toEqual([]);
});
