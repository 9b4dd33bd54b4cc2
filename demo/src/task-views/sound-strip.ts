import { svg } from '../drawing/svg.js';
import { create } from '../page/dom.js';
import { sentences } from '../page/format.js';
import type { Attention } from '../tasks/view.js';
import { paint, type Pixels } from './pixels.js';
import type { Sound } from './sound.js';
import { Stepper } from './stepper.js';
import { percent, shown } from './words.js';
import { texts } from './texts.js';

/** Returns the sound as a picture: time from left to right, low bands below, loud ones light. */
export function soundPicture({ frames, bands, levels }: Sound): Pixels {
  const pixels = new Float32Array(frames * bands);
  for (let t = 0; t < frames; t++)
    for (let band = 0; band < bands; band++)
      pixels[(bands - 1 - band) * frames + t] = Math.min(1, Math.max(0, levels[t * bands + band]));
  return { rows: bands, columns: frames, channels: 1, pixels };
}

/**
 * Returns how many frames a place of the attention stands for: each layer of a pyramid joins two
 * steps of the one below.
 */
export function framesOfPlace(frames: number, places: number): number {
  let joined = 1;
  while (Math.ceil(frames / joined) > places) joined *= 2;
  return joined;
}

/** Describes where the network listens while it writes a letter. */
export function listenWords({ output, weights }: Attention, letter: number, frames: number): string {
  const row = weights[letter] as readonly number[] | undefined;
  if (!row) return texts.attention.nothing;
  const joined = framesOfPlace(frames, row.length);
  const most = row.indexOf(Math.max(...row));
  const to = Math.min(frames, (most + 1) * joined);
  return texts.sound.looks(shown(output[letter]), most * joined + 1, to, percent(row[most]));
}

/**
 * A sound with the letters that were written below it: each has a row that is as dark as the
 * network listens there. Arrow keys and clicks choose a letter.
 */
export class SoundStrip {
  readonly element = create('figure', 'sound');
  readonly #canvas = create('canvas', 'pixels');
  readonly #mark = create('span', 'played');
  readonly #stepper = new Stepper(texts.sound.steps, (letter) => {
    this.#letter = letter;
    this.#draw();
  });
  readonly #facts = create('p', 'hint');
  readonly #words = create('p', 'hint');
  #shown: { readonly sound: Sound; readonly attention: Attention } | undefined;
  #letter = 0;

  constructor() {
    this.#canvas.ariaHidden = 'true';
    this.#mark.hidden = true;
    const picture = create('div', 'sound-picture');
    picture.append(this.#canvas, this.#mark);
    this.element.append(picture, this.#stepper.element, this.#words, this.#facts);
  }

  /** @param attention undefined for a network that writes from a summary */
  show(sound: Sound, attention: Attention | undefined): void {
    paint(this.#canvas, soundPicture(sound));
    const facts = texts.sound.frames(sound.frames, sound.bands);
    const places = attention?.weights[0]?.length;
    this.#facts.textContent =
      places === undefined ? facts : sentences([facts, texts.sound.pyramid(sound.frames, places)]);
    this.#stepper.element.hidden = this.#words.hidden = attention === undefined;
    this.#shown = attention && { sound, attention };
    this.#draw();
  }

  /** Marks how far the sound was played; undefined: not at all. */
  played(share: number | undefined): void {
    this.#mark.hidden = share === undefined;
    if (share !== undefined) this.#mark.style.setProperty('--share', String(share));
  }

  #draw(): void {
    if (!this.#shown) return;
    const { sound, attention } = this.#shown;
    const { output, weights } = attention;
    this.#letter = Math.max(0, Math.min(this.#letter, output.length - 1));
    this.#stepper.element.replaceChildren(
      ...output.map((symbol, t) => {
        const row = create('div', t === this.#letter ? 'row current' : 'row');
        row.dataset.step = String(t);
        row.append(create('span', 'letter', shown(symbol)), weightsPicture(weights[t], sound.frames));
        return row;
      }),
    );
    const text = listenWords(attention, this.#letter, sound.frames);
    this.#words.textContent = text;
    this.#stepper.show({ count: output.length, current: this.#letter, text });
  }
}

/** Draws the weights of a letter over the frames of their places. */
function weightsPicture(weights: readonly number[], frames: number): SVGElement {
  const joined = framesOfPlace(frames, weights.length);
  const most = Math.max(...weights);
  const picture = svg('svg', {
    viewBox: `0 0 ${frames} 1`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  });
  picture.append(
    ...weights.map((weight, place) =>
      svg('rect', {
        ...{ x: place * joined, y: 0, width: joined, height: 1 },
        class: 'weight',
        'fill-opacity': (weight / most).toFixed(3),
      }),
    ),
  );
  return picture;
}
