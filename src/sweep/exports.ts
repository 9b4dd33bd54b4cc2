import { hyperParameterRecords, scalarRecord, sessionEndRecord } from '../io/tensorboard.js';
import type { TrialRecord } from './history.js';
import type { Objective } from './objective.js';
import type { NotedReport } from './operations.js';
import type { Value } from './trial.js';

/** Returns the name of a trial in files for other programs. */
export function trialName({ number }: Pick<TrialRecord, 'number'>): string {
  return `trial-${String(number).padStart(4, '0')}`;
}

/** Facts about a trial that tables have after its options. */
const FACTS = ['seed', 'machine', 'backend', 'adapter', 'version', 'weights', 'why'] as const;

/** Returns the columns of a table of trials. */
export function trialColumns(parameters: readonly string[], objective: Objective): string[] {
  return [...['trial', 'state', objective.name, 'steps', 'seconds'], ...parameters, ...FACTS, 'checkpoint'];
}

/** Returns a trial as a row of that table. */
export function trialRow(trial: TrialRecord, objective: Objective): Record<string, Value | undefined> {
  const { number, state, step, seconds, point, attributes, checkpoint } = trial;
  return {
    trial: number,
    state,
    [objective.name]: trial.value ?? trial.objective,
    steps: step,
    seconds,
    ...point,
    ...(Object.fromEntries(FACTS.map((name) => [name, attributes[name]])) as Record<
      string,
      Value | undefined
    >),
    checkpoint: checkpoint?.path,
  };
}

/**
 * Returns a trial as records of a TensorBoard event file: the start of a run in the HPARAMS tab,
 * every report as scalars, and the result.
 */
export function* trialEvents(
  trial: TrialRecord,
  reports: readonly NotedReport[],
  objective: Objective,
): Generator<Uint8Array> {
  const { point, attributes, state, seconds } = trial;
  const began = Number(attributes.began ?? 0);
  const parameters = { ...point, seed: Number(attributes.seed ?? 0) };
  const tag = `${objective.part}/${objective.measure}`;
  yield* hyperParameterRecords({ seconds: began, step: 0 }, parameters, ['objective', tag]);
  for (const { part, step, seconds: since, measures } of reports)
    for (const [name, value] of Object.entries(measures))
      yield scalarRecord({ seconds: began + since, step }, `${part}/${name}`, value ?? NaN);
  const end = { seconds: began + seconds, step: trial.step };
  if (trial.value !== undefined) yield scalarRecord(end, 'objective', trial.value);
  if (state !== 'running') yield sessionEndRecord(end, state === 'failed' ? 'failure' : 'success');
}
