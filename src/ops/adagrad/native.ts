import { nativeUpdate } from '../lib/native.js';

export const forward = nativeUpdate('adagrad_update', ['sum'], (attributes) => [
  Number(attributes.epsilon),
  attributes.epsilonInside === true,
  Number(attributes.weightDecay),
  Number(attributes.clipValue),
]);
