import type { Random } from '../../core/random.js';
import { between, chance, languageOf, pick } from './language.js';

const NAMES = ['count', 'index', 'limit', 'total', 'width', 'left', 'right', 'step', 'rest', 'best'] as const;
const VERBS = ['find', 'sum', 'move', 'fill', 'mark', 'scan', 'turn', 'join'] as const;

/** Deepest nesting of blocks inside a function. */
export const DEEPEST_BLOCK = 3;

export const program = languageOf(
  'program',
  'Functions of a small language like C: declarations, assignments, if, while and for, indented by two ' +
    'spaces for each open block.',
  'How deep the blocks are nested (it decides the indentation of every line and the closing braces), ' +
    'open parentheses, and which variables are declared.',
  (random) => {
    const parameters = names(random, between(random, 1, 2), []);
    const locals = names(random, between(random, 1, 2), parameters);
    const variables = [...parameters, ...locals];
    const [verb, noun] = [pick(random, VERBS), pick(random, NAMES)];
    const lines = [
      `int ${verb}_${noun}(${parameters.map((name) => `int ${name}`).join(', ')}) {`,
      ...locals.map((name) => `  int ${name} = ${between(random, 0, 9)};`),
      ...block(random, variables, 1),
      `  return ${expression(random, variables, 1)};`,
      '}',
    ];
    return `${lines.join('\n')}\n\n`;
  },
);

/** Different random names that are not in `taken`. */
function names(random: Random, count: number, taken: readonly string[]): string[] {
  const free: string[] = NAMES.filter((name) => !taken.includes(name));
  return Array.from({ length: count }, () => free.splice(random.below(free.length), 1)[0]);
}

function block(random: Random, variables: readonly string[], depth: number): string[] {
  return Array.from({ length: between(random, 1, depth === 1 ? 4 : 2) }, () =>
    statement(random, variables, depth),
  ).flat();
}

function statement(random: Random, variables: readonly string[], depth: number): string[] {
  const indent = '  '.repeat(depth);
  const inner = (): string[] => block(random, variables, depth + 1);
  if (depth > DEEPEST_BLOCK || chance(random, 0.5))
    return [`${indent}${pick(random, variables)} = ${expression(random, variables, 2)};`];
  const kind = random.below(3);
  if (kind === 0) return [`${indent}while (${condition(random, variables)}) {`, ...inner(), `${indent}}`];
  if (kind === 1) {
    const name = pick(random, variables);
    return [
      `${indent}for (${name} = 0; ${name} < ${between(random, 2, 99)}; ${name} = ${name} + 1) {`,
      ...inner(),
      `${indent}}`,
    ];
  }
  const otherwise = chance(random, 0.4) ? [`${indent}} else {`, ...inner()] : [];
  return [`${indent}if (${condition(random, variables)}) {`, ...inner(), ...otherwise, `${indent}}`];
}

function condition(random: Random, variables: readonly string[]): string {
  return (
    `${pick(random, variables)} ${pick(random, ['<', '>', '==', '!='])} ` + expression(random, variables, 1)
  );
}

function expression(random: Random, variables: readonly string[], depth: number): string {
  if (depth === 0 || chance(random, 0.4))
    return chance(random, 0.7) ? pick(random, variables) : String(between(random, 0, 99));
  const both =
    `${expression(random, variables, depth - 1)} ${pick(random, ['+', '-', '*'])} ` +
    expression(random, variables, depth - 1);
  return chance(random, 0.4) ? `(${both})` : both;
}
