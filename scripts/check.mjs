// `npm test`: checks types, lint, and all tests (vitest: units, parity, headless Chrome, build).
// The last line has the numbers of passed and failed checks.
import { spawn } from 'node:child_process';
import { mkdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { cache, readJson, root } from './state.mjs';

const require = createRequire(import.meta.url);
const tool = (name, bin) => join(dirname(require.resolve(`${name}/package.json`)), bin);
const report = join(cache, `tests-${process.pid}.json`);
const total = { passed: 0, failed: 0 };
const lines = [];

// Types and lint run at the same time, but their outputs are printed one after the other.
const types = [run(tool('typescript', 'bin/tsc'), ['--noEmit'])];
const lint = [
  run(tool('eslint', 'bin/eslint.js'), ['.', '--max-warnings', '0']),
  run(tool('prettier', 'bin/prettier.cjs'), ['--check', '--log-level', 'warn', '.']),
];
await part('types', () => passed(types));
await part('lint', () => passed(lint));
await part('tests', runTests);

console.log(`\n${lines.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exitCode = total.failed === 0 ? 0 : 1;

/** Runs one part, adds its counts and stores its time. */
async function part(name, work) {
  console.log(`\n== ${name}`);
  const start = performance.now();
  const { passed, failed } = await work();
  total.passed += passed;
  total.failed += failed;
  note(name, passed, failed, performance.now() - start);
}

function note(name, passed, failed, milliseconds) {
  lines.push(
    `${name.padEnd(16)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed ` +
      `${(milliseconds / 1000).toFixed(1).padStart(8)} s`,
  );
}

/**
 * Runs all of test/ in one vitest and returns the counts of its report. Tests that did not run
 * count as failed: files that do not load or never end, skipped tests, a crash.
 */
async function runTests() {
  mkdirSync(cache, { recursive: true });
  const { ok } = await run(join(import.meta.dirname, 'run-tests.mjs'), ['--report', report], 'inherit');
  const files = readJson(report)?.testResults ?? [];
  rmSync(report, { force: true });
  const sum = { passed: 0, failed: 0 };
  const folders = new Map();
  for (const { name, status, assertionResults, startTime, endTime } of files) {
    const passed = assertionResults.filter((result) => result.status === 'passed').length;
    const failed = assertionResults.length - passed;
    const folder = dirname(relative(root, name)).split(/[\\/]/).slice(0, 2).join('/');
    const entry = folders.get(folder) ?? { passed: 0, failed: 0, milliseconds: 0 };
    entry.passed += passed;
    entry.failed += failed === 0 && status !== 'passed' ? 1 : failed;
    entry.milliseconds += endTime - startTime;
    folders.set(folder, entry);
  }
  for (const [folder, { passed, failed, milliseconds }] of [...folders].sort()) {
    sum.passed += passed;
    sum.failed += failed;
    note(`  ${folder}`, passed, failed, milliseconds);
  }
  if (sum.failed === 0 && (!ok || sum.passed === 0)) {
    console.log('vitest failed outside of any test (see above), or found no test.');
    sum.failed = 1;
  }
  return sum;
}

/** Prints the outputs of the programs of a part after they have ended. */
async function passed(programs) {
  const results = await Promise.all(programs);
  for (const { output } of results) process.stdout.write(output);
  return results.every(({ ok }) => ok) ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
}

/** Runs a program. @param stdio of the program. Default: its output is part of the result */
function run(script, args, stdio = 'pipe') {
  return new Promise((resolve) => {
    const program = spawn(process.execPath, [script, ...args], {
      cwd: root,
      stdio: ['ignore', stdio, stdio],
    });
    let output = '';
    for (const stream of [program.stdout, program.stderr])
      stream?.setEncoding('utf8').on('data', (text) => (output += text));
    program.on('error', ({ message }) => resolve({ ok: false, output: `${message}\n` }));
    program.on('close', (code) => resolve({ ok: code === 0, output }));
  });
}
