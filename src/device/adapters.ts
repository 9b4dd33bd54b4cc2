import { adapterName, isHardware as isGpu } from '../gpu/adapter.js';

/** The facts about an adapter, without WebGPU's own types, which callers may not have. */
export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
}

/** Whether an adapter is a real GPU rather than a software driver. */
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
 * Lists the adapters that WebGPU offers, first the one that `openDevice` takes. Empty without
 * WebGPU.
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
