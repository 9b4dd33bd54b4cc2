import { nativeUpdate } from '../lib/native.js';

export const forward = nativeUpdate('adam_update', ['mean', 'square'], (attributes) => [
  Number(attributes.beta1),
  1 - Number(attributes.beta1),
  Number(attributes.beta2),
  1 - Number(attributes.beta2),
  Number(attributes.epsilon),
  Number(attributes.weightDecay),
  attributes.decoupled === true,
  Number(attributes.clipValue),
]);
