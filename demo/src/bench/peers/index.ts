import type { DeviceInfo } from '../../../../src/index.js';
import type { Strategy } from '../../../../src/bench/index.js';
import type { PeerName } from '../protocol.js';

/**
 * Loads and prepares a system.
 * @param info the GPU, which the system will use too
 */
export async function loadPeer(name: PeerName, info: DeviceInfo): Promise<Strategy> {
  switch (name) {
    case 'tensorflow':
      return (await import('./tensorflow.js')).tensorflowStrategy(info);
    case 'jax':
      return (await import('./jax.js')).jaxStrategy(info);
  }
}
