import type { MakeView, TaskFacts } from './view.js';

/** Loads the view of a task. */
export async function viewOf({ kind, reads, width }: TaskFacts): Promise<MakeView> {
  switch (kind) {
    case 'translate':
      if (reads === 'sound') return (await import('../task-views/morse-view.js')).morseView;
      return (await import('./views/writing.js')).writingView;
    case 'tag':
      if (reads === 'film') return (await import('../task-views/film-view.js')).filmView;
      return (await import('./views/tags.js')).tagsView;
    case 'classify':
      if (reads === 'picture') return (await import('../task-views/digit-rows-view.js')).digitRowsView;
      return (await import('./views/label.js')).labelView;
    case 'regress':
      return (await import('../task-views/series-view.js')).seriesView;
    case 'caption':
      if (reads === 'picture') return (await import('../task-views/scene-view.js')).sceneView;
      if (width !== undefined) return (await import('../task-views/digit-written-view.js')).digitWrittenView;
      return (await import('../task-views/names-view.js')).namesView;
  }
}
