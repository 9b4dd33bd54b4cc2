import { answer } from '../host/answers.js';
import { PageError } from '../host/page-error.js';
import type { SceneService } from './protocol.js';
import { Story } from './story.js';

let story: Story | undefined;

/** Returns the current story. */
function current(): Story {
  if (!story) throw new PageError(({ noRun }) => noRun);
  return story;
}

export const service = {
  begin: (seed) =>
    answer(async () => {
      const begun = await Story.begin(seed);
      story?.dispose();
      story = begun;
      return begun.scene;
    }),
  advance: (rate) =>
    answer(async () => {
      await current().advance(rate);
      return current().scene;
    }),
  rounds: (updates, rate) =>
    answer(async () => {
      await current().rounds(updates, rate);
      return current().scene;
    }),
} satisfies SceneService;
