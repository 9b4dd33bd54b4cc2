/**
 * Version of this package; a test compares it with package.json. It is a file of its own, since the
 * measurements of one version are not used by another and few files need it.
 */
export const VERSION = '0.1.0';
