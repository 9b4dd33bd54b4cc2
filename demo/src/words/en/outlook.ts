import { labels } from './page/labels.js';

/** How a training goes, and what to try. Numbers are bits a letter. */
export const outlook = {
  clip: `, or hold changes in check: 1 under “${labels['clipNorm.label']}”`,
  smaller: `fewer “${labels['hidden.label']}”`,
  dropoutOrSmaller: `some “${labels['recurrentDropout.label']}” or fewer “${labels['hidden.label']}”`,
  noNumbers: (clip: string) =>
    'Gradients were no finite numbers any more: the corrections blow up. Lower ' +
    `“${labels['rate.label']}” to a tenth${clip}, and start again.`,
  starting: 'It has just begun. Watch the samples: noise first, then the right letters, then syllables.',
  worse: (now: string, baseline: string, clip: string) =>
    `It is worse than knowing nothing: ${now} bits a letter against ${baseline}. “${labels['rate.label']}” is too ` +
    `high: take a tenth of it${clip}, and start again.`,
  rising: (best: string, now: string) =>
    `The surprise rises again, from ${best} to ${now} bits a letter: “${labels['rate.label']}” is too high by ` +
    'now. Lower it to a third while it runs.',
  overFitting: (step: string, best: string, held: string, now: string, against: string) =>
    'It has learned what it can of this style. Text it has never seen surprised it least around step ' +
    `${step} (${best} bits a letter, by now ${held}); the text it reads surprises it by ${now}. From here ` +
    'on it learns this text by heart, which is called over-fitting. For more than that: more text, ' +
    `${against}.`,
  byHeart: (middle: string, now: string, held: string, against: string) =>
    'It has learned what it can of this style, and goes on by heart: in the last half of the run the ' +
    `surprise fell from ${middle} to ${now} bits a letter, but at text it has never seen it stays at ` +
    `${held}. What it learns now is this text, not the language. For more than that: more text, ` +
    `${against}.`,
  falling: (middle: string, now: string) =>
    `The surprise is still falling: from ${middle} to ${now} bits a letter in the last half of the run. ` +
    'Let it run.',
  stuck: (now: string, baseline: string) =>
    `It has hardly moved from ${now} bits a letter, not far below knowing nothing (${baseline}): it knows ` +
    `which letters are frequent, no more. Try three times the “${labels['rate.label']}”.`,
  flat: (now: string) =>
    `The surprise hardly falls any more, at ${now} bits a letter. Lower “${labels['rate.label']}” to a third ` +
    `for a last bit; more under “${labels['hidden.label']}”, “${labels['layers.label']}” or “${labels['time.label']}” could learn more.`,
  /** The size of a network beside that of its text. */
  size: {
    larger: (ratio: string) =>
      `${ratio} characters for each parameter: there is text for a larger network, which would learn more ` +
      'of it.',
    fits: (ratio: string) => `${ratio} characters for each parameter: network and text fit each other.`,
    parts: (ratio: string, advice: string) =>
      `${ratio} parameters for each character: after some epochs it will know parts of the text by heart. ` +
      advice,
    held: `The part that is held back shows when: stop there, or take fewer “${labels['hidden.label']}”.`,
    notHeld: `Give a share under “${labels['validation.label']}” to see when, and stop there; or take fewer “${labels['hidden.label']}”.`,
    all: (ratio: string, characters: string, dropout: boolean) =>
      `${ratio} parameters for each character: it can learn all of the ${characters} characters by heart. ` +
      `Take a longer text${dropout ? '' : `, some “${labels['recurrentDropout.label']}”`} or fewer “${labels['hidden.label']}”.`,
  },
};
