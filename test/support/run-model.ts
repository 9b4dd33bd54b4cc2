import { openDevice, type StateDict } from '../../src/index.js';
import { parametersOnDevice, GraphBuilder, ops } from '../../src/graph.js';
import type { WindowModel } from '../../src/text/window-model.js';
import { carriedStateName } from '../../src/train/model.js';

/** A window and its initial states. */
export interface ModelWindow {
  readonly T: number;
  readonly N: number;
  /** [T,N] */
  readonly ids: readonly number[];
  /** [N]; 1 everywhere by default. */
  readonly keep?: readonly number[];
  /** States [L,N,H] by kind; zero by default. */
  readonly initial?: Readonly<Record<string, Float32Array>>;
}

/** Logits [T,N,V] and final states [L,N,H] of a model of windows on the CPU device. */
export async function runModel(
  model: WindowModel,
  parameters: StateDict,
  { T, N, ids, keep = Array<number>(N).fill(1), initial = {} }: ModelWindow,
): Promise<{ logits: Float32Array; final: Record<string, Float32Array> }> {
  const device = await openDevice({ backend: 'cpu' });
  const memory = await parametersOnDevice(model, parameters, device);
  const builder = new GraphBuilder();
  const inputs = {
    ids: builder.tensor('input', 'ids', [T * N], 'u32'),
    keep: builder.tensor('input', 'keep', [N]),
  };
  const logits = model.apply(builder, model.layout.declare(builder), { T, N }, inputs, 'sample');
  builder.apply(ops.slice, 'logits', { x: logits, y: builder.tensor('output', 'logits', logits.shape) });
  const program = await device.prepare(builder.graph, memory, { maxSteps: 1 });
  await program.write('ids', Uint32Array.from(ids));
  await program.write('keep', Float32Array.from(keep));
  const { layers: L, hidden: H } = model.config;
  for (const name of Object.keys(model.states)) {
    const [kind, layer] = name.split('_l');
    const start = Number(layer) * N * H;
    await memory.write(
      carriedStateName('sample', name),
      initial[kind]?.slice(start, start + N * H) ?? new Float32Array(N * H),
    );
  }
  await program.submit([{}]);
  const final: Record<string, Float32Array> = {};
  for (const name of Object.keys(model.states)) {
    const [kind, layer] = name.split('_l');
    final[kind] ??= new Float32Array(L * N * H);
    final[kind].set(await memory.read(carriedStateName('sample', name)), Number(layer) * N * H);
  }
  const result = { logits: (await program.read('logits')) as Float32Array, final };
  program.dispose();
  memory.dispose();
  return result;
}
