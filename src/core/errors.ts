/**
 * Base class of the errors that `unrolled` raises on purpose. A message is one line: what was
 * expected, what came, what to do. The command prints it unchanged.
 */
export class UnrolledError extends Error {
  override readonly name: string = 'UnrolledError';
}

/** An option is missing, misspelt, or has a value that it does not accept. */
export class OptionError extends UnrolledError {
  override readonly name = 'OptionError';
  /**
   * @param option name of the option as the caller wrote it
   * @param value the value that was given
   * @param accepted the accepted values, as a phrase: "a whole number from 1"
   */
  constructor(
    readonly option: string,
    readonly value: unknown,
    readonly accepted: string,
  ) {
    super(`${option}: expected ${accepted}, got ${describe(value)}.`);
  }
}

/** Shapes of tensors do not fit together. The message gives them in the letters of `LEGEND`. */
export class ShapeError extends UnrolledError {
  override readonly name = 'ShapeError';
}

/** Contents cannot be used: of a text, a file of ids, a vocabulary, records or weights. */
export class DataError extends UnrolledError {
  override readonly name = 'DataError';
}

/** A checkpoint or another file is truncated, damaged, of an unknown format or of another model. */
export class FileFormatError extends UnrolledError {
  override readonly name = 'FileFormatError';
}

/**
 * The device refused or failed. `doing` names the operation, such as `submitting 4 steps`. It is
 * absent if the message does not depend on the operation.
 */
export class DeviceError extends UnrolledError {
  override readonly name: string = 'DeviceError';
  constructor(
    message: string,
    readonly doing?: string,
    options?: ErrorOptions,
  ) {
    super(doing === undefined ? message : `${message} (while ${doing})`, options);
  }
}

/** The device was lost: a driver reset, an unplugged GPU, or `dispose()` during a run. */
export class DeviceLostError extends DeviceError {
  override readonly name = 'DeviceLostError';
}

/** A tensor or all tensors exceed the device's memory. The message has the limit and the need. */
export class OutOfMemoryError extends DeviceError {
  override readonly name = 'OutOfMemoryError';
}

/** WebGPU rejected a command or a shader. This is a fault of this library. */
export class ValidationError extends DeviceError {
  override readonly name = 'ValidationError';
}

/**
 * A value as messages show it: strings quoted, plain objects and arrays as short JSON, other
 * objects by their type.
 */
export function describe(value: unknown): string {
  if (typeof value === 'string') return `"${value.length > 60 ? `${value.slice(0, 57)}…` : value}"`;
  if (typeof value === 'function') return 'a function';
  if (value === null || typeof value !== 'object') return String(value);
  const type = Object.prototype.toString.call(value).slice('[object '.length, -1);
  if (type !== 'Object' && type !== 'Array') return `a ${type}`;
  const text = json(value);
  if (text === undefined) return 'an object';
  return text.length > 80 ? `${text.slice(0, 77)}…` : text;
}

/** JSON of an object; undefined where it has none, such as for an object that contains itself. */
function json(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** The message of a thrown value, which need not be an Error. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
