import type { UnitScore } from '../../../src/index.js';
import { byId, create } from '../page/dom.js';
import { count } from '../page/format.js';
import type { InsideView, UnitChoice } from './protocol.js';
import { featureName, FOLLOWS, nameOf } from './sentences.js';
import { signed } from './symbols.js';
import { wordsOf } from '../words/parts.js';

const words = await wordsOf('inside');

/** Actions of the visitor in the list of units. */
export interface UnitListener {
  /** Looks at a unit with pointer or keyboard; undefined returns to the chosen one. */
  look(unit: UnitChoice | undefined): void;
  choose(unit: UnitChoice | undefined): void;
  /** Lists the followers of one feature, or the closest follower of each. */
  follow(feature: string | undefined): void;
}

/** The units that follow a readable feature, and a field to choose any other. */
export class UnitList {
  readonly #feature = byId('inside-feature', HTMLSelectElement);
  readonly #list = byId('inside-units', HTMLOListElement);
  readonly #layer = byId('inside-layer', HTMLInputElement);
  readonly #unit = byId('inside-unit', HTMLInputElement);
  #rows: {
    readonly button: HTMLButtonElement;
    readonly unit: HTMLElement;
    readonly feature: HTMLElement;
    readonly correlation: HTMLElement;
  }[] = [];
  #followers: readonly UnitScore[] = [];

  constructor(readonly listener: UnitListener) {
    this.#feature.addEventListener('change', () =>
      this.listener.follow(this.#feature.value === '' ? undefined : this.#feature.value),
    );
    for (const type of ['pointerover', 'focusin'])
      this.#list.addEventListener(type, (event) => this.listener.look(this.#followerOf(event.target)));
    for (const type of ['pointerleave', 'focusout'])
      this.#list.addEventListener(type, () => this.listener.look(undefined));
    this.#list.addEventListener('click', (event) => {
      const follower = this.#followerOf(event.target);
      if (follower) this.listener.choose(follower);
    });
    for (const field of [this.#layer, this.#unit]) {
      field.addEventListener('change', () => {
        const [layer, unit] = [Number(this.#layer.value), Number(this.#unit.value)];
        const fits =
          [layer, unit].every((value) => Number.isInteger(value) && value >= 1) &&
          layer <= Number(this.#layer.max) &&
          unit <= Number(this.#unit.max);
        field.setAttribute('aria-invalid', String(!fits));
        if (fits) this.listener.choose({ layer: layer - 1, unit: unit - 1 });
      });
    }
  }

  /** @param shown the unit whose states colour the text */
  show({ followers: all, features, layers, hidden }: InsideView, shown: UnitChoice): void {
    const followers = all.filter(({ correlation }) => Math.abs(correlation) >= FOLLOWS);
    if (this.#feature.options.length === 1)
      this.#feature.append(...features.map((name) => new Option(featureName(name), name)));
    this.#layer.max = String(layers);
    this.#unit.max = String(hidden);
    byId('inside-unit-count', HTMLElement).textContent = words.units(count(hidden));
    byId('inside-layer-field', HTMLElement).hidden = layers === 1;
    if (!this.#layer.matches(':focus')) this.#layer.value = String(shown.layer + 1);
    if (!this.#unit.matches(':focus')) this.#unit.value = String(shown.unit + 1);
    // Rows must not move while the pointer is at one of them.
    if (!this.#list.matches(':hover, :focus-within') || this.#followers.length !== followers.length)
      this.#fill(followers, layers);
    for (const [i, { layer, unit }] of this.#followers.entries())
      this.#rows[i].button.setAttribute('aria-pressed', String(layer === shown.layer && unit === shown.unit));
    byId('inside-no-units', HTMLElement).hidden = this.#followers.length > 0;
  }

  #fill(followers: readonly UnitScore[], layers: number): void {
    this.#followers = followers;
    while (this.#rows.length < followers.length) this.#addRow();
    for (const [i, { button, unit, feature, correlation }] of this.#rows.entries()) {
      const follower = followers[i];
      (button.parentElement as HTMLElement).hidden = follower === undefined;
      if (!follower) continue;
      set(unit, nameOf(follower, layers));
      set(feature, featureName(follower.feature));
      set(correlation, signed(follower.correlation));
      correlation.style.setProperty('--share', String(Math.round(100 * Math.abs(follower.correlation))));
    }
  }

  #addRow(): void {
    const [item, button] = [create('li'), create('button', 'follower')];
    button.type = 'button';
    const [unit, feature, correlation] = [
      create('span', 'who'),
      create('span', 'what'),
      create('span', 'how'),
    ];
    button.append(feature, unit, correlation);
    button.dataset.row = String(this.#rows.length);
    item.append(button);
    this.#list.append(item);
    this.#rows.push({ button, unit, feature, correlation });
  }

  #followerOf(target: EventTarget | null): UnitChoice | undefined {
    const button = target instanceof Element ? target.closest<HTMLElement>('.follower') : null;
    const follower = button ? this.#followers[Number(button.dataset.row)] : undefined;
    return follower && { layer: follower.layer, unit: follower.unit };
  }
}

function set(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
