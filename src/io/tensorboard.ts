import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';

/**
 * Writes TensorBoard's event files, which consist of records with one Event message each. A record
 * is its length (64 bits, little-endian), a checksum of these eight bytes, the message, and a
 * checksum of the message. Sources: tensorflow/core/lib/io/record_writer.h,
 * tensorflow/core/util/event.proto, tensorflow/core/framework/summary.proto,
 * tensorboard/plugins/hparams/{api,plugin_data}.proto
 */

/** CRC-32C (Castagnoli), bits in reversed order. */
const POLYNOMIAL = 0x82f63b78;

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? POLYNOMIAL : 0);
  return value;
});

export function crc32c(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) sum = TABLE[(sum ^ bytes[i]) & 255] ^ (sum >>> 8);
  return (sum ^ 0xffffffff) >>> 0;
}

/** The checksum of records. The mask is needed because a checksum of checksums would be weak. */
function maskedChecksum(bytes: Uint8Array): number {
  const sum = crc32c(bytes);
  return (((sum >>> 15) | (sum << 17)) + 0xa282ead8) >>> 0;
}

/** The record of a message. */
function recordOf(message: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(16 + message.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, message.length, true); // the upper half stays 0: no message has 4 GiB
  view.setUint32(8, maskedChecksum(bytes.subarray(0, 8)), true);
  bytes.set(message, 12);
  view.setUint32(12 + message.length, maskedChecksum(message), true);
  return bytes;
}

/** The time of an event. */
export interface EventTime {
  /** Seconds since 1970. */
  readonly seconds: number;
  readonly step: number;
}

/** The value of a hyperparameter. */
export type HyperParameter = string | number | boolean;

/** Element types of TensorProto. */
const DT_FLOAT = 1;
const DT_STRING = 7;
/** The value of SummaryMetadata.data_class for tensors. */
const DATA_CLASS_TENSOR = 2;

/** The bytes of a message. @param write writes its fields */
function message(write: (to: BinaryWriter) => void): Uint8Array {
  const to = new BinaryWriter();
  write(to);
  return to.finish();
}

function field(to: BinaryWriter, number: number, value: string | Uint8Array): void {
  to.tag(number, WireType.LengthDelimited);
  if (typeof value === 'string') to.string(value);
  else to.bytes(value);
}

/** An Event with one field. @param number of the field of `Event.what` */
function eventRecord({ seconds, step }: EventTime, number: number, value: string | Uint8Array): Uint8Array {
  return recordOf(
    message((to) => {
      to.tag(1, WireType.Bit64).double(seconds);
      to.tag(2, WireType.Varint).int64(step);
      field(to, number, value);
    }),
  );
}

/** An Event with one Summary.Value. */
function summaryRecord(time: EventTime, tag: string, write: (to: BinaryWriter) => void): Uint8Array {
  const value = message((to) => {
    field(to, 1, tag);
    write(to);
  });
  return eventRecord(
    time,
    5,
    message((to) => field(to, 1, value)),
  );
}

/** The first record of a file. */
export function versionRecord(time: EventTime): Uint8Array {
  return eventRecord(time, 3, 'brain.Event:2');
}

/** A number that TensorBoard draws over the steps. The part of a tag before `/` groups charts. */
export function scalarRecord(time: EventTime, tag: string, value: number): Uint8Array {
  return summaryRecord(time, tag, (to) => to.tag(2, WireType.Bit32).float(value));
}

/** A text, which TensorBoard shows as Markdown. */
export function textRecord(time: EventTime, tag: string, text: string): Uint8Array {
  const shape = message((to) =>
    field(
      to,
      2,
      message((dimension) => void dimension.tag(1, WireType.Varint).int64(1)),
    ),
  );
  const tensor = message((to) => {
    to.tag(1, WireType.Varint).int32(DT_STRING);
    field(to, 2, shape);
    field(to, 8, text);
  });
  return summaryRecord(time, tag, (to) => {
    field(to, 8, tensor);
    field(to, 9, metadata('text'));
  });
}

/** SummaryMetadata: the plugin that shows a value, and the data of that plugin. */
function metadata(plugin: string, content?: Uint8Array): Uint8Array {
  const data = message((to) => {
    field(to, 1, plugin);
    if (content) field(to, 2, content);
  });
  return message((to) => {
    field(to, 1, data);
    to.tag(4, WireType.Varint).int32(DATA_CLASS_TENSOR);
  });
}

const HPARAMS = 'hparams';

/** A value of the plugin `hparams`: HParamsPluginData with one field. Its tensor has no meaning. */
function hparamsRecord(time: EventTime, name: string, number: number, content: Uint8Array): Uint8Array {
  const data = message((to) => field(to, number, content));
  const tensor = message((to) => {
    to.tag(1, WireType.Varint).int32(DT_FLOAT);
    field(to, 2, new Uint8Array(0));
    to.tag(5, WireType.Bit32).float(0);
  });
  return summaryRecord(time, `_hparams_/${name}`, (to) => {
    field(to, 8, tensor);
    field(to, 9, metadata(HPARAMS, data));
  });
}

/** By type: DataType of the plugin's api.proto, and the field of google.protobuf.Value. */
const KINDS = { string: [1, 3], boolean: [2, 4], number: [3, 2] } as const;

function kindOf(value: HyperParameter): readonly [type: number, field: number] {
  return KINDS[typeof value as keyof typeof KINDS];
}

/**
 * The records that start a run in the tab HPARAMS: the names of hyperparameters and metrics, and
 * the hyperparameters of this run.
 * @param metrics tags of the scalars that runs are compared by
 */
export function hyperParameterRecords(
  time: EventTime,
  parameters: Readonly<Record<string, HyperParameter>>,
  metrics: readonly string[],
): Uint8Array[] {
  const experiment = message((to) => {
    for (const [name, value] of Object.entries(parameters))
      field(
        to,
        4,
        message((info) => {
          field(info, 1, name);
          info.tag(4, WireType.Varint).int32(kindOf(value)[0]);
        }),
      );
    for (const tag of metrics)
      field(
        to,
        5,
        message((info) =>
          field(
            info,
            1,
            message((name) => field(name, 2, tag)),
          ),
        ),
      );
  });
  const start = message((to) => {
    for (const [name, value] of Object.entries(parameters))
      field(
        to,
        1,
        message((entry) => {
          field(entry, 1, name);
          field(entry, 2, plainValue(value));
        }),
      );
    to.tag(5, WireType.Bit64).double(time.seconds);
  });
  return [
    hparamsRecord(time, 'experiment', 2, experiment),
    hparamsRecord(time, 'session_start_info', 3, start),
  ];
}

/** google.protobuf.Value */
function plainValue(value: HyperParameter): Uint8Array {
  return message((to) => {
    const [, number] = kindOf(value);
    if (typeof value === 'string') field(to, number, value);
    else if (typeof value === 'number') to.tag(number, WireType.Bit64).double(value);
    else to.tag(number, WireType.Varint).bool(value);
  });
}

/** By result of a run: its number in the plugin's api.proto. */
const STATUS = { unknown: 0, success: 1, failure: 2 } as const;

/** The record that ends a run in the tab HPARAMS. */
export function sessionEndRecord(time: EventTime, status: keyof typeof STATUS): Uint8Array {
  const end = message((to) => {
    to.tag(1, WireType.Varint).int32(STATUS[status]);
    to.tag(2, WireType.Bit64).double(time.seconds);
  });
  return hparamsRecord(time, 'session_end_info', 4, end);
}
