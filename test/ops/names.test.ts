import { join } from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { GraphBuilder, ops } from '../../src/graph.js';
import { opNamed } from '../../src/ops/index.js';
import type { Op } from '../../src/plan/op.js';

const root = join(import.meta.dirname, '../..');

/** The compiler's errors for a user's program, one line each. */
function errorsOf(program: string): string[] {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, root);
  const file = join(root, 'test/ops/a-users-program.ts');
  const base = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...base,
    fileExists: (name) => name === file || base.fileExists(name),
    getSourceFile: (name, version) =>
      name === file ? ts.createSourceFile(name, program, version) : base.getSourceFile(name, version),
  };
  const compiled = ts.createProgram([file, join(root, 'src/wgsl.d.ts')], options, host);
  return ts
    .getPreEmitDiagnostics(compiled, compiled.getSourceFile(file))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

describe('the record of ops', () => {
  it('has every op under its own name', () => {
    for (const [key, { name }] of Object.entries<Op>(ops)) expect(key).toBe(name);
  });

  it('compiles with its names, and with no other name', () => {
    const errors = errorsOf(`
      import { GraphBuilder, ops } from '../../src/graph.js';
      const g = new GraphBuilder();
      const x = g.tensor('input', 'x', [4]);
      g.apply(ops.tanh, 'right', { x });
      g.apply(ops.tahn, 'wrong', { x });
    `);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(/^Property 'tahn' does not exist on type/);
  });

  it('refuses a wrong name at run time, too', () => {
    expect(() => opNamed('tahn')).toThrow(/^op: expected one of matmul, .*, multiply_adds, got "tahn"\.$/);
    expect(() => opNamed('toString')).toThrow('got "toString"');
    const g = new GraphBuilder();
    const x = g.tensor('input', 'x', [4]);
    const fromJavaScript: Readonly<Record<string, Op>> = ops;
    expect(() => g.apply(fromJavaScript.tahn, 'y', { x })).toThrow(
      'op: expected an op of the record `ops`, such as ops.linear, got undefined.',
    );
  });
});
