import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { root } from './run.js';

interface PackageJson {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

test('docs/dependencies.md says of every package why it is here, and of no other', () => {
  const { dependencies, optionalDependencies, devDependencies } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  ) as PackageJson;
  const rows = readFileSync(join(root, 'docs/dependencies.md'), 'utf8').matchAll(
    /^\| ((?:@?[a-z][\w/-]*(?: \([^)]*\))?(?:, )?)+) +\|/gm,
  );
  const named = [...rows]
    .flatMap(([, cell]) => cell.split(', ').map((name) => name.replace(/ \(.*/, '').trim()))
    .filter((name) => name !== 'package');
  expect([...new Set(named)].sort()).toEqual(
    Object.keys({ ...dependencies, ...optionalDependencies, ...devDependencies }).sort(),
  );
});

test('package-lock.json names no registry, so that every machine asks its own', () => {
  expect(readFileSync(join(root, 'package-lock.json'), 'utf8')).not.toContain('"resolved": "http');
});
