import '../../styles/plain.css';
import { byId } from '../page/dom.js';
import { CHAPTERS } from './stepper.js';

/** The chapter with the training, which a page without controls shows by default. */
const TRAINING = CHAPTERS.indexOf('learns') + 1;

/**
 * Shows one chapter alone, in large type, and starts it: for a projector, or the screens of a
 * class.
 * @param chapter counted from 1
 * @returns the id of the chapter's section
 */
export function showAlone(chapter = TRAINING): (typeof CHAPTERS)[number] {
  const id = CHAPTERS[chapter - 1];
  const section = byId(id, HTMLElement);
  section.dataset.alone = '';
  // Unfold what could not be opened without controls. Details within details stay folded.
  const folded = section.querySelector('details:not(details details, .norms, .term)');
  if (folded instanceof HTMLDetailsElement) folded.open = true;
  return id;
}
