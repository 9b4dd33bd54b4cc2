import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Files and folders that take longest, so that no worker is left alone with one of them at the end.
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

/** The slowest first; a fresh clone knows no times of its own yet. */
export class SlowestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const place = SLOW.findIndex((part) => moduleId.includes(`/test/${part}`));
      return place < 0 ? SLOW.length : place;
    };
    return Promise.resolve(files.toSorted((a, b) => rank(a) - rank(b)));
  }
}
