// Vitest runs this before each test file, in its worker. It stores which process runs which file,
// so that run-tests.mjs can stop a file that never ends.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

writeFileSync(join(process.env.UNROLLED_WORKERS, String(process.pid)), expect.getState().testPath);
