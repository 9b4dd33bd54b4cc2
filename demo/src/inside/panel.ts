import '../../styles/inside.css';
import type { Remote } from 'comlink';
import { byId, say } from '../page/dom.js';
import { count, sentences } from '../page/format.js';
import type { TrainingService } from '../training/protocol.js';
import { FlowChart } from './flow-chart.js';
import { colourText } from './colouring.js';
import { GateMap } from './gates.js';
import { Continuing } from './continuing.js';
import { GuessList } from './guesses.js';
import { PhraseList } from './phrase-list.js';
import type { Range } from './phrases.js';
import {
  MOST_SYMBOLS,
  STRIP_STEPS,
  type InsideRequest,
  type InsideView,
  type PredictionChoice,
  type UnitChoice,
} from './protocol.js';
import { characterSentences, COLOURINGS, nameOf, type Colouring } from './sentences.js';
import { visible } from './symbols.js';
import { TextView } from './text-view.js';
import { UnitMap } from './unit-map.js';
import { UnitList } from './units.js';
import { Unrolled } from './unrolled.js';
import { wordsOf } from '../words/parts.js';

const words = await wordsOf('inside');

/**
 * Least milliseconds between two inspections, and how much longer the pause is than an inspection
 * takes: training comes first.
 */
const REST_MS = 350;
const REST_TIMES = 3;
/** Milliseconds after the last key until a typed text is read. */
const TYPING_MS = 300;
/** Most unknown characters that are named. */
const MOST_UNKNOWN = 5;

/**
 * "Inside the network": what the units hold, and what the network expects and why, on any stretch
 * of text. It follows the training while the section is open and visible.
 */
export class InsidePanel {
  readonly #details = byId('inside-details', HTMLDetailsElement);
  readonly #text = byId('inside-text', HTMLTextAreaElement);
  readonly #readout = byId('inside-readout', HTMLElement);
  readonly #reach = byId('inside-reach', HTMLElement);
  readonly #forget = byId('inside-forget', HTMLButtonElement);
  readonly #cells = byId('inside-cells', HTMLElement);
  readonly #flow = new FlowChart();
  readonly #gates: GateMap;
  readonly #units: UnitList;
  readonly #view: TextView;
  readonly #guesses: GuessList;
  readonly #map: UnitMap;
  readonly #phrases: PhraseList;
  readonly #unrolled: Unrolled;
  readonly #continuing: Continuing;
  #phrase: Range | undefined;
  /** Index of the first character of the drawn strip. */
  #strip = 0;
  /** The text before the visitor changed it. */
  #before: string | undefined;
  /** What the colours show while the pointer is at no unit. */
  #colouring: Colouring = 'surprise';
  #seen: InsideView | undefined;
  #typed: string | undefined;
  #place = 0.3;
  #unit: UnitChoice | undefined;
  #looked: UnitChoice | undefined;
  #feature: string | undefined;
  #prediction: PredictionChoice | undefined;
  #position: number | undefined;
  #inSight = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #typing: ReturnType<typeof setTimeout> | undefined;
  /** Counts the timer's rounds, so that a later one drops the answer of an earlier one. */
  #round = 0;

  /** @param service of the current training; undefined while there is none */
  constructor(readonly service: () => Remote<TrainingService> | undefined) {
    this.#view = new TextView(this.#cells, {
      look: (position) => this.#lookAt(position),
      choose: (choice) => this.#choose(choice),
      select: (phrase) => {
        this.#phrase = phrase;
        this.#showPhrase();
      },
      describe: (position) =>
        this.#seen ? characterSentences(this.#seen, position, this.#shownColouring) : '',
    });
    this.#gates = new GateMap((position) => this.#lookAt(position));
    this.#guesses = new GuessList((k) => {
      const position = this.#position ?? this.#prediction?.position;
      if (position !== undefined) this.#view.choose(position, k);
    });
    for (const colouring of COLOURINGS)
      byId(`inside-by-${colouring}`, HTMLInputElement).addEventListener('change', () => {
        this.#colouring = colouring;
        if (this.#seen) this.#colour(this.#seen);
        this.#showReadout();
      });
    const chooseUnit = (unit: UnitChoice | undefined): void => {
      this.#unit = unit;
      this.#setColouring('unit');
      void this.#ask(false);
    };
    this.#map = new UnitMap({ look: (position) => this.#lookAt(position), choose: chooseUnit });
    for (const state of ['h', 'c'])
      byId(`inside-map-${state}`, HTMLInputElement).addEventListener('change', () => this.#showPhrase());
    this.#phrases = new PhraseList((place) => this.#view.go(place));
    this.#unrolled = new Unrolled(
      (position) => this.#lookAt(position),
      async (place) => {
        const answer = await this.service()?.insideSums(
          { ...this.#choice(), live: false, shown: undefined },
          place,
        );
        return answer?.ok ? answer.value : [];
      },
    );
    this.#continuing = new Continuing((prime) => this.service()?.goOn(prime));
    this.#units = new UnitList({
      look: (unit) => {
        this.#looked = unit;
        void this.#ask(false);
      },
      choose: chooseUnit,
      follow: (feature) => {
        this.#feature = feature;
        this.#unit = undefined;
        this.#setColouring('unit');
        void this.#ask(false);
      },
    });
    this.#text.addEventListener('input', () => {
      // All changes are compared with the text before the first one.
      this.#before ??= this.#seen?.symbols.join('');
      this.#typed = Array.from(this.#text.value.slice(0, 2 * MOST_SYMBOLS + 2))
        .slice(0, MOST_SYMBOLS + 1)
        .join(''); // the rest is never shown
      // Another text altogether has no letter that the visitor has chosen.
      if (this.#before?.at(0) !== this.#typed.at(0)) this.#prediction = this.#position = undefined;
      clearTimeout(this.#typing);
      this.#typing = setTimeout(() => void this.#ask(false), TYPING_MS);
    });
    byId('inside-place', HTMLButtonElement).addEventListener('click', () => {
      this.#typed = undefined;
      this.#before = undefined;
      this.#strip = 0;
      this.#prediction = undefined;
      this.#place = Math.random();
      void this.#ask(false);
    });
    this.#forget.addEventListener('click', () => {
      this.#choose(undefined);
      this.#cells.querySelector<HTMLElement>('[tabindex="0"]')?.focus(); // the button was removed
    });
    this.#details.addEventListener('toggle', () => this.#run());
    document.addEventListener('visibilitychange', () => this.#run());
    new IntersectionObserver((entries) => {
      this.#inSight = entries.some(({ isIntersecting }) => isIntersecting);
      this.#run();
    }).observe(this.#details);
  }

  get #isOpen(): boolean {
    return this.#details.open && this.#inSight && !document.hidden;
  }

  /** Inspects repeatedly while the section is visible. */
  #run(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const round = ++this.#round;
    if (this.#isOpen) void this.#loop(round);
  }

  async #loop(round: number): Promise<void> {
    const began = performance.now();
    const service = this.service();
    // A broken worker never answers: the next round asks the worker that replaced it.
    const given = setInterval(
      () => this.service() !== service && this.#round === round && this.#run(),
      2 * REST_MS,
    );
    await this.#ask(true).finally(() => clearInterval(given));
    if (this.#round !== round || !this.#isOpen) return;
    this.#timer = setTimeout(
      () => void this.#loop(round),
      Math.max(REST_MS, REST_TIMES * (performance.now() - began)),
    );
  }

  /** @param live whether to inspect the current weights rather than the last inspected ones */
  async #ask(live: boolean): Promise<void> {
    const service = this.#isOpen ? this.service() : undefined;
    if (!service) return;
    const asked = this.#choice();
    const answer = await service.inside({ ...asked, live, shown: this.#seen?.token });
    // The visitor may have made another choice meanwhile, which has its own answer.
    if (JSON.stringify(asked) !== JSON.stringify(this.#choice())) return;
    say(byId('inside-fault', HTMLElement), answer.ok ? '' : answer.fault.message);
    if (answer.ok && answer.value) this.#show(answer.value);
  }

  #choice(): Omit<InsideRequest, 'live' | 'shown'> {
    return {
      text: this.#typed,
      place: this.#place,
      unit: this.#looked ?? this.#unit,
      feature: this.#feature,
      prediction: this.#prediction,
      strip: this.#strip,
      before: this.#typed === undefined || this.#typed === this.#before ? undefined : this.#before,
    };
  }

  #show(view: InsideView): void {
    this.#seen = view;
    byId('inside-waiting', HTMLElement).hidden = true;
    byId('inside-body', HTMLElement).hidden = false;
    const { symbols, unit, cut, unknown, layers } = view;
    if (this.#typed === undefined && !this.#text.matches(':focus')) this.#text.value = symbols.join('');
    byId('inside-text-hint', HTMLElement).textContent = sentences([
      this.#typed === undefined ? words.text.training : words.text.own,
      ...(cut ? [words.text.cut(count(MOST_SYMBOLS))] : []),
      ...(unknown.length > 0
        ? [
            words.text.unknown(
              unknown.slice(0, MOST_UNKNOWN).map(visible).join(' '),
              unknown.length > MOST_UNKNOWN,
            ),
          ]
        : []),
    ]);
    this.#colour(view);
    byId('inside-gates-title', HTMLElement).textContent = words.gates.title(nameOf(unit, layers));
    this.#units.show(view, unit);
    this.#gates.show(view);
    this.#map.show(view);
    this.#showPhrase();
    this.#unrolled.show(view, this.#position ?? this.#prediction?.position);
    this.#flow.show(view.flow);
    this.#showReach(view);
    this.#showReadout();
  }

  #setColouring(colouring: Colouring): void {
    this.#colouring = colouring;
    byId(`inside-by-${colouring}`, HTMLInputElement).checked = true;
  }

  /** What the colours show now; a unit under the pointer comes first. */
  get #shownColouring(): Colouring {
    return this.#looked ? 'unit' : this.#colouring;
  }

  /** Colours the text. */
  #colour(view: InsideView): void {
    const { symbols, likeliest, connectivity, unknown } = view;
    byId('inside-by-reach', HTMLInputElement).disabled = connectivity === undefined;
    byId('inside-by-change', HTMLInputElement).disabled = view.changed === undefined;
    if (this.#colouring === 'change' && !view.changed) this.#setColouring('surprise');
    if (this.#colouring === 'reach' && this.#prediction === undefined) this.#setColouring('surprise');
    const colouring = this.#shownColouring;
    const { levels, low, high, sentence } = colourText(view, colouring);
    this.#cells.dataset.colouring = byId('inside-ramp', HTMLElement).dataset.colouring = colouring;
    this.#view.show(symbols, { levels, likeliest, connectivity, unknown });
    byId('inside-low', HTMLElement).textContent = low;
    byId('inside-high', HTMLElement).textContent = high;
    byId('inside-coloured', HTMLElement).textContent = sentence;
  }

  #lookAt(position: number | undefined): void {
    this.#position = position;
    this.#gates.mark(position ?? this.#prediction?.position);
    this.#view.mark(position);
    this.#map.mark(position ?? this.#prediction?.position);
    this.#unrolled.mark(position);
    this.#moveStrip(position);
    this.#showReadout();
  }

  /** The strip follows the focus, clicks and its own keys, but not the pointer. */
  #moveStrip(position: number | undefined): void {
    if (position === undefined || !this.#cells.matches(':focus-within')) return;
    if (position >= this.#strip && position < this.#strip + STRIP_STEPS) return;
    this.#strip = Math.max(0, position + 1 - STRIP_STEPS / 2);
    void this.#ask(false);
  }

  #showPhrase(): void {
    if (!this.#seen) return;
    this.#map.light(this.#phrase, this.#phrases.show(this.#seen.symbols, this.#map.levels, this.#phrase));
  }

  #choose(choice: PredictionChoice | undefined): void {
    this.#prediction = choice;
    this.#setColouring(choice ? 'reach' : 'surprise');
    this.#gates.mark(choice?.position);
    void this.#ask(false);
  }

  #showReadout(): void {
    const position = this.#position ?? this.#prediction?.position;
    if (this.#seen) {
      this.#guesses.show(this.#seen, position);
      this.#continuing.show(this.#seen.symbols, position);
    }
    this.#readout.textContent =
      this.#position === undefined || !this.#seen
        ? words.readout
        : characterSentences(this.#seen, this.#position, this.#shownColouring);
  }

  #showReach(view: InsideView): void {
    this.#forget.hidden = this.#prediction === undefined;
    this.#reach.textContent = view.connectivity
      ? ''
      : this.#prediction === undefined
        ? words.reach.how
        : words.reach.lost;
  }
}
