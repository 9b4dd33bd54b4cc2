/** Whether this browser has WebGPU. A page without it has none in its workers either. */
export function hasWebGpu(): boolean {
  return (navigator as Partial<Navigator>).gpu !== undefined;
}
