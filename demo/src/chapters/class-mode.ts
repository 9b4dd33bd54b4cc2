import { byId } from '../page/dom.js';
import { CHAPTERS } from './stepper.js';

/** The chapter with the training, which a page without controls shows where no other is asked for. */
const TRAINING = CHAPTERS.indexOf('learns') + 1;

/**
 * A page without controls is for a projector, or for the screens of a class: one chapter alone, in
 * large type, which starts by itself.
 * @param chapter from 1
 * @returns the id of the chapter's section
 */
export function showAlone(chapter = TRAINING): (typeof CHAPTERS)[number] {
  const id = CHAPTERS[chapter - 1];
  const section = byId(id, HTMLElement);
  section.dataset.alone = '';
  // Nobody could open what is folded; what is unfolded within is for those who ask.
  const folded = section.querySelector('details:not(details details, .norms)');
  if (folded instanceof HTMLDetailsElement) folded.open = true;
  return id;
}
