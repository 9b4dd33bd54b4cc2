/** The results of "Check this GPU". */
export const check = {
  noGpu: {
    status: 'No GPU to check',
    sentence: 'This browser has no WebGPU here, so this page computes on the CPU: there is no GPU to check.',
  },
  opening: 'Opening the GPU…',
  checking: (adapter: string) => `Checking ${adapter}`,
  progress: (made: string, of: string, op: string) => `${made} of ${of}: ${op}`,
  allDone: 'all done',
  notFinished: 'Not finished',
  endedEarly: (message: string) => `The check ended early: ${message}`,
  /** How many checks failed: of all, and of those of an op. */
  failed: (checks: string) => `${checks} failed`,
  failedSentence: (tally: string) =>
    `${tally}: what this page computes there may be wrong. To train without it, choose "CPU ` +
    '(WebAssembly)" under "More settings".',
  passed: 'Passed',
  passedSentence: (tally: string) => `${tally}: what this page computes is what the CPU reference computes.`,
  stopped: 'Stopped',
  stoppedFirst: 'Stopped before the first check.',
  stoppedLater: (tally: string, failed: boolean) => `${tally}${failed ? '.' : '. The rest was not checked.'}`,
  thisGpu: 'this GPU',
  tally: {
    failed: (failed: string, made: string, adapter: string) =>
      `${failed} of ${made} checks failed on ${adapter}`,
    /** @param ops where not all ops are checked, their names */
    all: (all: string, ops: readonly string[], adapter: string) =>
      `All ${all} checks${ops.length > 0 ? ` of ${ops.join(', ')}` : ''} passed on ${adapter}`,
    some: (made: string, all: string, adapter: string) => `${made} of ${all} checks passed on ${adapter}`,
  },
  row: {
    notFinite: 'not finite',
    passed: 'passed',
    failed: 'failed',
    added: (size: string) => `${size}, backward, added to what is there`,
    why: (tensor: string, index: string, got: string, expected: string) =>
      `${tensor}: element ${index} is ${got}, expected ${expected}`,
  },
};
