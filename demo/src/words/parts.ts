import { language, type Language } from './language.js';

/** The tables of one part, by language. */
type Tables<T> = Readonly<Record<Language, () => Promise<T>>>;

/**
 * Where the texts of each part are: only the page's language is fetched, and only when the part is
 * opened. A table is data and functions of finished strings. It imports types alone: a module that
 * waits for its table could be in the same file as what the table imports, and each would wait for the
 * other.
 */
const PARTS = {
  first: {
    en: async () => (await import('./en/first.js')).first,
    zh: async () => (await import('./zh/first.js')).first,
  },
  drawing: {
    en: async () => (await import('./en/drawing.js')).drawing,
    zh: async () => (await import('./zh/drawing.js')).drawing,
  },
  outlook: {
    en: async () => (await import('./en/outlook.js')).outlook,
    zh: async () => (await import('./zh/outlook.js')).outlook,
  },
  workbench: {
    en: async () => (await import('./en/workbench.js')).workbench,
    zh: async () => (await import('./zh/workbench.js')).workbench,
  },
  tasks: {
    en: async () => (await import('./en/tasks.js')).tasks,
    zh: async () => (await import('./zh/tasks.js')).tasks,
  },
  grid: {
    en: async () => (await import('./en/grid.js')).grid,
    zh: async () => (await import('./zh/grid.js')).grid,
  },
  film: {
    en: async () => (await import('./en/film.js')).film,
    zh: async () => (await import('./zh/film.js')).film,
  },
  unrolled: {
    en: async () => (await import('./en/unrolled.js')).unrolled,
    zh: async () => (await import('./zh/unrolled.js')).unrolled,
  },
  'task-views': {
    en: async () => (await import('./en/task-views.js')).taskViews,
    zh: async () => (await import('./zh/task-views.js')).taskViews,
  },
} satisfies Readonly<Record<string, Tables<unknown>>>;

type Parts = typeof PARTS;
export type Part = keyof Parts;

/** The texts of a part in the language of the page: `const words = await wordsOf('tasks')`. */
export function wordsOf<P extends Part>(part: P, spoken: Language = language): ReturnType<Parts[P]['en']> {
  return PARTS[part][spoken]() as ReturnType<Parts[P]['en']>;
}
