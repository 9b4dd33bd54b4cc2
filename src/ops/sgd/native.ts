import { nativeUpdate } from '../lib/native.js';

export const forward = nativeUpdate('sgd_update', ['velocity'], (attributes) => [
  Number(attributes.momentum),
  attributes.nesterov === true,
  Number(attributes.weightDecay),
  Number(attributes.clipValue),
]);
