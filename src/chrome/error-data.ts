import {
  DataError,
  DeviceError,
  DeviceLostError,
  FileFormatError,
  messageOf,
  OptionError,
  OutOfMemoryError,
  ShapeError,
  UnrolledError,
  ValidationError,
} from '../core/errors.js';

/** An error as plain data: the name of its class, its message, and the fields of its class. */
export interface ErrorData {
  readonly name: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

type Fields = ErrorData['fields'];

const doingOf = ({ doing }: Fields): string | undefined => (typeof doing === 'string' ? doing : undefined);

/** Creates an error of the class. Its message is set afterwards, since some constructors extend it. */
const CLASSES: Readonly<Record<string, (fields: Fields) => UnrolledError>> = {
  UnrolledError: () => new UnrolledError(),
  OptionError: ({ option, value, accepted }) => new OptionError(String(option), value, String(accepted)),
  ShapeError: () => new ShapeError(),
  DataError: () => new DataError(),
  FileFormatError: () => new FileFormatError(),
  DeviceError: (fields) => new DeviceError('', doingOf(fields)),
  DeviceLostError: (fields) => new DeviceLostError('', doingOf(fields)),
  OutOfMemoryError: (fields) => new OutOfMemoryError('', doingOf(fields)),
  ValidationError: (fields) => new ValidationError('', doingOf(fields)),
};

/** Turns an error into plain data for a message. */
export function errorToData(error: unknown): ErrorData {
  if (!(error instanceof UnrolledError))
    return { name: error instanceof Error ? error.name : 'Error', message: messageOf(error), fields: {} };
  const { name, message } = error;
  return {
    name,
    message,
    fields: Object.fromEntries(Object.entries(error).filter(([key]) => key !== 'name')),
  };
}

/**
 * Creates the error again, with the same class and message. An error that is not of this library
 * becomes a DeviceError.
 */
export function errorFromData({ name, message, fields }: ErrorData, doing: string): UnrolledError {
  if (!(name in CLASSES))
    return new DeviceError(`The page of headless Chrome failed: ${name}: ${message.split('\n')[0]}`, doing);
  return Object.defineProperty(CLASSES[name](fields), 'message', {
    value: message,
    writable: true,
    configurable: true,
  });
}
