import { adding } from './adding.js';
import { addition } from './addition.js';
import { copyMemoryRecords } from './copy-memory.js';
import { isoDates } from './dates.js';
import { dyck, NONE_OPEN } from './dyck.js';
import { MADE_DATA, madeParts } from './catalogue.js';
import { morse, morseOf } from './morse.js';
import { MOVE_TAGS, movingShapes } from './moving-shapes.js';
import { negation, NEGATION_LABELS } from './negation.js';
import { numberWords } from './number-words.js';
import { OCCURRENCE_TAGS, occurrences } from './occurrences.js';
import { SCENE_CHANNELS, SCENE_FEATURES, scenes } from './scenes.js';
import { sensors } from './sensors.js';
import { reversing, sorting } from './strings.js';
import { temporalOrder } from './temporal-order.js';

/**
 * Made-up records for each kind of task. The same seed makes the same records. `catalogue` lists
 * the data sets by the names of the command `unrolled data make`; `parts` makes a training part and
 * a held-out part of one of them without a common example.
 */
export const toys = {
  adding,
  addition,
  copyMemoryRecords,
  dyck,
  isoDates,
  morse,
  morseOf,
  movingShapes,
  negation,
  numberWords,
  occurrences,
  reversing,
  scenes,
  sensors,
  sorting,
  temporalOrder,
  catalogue: MADE_DATA,
  parts: madeParts,
  moveTags: MOVE_TAGS,
  negationLabels: NEGATION_LABELS,
  noneOpen: NONE_OPEN,
  occurrenceTags: OCCURRENCE_TAGS,
  sceneChannels: SCENE_CHANNELS,
  sceneFeatures: SCENE_FEATURES,
} as const;
