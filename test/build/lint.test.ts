import { fileURLToPath } from 'node:url';
import { ESLint } from 'eslint';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const eslint = new ESLint({
  cwd: root,
  ruleFilter: ({ ruleId }) =>
    ruleId.startsWith('import-x/') || ruleId === '@typescript-eslint/no-restricted-imports',
  overrideConfig: { languageOptions: { parserOptions: { projectService: false, project: false } } },
});

/**
 * Returns the rules that a file with this text at this path would break. The file need not exist,
 * because types are not checked.
 */
async function rulesBrokenBy(filePath: string, text: string): Promise<string[]> {
  const [result] = await eslint.lintText(text, { filePath });
  expect(result.messages.filter(({ fatal }) => fatal)).toEqual([]);
  return result.messages.map(({ ruleId }) => ruleId ?? 'unknown');
}

const paths = 'import-x/no-restricted-paths';

test.each([
  [
    'gpu knows no op',
    'src/gpu/new.ts',
    "import { ops } from '../ops/index.js';\nexport const names = Object.keys(ops);\n",
  ],
  [
    'not even by its type',
    'src/gpu/new.ts',
    "import type { ops } from '../ops/index.js';\nexport type Ops = typeof ops;\n",
  ],
  ['core knows nothing above it', 'src/core/new.ts', "export { compile } from '../plan/compile.js';\n"],
  ['src never imports scripts', 'src/layers/new.ts', "export { root } from '../../scripts/state.mjs';\n"],
  [
    'src never imports test',
    'src/cli/new.ts',
    "export { gpuDevice } from '../../test/support/devices.js';\n",
  ],
  ['demo uses the public door', 'demo/new.ts', "export { compile } from '../src/plan/compile.js';\n"],
  [
    'a reference shares nothing with other ops',
    'src/ops/tanh/reference.ts',
    "export { rulesOf } from '../lib/rules.js';\n",
  ],
])('%s: refused', async (_rule, file, text) => {
  expect(await rulesBrokenBy(file, text)).toEqual([paths]);
});

test('a reference takes types of plan and nothing else', async () => {
  const file = 'src/ops/tanh/reference.ts';
  expect(await rulesBrokenBy(file, "export type { Reference } from '../../plan/op.js';\n")).toEqual([]);
  expect(await rulesBrokenBy(file, "export { defineOp } from '../../plan/op.js';\n")).toEqual([
    '@typescript-eslint/no-restricted-imports',
  ]);
});

test('imports along the direction pass', async () => {
  expect(
    await rulesBrokenBy(
      'src/ops/new.ts',
      "export { defineOp } from '../plan/op.js';\nexport { OptionError } from '../core/errors.js';\n",
    ),
  ).toEqual([]);
  expect(await rulesBrokenBy('demo/new.ts', "export { openDevice } from '../src/index.js';\n")).toEqual([]);
});

test('an import cycle is refused', async () => {
  // graph.ts imports tensor.ts, so the opposite import closes a cycle.
  expect(
    await rulesBrokenBy(
      'src/plan/tensor.ts',
      "import { GraphBuilder } from './graph.js';\nexport const tensor = GraphBuilder;\n",
    ),
  ).toContain('import-x/no-cycle');
});

test('default exports are refused in sources', async () => {
  expect(await rulesBrokenBy('src/core/new.ts', 'export default 1;\n')).toEqual([
    'import-x/no-default-export',
  ]);
});
