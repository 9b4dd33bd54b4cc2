import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { chooseDrivers, type DriverChoice } from '../../src/device/choose-drivers.js';
import { openDawn } from '../../src/device/dawn.js';
import { probeDrivers, quietVariables, reasonIn, type ProbedDriver } from '../../src/device/driver-probe.js';
import { findSoftwareDriver, namedDrivers, registeredDrivers } from '../../src/device/vulkan-files.js';
import { listAdapters, listDrivers, openDevice } from '../../src/node.js';

/** SwiftShader of this machine's Chrome, which these tests need. */
const software = findSoftwareDriver(process.env);
const swiftShader = software?.file ?? '';

let folder: string;
/**
 * A driver file whose library does not exist, one that is not JSON, and one that does not exist.
 */
let broken: string;
let scrawl: string;
let absent: string;
/** A data folder in which the loader finds `broken`. */
let data: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'unrolled-drivers-'));
  data = join(folder, 'data');
  const registered = join(data, 'vulkan/icd.d');
  await mkdir(registered, { recursive: true });
  broken = join(registered, 'broken_icd.json');
  const ICD = { library_path: join(folder, 'nowhere.so'), api_version: '1.3.0' };
  await writeFile(broken, JSON.stringify({ file_format_version: '1.0.0', ICD }));
  scrawl = join(folder, 'scrawl.json');
  await writeFile(scrawl, 'no JSON');
  absent = join(folder, 'absent.json');
});
afterAll(() => rm(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

/** An environment in which the loader finds nothing itself. */
const bare = (): Record<string, string> => ({
  HOME: folder,
  XDG_CONFIG_DIRS: folder,
  XDG_DATA_DIRS: folder,
});

describe('driver files are searched where the loader searches them', () => {
  test('in folders of the XDG variables and of HOME, each once', async () => {
    expect(registeredDrivers({ ...bare(), XDG_DATA_HOME: data })).toContain(broken);
    expect(registeredDrivers({ ...bare(), XDG_DATA_DIRS: `${folder}:${data}` })).toContain(broken);
    expect(
      registeredDrivers({ ...bare(), XDG_DATA_DIRS: `${data}:${data}` }).filter((file) => file === broken),
    ).toEqual([broken]);
    expect(registeredDrivers(bare())).not.toContain(broken);
    await mkdir(join(folder, '.local'), { recursive: true });
    await symlink(data, join(folder, '.local/share'));
    expect(registeredDrivers(bare())).toContain(join(folder, '.local/share/vulkan/icd.d/broken_icd.json'));
    await rm(join(folder, '.local'), { recursive: true });
    expect(registeredDrivers({ ...bare(), VK_ADD_DRIVER_FILES: scrawl })).toContain(scrawl);
  });

  test('VK_DRIVER_FILES comes before VK_ICD_FILENAMES, may name folders, and counts as unset where it is empty', () => {
    const VK_ICD_FILENAMES = scrawl;
    expect(
      namedDrivers({ VK_DRIVER_FILES: `${absent}:${join(data, 'vulkan/icd.d')}`, VK_ICD_FILENAMES }),
    ).toEqual([absent, broken]);
    expect(namedDrivers({ VK_DRIVER_FILES: '', VK_ICD_FILENAMES })).toEqual([scrawl]);
    expect(namedDrivers({})).toEqual([]);
  });
});

describe('a driver is asked in another process', () => {
  test('unusable ones say why, and the usable one behind them has an adapter that computes', async () => {
    const found = await probeDrivers([broken, scrawl, absent, swiftShader], { loader: software?.loader });
    expect(found.map(({ file }) => file)).toEqual([broken, scrawl, absent, swiftShader]);
    expect(found[0]).toMatchObject({ adapters: [], fault: expect.stringContaining('nowhere.so') as string });
    expect(found[1]).toMatchObject({ adapters: [], fault: expect.stringContaining('scrawl.json') as string });
    expect(found[2]).toMatchObject({ adapters: [], fault: expect.stringContaining('absent.json') as string });
    expect(found[3]).toEqual({
      file: swiftShader,
      adapters: [
        {
          name: expect.stringContaining('SwiftShader') as string,
          hardware: false,
          gigaflops: expect.any(Number) as number,
        },
      ],
    });
  });

  const answer = `console.log('[]');`;
  test('one that crashes is named with the signal, and the next ones are asked all the same', async () => {
    const program = `
      const { files, mark } = JSON.parse(process.argv.at(-1));
      for (const file of files) {
        console.error(mark + '\\n' + 'Warning: ' + file + ' is odd');
        if (file === 'second') process.kill(process.pid, 'SIGSEGV');
        await new Promise((resolve) => process.stdout.write('[]\\n', resolve));
        while (file === 'second');
      }`;
    expect(await probeDrivers(['first', 'second', 'third'], { program })).toEqual([
      { file: 'first', adapters: [], fault: 'first is odd' },
      { file: 'second', adapters: [], fault: 'it ended the process that asked (SIGSEGV): second is odd' },
      { file: 'third', adapters: [], fault: 'third is odd' },
    ]);
  });

  test('one that hangs is given up', async () => {
    const found = await probeDrivers(['silent'], { program: 'setInterval(() => 0, 1000)', patience: 50 });
    expect(found).toEqual([{ file: 'silent', adapters: [], fault: 'it did not answer within 0.05 s' }]);
    expect(await probeDrivers(['quick'], { program: answer })).toEqual([
      { file: 'quick', adapters: [], fault: 'it offers no adapter' },
    ]);
  });

  test('the reason is the first line that is no consequence of another', () => {
    expect(
      reasonIn(
        '\nWarning: vkCreateInstance: Found no drivers!\nWarning: no permission for /dev/dri\n    at f (g.cpp:1)\n',
      ),
    ).toBe('no permission for /dev/dri');
    expect(reasonIn('Warning: vkCreateInstance: Found no drivers!\n    at f (g.cpp:1)\n')).toBe(
      'vkCreateInstance: Found no drivers!',
    );
    expect(reasonIn('')).toBe('it offers no adapter');
    expect(reasonIn('Warning: Loader Message: setup_phys:  Failed to detect any GPUs')).toBe(
      'Failed to detect any GPUs',
    );
  });
});

test('the layer of Mesa that prints is off, unless the environment gives it an order', () => {
  expect(quietVariables({})).toMatchObject({ NODEVICE_SELECT: '1' });
  expect(quietVariables({ MESA_VK_DEVICE_SELECT: '1002:' })).not.toHaveProperty('NODEVICE_SELECT');
});

describe('of the drivers', () => {
  const driver = (file: string, ...adapters: ProbedDriver['adapters']): ProbedDriver => ({
    file,
    adapters,
    ...(adapters.length === 0 ? { fault: `${file} has no device` } : {}),
  });
  const gpu = { name: 'Model T', hardware: true };
  const lavapipe = (gigaflops: number): ProbedDriver =>
    driver('lvp', { name: 'llvmpipe', hardware: false, gigaflops });
  /** Returns the choice if these drivers are registered, or named. SwiftShader does 4 GFLOP/s. */
  async function choiceOf(drivers: readonly ProbedDriver[], named: boolean): Promise<DriverChoice> {
    const all = [...drivers, driver(swiftShader, { name: 'SwiftShader', hardware: false, gigaflops: 4 })];
    const paths = drivers.map(({ file }) => join(folder, file)).join(':');
    return chooseDrivers(
      {
        ...process.env,
        ...bare(),
        VK_DRIVER_FILES: named ? paths : '',
        VK_ADD_DRIVER_FILES: named ? '' : paths,
      },
      (files) => {
        const found = files.map((file) => all.find((each) => file.endsWith(each.file)));
        return Promise.resolve(found.filter((each) => each !== undefined));
      },
    );
  }

  test.each([
    ['real GPUs come first', [driver('none'), lavapipe(9), driver('t', gpu)], false, ['t'], 'a real GPU'],
    [
      'several real GPUs are left to Dawn',
      [driver('t', gpu), driver('u', gpu)],
      false,
      ['t', 'u'],
      'a real GPU',
    ],
    ['named ones come before SwiftShader', [lavapipe(1)], true, ['lvp'], 'named in VK_DRIVER_FILES'],
    [
      'a software adapter that is clearly faster is taken',
      [driver('none'), lavapipe(9)],
      false,
      ['lvp'],
      'the fastest software adapter: 9.00 GFLOP/s',
    ],
    [
      'one that is hardly faster is not',
      [lavapipe(4.5)],
      false,
      [swiftShader],
      'the fastest software adapter: 4.00 GFLOP/s',
    ],
    [
      'SwiftShader stands in for none',
      [driver('none')],
      false,
      [swiftShader],
      'software, which needs no GPU',
    ],
    [
      'and for named ones that do not work',
      [driver('none')],
      true,
      [swiftShader],
      'software, which needs no GPU',
    ],
    [
      'and for one that computes wrong numbers',
      [driver('lvp', { name: 'llvmpipe', hardware: false, fault: 'it computes 1' })],
      false,
      [swiftShader],
      'software, which needs no GPU',
    ],
  ])('%s', async (_, drivers, named, files, why) => {
    const choice = await choiceOf(drivers, named);
    expect(choice.files).toEqual(files);
    const taken = choice.reports.filter(({ taken: is }) => is);
    expect(taken.map(({ file }) => file)).toEqual(files);
    for (const report of taken) expect(report.why).toBe(why);
    for (const { file, fault } of drivers)
      if (fault !== undefined) expect(choice.reports.find((report) => report.file === file)?.why).toBe(fault);
  });

  test('SwiftShader alone is taken without being asked', async () => {
    const alone = await chooseDrivers({ ...process.env, VK_DRIVER_FILES: swiftShader }, () =>
      Promise.reject(new Error('asked')),
    );
    expect(alone.files).toEqual([swiftShader]);
  });
});

describe('where registered drivers are of no use', () => {
  test.each([
    ['a driver file that names no library', () => ({ XDG_DATA_HOME: data })],
    ['VK_DRIVER_FILES that points nowhere', () => ({ VK_DRIVER_FILES: absent })],
    ['VK_ICD_FILENAMES that points nowhere', () => ({ VK_ICD_FILENAMES: absent })],
  ])(
    '%s: WebGPU is there, the drivers are reported, and the environment is as before',
    async (_, variables) => {
      for (const [name, value] of Object.entries(variables())) vi.stubEnv(name, value);
      const before = { ...process.env };
      const dawn = await openDawn();
      expect(dawn.gpu).toBeDefined();
      expect(process.env).toEqual(before);
      const drivers = await listDrivers();
      const unusable = Object.keys(variables())[0] === 'XDG_DATA_HOME' ? broken : absent;
      expect(drivers.find(({ file }) => file === unusable)).toMatchObject({ taken: false, adapters: [] });
      expect(drivers.some(({ taken }) => taken)).toBe(true);
      const device = await openDevice({ backend: 'webgpu' });
      expect((await listAdapters())[0].name).toContain(device.info.adapter.replace(' (software)', ''));
      device.dispose();
    },
  );
});
