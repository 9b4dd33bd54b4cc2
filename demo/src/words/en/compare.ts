import { labels } from './page/labels.js';

/** a, b and c */
const list = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;

/** What becomes of a gradient on its way back through time. */
export type Fate = 'lost' | 'falls' | 'grows' | 'arrives';

const FATES: Readonly<Record<Fate, string>> = {
  lost: 'is lost in',
  falls: 'becomes',
  grows: 'becomes',
  arrives: 'arrives in',
};

/** What the scripts of the comparison say. Lists hold finished items. */
export const compare = {
  form: {
    copyMemory: 'Remember symbols',
    stories: 'Stories',
    madeUp: 'Made-up languages',
    runs: ['First network', 'Second network', 'Third network'] as readonly string[],
    sizes: { hidden: labels['hidden.label'], layers: labels['layers.label'], rate: labels['rate.label'] },
    cell: labels['cell.label'],
    noThird: 'no third one',
    remember: (symbols: string, delay: string) =>
      `Remember ${symbols} ${symbols === '1' ? 'symbol' : 'symbols'} for ${delay} steps: who can?`,
    best: 'Who learns it best?',
    task:
      'Some symbols, a gap, then recall them: what has not been kept in mind through the gap can only be ' +
      'guessed.',
    text: 'The next character is to be predicted, as in the training above. ',
    memory: (memory: string) => `What must be remembered: ${memory}`,
  },
  status: {
    preparing: 'Preparing the networks…',
    notStarted: 'Not started: see the message.',
    comparing: (machine: string) => `Comparing ${machine}`,
    pausedAt: (step: string) => `Paused at step ${step}`,
    failed: 'Stopped by an error.',
    ended: (message: string) => `The comparison ended: ${message} Begin it anew with the first button.`,
    pause: 'Pause',
    goOn: 'Continue',
  },
  /** @param about the task, as the engine says it: `recall 2 of 8 symbols …` */
  about: (about: string, time: string, rows: string, baseline: string, unit: string) =>
    `To ${about}. Windows of ${time} time steps, ${rows} rows at once. Who knows nothing is surprised by ` +
    `${baseline} ${unit}.`,
  knowsNothing: 'knows nothing',
  afterStep: (step: string) => ` after step ${step}`,
  /** A run whose cell another one has, too. */
  rate: (rate: string) => `rate ${rate}`,
  /** What a surprise is counted in. */
  per: (unit: string) => `bits a ${unit === 'character' ? 'letter' : unit}`,
  problems: {
    steps: (steps: string) => `${steps} steps`,
    right: ' right, ',
    wrong: ' wrong, ',
  },
  figures: {
    parameters: 'Parameters',
    steps: 'Steps',
    now: (unit: string) => `Surprise now, ${unit}`,
    least: 'Least surprise',
    recalled: 'Recalled, of new windows',
    flowUntrained: 'Gradient at the window’s start, untrained',
    flowNow: 'Gradient at the window’s start, now',
    time: 'Training time',
    seconds: (seconds: string) => `${seconds} s`,
    perSecond: 'Steps per second',
    dispatches: 'Dispatches per step',
    dispatchesOfGpu: 'Dispatches per step, on a GPU',
    none: 'none',
  },
  charts: {
    value: (name: string, value: string) => `${name} ${value}`,
    recalled: (values: readonly string[]) =>
      `Share of symbols recalled, over steps: ${values.map((value) => `${value} %`).join(', ')}`,
    losses: (byTime: boolean, unit: string, values: readonly string[], baseline: string) =>
      `Surprise over ${byTime ? 'training time in seconds' : 'steps'}, in ${unit}: ` +
      `${values.join(', ')}; one who knows nothing ${baseline}`,
    fromTo: (last: string, first: string) => `from ${last} at the last to ${first} at the first`,
    way: (name: string, way: string, cell: string | undefined) =>
      `${name} ${way}${cell === undefined ? '' : `, its cell ${cell}`}`,
    flow: (step: string, ways: readonly string[]) =>
      `Gradient of the last prediction by time step, after ${step} training steps: ${ways.join('; ')}`,
  },
  verdict: {
    nothing: (paused: boolean) => `Nothing has been learned yet${paused ? ': press “Continue”' : ''}.`,
    broken: (names: readonly string[]) =>
      `Gradients of ${list(names)} were no finite numbers at times: lower “${labels['rate.label']}”.`,
    early: (step: string) => `Too early to tell: ${step} ${step === '1' ? 'step' : 'steps'}.`,
    guessing: (step: string, baseline: string, unit: string) =>
      `None is better than guessing (${baseline} ${unit}) after ${step} steps: let them run.`,
    even: (step: string, values: readonly string[], unit: string) =>
      `No difference that counts after ${step} steps: ${list(values)} ${unit}.`,
    /** A lead that may not last. */
    ahead: (step: string, names: readonly string[], bits: string, unit: string, less: readonly string[]) =>
      `${list(names)} ${names.length > 1 ? 'are' : 'is'} ahead after ${step} steps: ${bits} ${unit}, ${list(less)}. ` +
      'Whether that lasts is still open.',
    /** @param differ whether some of the winners have less than these bits */
    wins: (
      step: string,
      names: readonly string[],
      bits: string,
      unit: string,
      differ: boolean,
      less: readonly string[],
    ) =>
      `${list(names)} ${names.length > 1 ? 'win' : 'wins'} after ${step} steps: ${bits} ${unit}${differ ? ' or less' : ''}, ` +
      `${list(less)}.`,
    less: (bits: string, name: string) => `${bits} less than ${name}`,
    stillGuessing: (names: readonly string[]) =>
      `${list(names)} ${names.length > 1 ? 'are' : 'is'} still guessing.`,
    /** Why networks stay for hundreds of steps where they know half of it. */
    plateau: (names: readonly string[]) =>
      `${list(names)} ${names.length > 1 ? 'know' : 'knows'} which two symbols it was, but not yet in ` +
      'which order: that costs 7/8 bit, and names 9 of 16 rightly.',
    learned: (halfway: readonly string[]) => `All have learned it. Halfway to that came ${list(halfway)}.`,
    halfway: (name: string, step: string) => `${name} at step ${step}`,
    throughCell: (name: string) => `${name} (through its cell)`,
    /** @param now is absent where it is what it was */
    flow: (steps: string, untrained: string, now: string) =>
      `Untrained, the gradient of the last prediction, on its way back over ${steps} time ` +
      `${steps === '1' ? 'step' : 'steps'}, ${untrained}${now === '' ? '' : `; now it ${now}`}.`,
    sameFlow: (steps: string, now: string) =>
      `Now as untrained, the gradient of the last prediction, on its way back over ${steps} time ` +
      `${steps === '1' ? 'step' : 'steps'}, ${now}.`,
    /** "is lost in RNN", "arrives in all" */
    fate: (fate: Fate, names: readonly string[] | 'all') =>
      `${FATES[fate]} ${names === 'all' ? 'all' : list(names)}`,
    smaller: (times: string, name: string) => `${times} times smaller in ${name}`,
    larger: (times: string, name: string) => `${times} times larger in ${name}`,
    moreThan: (number: string) => `more than ${number}`,
    fates: (phrases: readonly string[]) =>
      phrases.length < 2
        ? phrases.join('')
        : `${phrases.slice(0, -1).join(', ')}, and ${phrases.at(-1) ?? ''}`,
  },
};
