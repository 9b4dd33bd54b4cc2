/**
 * Every error that `unrolled` raises on purpose. A message says what was expected, what came and
 * what to do about it, in one line: the command prints it as it is.
 */
export class UnrolledError extends Error {
  override readonly name: string = 'UnrolledError';
}

/** An option is missing, misspelt or has a value that cannot be used. */
export class OptionError extends UnrolledError {
  override readonly name = 'OptionError';
  /**
   * @param option name of the option as the caller wrote it
   * @param value what came
   * @param accepted what would have been accepted, as a phrase: "a whole number from 1"
   */
  constructor(
    readonly option: string,
    readonly value: unknown,
    readonly accepted: string,
  ) {
    super(`${option}: expected ${accepted}, got ${describe(value)}.`);
  }
}

/** Tensors do not fit together; the message names shapes in the letters of the legend. */
export class ShapeError extends UnrolledError {
  override readonly name = 'ShapeError';
}

/** A text, a file of ids, a vocabulary or numbers among weights cannot be used. */
export class DataError extends UnrolledError {
  override readonly name = 'DataError';
}

/** A checkpoint or safetensors file is truncated, foreign, damaged or of another model. */
export class FileFormatError extends UnrolledError {
  override readonly name = 'FileFormatError';
}

/** The GPU refused or stopped. `doing` says what was under way. */
export class DeviceError extends UnrolledError {
  override readonly name: string = 'DeviceError';
  constructor(
    message: string,
    readonly doing: string,
    options?: ErrorOptions,
  ) {
    super(`${message} (while ${doing})`, options);
  }
}

/** The adapter went away: a driver reset, an unplugged GPU, or `dispose()` in mid-run. */
export class DeviceLostError extends DeviceError {
  override readonly name = 'DeviceLostError';
}

/** A tensor or the whole model does not fit the device; the message has the limit and the need. */
export class OutOfMemoryError extends DeviceError {
  override readonly name = 'OutOfMemoryError';
}

/** WebGPU found a fault in what it was given: a fault of this library. */
export class ValidationError extends DeviceError {
  override readonly name = 'ValidationError';
}

/**
 * How a value looks in a message: strings quoted, plain objects and arrays as short JSON, other
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

/** Undefined for what JSON cannot hold, such as an object that holds itself. */
function json(value: object): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined;
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
