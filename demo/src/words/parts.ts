import { language, type Language } from './language.js';

/** The modules of one part by language. Each has its table as its only export. */
type Tables = Readonly<Record<Language, () => Promise<object>>>;

/**
 * The modules with the texts of each part. Only the page's language is loaded, when the part is
 * opened. A table has only data and functions of finished strings, and imports only types: if it
 * imported a module that waits for its table, a bundle could make both wait for each other.
 */
const PARTS = {
  first: {
    en: () => import('./en/first.js'),
    zh: () => import('./zh/first.js'),
  },
  drawing: {
    en: () => import('./en/drawing.js'),
    zh: () => import('./zh/drawing.js'),
  },
  outlook: {
    en: () => import('./en/outlook.js'),
    zh: () => import('./zh/outlook.js'),
  },
  workbench: {
    en: () => import('./en/workbench.js'),
    zh: () => import('./zh/workbench.js'),
  },
  tasks: {
    en: () => import('./en/tasks.js'),
    zh: () => import('./zh/tasks.js'),
  },
  grid: {
    en: () => import('./en/grid.js'),
    zh: () => import('./zh/grid.js'),
  },
  film: {
    en: () => import('./en/film.js'),
    zh: () => import('./zh/film.js'),
  },
  glossary: {
    en: () => import('./en/glossary.js'),
    zh: () => import('./zh/glossary.js'),
  },
  unrolled: {
    en: () => import('./en/unrolled.js'),
    zh: () => import('./zh/unrolled.js'),
  },
  'task-views': {
    en: () => import('./en/task-views.js'),
    zh: () => import('./zh/task-views.js'),
  },
  compare: {
    en: () => import('./en/compare.js'),
    zh: () => import('./zh/compare.js'),
  },
  check: {
    en: () => import('./en/check.js'),
    zh: () => import('./zh/check.js'),
  },
  faults: {
    en: () => import('./en/faults.js'),
    zh: () => import('./zh/faults.js'),
  },
  inside: {
    en: () => import('./en/inside.js'),
    zh: () => import('./zh/inside.js'),
  },
  scene: {
    en: () => import('./en/scene.js'),
    zh: () => import('./zh/scene.js'),
  },
  bench: {
    en: () => import('./en/bench.js'),
    zh: () => import('./zh/bench.js'),
  },
  sweep: {
    en: () => import('./en/sweep.js'),
    zh: () => import('./zh/sweep.js'),
  },
} satisfies Readonly<Record<string, Tables>>;

type Parts = typeof PARTS;
export type Part = keyof Parts;
type Module<P extends Part> = Awaited<ReturnType<Parts[P]['en']>>;
type Table<P extends Part> = Module<P>[keyof Module<P>];

/**
 * Returns the texts of a part in the language of the page: `const words = await wordsOf('tasks')`.
 */
export async function wordsOf<P extends Part>(part: P, spoken: Language = language): Promise<Table<P>> {
  const [table] = Object.values(await PARTS[part][spoken]()) as Table<P>[];
  return table;
}
