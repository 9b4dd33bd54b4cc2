import type { Remote } from 'comlink';
import { openDevice, type Device } from '../../../src/index.js';
import { messageOf } from '../../../src/graph.js';
import { runSuite, type Strategy } from '../../../src/bench/index.js';
import { answer, faultWords } from '../host/answers.js';
import { loadPeer } from './peers/index.js';
import type { BenchListener, BenchRequest, BenchService } from './protocol.js';

/** Returns a device, or why there is none. */
async function openGpu(): Promise<Device | string> {
  try {
    return await openDevice({ backend: 'webgpu' });
  } catch (error) {
    return (await faultWords()).bench.noGpu(messageOf(error));
  }
}

async function measure(
  { parts, precisions, only, rounds, turnMs, budgetMs, cpu: withCpu, peers: names }: BenchRequest,
  listener: Remote<BenchListener>,
): Promise<null> {
  const opened = await openGpu();
  const notes: string[] = [];
  const gpu = typeof opened === 'string' ? undefined : opened;
  if (typeof opened === 'string') notes.push(opened);
  const cpu = withCpu || !gpu ? await openDevice({ backend: 'cpu' }) : undefined;
  const reference = withCpu ? await openDevice({ backend: 'reference' }) : undefined;
  const adapter = (gpu ?? cpu)?.info.adapter ?? '';
  const peers: Strategy[] = [];
  if (gpu) {
    for (const name of names) {
      try {
        peers.push(await loadPeer(name, gpu.info));
      } catch (error) {
        notes.push((await faultWords()).bench.noPeer(name, messageOf(error)));
      }
    }
  }
  const versions = Object.fromEntries(peers.map(({ name, version }) => [name, version ?? '']));
  // Calls to the listener use another channel than the answer, so the answer waits until all are
  // received.
  const told: Promise<unknown>[] = [listener.begun({ adapter, versions, notes })];
  try {
    const devices = { ...(gpu ? { gpu } : {}), ...(cpu ? { cpu } : {}), ...(reference ? { reference } : {}) };
    const possible = gpu ? parts : parts.filter((part) => part !== 'kernels');
    await runSuite({
      ...devices,
      peers,
      parts: possible,
      precisions,
      ...(only.length > 0 ? { only } : {}),
      rounds,
      turnMs,
      budgetMs,
      onEvent: (event) => told.push(listener.event(event)),
    });
    await Promise.all(told);
    return null;
  } finally {
    gpu?.dispose();
    cpu?.dispose();
    reference?.dispose();
  }
}

// The benchmark has a worker of its own: the page stays responsive, and terminating the worker
// frees all that it holds.
export const service = {
  run: (request: BenchRequest, listener: Remote<BenchListener>) => answer(() => measure(request, listener)),
} satisfies BenchService;
