import type { NativePlanner } from '../../plan/planner.js';
import { flow, learnedGradient, overWindow, wantsInitial, weightGradients } from '../recurrent/native.js';

export const forward: NativePlanner = (request) => [
  overWindow(
    'rnn_forward',
    [
      ...['projected', 'h0', 'h0_learned', 'keep', 'lengths', 'key', 'weight_hh', 'bias_hh'],
      ...['y', 'hn', 'h', 'masked', request.attributes.nonlinearity === 'relu'],
    ],
    request,
    1,
  ),
];

export const backward: NativePlanner = (request) => {
  const { has, dims, attributes } = request;
  const ds = has('dprojected') ? 'dprojected' : 'da';
  const seen = { of: has('masked') ? 'masked' : 'h', width: dims.H };
  return [
    overWindow(
      'rnn_backward',
      [
        ...['keep', 'lengths', 'key', 'weight_hh', 'h', 'dy', 'dhn', ds, 'dh', 'dh0'],
        ...[flow, wantsInitial(request), attributes.nonlinearity === 'relu'],
      ],
      request,
      1,
    ),
    ...learnedGradient(request, 'dh0_learned', flow),
    ...weightGradients(request, ds, 1, [{ first: 0, count: 1, operand: seen }]),
  ];
};
