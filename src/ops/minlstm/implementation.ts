import gates from '../../../shaders/minlstm/gates.wgsl?raw';
import { scanImplementation } from '../scan/implementation.js';

export * as reference from './reference.js';

export const { plan, native, cases } = scanImplementation('minlstm', 3, gates);
