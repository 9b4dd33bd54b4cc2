import { figure } from '../page/format.js';
import { scaleOf } from './gates.js';
import type { TextFacts } from './protocol.js';
import {
  changeSentence,
  reachSentence,
  surpriseSentence,
  unitSentence,
  type Colouring,
} from './sentences.js';
import { signed } from './symbols.js';
import { wordsOf } from '../words/parts.js';

const { scale: ends } = await wordsOf('inside');

/** The surprise in bits from which a colour is full: about that of uniform guessing. */
const FULL_SURPRISE = 6;

/**
 * The root mean square difference of states from which the colour of a change is full. The square
 * root is drawn.
 */
const FULL_CHANGE = 0.5;

/** The text in colours. */
export interface Coloured {
  /** −1 to 1 for each character; 0 if nothing is known. */
  readonly levels: readonly number[];
  /** Labels of the ends of the scale. */
  readonly low: string;
  readonly high: string;
  /** A sentence about the colours. */
  readonly sentence: string;
}

/** Colours a text. The colouring by influence needs a chosen prediction. */
export function colourText(view: TextFacts, colouring: Colouring): Coloured {
  if (colouring === 'unit') {
    const { h } = view.unit.activations;
    const scale = scaleOf(h);
    return {
      levels: Array.from(h, (value) => clamp(value / scale)),
      low: signed(-scale),
      high: signed(scale),
      sentence: unitSentence(view),
    };
  }
  if (colouring === 'reach') {
    const norms = view.connectivity?.norms ?? new Float32Array();
    const largest = norms.reduce((most, norm) => Math.max(most, norm), Number.MIN_VALUE);
    return {
      levels: view.symbols.map((_, t) => clamp((norms[t] ?? 0) / largest)),
      low: ends.nothing,
      high: ends.most,
      sentence: reachSentence(view),
    };
  }
  if (colouring === 'change') {
    const states = view.changed?.states ?? new Float32Array();
    return {
      levels: view.symbols.map((_, t) => clamp(Math.sqrt((states[t] ?? 0) / FULL_CHANGE))),
      low: ends.same,
      high: ends.apart(figure(FULL_CHANGE)),
      sentence: changeSentence(view),
    };
  }
  return {
    levels: Array.from(view.surprise, (bits) => clamp(bits / FULL_SURPRISE)),
    low: ends.knew,
    high: ends.bits(figure(FULL_SURPRISE)),
    sentence: surpriseSentence(view),
  };
}

function clamp(level: number): number {
  return Number.isFinite(level) ? Math.max(-1, Math.min(1, level)) : 0;
}
