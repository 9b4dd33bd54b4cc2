import { elementOf } from '../../plan/native.js';
import type { NativePlanner } from '../../plan/planner.js';
import { flow, learnedGradient, overWindow, wantsInitial, weightGradients } from '../recurrent/native.js';

export const forward: NativePlanner = (request) => [
  overWindow(
    'gru_forward',
    [
      ...['projected', 'h0', 'h0_learned', 'keep', 'lengths', 'key', 'weight_hh', 'bias_hh'],
      ...['y', 'hn', 'h', 'gates', 'masked', request.attributes.reset === 'before'],
    ],
    request,
    3,
  ),
];

export const backward: NativePlanner = (request) => {
  const { has, dims, attributes } = request;
  const { H } = dims;
  const before = attributes.reset === 'before';
  const seen = { of: has('masked') ? 'masked' : 'h', width: H };
  // With reset before the product, the candidate's operand is r ⊙ x, the fourth part of gates.
  const reset = { of: elementOf('gates', 3 * H), width: 4 * H };
  return [
    overWindow(
      'gru_backward',
      [
        ...['keep', 'lengths', 'key', 'weight_hh', 'h', 'gates', 'masked', 'dy', 'dhn'],
        ...[has('dprojected') ? 'dprojected' : 'da', 'recurrent', 'dh', 'dh0'],
        ...[flow, wantsInitial(request), before],
      ],
      request,
      3,
    ),
    ...learnedGradient(request, 'dh0_learned', flow),
    ...weightGradients(
      request,
      'recurrent',
      3,
      before
        ? [
            { first: 0, count: 2, operand: seen },
            { first: 2, count: 1, operand: reset },
          ]
        : [{ first: 0, count: 3, operand: seen }],
    ),
  ];
};
