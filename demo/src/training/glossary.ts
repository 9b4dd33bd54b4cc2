import { byId, create } from '../page/dom.js';
import { wordsOf } from '../words/parts.js';
import { workbench } from './workbench-words.js';

const { terms, figures } = await wordsOf('glossary');
const { main, progress, programs, machine } = workbench.figures;

/** Fills the list of what words and figures mean, which few open. */
export function fillGlossary(): void {
  const names: Readonly<Record<string, string>> = { ...main, ...progress, ...programs, ...machine };
  const explained = Object.entries(figures).map(([id, meaning]) => [names[id], meaning] as const);
  byId('glossary', HTMLElement).replaceChildren(
    ...[...terms, ...explained].flatMap(([term, meaning]) => [
      create('dt', '', term),
      create('dd', '', meaning),
    ]),
  );
}
