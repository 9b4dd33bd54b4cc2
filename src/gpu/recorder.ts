/** One dispatch, ready to be recorded. Recording takes at most four calls and allocates nothing. */
export interface Dispatch {
  readonly kernel: string;
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  /** Bytes between the slots of neighbouring steps, for each ring of the group, in binding order. */
  readonly ringStrides: readonly number[];
  /** The uniforms of the launch where they are immediates; otherwise `uniformOffset` is used. */
  readonly immediates: Uint32Array<ArrayBuffer> | undefined;
  readonly uniformOffset: number | undefined;
  readonly grid: readonly [number, number, number];
}

/** Records the dispatches of one training step; `slot` is the step's place in the rings. */
export function recordStep(
  pass: GPUComputePassEncoder,
  dispatches: readonly Dispatch[],
  uniforms: GPUBindGroup | undefined,
  slot: number,
): void {
  let pipeline: GPUComputePipeline | undefined;
  let group: GPUBindGroup | undefined;
  for (const dispatch of dispatches) {
    if (dispatch.pipeline !== pipeline) pass.setPipeline((pipeline = dispatch.pipeline));
    if (dispatch.group !== group) {
      group = dispatch.group;
      if (dispatch.ringStrides.length === 0) pass.setBindGroup(0, group);
      else
        pass.setBindGroup(
          0,
          group,
          dispatch.ringStrides.map((stride) => stride * slot),
        );
    }
    if (dispatch.immediates) pass.setImmediates(0, dispatch.immediates);
    else if (dispatch.uniformOffset !== undefined && uniforms)
      pass.setBindGroup(1, uniforms, [dispatch.uniformOffset]);
    pass.dispatchWorkgroups(...dispatch.grid);
  }
}
