import { wgsl } from 'wgsl-preprocessor/wgsl-preprocessor.js';
import { ShapeError } from '../core/errors.js';
import type { BoundTensor, Constants, Launch } from '../plan/kernel.js';

/** The WGSL language feature for immediates: uniforms that are part of the commands. */
export const IMMEDIATES = 'immediate_address_space';

/** Bytes of the uniforms of a launch: at most four numbers. */
export const UNIFORM_BYTES = 16;

/**
 * The WGSL of one launch: declarations of constants, bindings and uniforms, then the kernel's sources
 * with `#if NAME` resolved. Arrays are declared with their exact length, so that compilers can omit
 * bounds checks.
 * @param immediates whether uniforms are immediates instead of a buffer
 */
export function assembleShader(launch: Launch, bound: readonly BoundTensor[], immediates = false): string {
  const { kernel, constants } = launch;
  const order = Object.keys(kernel.bindings);
  const hasUniforms = (kernel.uniforms?.length ?? 0) > 0;
  const lines: string[] = [
    `// ${kernel.name}`,
    ...(kernel.enables ?? []).map((name) => `enable ${name};`),
    ...(immediates && hasUniforms ? [`requires ${IMMEDIATES};`] : []),
  ];
  for (const [name, value] of Object.entries(constants)) {
    if (typeof value === 'number')
      lines.push(
        `const ${name} = ` +
          `${Number.isInteger(value) && value >= 0 && value <= 0xffffffff ? `${value}u` : `f32(${value})`};`,
      );
  }
  for (const { binding, access, type, elements } of bound) {
    const length = type.startsWith('vec4') ? Math.ceil(elements / 4) : elements;
    lines.push(
      `@group(0) @binding(${order.indexOf(binding)}) var<storage, ${access}> ${binding}: ` +
        `array<${type}, ${Math.max(1, length)}>;`,
    );
  }
  if (kernel.uniforms && hasUniforms) {
    const variable = kernel.uniformsAs ?? 'step';
    const type = `${variable[0].toUpperCase()}${variable.slice(1)}`;
    lines.push(
      `struct ${type} { ${kernel.uniforms.map((name) => `${name}: u32`).join(', ')} }`,
      `${immediates ? 'var<immediate>' : '@group(1) @binding(0) var<uniform>'} ${variable}: ${type};`,
    );
  }
  const known = new Set(bound.map(({ binding }) => `HAS_${binding.toUpperCase()}`));
  const flags: Constants = { ...constants, ...Object.fromEntries([...known].map((name) => [name, true])) };
  const optional = new Set(order.map((name) => `HAS_${name.toUpperCase()}`));
  return [...lines, preprocess(kernel.sources.join('\n'), flags, optional, kernel.name)].join('\n');
}

/** Resolves `#if NAME`, `#elif NAME`, `#else` and `#endif`. `HAS_X` is true where x is bound. */
function preprocess(text: string, flags: Constants, optional: ReadonlySet<string>, kernel: string): string {
  const strings: string[] = [];
  const values: boolean[] = [];
  let rest = 0;
  for (const match of text.matchAll(/#(?:if|elif) +(!?)(\w+)/g)) {
    const [all, negation, name] = match;
    if (!(name in flags) && !optional.has(name))
      throw new ShapeError(`${kernel}: "#if ${name}" names no constant and no binding.`);
    strings.push(text.slice(rest, match.index) + all.replace(/!?\w+$/, ''));
    values.push(Boolean(flags[name]) !== (negation === '!'));
    rest = match.index + all.length;
  }
  strings.push(text.slice(rest));
  return wgsl(Object.assign(strings, { raw: strings }), ...values);
}
