import { create } from '../../page/dom.js';
import type { TaskFacts, ViewGiven } from '../view.js';
import { words } from '../words.js';

/** A menu of what a network writes from: attention to all that was read, or one summary. */
export function memoryChoice({ attends }: TaskFacts, change: ViewGiven['change']): HTMLElement {
  const memory = selectOf([
    ['attention', words.views.attention],
    ['summary', words.views.summary],
  ]);
  memory.value = attends ? 'attention' : 'summary';
  memory.className = 'memory';
  memory.addEventListener('change', () => change(memory.value === 'attention' ? 'attention' : 'summary'));
  return labelled(words.views.memory, memory);
}

/** Returns a menu. */
export function selectOf(options: readonly (readonly [value: string, label: string])[]): HTMLSelectElement {
  const select = create('select');
  for (const [value, label] of options) select.append(new Option(label, value));
  return select;
}

/** Returns a label with its control. */
export function labelled(text: string, control: HTMLElement): HTMLElement {
  const label = create('label', '', text);
  label.append(control);
  return label;
}
