import { SequenceGenerator } from '../generate/generator.js';
import { checkDefaults } from '../generate/options.js';
import type {
  BeginContext,
  GenerationStart,
  GenerationStep,
  GenerativeModel,
  StepContext,
} from '../generate/model.js';
import type { Scope } from '../nn/scope.js';
import { Sym } from '../nn/sym.js';
import { ops } from '../ops/index.js';
import type { GraphBuilder } from '../plan/graph.js';
import { present, type Tensor } from '../plan/tensor.js';
import type { GeneratingModel } from '../train/model.js';
import type { DecoderSource } from './decoder-parts.js';
import type { DecodingModel } from './decoding.js';

/** The parts of generation besides `encode` and `decode` of the model. */
export interface GenerationParts<C> extends Pick<
  GenerativeModel<C>,
  'written' | 'conditionFields' | 'readConditions' | 'generation'
> {
  /**
   * Name of the field u32 [N] with the lengths of conditions. Undefined if all have equal lengths.
   */
  readonly lengths?: string;
}

/** A model whose condition is of type C, with a generator. */
export type Generates<C> = GenerativeModel<C> &
  GeneratingModel & { openGenerator: (...given: OpenGenerator) => SequenceGenerator<C> };
export type OpenGenerator = Parameters<GeneratingModel['openGenerator']>;

/** Names of the tensors of the source that steps read from the memory of a generation. */
const SHARED = ['memory', 'keys', 'values', 'joined'] as const;

/**
 * Adds the two graphs of generation to a model that encodes and decodes. `begin` stores the states
 * of the decoder and the prepared source, `step` decodes a window of one step.
 */
export function generating<M extends DecodingModel, C>(
  model: M,
  parts: GenerationParts<C>,
): M & Generates<C> {
  const { written, conditionFields, readConditions, lengths, generation } = parts;
  if (generation !== undefined) checkDefaults(generation);
  const scopeOf = ({ builder, parameters }: Pick<BeginContext, 'builder' | 'parameters'>): Scope =>
    model.scope({ builder, parameters, mode: 'predict' });
  const whole: M & Generates<C> = {
    ...model,
    written,
    conditionFields,
    stepFields: lengths === undefined ? [] : [lengths],
    readConditions,
    generation,
    begin(context: BeginContext): GenerationStart {
      const { builder, sizes } = context;
      const scope = scopeOf(context);
      const fields = Object.entries(context.fields).map(
        ([name, tensor]) => [name, new Sym(scope, tensor)] as const,
      );
      const { initial, source } = model.encode(scope, Object.fromEntries(fields));
      return {
        states: Object.fromEntries(
          Object.entries(model.decoderStates).map(([name, width]) => [
            name,
            initial[name] ?? zeros(builder, name, [sizes.N, width]),
          ]),
        ),
        memory: sharedOf(source),
      };
    },
    step(context: StepContext): GenerationStep {
      const { builder, ids, states, memory, fields, sizes } = context;
      const scope = scopeOf(context);
      const positions = model.attended(scope, lengths === undefined ? undefined : fields[lengths]);
      // With dot attention the keys are the memory itself.
      const source: DecoderSource = { ...memory, keys: memory.keys ?? memory.memory, lengths: positions };
      const decoded = model.decode(scope, source, builder.view(ids, [1, sizes.N]), states);
      return { logits: decoded.logits, attention: decoded.attention, states: decoded.states };
    },
    openGenerator: (device, memory) => SequenceGenerator.create<C>(whole, device, memory),
  };
  return whole;
}

/** By name: the tensors of a source that steps share, without repetition. */
function sharedOf(source: DecoderSource): Record<string, Tensor> {
  const named = SHARED.map((name) => [name, source[name]] as const);
  return present(
    Object.fromEntries(named.filter(([name, tensor]) => name !== 'keys' || tensor !== source.memory)),
  );
}

function zeros(builder: GraphBuilder, name: string, shape: readonly number[]): Tensor {
  const [N, H] = shape;
  return builder.view(builder.apply(ops.fill, `zero.${name}`, {}, {}, { E: N * H }).y, shape);
}
