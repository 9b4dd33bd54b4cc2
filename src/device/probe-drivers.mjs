// Runs in a process of its own (see driver-probe.ts): asks Dawn for the adapters of each Vulkan
// driver file alone. Writes one line of JSON for each file to standard output. What drivers and the
// loader print to standard error stays in this process; a mark there tells whose noise follows.
//
// Argument: JSON { webgpu: path of the package, loader: path of a Vulkan loader or null,
// files: paths of driver files, software: pattern of software adapters' names, mark: text }.
import { writeSync } from 'node:fs';
import { constants } from 'node:os';
import { pathToFileURL } from 'node:url';

/** Keeps a library loaded after dlopen's handle is closed; Linux's <dlfcn.h>. */
const RTLD_NODELETE = 0x1000;
/** Rows, columns and depth of the product that software adapters are timed with. */
const SIZE = 256;
/** The product is repeated, and the fastest counts. */
const REPEATS = 3;

const { webgpu, loader, files, software, mark } = JSON.parse(process.argv.at(-1));
if (loader !== null)
  try {
    const { RTLD_NOW, RTLD_GLOBAL } = constants.dlopen;
    process.dlopen({ exports: {} }, loader, RTLD_NOW | RTLD_GLOBAL | RTLD_NODELETE);
  } catch {
    // Node reports every library that is no addon. It stays loaded all the same.
  }
const dawn = await import(pathToFileURL(webgpu).href);
Object.assign(globalThis, dawn.globals);

for (const file of files) {
  writeSync(2, `\n${mark}\n`);
  process.env.VK_DRIVER_FILES = file;
  const gpu = dawn.create(['enable-dawn-features=allow_unsafe_apis']);
  writeSync(1, `${JSON.stringify(await adaptersOf(gpu))}\n`);
}
process.exit(0);

/** Adapters of one driver: what each says about itself, and the speed of a software adapter. */
async function adaptersOf(gpu) {
  const found = new Map();
  for (const options of [{ powerPreference: 'high-performance' }, { forceFallbackAdapter: true }]) {
    const adapter = await gpu.requestAdapter(options);
    if (!adapter) continue;
    const { description, device, vendor, architecture, isFallbackAdapter } = adapter.info;
    const info = { description, device, vendor, architecture, isFallbackAdapter };
    const key = JSON.stringify(info);
    if (found.has(key)) continue;
    const isSoftware = isFallbackAdapter || new RegExp(software, 'i').test(key);
    const speed = isSoftware ? await timed(adapter).catch(({ message }) => ({ fault: message })) : {};
    found.set(key, { info, ...speed });
  }
  return [...found.values()];
}

/**
 * GFLOP/s of a product [SIZE,SIZE] · [SIZE,SIZE] in register tiles of 4×4.
 * @throws Error where the adapter gives no device or computes wrong numbers
 */
async function timed(adapter) {
  const device = await adapter.requestDevice();
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST | GPUBufferUsage.COPY_SRC;
  const size = 4 * SIZE * SIZE;
  const [a, b, c] = [0, 1, 2].map(() => device.createBuffer({ size, usage }));
  device.queue.writeBuffer(
    a,
    0,
    Float32Array.from({ length: SIZE * SIZE }, (_, i) => i % 7),
  );
  device.queue.writeBuffer(b, 0, new Float32Array(SIZE * SIZE).fill(0.5));
  const module = device.createShaderModule({ code: product() });
  const pipeline = await device.createComputePipelineAsync({ layout: 'auto', compute: { module } });
  const entries = [a, b, c].map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  let least = Infinity;
  for (let repeat = 0; repeat < REPEATS; repeat++) {
    const start = performance.now();
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(SIZE / 32, SIZE / 32);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
    least = Math.min(least, performance.now() - start);
  }
  const staging = device.createBuffer({ size, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(c, 0, staging, 0, size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const result = new Float32Array(staging.getMappedRange());
  for (let row = 0; row < SIZE; row++) {
    let sum = 0;
    for (let k = 0; k < SIZE; k++) sum += ((row * SIZE + k) % 7) * 0.5;
    if (result[row * SIZE] !== sum || result[row * SIZE + SIZE - 1] !== sum)
      throw new Error(`it computes ${result[row * SIZE]} where ${sum} is right`);
  }
  device.destroy();
  return { gigaflops: (2 * SIZE ** 3) / least / 1e6 };
}

/** Each invocation computes four rows of four columns. */
function product() {
  const rows = [0, 1, 2, 3];
  return `
    @group(0) @binding(0) var<storage, read> a: array<f32, ${SIZE * SIZE}>;
    @group(0) @binding(1) var<storage, read> b: array<vec4f, ${(SIZE * SIZE) / 4}>;
    @group(0) @binding(2) var<storage, read_write> c: array<vec4f, ${(SIZE * SIZE) / 4}>;
    @compute @workgroup_size(8, 8) fn main(@builtin(global_invocation_id) id: vec3u) {
      let row = id.y * 4;
      ${rows.map((r) => `var sum${r} = vec4f();`).join('\n')}
      for (var k = 0u; k < ${SIZE}; k++) {
        let right = b[k * ${SIZE / 4} + id.x];
        ${rows.map((r) => `sum${r} += a[(row + ${r}) * ${SIZE} + k] * right;`).join('\n')}
      }
      ${rows.map((r) => `c[(row + ${r}) * ${SIZE / 4} + id.x] = sum${r};`).join('\n')}
    }`;
}
