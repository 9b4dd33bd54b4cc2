import type { Catalogue } from './protocol.js';

/** Fields of the form that the address may set: parameter and id of the field are the same. */
const FIELDS = ['hidden', 'time', 'batch', 'rate', 'optimizer', 'seed', 'steps', 'backend', 'sampleEvery', 'temperature', 'length', 'prime'] as const;

/** What the page's address asks for. */
export interface AddressOptions {
  readonly autostart: boolean;
  readonly preset: string | undefined;
  /** Value of the field `text`: `english`, `brackets`. */
  readonly text: string | undefined;
  /** Values of other fields, as they stand in the address. */
  readonly fields: readonly (readonly [id: string, value: string])[];
  /** What in the address could not be used, a sentence each. */
  readonly refused: readonly string[];
}

/** Reads `?text=chinese&preset=gluon&hidden=64&autostart=0`. Numbers are checked with the form, when training starts. */
export function readAddress(search: string, catalogue: Catalogue): AddressOptions {
  const parameters = new URLSearchParams(search);
  const refused: string[] = [];
  const choice = (name: string, choices: readonly string[]): string | undefined => {
    const value = parameters.get(name);
    if (value === null || choices.includes(value)) return value ?? undefined;
    refused.push(`${name}: expected one of ${choices.join(', ')}, got "${value}".`);
    return undefined;
  };
  const known = ['autostart', 'preset', 'text', ...FIELDS];
  for (const name of new Set(parameters.keys())) if (!known.includes(name)) refused.push(`The address has the unknown option "${name}"; there are ${known.join(', ')}.`);
  const autostart = choice('autostart', ['0', '1']) !== '0';
  const preset = choice(
    'preset',
    catalogue.presets.map(({ name }) => name),
  );
  const text = choice(
    'text',
    [...catalogue.bundled, ...catalogue.synthetic].map(({ name }) => name),
  );
  const optimizer = choice('optimizer', catalogue.optimizers);
  const backend = choice('backend', ['auto', 'webgpu', 'cpu']);
  const fields = FIELDS.flatMap((id): [string, string][] => {
    const value = id === 'optimizer' ? optimizer : id === 'backend' ? backend : parameters.get(id);
    return value === null || value === undefined ? [] : [[id, value]];
  });
  return { autostart, preset, text, fields, refused };
}
