import { NetworkDrawing } from '../drawing/drawing.js';
import type { CellPlace, Example, Sum } from '../drawing/shape.js';
import type { Answer } from '../host/messages.js';
import { create, say } from '../page/dom.js';
import { count } from '../page/format.js';
import type { Unrolled, UnrolledRequest } from '../tasks/unrolled.js';
import type { Asked, Read } from '../tasks/view.js';
import { wordsOf } from '../words/parts.js';
import { LatestQuestion } from './latest-question.js';
import { paint } from './pixels.js';
import { weightBlocks } from './weight-labels.js';

const words = await wordsOf('unrolled');

/**
 * Least milliseconds between two drawings while training continues, and how much longer the pause
 * is than a drawing takes.
 */
const REST_MS = 1000;
const REST_TIMES = 8;
/** The longest pause: an answer may have waited long for its turn, such as while kernels were compiled. */
const LONGEST_REST_MS = 4000;

/** Where drawings come from. */
export interface UnrolledSource {
  /** Whether there is a network. */
  ready(): boolean;
  unroll(request: UnrolledRequest): Promise<Answer<Unrolled>>;
  sums(place: CellPlace & { readonly unit: number }): Promise<Answer<readonly Sum[]>>;
}

/** The network unrolled over the example of the view, at the moment of the slider. */
export class UnrolledPanel {
  readonly #drawing: NetworkDrawing;
  readonly #at = create('p', 'hint');
  readonly #how = create('p', 'hint');
  readonly #fault = create('p', 'message');
  readonly #latest: LatestQuestion<Unrolled>;
  readonly #source: UnrolledSource;
  #asked: Asked = { example: 0 };
  /** The earlier step of the slider. */
  #wound: number | undefined;
  #gone = false;
  #inSight = false;
  /** Whether the drawing is older than the moment. */
  #stale = true;
  #readyAt = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HTMLElement, source: UnrolledSource) {
    this.#source = source;
    this.#drawing = new NetworkDrawing({
      label: words.label,
      sums: async (place) => {
        const answer = await source.sums(place);
        return answer.ok ? answer.value : [];
      },
    });
    this.#latest = new LatestQuestion<Unrolled>(
      (unrolled) => this.#show(unrolled),
      (message) => this.#failed(message),
    );
    this.#fault.hidden = true;
    host.append(create('p', 'hint', words.about), this.#at, this.#fault, this.#drawing.element, this.#how);
    new IntersectionObserver((entries) => {
      this.#inSight = entries.some(({ isIntersecting }) => isIntersecting);
      this.#ask();
    }).observe(host);
  }

  /** Another network is being trained. */
  reset(): void {
    this.#latest.change();
    this.#asked = { example: 0 };
    this.#wound = undefined;
    this.#renew();
  }

  /** Draws the network over this example. */
  look(asked: Asked): void {
    if (JSON.stringify(asked) === JSON.stringify(this.#asked) && !('picture' in asked)) return;
    this.#asked = asked;
    this.#drawing.lookAt(undefined);
    this.#latest.change();
    this.#renew();
  }

  /**
   * Shows another moment. @param wound the earlier step of the slider; undefined for the present
   */
  showAt(wound: number | undefined): void {
    const moved = wound !== this.#wound;
    this.#wound = wound;
    if (moved) this.#latest.change();
    // Training comes first, so not every moment is drawn.
    if (moved || performance.now() >= this.#readyAt) this.#renew();
    else {
      this.#stale = true;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#ask(), this.#readyAt - performance.now());
    }
  }

  #renew(): void {
    this.#stale = true;
    this.#gone = false;
    this.#ask();
  }

  #ask(): void {
    if (!this.#inSight || !this.#stale || !this.#source.ready()) return;
    this.#stale = false;
    const at = this.#gone ? undefined : this.#wound;
    const began = performance.now();
    void this.#latest.from(async () => {
      const answer = await this.#source.unroll({ asked: this.#asked, ...(at === undefined ? {} : { at }) });
      const now = performance.now();
      const rest = Math.min(LONGEST_REST_MS, REST_TIMES * (now - began));
      this.#readyAt = now + Math.max(REST_MS, rest);
      return answer;
    });
  }

  #show(unrolled: Unrolled): void {
    const { step, shape, example, read, matrices, forced } = unrolled;
    say(this.#fault, this.#gone ? words.gone : '');
    this.#at.textContent = (this.#wound === undefined || this.#gone ? words.now : words.wound)(count(step));
    const writes = example.stepName === 'symbol';
    this.#how.textContent = writes ? (forced ? words.forced : words.own) : '';
    this.#drawing.element.hidden = false;
    const whole = { ...example, weights: weightBlocks(matrices) };
    this.#drawing.show(shape, shape.encoder && read.kind === 'picture' ? withPicture(whole, read) : whole);
  }

  #failed(message: string): void {
    if (this.#wound !== undefined && !this.#gone) {
      this.#gone = this.#stale = true;
      this.#ask();
      return;
    }
    say(this.#fault, message);
    this.#drawing.element.hidden = true;
  }
}

function withPicture(example: Example, read: Extract<Read, { kind: 'picture' }>): Example {
  const canvas = document.createElement('canvas');
  paint(canvas, read);
  return { ...example, source: { picture: canvas.toDataURL() } };
}
