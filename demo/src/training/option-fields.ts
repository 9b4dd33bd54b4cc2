/**
 * Fields whose options have other names in the engine. All others have the last part of the
 * option's name: `adagrad.rate` belongs to the field `rate`.
 */
const FIELDS_OF_OPTIONS: Readonly<Record<string, string>> = {
  nonlinearity: 'cell',
  'optimizer.kind': 'optimizer',
  'schedule.kind': 'schedule',
  'clip.norm': 'clipNorm',
  'clip.value': 'clipValue',
  'step.decay': 'rateDecay',
  'step.after': 'rateDecayAfter',
  'cosine.floor': 'rateFloor',
};

/** The name of the field that sets an option of the engine. Forms and messages take it from here. */
export function fieldOfOption(option: string): string {
  return FIELDS_OF_OPTIONS[option] ?? option.slice(option.lastIndexOf('.') + 1);
}
