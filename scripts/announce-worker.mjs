// Vitest runs this before each test file, in its worker: says which process runs which file, so that
// run-tests.mjs can stop one that runs away.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

writeFileSync(join(process.env.UNROLLED_WORKERS, String(process.pid)), expect.getState().testPath);
