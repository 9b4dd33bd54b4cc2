import type { GraphBuilder } from '../plan/graph.js';
import { present } from '../plan/tensor.js';
import type { CellInputs, CellRecord } from './cell.js';
import { activeAttributes } from './fused.js';
import type { AttentionDecoderInputs, AttentionDecoderResults } from './general-attention.js';

/** Inputs of a fused decoder: also recurrent dropout, and `dh` to read gradients of the states. */
export type FusedDecoderInputs = AttentionDecoderInputs &
  Pick<CellInputs, 'key' | 'recurrentDropout' | 'site' | 'inspected'>;

/** Applies a decoder with additive attention to a window, as one op. */
export type AttentionDecoder = (
  builder: GraphBuilder,
  label: string,
  inputs: FusedDecoderInputs,
) => AttentionDecoderResults;

/** The fused decoder of a cell; undefined for a cell without `attentionOp`. */
export function fusedAttentionDecoder({
  attentionOp: op,
  facts: { states },
  attributes: own = () => ({}),
}: CellRecord): AttentionDecoder | undefined {
  if (!op) return undefined;
  return (builder, label, inputs) => {
    const [T, N] = inputs.projected.shape;
    const { initial } = inputs;
    const recurrentDropout = inputs.key ? inputs.recurrentDropout : 0;
    const drops = recurrentDropout > 0;
    const applied = builder.apply(
      op,
      label,
      present({
        projected: inputs.projected,
        weight_hh: inputs.weightHh,
        bias_hh: inputs.biasHh,
        weight_query: inputs.weightQuery,
        weight_score: inputs.weightScore,
        keys: inputs.keys,
        values: inputs.values,
        lengths: inputs.lengths,
        source_lengths: inputs.sourceLengths,
        key: drops ? inputs.key : undefined,
        masked: drops
          ? builder.tensor('value', `${label}.masked`, [T + 1, N, initial.h.shape[1]])
          : undefined,
        ...Object.fromEntries(states.map((state) => [`${state}0`, initial[state]])),
        ...inputs.inspected,
      }),
      { ...own(inputs), ...activeAttributes({ recurrentDropout, site: drops ? inputs.site : 0 }) },
    );
    const final = Object.fromEntries(states.map((state) => [state, applied[`${state}n`]]));
    return { output: applied.y, attention: applied.attention, final };
  };
}
