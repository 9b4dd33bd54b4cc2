import { count, figure } from '../page/format.js';

/** What is done against learning by heart already. */
export interface Precautions {
  /** Whether a part of the text is held back. */
  readonly held: boolean;
  readonly dropout: boolean;
}

/** What the number of parameters means beside the size of the text, in plain words. */
export function sizeAdvice(
  parameters: number,
  characters: number,
  { held, dropout }: Precautions = { held: false, dropout: false },
): string {
  const ratio = characters / parameters;
  if (ratio >= 10)
    return (
      `${figure(Math.round(ratio))} characters for each parameter: there is text for a larger network, ` +
      'which would learn more of it.'
    );
  if (ratio >= 1)
    return (
      `${figure(Number(ratio.toPrecision(2)))} characters for each parameter: network and text fit each ` +
      'other.'
    );
  const more = figure(Number((1 / ratio).toPrecision(2)));
  if (ratio >= 0.1)
    return (
      `${more} parameters for each character: after some epochs it will know parts of the text by heart. ` +
      (held
        ? 'The part that is held back shows when: stop there, or take fewer units.'
        : 'Hold a part back to see when, and stop there; or take fewer units.')
    );
  return (
    `${more} parameters for each character: it can learn all of the ${count(characters)} characters by ` +
    `heart. Take a longer text${dropout ? '' : ', dropout'} or fewer units.`
  );
}
