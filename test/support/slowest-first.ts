import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * The slowest files and folders. They run first, so that no worker is left alone with one of them
 * at the end.
 */
const SLOW = [
  'ops/generated',
  'chrome/chrome-device',
  'ops/matmul',
  'ops/gpu-plans',
  'demo/keep',
  'model/fused-and-general',
  'parity/',
  'bench/page',
  'chrome/',
  'demo/',
  'train/',
  'cli/',
];

/** Sorts the slowest first; a fresh clone has no measured times yet. */
export class SlowestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = SLOW.findIndex((part) => moduleId.includes(`/test/${part}`));
      return place < 0 ? SLOW.length : place;
    };
    return Promise.resolve(files.toSorted((a, b) => rank(a) - rank(b)));
  }
}
