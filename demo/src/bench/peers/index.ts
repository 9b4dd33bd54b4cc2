import type { Strategy } from '../../../../src/index.js';
import type { PeerName } from '../protocol.js';

/** Loads a system and makes it ready; nothing of it is loaded before. @param adapter the name of the GPU that it will use too */
export async function loadPeer(name: PeerName, adapter: string): Promise<Strategy> {
  switch (name) {
    case 'tensorflow':
      return (await import('./tensorflow.js')).tensorflowStrategy(adapter);
    case 'jax':
      return (await import('./jax.js')).jaxStrategy(adapter);
  }
}
