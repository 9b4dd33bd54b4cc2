import { FACTS } from '../cells/facts.js';
import { OptionError } from '../core/errors.js';
import { suffixOf } from '../layers/stack-options.js';
import { nn } from '../nn/modules.js';
import type { Module } from '../nn/module.js';
import type { RecurrentResult } from '../nn/recurrent.js';
import type { Sym } from '../nn/sym.js';
import type { Reader } from './reader.js';

/**
 * How the source becomes one vector c, or one for each layer:
 * - `last`: the final states of the encoder
 * - `transformed-last`: c_l = tanh(bridge.h.weight·[h_l forward; h_l backward] + bridge.h.bias),
 *   one bridge for all layers
 * - `transformed-all`: c = tanh(bridge.h.weight·mean over the row's steps + bridge.h.bias)
 */
export const SUMMARIES = ['last', 'transformed-last', 'transformed-all'] as const;
export type Summary = (typeof SUMMARIES)[number];

/**
 * How the decoder uses the summary: as initial state c_l (`initial`), as a part of every input
 * (`every-step`), or both.
 */
export const CONTEXTS = ['initial', 'every-step', 'both'] as const;
export type Context = (typeof CONTEXTS)[number];

/** The connection from an encoder to its decoder. */
export interface Bridge {
  /** `bridge.h`, and for a cell with a cell state `bridge.c`. */
  readonly modules: Readonly<Record<string, Module>>;
  /** Number of features of `joined`. 0 if nothing is joined. */
  readonly joinedWidth: number;
  cross(encoded: RecurrentResult): {
    /** By name: the initial states of the decoder [N,H]. Empty if it starts from zero. */
    readonly initial: Readonly<Record<string, Sym>>;
    /** The part that is joined to every input of the decoder, [N,joinedWidth]. */
    readonly joined: Sym | undefined;
  };
}

/** @throws OptionError for a summary with another number of features than the decoder */
export function makeBridge(encoder: Reader, summary: Summary, context: Context): Bridge {
  const { stack } = encoder.rnn;
  const { hidden: H, layers } = stack;
  const starts = context !== 'every-step';
  const joins = context !== 'initial';
  if (summary === 'last' && starts && encoder.stateWidth !== H)
    throw new OptionError(
      'summary',
      summary,
      'transformed-last or transformed-all for a bidirectional encoder, whose final states are two',
    );
  const states = starts ? FACTS[stack.cell].states : ['h'];
  const width = summary === 'transformed-all' ? encoder.width : encoder.stateWidth;
  const bridges = Object.fromEntries(
    summary === 'last' ? [] : states.map((state) => [state, nn.linear(width, H)] as const),
  );
  const top = layers - 1;
  return {
    modules: Object.fromEntries(
      states.flatMap((state) => (bridges[state] ? [[`bridge.${state}`, bridges[state]]] : [])),
    ),
    joinedWidth: !joins ? 0 : summary === 'last' ? encoder.stateWidth : H,
    cross(encoded) {
      const { final, y, lengths } = encoded;
      const mean = summary === 'transformed-all' ? y.mean(0, lengths ? { lengths } : {}) : undefined;
      const shared = new Map<string, Sym>();
      /** c_l of one state. */
      const summaryOf = (state: string, l: number): Sym => {
        const name = `${state}${suffixOf(l, 0)}`;
        if (summary === 'last') return final[name];
        const key = mean ? state : name;
        const known = shared.get(key);
        if (known) return known;
        const [forward, reverse] = [final[name], final[`${state}${suffixOf(l, 1)}`]];
        const c = bridges[state](mean ?? (reverse ? forward.concat(reverse) : forward)).tanh();
        shared.set(key, c);
        return c;
      };
      const initial: Record<string, Sym> = {};
      for (let l = 0; starts && l < layers; l++)
        for (const state of states) initial[`${state}${suffixOf(l, 0)}`] = summaryOf(state, l);
      const joined = summary === 'last' ? encoded.last : summaryOf('h', top);
      return { initial, joined: joins ? joined : undefined };
    },
  };
}
