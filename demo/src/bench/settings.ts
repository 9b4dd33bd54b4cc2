import { BENCH_PARTS, type BenchPart } from '../../../src/bench/index.js';
import { OptionError } from '../../../src/index.js';
import { PRODUCT_PRECISIONS } from '../../../src/graph.js';
import { faultOf } from '../host/answers.js';
import { byId, say } from '../page/dom.js';
import { sentences } from '../page/format.js';
import { labelledSentence } from '../page/fault-words.js';
import { workbench } from '../training/workbench-words.js';
import { words } from './words.js';
import { PEER_NAMES, type BenchRequest, type PeerName } from './protocol.js';

const { address } = workbench;

/** Numbers of the form, with their least values. */
const NUMBERS = { rounds: 1, turn: 1, budget: 1 } as const;
type NumberName = keyof typeof NUMBERS;

/**
 * Options of the address, as in
 * `?parts=grid,kernels&precision=single,mixed&peers=jax&only=H100&rounds=3&turn=300&budget=60&cpu=0&autostart=1`.
 */
const KNOWN = ['parts', 'precision', 'peers', 'only', ...Object.keys(NUMBERS), 'cpu', 'autostart', 'lang'];

/** The form: what to measure, and for how long. The address fills it in. */
export class BenchSettings {
  readonly #error = byId('form-error', HTMLElement);
  readonly #fields = byId('settings-fields', HTMLFieldSetElement);
  readonly #only = byId('only', HTMLInputElement);
  readonly autostart: boolean;

  constructor(search: string) {
    const parameters = new URLSearchParams(search);
    const refused = [...new Set(parameters.keys())]
      .filter((name) => !KNOWN.includes(name))
      .map((name) => address.unknown(name, KNOWN.join(', ')));
    const choose = (option: string, choices: readonly string[]): void => {
      if (!parameters.has(option)) return;
      const chosen = namesIn(parameters.get(option));
      for (const name of chosen.filter((each) => !choices.includes(each)))
        refused.push(address.expected(option, choices.join(', '), name));
      for (const choice of choices) box(option, choice).checked = chosen.includes(choice);
    };
    choose('parts', BENCH_PARTS);
    choose('precision', PRODUCT_PRECISIONS);
    choose('peers', PEER_NAMES);
    for (const name of Object.keys(NUMBERS) as NumberName[])
      input(name).value = parameters.get(name) ?? input(name).value;
    if (parameters.has('cpu')) byId('cpu', HTMLInputElement).checked = parameters.get('cpu') !== '0';
    this.#only.value = parameters.get('only') ?? '';
    this.autostart = parameters.get('autostart') === '1' && refused.length === 0;
    say(this.#error, sentences(refused));
  }

  set disabled(disabled: boolean) {
    this.#fields.disabled = disabled;
  }

  /**
   * Returns the request of the form; undefined if an entry is wrong, which is then marked and
   * explained.
   */
  request(): BenchRequest | undefined {
    const parts = BENCH_PARTS.filter((part: BenchPart) => box('parts', part).checked);
    const precisions = PRODUCT_PRECISIONS.filter((name) => box('precision', name).checked);
    const peers = PEER_NAMES.filter((peer: PeerName) => box('peers', peer).checked);
    const wrong = (Object.keys(NUMBERS) as NumberName[]).filter(
      (name) => !isWhole(input(name).value, NUMBERS[name]),
    );
    for (const name of Object.keys(NUMBERS) as NumberName[])
      input(name).setAttribute('aria-invalid', String(wrong.includes(name)));
    const faults = [
      ...wrong.map((name) => sentenceOf(name)),
      ...(parts.length === 0 ? [words.choose] : []),
      ...(precisions.length === 0 ? [words.choosePrecision] : []),
    ];
    say(this.#error, sentences(faults));
    if (wrong.length > 0) input(wrong[0]).focus();
    if (faults.length > 0) return undefined;
    const [rounds, turnMs, seconds] = [input('rounds'), input('turn'), input('budget')].map(({ value }) =>
      Number(value),
    );
    return {
      parts,
      precisions,
      only: namesIn(this.#only.value),
      rounds,
      turnMs,
      budgetMs: seconds * 1000,
      cpu: byId('cpu', HTMLInputElement).checked,
      peers,
    };
  }

  /** Shows a fault that a run found. */
  fault(message: string): void {
    say(this.#error, message);
  }
}

/** Splits names at commas. */
function namesIn(text: string | null): string[] {
  return (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
}

function input(name: NumberName): HTMLInputElement {
  return byId(name, HTMLInputElement);
}

function box(option: string, choice: string): HTMLInputElement {
  return byId(`${option}-${choice}`, HTMLInputElement);
}

/** What is wrong with a number. */
function sentenceOf(name: NumberName): string {
  const { value, labels } = input(name);
  const wrong = new OptionError(name, value, `a whole number of at least ${NUMBERS[name]}`);
  return labelledSentence(labels?.[0]?.textContent ?? name, faultOf(wrong));
}

function isWhole(text: string, least: number): boolean {
  return /^\d+$/.test(text.trim()) && Number(text) >= least && Number.isSafeInteger(Number(text));
}
