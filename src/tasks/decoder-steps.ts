import { Expressions } from '../cells/expressions.js';
import { attentionDecoders } from '../cells/index.js';
import { stackStates, suffixOf } from '../layers/stack-options.js';
import { applyStackStep } from '../layers/stack-step.js';
import type { Scope } from '../nn/scope.js';
import type { Tensor } from '../plan/tensor.js';
import { attendOnce, attendOver } from './attention.js';
import {
  FED,
  FIRST,
  initialStates,
  joinSteps,
  nothingFirst,
  type Decoded,
  type DecoderParts,
  type DecoderSource,
  type DecoderWindow,
} from './decoder-parts.js';

/**
 * Whether a window must be computed step by step, because no fused op has the dependence of the
 * next input on the result of a step.
 */
export function needsSteps(scope: Scope, { options, rnn }: DecoderParts, { mix }: DecoderWindow): boolean {
  const stack = scope.stackOf(rnn);
  if (options.inputFeeding || mix) return true;
  if (options.attention !== 'additive') return false;
  return stack.layers > 1 || stack.form === 'general' || attentionDecoders[stack.cell] === undefined;
}

/** Computes a window step by step, with several launches at each step, for any decoder. */
export function runSteps(
  scope: Scope,
  parts: DecoderParts,
  source: DecoderSource,
  { projected, initial, mask, mix }: DecoderWindow,
): Decoded {
  const { rnn, options } = parts;
  const stack = scope.stackOf(rnn);
  const [T, N, rows] = projected.shape;
  const e = new Expressions(scope.builder, scope.label('decoder'));
  const all = e.view(projected, [T * N, rows]);
  const top = `h${suffixOf(stack.layers - 1, 0)}`;
  const query = options.attention === 'additive' ? parts.query(scope) : undefined;
  const feed = options.inputFeeding ? parts.feed(scope) : undefined;
  const steps = {
    options: stack,
    own: (name: string) => scope.own(rnn, name),
    key: scope.key,
    stateSite: scope.key ? scope.dropoutSites(stack.layers) : 0,
  };
  const column = mask && e.view(mask, [T * N, 1]);
  const maskOf = (t: number): Tensor | undefined => column && e.view(e.rows(column, t * N, N), [N]);
  let states = initialStates(e, stackStates(stack), initial, [N, stack.hidden]);
  let fed: Tensor | undefined = initial[FED];
  const outputs: Tensor[] = [];
  const attention: Tensor[] = [];
  const logits: Tensor[] = [];
  for (let t = 0; t < T; t++) {
    let x = e.rows(all, t * N, N);
    if (mix && t > 0) x = mix(e, t, x, logits[t - 1]);
    if (t === 0 && initial[FIRST]) x = e.add(x, initial[FIRST]);
    if (source.joined) x = e.add(x, source.joined);
    if (feed && fed) x = e.add(x, e.linear(fed, feed));
    const here = maskOf(t);
    const masked = (tensor: Tensor): Tensor => (here ? e.scaleRows(tensor, here) : tensor);
    const { keys, values, memory, lengths } = source;
    if (query && keys && values) {
      const { context, weights } = attendOnce(e, states[top], { ...query, keys, values, lengths });
      x = e.add(x, context);
      attention.push(masked(weights));
    }
    const outputSite = scope.key ? scope.dropoutSites(stack.layers) : 0;
    const step = applyStackStep(e, steps, x, states, outputSite);
    states = step.states;
    let output = masked(step.output);
    if (!query && keys && memory) {
      const attended = attendOver(e, e.view(output, [1, ...output.shape]), { keys, memory, lengths });
      const W = attended.context.shape[2];
      attention.push(e.view(attended.weights, attended.weights.shape.slice(1)));
      output = parts.combine(scope, e.view(attended.context, [N, W]), output);
      fed = output;
    }
    outputs.push(output);
    if (mix) logits.push(parts.head(scope, output));
  }
  return {
    logits: mix ? joinSteps(e, 'logits', logits) : parts.head(scope, joinSteps(e, 'outputs', outputs)),
    attention: attention.length > 0 ? joinSteps(e, 'attention', attention) : undefined,
    states: { ...states, ...nothingFirst(e, initial), ...(feed && fed ? { [FED]: fed } : {}) },
  };
}
