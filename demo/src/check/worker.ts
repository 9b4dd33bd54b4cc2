import type { Remote } from 'comlink';
import { OptionError, openDevice } from '../../../src/index.js';
import { ops } from '../../../src/graph.js';
import { countChecks, verifyOps } from '../../../src/verify/index.js';
import { answer } from '../host/answers.js';
import type { CheckListener, CheckService } from './protocol.js';

// The check has a worker and a device of its own: training continues beside it, and terminating the
// worker frees all that it holds.
export const service = {
  check: (thorough: boolean, only: readonly string[], listener: Remote<CheckListener>) =>
    answer(async () => {
      const unknown = only.find((part) => !Object.values(ops).some(({ name }) => name.includes(part)));
      if (unknown !== undefined)
        throw new OptionError(
          'check',
          unknown,
          `operations such as ${Object.keys(ops).slice(0, 3).join(', ')}`,
        );
      const chosen = { thorough, ...(only.length > 0 ? { only } : {}) };
      const device = await openDevice({ backend: 'webgpu' });
      try {
        // Calls to the listener use another channel than the answer, so the answer waits until all
        // are received.
        const counts = await countChecks(device, chosen);
        const told = [listener.begun({ adapter: device.info.adapter, counts })];
        await verifyOps(device, { ...chosen, onResult: (check) => told.push(listener.result(check)) });
        await Promise.all(told);
        return null;
      } finally {
        device.dispose();
      }
    }),
} satisfies CheckService;
