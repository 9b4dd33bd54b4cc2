import { DataError } from '../../core/errors.js';
import { readSafetensors } from '../../io/safetensors.js';
import { bytesOf, dataFile, type FileSource } from './data-file.js';

/** The rows of a tensor, each as one array. */
export interface FeatureRows {
  readonly rows: readonly Float32Array[];
  /** Shape of a row: [F] or [P,F]. */
  readonly shape: readonly number[];
}

/**
 * The rows of a tensor [rows,F] or [rows,P,F] of a safetensors file, each as one array [F] or
 * [P·F].
 * @param tensor its name. Undefined: the only tensor of the file
 * @param count number of rows that the tensor must have. Undefined: any number
 * @throws DataError for a missing tensor or another number of dimensions or rows, FileFormatError
 *   if it is not a safetensors file
 */
export async function readFeatureRows(
  source: FileSource,
  tensor: string | undefined,
  count: number | undefined,
): Promise<FeatureRows> {
  const file = dataFile(source);
  const { tensors } = readSafetensors(await bytesOf(file), file.name);
  const names = Object.keys(tensors);
  const listed = names.map((name) => `"${name}"`).join(', ') || 'none';
  const chosen = tensor ?? names[0] ?? '';
  if (tensor === undefined && names.length !== 1)
    throw new DataError(
      `${file.name} has ${names.length} tensors: ${listed}. Name the one with the features.`,
    );
  if (!Object.hasOwn(tensors, chosen))
    throw new DataError(`${file.name} has no tensor "${chosen}"; it has ${listed}.`);
  const { shape, data } = tensors[chosen];
  const where = `${file.name}: the tensor "${chosen}" [${shape.join(',')}]`;
  if (shape.length !== 2 && shape.length !== 3)
    throw new DataError(`${where}: expected [rows,F], or [rows,P,F] with P places of an image.`);
  if (shape.includes(0)) throw new DataError(`${where} is empty.`);
  if (count !== undefined && shape[0] !== count)
    throw new DataError(
      `${where} has ${shape[0]} rows, but the table has ${count} records. Each record needs its row, in ` +
        'the same order.',
    );
  const size = data.length / shape[0];
  return {
    rows: Array.from({ length: shape[0] }, (_, row) =>
      Float32Array.from(data.subarray(row * size, (row + 1) * size)),
    ),
    shape: shape.slice(1),
  };
}
