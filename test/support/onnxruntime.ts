import { fromBinary } from '@bufbuild/protobuf';
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { ModelProtoSchema } from '../../src/io/onnx/onnx_pb.js';

// One thread, because these graphs are small and worker threads would outlive the test.
env.wasm.numThreads = 1;

/** An input of a graph: numbers with a shape. */
export interface OnnxInput {
  readonly type: 'float32' | 'int64';
  readonly shape: readonly number[];
  readonly data: ArrayLike<number>;
}

/** Runs a file in onnxruntime's CPU provider. */
export async function runOnnx(
  bytes: Uint8Array,
  inputs: Readonly<Record<string, OnnxInput>>,
): Promise<Record<string, { shape: readonly number[]; data: Float32Array }>> {
  const session = await InferenceSession.create(bytes);
  try {
    const feeds = Object.entries(inputs).map(([name, { type, shape, data }]) => [
      name,
      type === 'int64'
        ? new Tensor(type, BigInt64Array.from(Array.from(data, BigInt)), shape)
        : new Tensor(type, Float32Array.from(data), shape),
    ]);
    const results = await session.run(Object.fromEntries(feeds) as Record<string, Tensor>);
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [
        name,
        { shape: tensor.dims, data: tensor.data as Float32Array },
      ]),
    );
  } finally {
    await session.release();
  }
}

/** Returns the names and texts stored in a file. */
export function metadataOf(bytes: Uint8Array): Record<string, string> {
  const { metadataProps } = fromBinary(ModelProtoSchema, bytes);
  return Object.fromEntries(metadataProps.map(({ key, value }) => [key, value]));
}
