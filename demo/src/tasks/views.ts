import type { MakeView, TaskFacts } from './view.js';

/** The view of a task, loaded when it is shown. */
export async function viewOf({ task, kind, reads }: TaskFacts): Promise<MakeView> {
  const own = SPECIAL[task];
  if (own) return own();
  if (kind === 'translate') return (await import('./views/writing.js')).writingView;
  if (kind === 'tag' && reads === 'tokens') return (await import('./views/tags.js')).tagsView;
  if (kind === 'classify' && reads === 'text') return (await import('./views/label.js')).labelView;
  return (await import('./views/examples.js')).examplesView;
}

/** Views of single tasks of the list. */
const SPECIAL: Readonly<Record<string, () => Promise<MakeView>>> = {};
