import { create, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ValueInfoProto,
} from './onnx_pb.js';

/**
 * A dimension of an input or output: a length, or the name of one that is known only when the model
 * runs.
 */
export type OnnxDimension = number | string;

/** Element types that exported graphs use. */
export type OnnxType = 'float' | 'int64';

/**
 * Version of the format, and of the operators: ONNX 1.12 of 2022, which every current runtime
 * reads.
 */
const IR_VERSION = 8n;
const OPERATORS = 17n;

/** Builds an ONNX file node by node. Values are known by name; nodes come after what they read. */
export class OnnxGraph {
  readonly #graph: GraphProto;

  constructor(name: string) {
    this.#graph = create(GraphProtoSchema, { name });
  }

  input(name: string, type: OnnxType, shape: readonly OnnxDimension[], about: string): string {
    this.#graph.input.push(valueInfo(name, type, shape, about));
    return name;
  }

  output(name: string, type: OnnxType, shape: readonly OnnxDimension[], about: string): void {
    this.#graph.output.push(valueInfo(name, type, shape, about));
  }

  /** A constant; one name stands for one constant, given any number of times. */
  constant(
    name: string,
    shape: readonly number[],
    values: ArrayLike<number>,
    type: OnnxType = 'float',
  ): string {
    if (this.#graph.initializer.some((known) => known.name === name)) return name;
    const bytes = new Uint8Array(values.length * (type === 'float' ? 4 : 8));
    const view = new DataView(bytes.buffer);
    for (let i = 0; i < values.length; i++) {
      if (type === 'float') view.setFloat32(4 * i, values[i], true);
      else view.setBigInt64(8 * i, BigInt(values[i]), true);
    }
    this.#graph.initializer.push(
      create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType: dataType(type), rawData: bytes }),
    );
    return name;
  }

  /**
   * An operator of ONNX's own set.
   * @param outputs names of its results; the first also names the node
   * @returns the first output
   */
  node(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): string {
    this.#graph.node.push({
      $typeName: 'onnx.NodeProto',
      name: `${outputs[0]}.${operator}`,
      opType: operator,
      input: [...inputs],
      output: [...outputs],
      attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
    });
    return outputs[0];
  }

  /** The file. @param metadata kept in the file as names and texts */
  toBytes(metadata: Readonly<Record<string, string>> = {}): Uint8Array {
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion: IR_VERSION,
        producerName: 'unrolled',
        graph: this.#graph,
        opsetImport: [{ domain: '', version: OPERATORS }],
        metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
      }),
    );
  }
}

type AttributeValue = number | string | readonly number[] | readonly string[];

function attribute(name: string, value: AttributeValue): AttributeProto {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  if (typeof value === 'number')
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) });
  if (typeof value === 'string')
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s: bytes(value) });
  if (value.every((entry) => typeof entry === 'number'))
    return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) });
  return create(AttributeProtoSchema, { name, type: AttributeType.STRINGS, strings: value.map(bytes) });
}

function valueInfo(
  name: string,
  type: OnnxType,
  shape: readonly OnnxDimension[],
  docString: string,
): ValueInfoProto {
  const dim = shape.map((length) => ({
    value:
      typeof length === 'number'
        ? ({ case: 'dimValue', value: BigInt(length) } as const)
        : ({ case: 'dimParam', value: length } as const),
  }));
  return create(ValueInfoProtoSchema, {
    name,
    docString,
    type: { value: { case: 'tensorType', value: { elemType: dataType(type), shape: { dim } } } },
  });
}

function dataType(type: OnnxType): DataType {
  return type === 'float' ? DataType.FLOAT : DataType.INT64;
}
