import type { NativePlanner } from '../../plan/planner.js';
import {
  cellFlow,
  flow,
  learnedGradient,
  overWindow,
  wantsInitial,
  weightGradients,
} from '../recurrent/native.js';

export const forward: NativePlanner = (request) => [
  overWindow(
    'lstm_forward',
    [
      ...['projected', 'h0', 'c0', 'h0_learned', 'c0_learned', 'keep', 'lengths', 'key'],
      ...['weight_hh', 'bias_hh', 'y', 'hn', 'cn', 'states', 'gates', 'masked'],
    ],
    request,
    4,
  ),
];

export const backward: NativePlanner = (request) => {
  const { has, dims } = request;
  const ds = has('dprojected') ? 'dprojected' : 'da';
  const cell = cellFlow(request);
  const seen = { of: has('masked') ? 'masked' : 'states', width: dims.H };
  return [
    overWindow(
      'lstm_backward',
      [
        ...['keep', 'lengths', 'key', 'weight_hh', 'states', 'gates', 'dy', 'dhn', 'dcn'],
        ...[ds, 'dh', 'dh0', 'dc0', flow, cell, wantsInitial(request)],
      ],
      request,
      4,
    ),
    ...learnedGradient(request, 'dh0_learned', flow),
    ...learnedGradient(request, 'dc0_learned', cell),
    ...weightGradients(request, ds, 4, [{ first: 0, count: 4, operand: seen }]),
  ];
};
