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
 * A dimension of an input or output: a length, or the name of a length that each run chooses.
 */
export type OnnxDimension = number | string;

/** Element types that exported graphs use. */
export type OnnxType = 'float' | 'int64';

/**
 * Versions of the format and of the operators, those of ONNX 1.12 (2022). Every current runtime
 * reads them.
 */
const IR_VERSION = 8n;
const OPERATORS = 17n;

/**
 * Builds an ONNX file node by node. Values have names. A node must follow the nodes of its inputs.
 */
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

  /** Adds a constant and returns its name. Does nothing if the name exists already. */
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
   * Adds an operator of ONNX's standard set.
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

  /** The bytes of the file. @param metadata texts by name */
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
