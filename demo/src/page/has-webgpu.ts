/** Whether this browser has WebGPU. Workers have it if the page has it. */
export function hasWebGpu(): boolean {
  return (navigator as Partial<Navigator>).gpu !== undefined;
}
