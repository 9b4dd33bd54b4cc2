import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { root, run } from './run.js';

// Drivers and the Vulkan loader write to the process's standard error without Node, so only another
// process can see it.

let folder: string;
let driver: string;
beforeAll(async () => {
  await run(process.execPath, ['scripts/setup.mjs']);
  folder = await mkdtemp(join(tmpdir(), 'unrolled-noise-'));
  driver = join(folder, 'vulkan/icd.d/broken_icd.json');
  await mkdir(join(folder, 'vulkan/icd.d'), { recursive: true });
  const ICD = { library_path: join(folder, 'nowhere.so'), api_version: '1.3.0' };
  await writeFile(driver, JSON.stringify({ file_format_version: '1.0.0', ICD }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['XDG_DATA_HOME', 'VK_DRIVER_FILES'])(
  'a useless driver in %s: devices says why it was refused, the GPU computes, and nothing is printed',
  async (variable) => {
    const env = { [variable]: variable === 'XDG_DATA_HOME' ? folder : driver };
    const cli = (...args: string[]): ReturnType<typeof run> =>
      run(process.execPath, [join(root, 'dist/cli.js'), ...args], { env });
    const devices = await cli('devices');
    expect(devices).toMatchObject({ code: 0, stderr: '' });
    expect(devices.stdout).toMatch(/^webgpu {3}.+, (hard|soft)ware$/m);
    expect(devices.stdout).toContain(`${driver}: refused, ${join(folder, 'nowhere.so')}: cannot open`);
    const training = ['--hidden', '4', '--time', '3', '--steps', '1', '--sample-every', '0', '--json'];
    const trained = await cli('train', '--backend', 'webgpu', ...training);
    expect(trained).toMatchObject({ code: 0, stderr: '' });
    expect(trained.stdout).toContain('"backend":"webgpu"');
  },
);
