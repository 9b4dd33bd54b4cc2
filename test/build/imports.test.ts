import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The table: folder → folders that it may import from. */
type Table = Readonly<Record<string, readonly string[]>>;

const { directions } = (await import(pathToFileURL(join(root, 'eslint.config.js')).href)) as {
  readonly directions: Table;
};

type Imports = ReadonlyMap<string, readonly string[]>;

/**
 * Returns the paths, from the root, of all relative imports in a text, imports of types included.
 */
function importsIn(path: string, text: string): string[] {
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
    .map(({ fileName }) => join(dirname(path), fileName.replace(/\?.*$/, '').replace(/\.js$/, '.ts')));
}

/** Returns all sources below the folders with their imports. */
function importsBelow(...folders: readonly string[]): Imports {
  const files = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => relative(root, join(entry.parentPath, entry.name))),
  );
  return new Map(files.map((path) => [path, importsIn(path, readFileSync(join(root, path), 'utf8'))]));
}

/** Returns import cycles: the first one found from each file. */
function cycles(imports: Imports): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const visit = (path: string, above: readonly string[]): void => {
    if (above.includes(path)) found.push([...above.slice(above.indexOf(path)), path].join(' → '));
    if (done.has(path) || above.includes(path)) return;
    for (const next of imports.get(path) ?? []) visit(next, [...above, path]);
    done.add(path);
  };
  for (const path of imports.keys()) visit(path, []);
  return found;
}

/** Returns the folder of src that a file is in, or the door that it is. */
function folderOf(path: string): string {
  const [first, second] = path.split(sep);
  return first === 'src' ? second.replace(/\.ts$/, '') : first;
}

/** Returns the edges of the table that no import uses. */
function unusedEdges(table: Table, imports: Imports): string[] {
  const used = new Set(
    [...imports].flatMap(([path, targets]) =>
      targets.map((target) => `${folderOf(path)} → ${folderOf(target)}`),
    ),
  );
  return Object.entries(table)
    .flatMap(([folder, allowed]) => allowed.map((other) => `${folder} → ${other}`))
    .filter((edge) => !used.has(edge));
}

describe('imports of types count', () => {
  it('and close no circle, neither in src nor in demo', () => {
    const imports = importsBelow('src', 'demo');
    expect(imports.size).toBeGreaterThan(250);
    expect(cycles(imports)).toEqual([]);
  });

  it('and a circle of them is found', () => {
    const texts = {
      'src/core/a.ts': "import type { B } from './b.js';\nexport type A = B;\n",
      'src/core/b.ts': "export type { C as B } from './c.js';\n",
      'src/core/c.ts': "export type C = import('./a.js').A;\n",
    };
    const imports = new Map(Object.entries(texts).map(([path, text]) => [path, importsIn(path, text)]));
    expect(cycles(imports)).toEqual(['src/core/a.ts → src/core/b.ts → src/core/c.ts → src/core/a.ts']);
  });
});

describe('the table of who may import whom', () => {
  const imports = importsBelow('src');

  it('allows nothing that nobody uses', () => {
    expect(unusedEdges(directions, imports)).toEqual([]);
  });

  it('has every folder of src', () => {
    const doors = ['index', 'graph', 'node', 'wgsl.d'];
    const folders = new Set([...imports.keys()].map(folderOf).filter((name) => !doors.includes(name)));
    expect(Object.keys(directions).sort()).toEqual([...folders].sort());
  });

  it('and an edge too many is found', () => {
    expect(unusedEdges({ ...directions, core: ['cli'] }, imports)).toEqual(['core → cli']);
  });
});

/** What a contract may import: the modules that contracts are written with, and other contracts. */
const FOR_CONTRACTS = /^(\.\.\/\.\.\/(plan\/op|core\/\w+)|.*contract|\.\.\/\w+\/index)\.js$/;

describe('the contract of an op, which every page loads', () => {
  const folders = readdirSync(join(root, 'src/ops'), { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && existsSync(join(root, 'src/ops', entry.name, 'index.ts')),
  );

  it.each(folders.map(({ name }) => name))('of %s imports no implementation', (name) => {
    const path = join(root, 'src/ops', name, 'index.ts');
    const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest);
    const imported = file.statements.flatMap((statement) =>
      ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier !== ts.SyntaxKind.TypeKeyword
        ? [(statement.moduleSpecifier as ts.StringLiteral).text]
        : [],
    );
    expect(imported.filter((from) => !FOR_CONTRACTS.test(from))).toEqual([]);
  });
});
