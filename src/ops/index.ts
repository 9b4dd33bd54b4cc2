import type { Op, OpRegistry } from '../plan/op.js';
import { addInto } from './add_into/index.js';
import { tanh } from './tanh/index.js';

/** The only list of ops. A new op is a folder and a line here. */
const list: readonly Op[] = [addInto, tanh];

export const ops: OpRegistry = Object.fromEntries(list.map((op) => [op.name, op]));
