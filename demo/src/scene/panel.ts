import '../../styles/scene.css';
import { NetworkDrawing } from '../drawing/drawing.js';
import { create } from '../page/dom.js';
import { count } from '../page/format.js';
import { sceneExample, sceneShape, sceneSums } from './drawn.js';
import { LetterCard } from './letter-card.js';
import { READS } from './word.js';
import { ProgressTable } from './progress-table.js';
import { SceneClient } from './client.js';
import type { Scene } from './scene.js';
import { Twice } from './twice.js';
import { WeightTables } from './weight-tables.js';
import { BUTTONS, explain } from './words.js';
import { wordsOf } from '../words/parts.js';

const words = await wordsOf('scene');

/** Seed of the first weights: every right letter's score rises from the first update on. */
const SEED = 7;

/** The learning rates to choose from. */
const RATES = [
  { rate: 0.1, about: words.rates.careful },
  { rate: 0.3, about: words.rates.wellChosen },
  { rate: 1, about: words.rates.hasty },
] as const;
const DEFAULT_RATE = 0.3;

/** Updates made by the button for many. */
const MANY = 10;

/** The scene of four letters: one click goes forward, one backward, one updates. */
export class ScenePanel {
  readonly #next = button('scene-next', 'primary', BUTTONS.forward);
  readonly #many = button('scene-many', '', words.many(String(MANY)));
  readonly #reset = button('scene-reset', '', words.reset);
  readonly #other = button('scene-other', '', words.other);
  readonly #rate = create('select');
  readonly #counter = create('p', 'counter');
  readonly #words = create('div');
  readonly #drawing = new NetworkDrawing({
    label: words.drawing,
    sums: (place) => sceneSums(this.#scene, place),
  });
  readonly #cards = READS.map((_, t) => new LetterCard(t));
  /** Tables about passes; hidden before the first one. */
  readonly #below = create('div', 'below');
  readonly #weights = new WeightTables();
  readonly #twice = new Twice();
  readonly #progress = new ProgressTable();
  #scene: Scene;
  #work: Promise<void> = Promise.resolve();

  private constructor(box: HTMLElement, client: SceneClient, scene: Scene) {
    this.#scene = scene;
    this.#next.addEventListener('click', () => this.#do(() => client.advance(Number(this.#rate.value))));
    this.#many.addEventListener('click', () => this.#do(() => client.rounds(MANY, Number(this.#rate.value))));
    this.#reset.addEventListener('click', () => this.#do(() => client.begin(this.#scene.seed)));
    this.#other.addEventListener('click', () => this.#do(() => client.begin(this.#scene.seed + 1)));
    const letters = create('ol', 'letters');
    letters.append(...this.#cards.map(({ item }) => item));
    this.#below.append(this.#twice.box, this.#progress.box);
    const numbers = create('details', 'more scene-numbers');
    numbers.append(create('summary', '', words.numbers), letters, this.#weights.box);
    box.replaceChildren(
      this.#steps(),
      this.#choices(),
      this.#words,
      this.#drawing.element,
      numbers,
      this.#below,
    );
    this.#show();
  }

  /** Builds the scene in its box. */
  static async open(box: HTMLElement): Promise<ScenePanel> {
    const client = new SceneClient();
    return new ScenePanel(box, client, await client.begin(SEED));
  }

  /** The buttons stay visible while the page is scrolled. */
  #steps(): HTMLElement {
    const bar = create('div', 'bar scene-steps');
    bar.setAttribute('role', 'group');
    bar.setAttribute('aria-label', words.steps);
    bar.append(this.#next, this.#many, this.#counter);
    this.#counter.id = 'scene-counter';
    this.#words.id = 'scene-words';
    this.#words.setAttribute('role', 'status');
    return bar;
  }

  #choices(): HTMLElement {
    const bar = create('div', 'bar scene-choices');
    const label = create('label', '', words.rate);
    this.#rate.id = label.htmlFor = 'scene-rate';
    this.#rate.append(
      ...RATES.map(
        ({ rate, about }) => new Option(about, String(rate), rate === DEFAULT_RATE, rate === DEFAULT_RATE),
      ),
    );
    bar.append(label, this.#rate, this.#reset, this.#other);
    return bar;
  }

  /** Executes clicks one at a time, however fast they come. */
  #do(work: () => Promise<Scene>): void {
    this.#work = this.#work.then(work).then(
      (scene) => {
        this.#scene = scene;
        this.#show();
      },
      (error: unknown) =>
        this.#words.replaceChildren(
          create('p', 'message fault', error instanceof Error ? error.message : String(error)),
        ),
    );
  }

  #show(): void {
    const scene = this.#scene;
    this.#drawing.show(sceneShape(scene.cell), sceneExample(scene));
    if (scene.change) this.#drawing.blink();
    this.#next.textContent = BUTTONS[scene.next];
    this.#counter.textContent = words.counter(count(scene.updates), String(scene.seed));
    this.#words.replaceChildren(...explain(scene).map((sentence) => create('p', '', sentence)));
    for (const card of this.#cards) card.show(scene);
    this.#weights.show(scene);
    this.#twice.show(scene);
    this.#progress.show(scene.history);
    this.#below.hidden = scene.history.length === 0;
  }
}

function button(id: string, className: string, text: string): HTMLButtonElement {
  const made = create('button', className, text);
  made.type = 'button';
  made.id = id;
  return made;
}
