import gates from '../../../shaders/mingru/gates.wgsl?raw';
import { scanImplementation } from '../scan/implementation.js';

export * as reference from './reference.js';

export const { plan, native, cases } = scanImplementation('mingru', 2, gates);
