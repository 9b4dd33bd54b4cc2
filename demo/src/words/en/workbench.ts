/** What the scripts of the training and the workbench say. */
export const workbench = {
  status: {
    ready: 'Ready: press “Start”.',
    pause: 'Pause',
    start: 'Start',
    goOn: 'Continue',
    failed: 'Stopped by an error.',
    kept: (message: string, step: string) => `${message} The page has kept the state of step ${step}.`,
    restart: (step: string) => `Restart from step ${step}`,
    pausing: 'Pausing…',
    writing: (letters: string) => `Writing ${letters} letters; the training waits`,
    done: (steps: string) => `Done after ${steps} steps`,
    notStarted: 'Not started: see the message.',
    training: (machine: string) => `Training ${machine}`,
    pausedAt: (step: string) => `Paused at step ${step}`,
    reading: (name: string, size: string) => `Reading ${name}, ${size}…`,
    preparing: 'Preparing the training…',
    crashed: (message: string) => `The training stopped: ${message}`,
    notLoaded: (reason: string) => `This part could not be loaded. Reload the page to try again. (${reason})`,
    noWorker: 'Its worker could not be loaded. Reload the page.',
  },
  faults: {
    stop: '.',
    empty: (needed: string) => `This is empty: it needs ${needed}.`,
    unfit: (got: string, needed: string) => `“${got}” does not fit: it needs ${needed}.`,
    labelledEmpty: (label: string, needed: string) => `“${label}” needs ${needed}.`,
    labelled: (label: string, needed: string, got: string) => `“${label}” needs ${needed}, not “${got}”.`,
    /** What a field needs, in the engine's words. */
    needed: (accepted: string) => accepted,
  },
  machine: {
    loops: 'on your processor, by plain loops',
    processor: 'on your processor',
    acting: 'on your processor, acting as a GPU',
    gpu: 'on your GPU',
    forbidden: (slow: string) =>
      `This browser lets no page use the GPU, so your processor computes: everything works, ${slow}. ` +
      'Current versions of Chrome, Edge, Firefox and Safari have WebGPU, over https or on this machine.',
    software: 'There is no GPU here. Your processor acts as one, which is the faster way on this machine.',
    none: (slow: string) =>
      `Your browser has no GPU for this page, so your processor computes: everything works, ${slow}.`,
    slower: 'only slower',
    muchSlower: 'many times slower',
    choose:
      'Your browser has no GPU for this page. Choose “GPU, else the fastest” under “Compute on”: then ' +
      'your processor computes, and everything works, only slower.',
  },
  samples: {
    step: (step: string) => `step ${step}`,
    likeliest: 'always the likeliest',
    wildness: (temperature: string) => `wildness ${temperature}`,
    among: (count: string) => `, among the ${count} likeliest`,
    stopped: ' · stopped',
    progress: (written: string, length: string) => ` · ${written} of ${length} letters`,
    now: 'now',
    notKept: 'What it wrote there is not kept.',
    wrote: 'What it wrote',
    goOn: (step: string) => `Go on from step ${step}`,
    prime: 'The network reads this first and continues it.',
    unseenMark: 'does not occur in the text: read as unknown',
    unseen: (characters: string, single: boolean) =>
      `${characters} ${single ? 'does' : 'do'} not occur in the text: read as unknown.`,
  },
  charts: {
    held: (share: string, norm: string) =>
      `${share} % of the steps were held in check, clipped to norm ${norm}.`,
    above: (value: string) => `↑ The curve is above the chart, at ${value}.`,
    norms: (norm: string, step: string) => `Gradient norm over steps: ${norm} at step ${step}`,
    noNorms: 'Gradient norm over steps; no step yet',
    noLosses: 'Surprise over steps; no step yet',
    losses: (unit: string, step: string, values: string) =>
      `Surprise over steps, in ${unit}, at step ${step}: ${values}`,
    training: (value: string) => `training ${value}`,
    unseen: (value: string) => `text it has never seen ${value}`,
    nothing: (value: string) => `one who knows nothing ${value}`,
    letters: 'letters it wavers between',
    bits: 'bits a letter',
    comma: ', ',
  },
  figures: {
    main: {
      step: 'Step',
      smooth: 'Surprise',
      perplexity: 'Wavers between',
      held: 'At unseen text',
      characters: 'Letters/s',
    },
    progress: {
      epoch: 'Times read',
      bits: 'Surprise, last step',
      norm: 'Gradient norm',
      rate: 'Learning rate',
      skipped: 'Skipped updates',
      steps: 'Steps/s',
    },
    programs: {
      loss: 'Loss as PyTorch prints it',
      average: 'Smooth loss of min-char-rnn',
    },
    machine: {
      adapter: 'Adapter',
      backend: 'Backend',
      parameters: 'Parameters',
      dispatches: 'Dispatches per step',
    },
    units: { smooth: 'bits a letter', perplexity: 'letters', held: 'bits a letter' },
    noDispatches: (ofGpu: string) => `0 (a GPU: ${ofGpu})`,
    summed: (characters: string) => `nats, summed over the ${characters} characters of a step`,
    nats: 'nats a letter',
  },
  /** Names of choices, where this language has others than `names.ts`. */
  texts: {} as Readonly<Record<string, string>>,
  presets: {} as Readonly<Record<string, string>>,
  optimizers: {} as Readonly<Record<string, string>>,
  schedules: {
    constant: 'constant',
    step: 'falls epoch by epoch',
    cosine: 'half a cosine',
  } as Readonly<Record<string, string>>,
  /** What the engine says of recipes and made-up languages, by name; none: its own words. */
  abouts: {} as Readonly<Record<string, string>>,
  memories: {} as Readonly<Record<string, string>>,
  field: {
    stories: 'Stories',
    madeUp: 'Made-up languages',
    own: 'Your own',
    paste: 'Paste a text…',
    open: 'Open a file…',
    facts: (title: string, characters: string, symbols: string) =>
      `${title}: ${characters} characters, ${symbols} different ones.`,
    /** Titles that the training gives, where this language has others. */
    titles: {} as Readonly<Record<string, string>>,
    begins: 'How the text begins',
    language: (about: string, memory: string) => `${about} What must be remembered: ${memory}`,
    novel: (title: string) => `“${title}”, by Herman Melville: 170 kB, fetched when its training starts.`,
    story: (title: string) =>
      `“${title}”: a story that repeats itself enough to be learned in a minute or two.`,
    file: (name: string, size: string) => `${name}, ${size}. Read as UTF-8, piece by piece.`,
    /** How long a text must be, with the numbers of the form. */
    least: (characters: string) => `At least ${characters} characters are needed.`,
    long: (all: string, shown: string) =>
      `All ${all} characters are taken. The field shows the first ${shown}.`,
  },
  estimate: {
    parameters: 'Parameters',
    text: 'Characters to learn',
    memory: 'Memory',
    dispatches: 'Dispatches per step',
    characters: (exact: boolean, characters: string, symbols: string) =>
      `${exact ? '' : 'at most '}${characters}, ${symbols} different`,
    forCharacters: (dispatches: string, characters: string) => `${dispatches}, for ${characters} characters`,
    choose: 'Choose a text first.',
    unusable: 'An entry cannot be used: see the message at its field.',
  },
  files: {
    saved: (name: string, size: string) => `Saved as ${name}, ${size}.`,
    loaded: (name: string) => `Loaded ${name}.`,
    tooLarge: (size: string) => `${size} are too much for a checkpoint of this page.`,
    unreadable: 'It could not be read. Choose it again.',
  },
  kept: {
    forgetAgain: 'Press again: forget everything',
    deleteAgain: 'Press again: delete',
    goOn: 'Continue',
    delete: 'Delete',
    here: 'This is the training above.',
    elsewhere: 'It is open in another tab.',
    about: (step: string, bits: string, network: string, clock: string, size: string) =>
      `step ${step} · surprise ${bits} bits a letter · ${network} · ${clock} · ${size}`,
    noText: (why: string) => `Its text is not kept. ${why}`,
    openElsewhere: 'This run is open in another tab.',
    forgotten: 'Everything is forgotten, and nothing more is kept.',
    gone: (name: string) => `"${name}" is no longer there.`,
    textGone: (name: string, why: string | undefined) =>
      `The text of "${name}" was not kept${why === undefined ? '.' : `: ${why}`} Choose it again under ` +
      '"Text to learn", and then press "Continue" at the run.',
    unreadable: (name: string, reason: string) =>
      `"${name}" could not be read from this browser's storage (${reason}).`,
    at: (step: string, clock: string) => `Step ${step} was kept at ${clock}.`,
    withoutText: (why: string) => `The text is not kept: after a reload it must be chosen again. ${why}`,
    nothingMore: 'Nothing more is kept.',
    keepsNothing: (reason: string) => `This browser keeps nothing for this page (${reason}).`,
    refuses: (reason: string) => `This browser's storage refuses it (${reason}).`,
    recovered: (lost: string, kept: string, again: string) =>
      `The GPU was lost at step ${lost} and has been opened again. The training goes on from step ${kept}, ` +
      `the last state that was kept${again}.`,
    continued: (step: string, at: string, again: string) =>
      `Continued from step ${step}, as it was kept at ${at}${again}.`,
    again: (steps: string, single: boolean) =>
      `, so that ${steps} ${single ? 'step is' : 'steps are'} trained again`,
    nothingLost: ': no step is lost',
  },
  address: {
    unknown: (name: string, known: string) =>
      `The address has the unknown option "${name}"; there are ${known}.`,
    expected: (name: string, choices: string, got: string) =>
      `${name}: expected one of ${choices}, got "${got}".`,
    noAutostart: 'autostart=0 is not followed: without controls nobody could start the training.',
  },
};
