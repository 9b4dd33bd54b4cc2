import { DataError } from '../../core/errors.js';
import { readSafetensors } from '../../io/safetensors.js';
import { bytesOf, dataFile, type FileSource } from './data-file.js';

/**
 * The rows of a tensor [rows,F] or [rows,P,F] of a safetensors file, each as one array [F] or
 * [P·F].
 * @param count rows of the table beside it
 * @throws DataError for a tensor that is not there, of another number of dimensions or rows;
 *   FileFormatError for what is no safetensors file
 */
export async function readFeatureRows(
  source: FileSource,
  tensor: string,
  count: number,
): Promise<Float32Array[]> {
  const file = dataFile(source);
  const { tensors } = readSafetensors(await bytesOf(file), file.name);
  if (!Object.hasOwn(tensors, tensor))
    throw new DataError(
      `${file.name} has no tensor "${tensor}"; it has ` +
        `${
          Object.keys(tensors)
            .map((name) => `"${name}"`)
            .join(', ') || 'none'
        }.`,
    );
  const { shape, data } = tensors[tensor];
  const where = `${file.name}: the tensor "${tensor}" [${shape.join(',')}]`;
  if (shape.length !== 2 && shape.length !== 3)
    throw new DataError(`${where}: expected [rows,F], or [rows,P,F] with P places of an image.`);
  if (shape[0] !== count)
    throw new DataError(
      `${where} has ${shape[0]} rows, but the table has ${count} records. Each record needs its row, in the ` +
        'same order.',
    );
  const size = data.length / count;
  return Array.from({ length: count }, (_, row) =>
    Float32Array.from(data.subarray(row * size, (row + 1) * size)),
  );
}
