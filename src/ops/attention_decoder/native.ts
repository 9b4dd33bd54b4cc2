import type { NativeCall } from '../../plan/native.js';
import type { NativePlanners } from '../../plan/op.js';
import type { NativePlanner } from '../../plan/planner.js';
import {
  attentionGradients,
  attentionWindow,
  beginGradients,
  type NativeAttention,
} from '../attend/native.js';

type Request = Parameters<NativePlanner>[0];

function attentionOf({ dims: { T, H }, has }: Request, gates: number): NativeAttention {
  return {
    ...{ T, C: gates * H, gates, lengths: 'source_lengths', steps: 'lengths' },
    states: has('states') ? 'states' : 'h',
    projected: 'projected',
    context: 'inputs',
    dcontext: has('dprojected') ? 'dprojected' : 'da',
  };
}

/**
 * The cell's own calls. The first runs the window: it reads `inputs`, to which attention adds the
 * context before each step, and threads split it exactly as they split the attention call.
 */
function cellCalls(
  planner: NativePlanner | undefined,
  request: Request,
  { split, work }: NativeCall,
): readonly NativeCall[] {
  const attributes = { ...request.attributes, reverse: false, dropout: 0 };
  const [window, ...others] = planner?.({ ...request, attributes }) ?? [];
  const renamed = window.arguments.map((argument) => (argument === 'projected' ? 'inputs' : argument));
  return [{ ...window, arguments: renamed, split, work }, ...others];
}

/** @param gates blocks of H rows of the cell's weights */
export const decoderForward =
  (cell: NativePlanners, gates: number): NativePlanner =>
  (request) => {
    const window = attentionWindow(request, attentionOf(request, gates), false);
    return [window, ...cellCalls(cell.forward, request, window)];
  };

export const decoderBackward =
  (cell: NativePlanners, gates: number): NativePlanner =>
  (request) => {
    const attention = attentionOf(request, gates);
    const window = attentionWindow(request, attention, true);
    return [
      ...beginGradients(request),
      window,
      ...cellCalls(cell.backward, request, window),
      ...attentionGradients(request, attention),
    ];
  };
