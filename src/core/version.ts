/**
 * Version of this package, as package.json has it: what was measured with one may not hold for
 * another.
 */
export const VERSION = '0.1.0';
