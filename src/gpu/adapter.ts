import { DeviceError, messageOf } from '../core/errors.js';
import type { DeviceInfo } from '../plan/device.js';
import { IMMEDIATES, UNIFORM_BYTES } from './shader.js';

/** Limits that are requested as high as the adapter allows: for large tensors and wide kernels. */
const LIMITS = [
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupStorageSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxImmediateSize',
] as const satisfies readonly (keyof GPUSupportedLimits)[];

/** Features that are requested where the adapter has them. */
const FEATURES = ['timestamp-query', 'subgroups', 'shader-f16'] as const satisfies readonly GPUFeatureName[];

/** An opened device, its adapter's description and what it supports. */
export interface OpenedGpu {
  readonly device: GPUDevice;
  readonly info: DeviceInfo;
  /** Whether the uniforms of a launch can be immediates, which are part of the commands. */
  readonly immediates: boolean;
}

/** Names of software adapters, in any case. */
export const SOFTWARE_NAMES = /swiftshader|llvmpipe|lavapipe|software|microsoft basic render/i;

/** How an adapter describes itself. */
export type AdapterInfo = Pick<GPUAdapterInfo, 'vendor' | 'architecture' | 'device' | 'description'> & {
  readonly isFallbackAdapter?: boolean;
};

/** The name of an adapter for users. */
export function adapterName(adapter: { readonly info: AdapterInfo }): string {
  const { vendor, architecture, device, description } = adapter.info;
  const parts = [description || device, vendor, architecture].filter((part) => part !== '');
  return [...new Set(parts)].join(', ') || 'unnamed adapter';
}

/** Whether an adapter is a real GPU, not a software driver. */
export function isHardware(adapter: { readonly info: AdapterInfo }): boolean {
  return !adapter.info.isFallbackAdapter && !SOFTWARE_NAMES.test(adapterName(adapter));
}

/** Browsers without immediates lack the language feature and the limit. */
function hasImmediates(gpu: Partial<GPU>, { maxImmediateSize }: Partial<GPUSupportedLimits>): boolean {
  return (
    gpu.wgslLanguageFeatures?.has(IMMEDIATES) === true &&
    maxImmediateSize !== undefined &&
    maxImmediateSize >= UNIFORM_BYTES
  );
}

/**
 * Opens the adapter's device with the limits and features that this library can use.
 * @throws DeviceError where there is no adapter, or it refuses
 */
export async function openGpu(gpu: GPU, runtime: string): Promise<OpenedGpu> {
  const adapter =
    (await gpu.requestAdapter({ powerPreference: 'high-performance' })) ?? (await gpu.requestAdapter());
  if (!adapter)
    throw new DeviceError(
      'WebGPU is there, but it offers no adapter. Check the GPU driver, or use the cpu backend',
      'asking for an adapter',
    );
  const requiredLimits: Record<string, number> = {};
  for (const name of LIMITS) {
    // Browsers without immediates lack this limit.
    const limit: number | undefined = adapter.limits[name];
    if (limit !== undefined) requiredLimits[name] = limit;
  }
  const features = FEATURES.filter((name) => adapter.features.has(name));
  const device = await adapter
    .requestDevice({ requiredLimits, requiredFeatures: features })
    .catch((error: unknown): never => {
      throw new DeviceError(
        `The adapter ${adapterName(adapter)} gives no device: ${messageOf(error)}`,
        'opening a device',
        { cause: error },
      );
    });
  const hardware = isHardware(adapter);
  return {
    device,
    immediates: hasImmediates(gpu, device.limits),
    info: {
      backend: 'webgpu',
      adapter: `${adapterName(adapter)}${hardware ? '' : ' (software)'}`,
      hardware,
      runtime,
      features: [...features],
      maxTensorBytes: Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize),
      workgroupMemory: device.limits.maxComputeWorkgroupStorageSize,
    },
  };
}
