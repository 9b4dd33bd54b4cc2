import { adding } from './adding.js';
import { negation, NEGATION_LABELS } from './negation.js';
import { OCCURRENCE_TAGS, occurrences } from './occurrences.js';
import { reversing } from './reversing.js';
import { SCENE_FEATURES, scenes } from './scenes.js';
import { sensors } from './sensors.js';

/** Made-up records, one kind for each shape of task. The same seed makes the same records. */
export const toys = {
  adding,
  negation,
  occurrences,
  reversing,
  scenes,
  sensors,
  negationLabels: NEGATION_LABELS,
  occurrenceTags: OCCURRENCE_TAGS,
  sceneFeatures: SCENE_FEATURES,
} as const;
