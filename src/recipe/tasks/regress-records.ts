import { OptionError } from '../../core/errors.js';
import { isListOfValues } from '../../data/column.js';
import { columnFromJSON } from '../../data/column-json.js';
import { dataset } from '../../data/dataset.js';
import { features, numbers } from '../../data/number-columns.js';
import type { Records } from '../../data/records.js';
import { regressor } from '../../tasks/regressor.js';
import { given } from '../apply-changes.js';
import { DEFAULT_BATCH } from './reading.js';
import { isReadable, jsonOf } from './setup.js';
import type { LearntTask, TaskLayers, TaskOptions, TaskSetup } from './task.js';
import { entryOf } from './texts.js';

/** Whether an entry of the first record is a list. Else records are the steps of a series. */
export function hasLists(records: Records<object>): boolean {
  return Object.values(records.at(0)).some(isListOfValues);
}

/**
 * A regressor of records that each have a list of steps and a number, instead of windows over a
 * series.
 * @throws OptionError for options of windows
 */
export function learnRecords(
  train: Records<object>,
  { inputs, target }: { readonly inputs: readonly string[]; readonly target: string },
  { window, horizon, pooling, stepSize }: TaskOptions,
  layers: TaskLayers,
): LearntTask {
  for (const [option, value] of Object.entries({ window, horizon }))
    if (value !== undefined)
      throw new OptionError(option, value, 'none where every record has a list of steps of its own');
  if (inputs.length !== 1)
    throw new OptionError('inputs', inputs, 'one entry where every record has a list of steps of its own');
  const [name] = inputs;
  const first = entryOf(train.at(0), name);
  const inner = isListOfValues(first) && isListOfValues(first[0]) ? first[0].length : 1;
  const size = stepSize ?? inner;
  const columns = [
    features(name, { size, normalize: 'standard' }),
    numbers(target, { normalize: 'standard' }),
  ];
  // A data set computes the statistics.
  const fitted = dataset(train, columns, { batch: DEFAULT_BATCH }).columns;
  return {
    setup: { task: 'regress', columns: jsonOf(fitted), options: { inputs, target } },
    model: regressor({ ...layers, ...given({ pooling }), input: { features: size } }),
    warnings: [],
  };
}

/** Reads such records. */
export function openRecords({ columns: json }: TaskSetup) {
  const columns = json.map(columnFromJSON);
  return {
    columns,
    source: (records: Records<object>, batch: number) => dataset(records, columns, { batch }),
    readable: (rows: readonly object[]) => rows.map((row) => (isReadable(row, json[0]) ? row : undefined)),
  };
}
