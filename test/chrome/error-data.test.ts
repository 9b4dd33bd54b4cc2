import { expect, it } from 'vitest';
import { errorFromData, errorToData } from '../../src/chrome/error-data.js';
import { DeviceError, OptionError, UnrolledError } from '../../src/core/errors.js';

it.each([
  new DeviceError('The driver failed', 'submitting 4 steps'),
  new DeviceError('This device has no half precision.'),
  new OptionError('rounds', 0, 'a whole number of at least 1'),
  new UnrolledError('It is wrong.'),
])('an error of the page of headless Chrome keeps class, message and fields: %s', (error) => {
  const message = JSON.stringify(errorToData(error));
  const again = errorFromData(JSON.parse(message) as ReturnType<typeof errorToData>, 'running steps');
  expect(again).toBeInstanceOf(error.constructor);
  expect(errorToData(again)).toEqual(errorToData(error));
});

it('an error of another library becomes a DeviceError with the operation', () => {
  const { message, doing } = errorFromData(
    errorToData(new TypeError('x is null\n  at y')),
    'running steps',
  ) as DeviceError;
  expect([message, doing]).toEqual([
    'The page of headless Chrome failed: TypeError: x is null (while running steps)',
    'running steps',
  ]);
});
