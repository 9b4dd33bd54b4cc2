import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import { importX } from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/**
 * Which folders of src/ a folder may import from, besides itself. `index`, `graph` and `node` are
 * public doors, src/index.ts and so on; bench/ and verify/ are doors by their index.ts. Imports run
 * one way: what stands lower here knows nothing of what stands higher up in its list. Every edge is used: test/build/imports.test.ts finds one that is
 * not, and circles of imports of types, which import-x/no-cycle passes over.
 */
export const directions = {
  core: [],
  plan: ['core'],
  ops: ['plan', 'core'],
  gpu: ['plan', 'core'],
  reference: ['plan', 'core'],
  wasm: ['plan', 'core'],
  device: ['io', 'gpu', 'wasm', 'reference', 'ops', 'plan', 'core'],
  cells: ['ops', 'plan', 'core'],
  io: ['cells', 'core'],
  layers: ['cells', 'ops', 'plan', 'core'],
  train: ['layers', 'io', 'ops', 'plan', 'core'],
  nn: ['train', 'layers', 'cells', 'ops', 'plan', 'core'],
  generate: ['train', 'layers', 'ops', 'plan', 'core'],
  tasks: ['data', 'text', 'generate', 'nn', 'train', 'layers', 'cells', 'io', 'ops', 'plan', 'core'],
  text: ['generate', 'train', 'layers', 'cells', 'io', 'ops', 'plan', 'core'],
  data: ['text', 'train', 'io', 'core'],
  recipe: [...['tasks', 'data', 'generate', 'text', 'train', 'layers', 'cells', 'io', 'plan', 'core']],
  inspect: ['text', 'train', 'layers', 'cells', 'ops', 'plan', 'core'],
  verify: [
    'tasks',
    'generate',
    'text',
    'train',
    'layers',
    'io',
    'cells',
    'reference',
    'wasm',
    'ops',
    'plan',
    'core',
  ],
  bench: ['verify', 'text', 'train', 'layers', 'cells', 'reference', 'wasm', 'ops', 'plan', 'core'],
  chrome: ['device', 'plan', 'core'],
  sweep: ['io', 'core'],
  spread: ['train', 'io', 'layers', 'core'],
  cli: ['node', 'graph', 'sweep', 'bench', 'verify'],
};

/** Doors are files, folders are folders. */
const doors = ['index', 'graph', 'node'];
const pathOf = (name) => (doors.includes(name) ? `./src/${name}.ts` : `./src/${name}`);

const everything = [...Object.keys(directions), ...doors];

const zones = [
  ...Object.entries(directions).map(([folder, allowed]) => ({
    target: pathOf(folder),
    from: everything.filter((name) => name !== folder && !allowed.includes(name)).map(pathOf),
    message: `src/${folder} may import from ${['itself', ...allowed].join(', ')} only: imports run one way.`,
  })),
  {
    target: './src',
    from: ['./demo', './test', './scripts'],
    message: 'src imports neither demo, test nor scripts.',
  },
  {
    target: './demo',
    from: './src',
    except: ['./index.ts', './graph.ts', './bench/index.ts', './verify/index.ts', './sweep/index.ts'],
    message:
      'demo imports the doors src/index.ts, graph.ts, bench/index.ts, verify/index.ts, sweep/index.ts only.',
  },
  ...['bench', 'verify'].map((folder) => ({
    target: './src/cli',
    from: `./src/${folder}`,
    except: ['./index.ts'],
    message: `src/cli imports the public door src/${folder}/index.ts only.`,
  })),
  {
    target: './src/cli',
    from: './src/sweep',
    except: ['./index.ts', './node/index.ts'],
    message: 'src/cli imports the doors src/sweep/index.ts and src/sweep/node/index.ts only.',
  },
  {
    target: './src/sweep/*.ts',
    from: './src/sweep/node',
    message: 'src/sweep is for browsers too, but for its folder node.',
  },
  {
    target: './src/spread/*.ts',
    from: './src/spread/node',
    message: 'src/spread is for browsers too, but for its folder node.',
  },
  ...['index', 'graph'].map((door) => ({
    target: `./src/${door}.ts`,
    from: ['./src/node.ts', './src/cli', './src/chrome'],
    message: `src/${door}.ts is for browsers too.`,
  })),
  {
    target: './src/ops/*/reference.ts',
    from: ['./src/ops/**', './shaders/**'],
    message: 'a reference imports from core, and types of plan: the judge shares no code with the accused.',
  },
];

export default defineConfig(
  globalIgnores(['dist', '.dist-*', 'node_modules', 'kernels', 'test/golden', 'src/io/onnx/onnx_pb.ts']),
  tseslint.configs.recommended,
  {
    name: 'imports',
    plugins: { 'import-x': importX },
    settings: {
      'import-x/resolver-next': [createTypeScriptImportResolver({ project: './tsconfig.json' })],
      'import-x/extensions': ['.ts', '.js', '.mjs'],
    },
    rules: {
      'import-x/no-restricted-paths': ['error', { zones }],
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'import-x/no-self-import': 'error',
      'import-x/no-duplicates': 'error',
      'import-x/no-default-export': 'error',
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    name: 'typescript',
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // A formula reads best as its loop over indices.
      '@typescript-eslint/prefer-for-of': 'off',
      // Without noUncheckedIndexedAccess, which formulas over typed arrays could not bear, a lookup
      // in a record does not say that it may find nothing.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // It asks for "!", which is refused.
      '@typescript-eslint/non-nullable-type-assertion-style': 'off',
      // A device takes back, by an assertion, the memory that it gave out as an opaque interface.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      // [...text] gives code points, and these are the symbols of a vocabulary.
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
    },
  },
  {
    name: 'references share no code with what they judge',
    files: ['src/ops/*/reference.ts'],
    rules: {
      '@typescript-eslint/no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['**/plan/*'],
              allowTypeImports: true,
              message: 'A reference takes types of plan only: the judge shares no code with the accused.',
            },
          ],
        },
      ],
    },
  },
  {
    name: 'the library prints nothing',
    files: ['src/**/*.ts'],
    ignores: ['src/cli/**'],
    rules: { 'no-console': 'error' },
  },
  {
    name: 'configuration files and declarations of raw files',
    files: ['*.config.{js,ts}', '**/*.d.ts'],
    rules: { 'import-x/no-default-export': 'off' },
  },
  { name: 'CommonJS', files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
);
