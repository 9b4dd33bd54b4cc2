import { adapterName, isHardware as isGpu } from '../gpu/adapter.js';

/** What an adapter says about itself, without WebGPU's own types: callers may not have them. */
export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}

/** Whether an adapter is a real GPU: software drivers count as none. */
export function isHardware(adapter: { readonly info: AdapterFacts }): boolean {
  return isGpu(adapter);
}

/** One adapter that WebGPU offers. */
export interface AdapterDescription {
  readonly name: string;
  readonly hardware: boolean;
  readonly vendor: string;
  readonly architecture: string;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

/**
 * The adapters that WebGPU offers here, the one that `openDevice` takes first. Empty where there is
 * no WebGPU.
 */
export async function listAdapters(): Promise<AdapterDescription[]> {
  const own = typeof navigator === 'undefined' ? undefined : (navigator as Partial<Navigator>).gpu;
  const gpu = own ?? (await (await import('#dawn')).openDawn()).gpu;
  if (!gpu) return [];
  const requests: (GPURequestAdapterOptions | undefined)[] = [
    { powerPreference: 'high-performance' },
    { powerPreference: 'low-power' },
    { forceFallbackAdapter: true },
  ];
  const found = new Map<string, AdapterDescription>();
  for (const request of requests) {
    const adapter = await gpu.requestAdapter(request);
    if (!adapter) continue;
    const { vendor, architecture } = adapter.info;
    const limits: Record<string, number> = {};
    for (const name in adapter.limits) {
      const value = adapter.limits[name as keyof GPUSupportedLimits];
      if (typeof value === 'number') limits[name] = value;
    }
    const name = adapterName(adapter);
    if (!found.has(name))
      found.set(name, {
        name,
        hardware: isGpu(adapter),
        vendor,
        architecture,
        features: [...adapter.features].sort(),
        limits,
      });
  }
  return [...found.values()];
}
