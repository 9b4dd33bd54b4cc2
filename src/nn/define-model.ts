import { DataError, OptionError, ShapeError } from '../core/errors.js';
import { checkText } from '../core/options.js';
import { Random, STREAM } from '../core/random.js';
import type { ModuleNames } from '../layers/module-names.js';
import { ParameterLayout } from '../layers/parameters.js';
import type { Batch, Fields } from '../train/batch.js';
import type { BatchMeasures } from '../train/evaluation-measures.js';
import type { DrawnFields, Model, ModelContext, ModelGraph } from '../train/model.js';
import { stackShapeOf, type RecurrentModule } from './recurrent.js';
import { LossTerm } from './losses.js';
import { drawsMasks, type Module } from './module.js';
import { Scope } from './scope.js';
import { Sym } from './sym.js';

/** The fields of a model as tensors, by name. */
export type FieldSyms<F extends Fields> = { readonly [K in keyof F]: Sym };

/** Definition of a model, for `defineModel`. */
export interface ModelDefinition<F extends Fields, M extends Readonly<Record<string, Module>>> {
  /** Name of the kind of model, which checkpoints keep. */
  readonly kind: string;
  /**
   * Plain data from which your code can make the model again; checkpoints keep it. Default: `{}`.
   */
  readonly config?: object;
  /** The arrays that the model reads from a batch. */
  readonly fields: F;
  /**
   * The modules by name. A module's name is the first part of its parameters' names: `head.weight`.
   */
  readonly modules: M;
  /**
   * Parameters that share the numbers of another: with `{ 'head.weight': 'embedding.weight' }` the
   * head uses the matrix of the embedding. Default: none.
   */
  readonly ties?: Readonly<Record<string, string>>;
  /** The recurrent module whose states and gradients can be inspected. Default: none. */
  readonly inspected?: RecurrentModule;
  /** Arrays that are drawn at random for each training step. Default: none. */
  readonly drawn?: DrawnFields;
  /**
   * Computes the outputs from the fields.
   * @param drawn the fields of `drawn`; empty outside of training
   * @returns outputs by name
   */
  forward(
    modules: M,
    fields: FieldSyms<F>,
    drawn: Readonly<Record<string, Sym>>,
  ): Readonly<Record<string, Sym>>;
  /** Computes the loss from the outputs of `forward` and the fields. */
  loss(outputs: Readonly<Record<string, Sym>>, fields: FieldSyms<F>): LossTerm;
  /** Names of the fields that `forward` reads; `loss` reads the others. Default: all. */
  readonly inputs?: readonly (keyof F & string)[];
  /** Mean loss of guessing without a model, in nats. Default: unknown. */
  readonly baseline?: number;
  /** Lets loading rename weights of files. Default: files must have the model's names. */
  readonly moduleNames?: ModuleNames;
  /** Checks the contents of a batch, such as the range of labels. @throws DataError */
  check?(batch: Batch<F>): void;
  /** Names of the outputs that `measure` reads. Default: none. */
  readonly measured?: readonly string[];
  /** Measures of a batch, which evaluations add up; see `Model.measure`. Default: none. */
  measure?(outputs: Readonly<Record<string, Float32Array>>, batch: Batch<F>): BatchMeasures;
}

/** The parts of a model's context that expressions need. */
export type ScopeContext = Pick<
  ModelContext,
  'builder' | 'parameters' | 'key' | 'count' | 'mode' | 'inspect' | 'fusedCells'
>;

/** A model whose modules can also be called in other graphs, such as a graph that generates. */
export interface DefinedModel<F extends Fields = Fields> extends Model<F> {
  /** The scope in which the modules can be called in another graph. */
  scope(context: ScopeContext): Scope;
}

/**
 * Makes a model from modules, a function of its fields, and a loss.
 * @throws OptionError for a missing part, DataError for a model without parameters, ShapeError for
 *   tied parameters of different shapes
 */
export function defineModel<const F extends Fields, M extends Readonly<Record<string, Module>>>(
  definition: ModelDefinition<F, M>,
): DefinedModel<F> {
  checkDefinition(definition);
  const { kind, config = {}, fields, modules, measured, ties = {}, inspected } = definition;
  const { inputs, baseline, moduleNames } = definition;
  for (const name of inputs ?? [])
    if (!Object.hasOwn(fields, name))
      throw new DataError(
        `The inputs of the model "${kind}" name "${name}", but its fields are ` +
          `${Object.keys(fields).join(', ')}.`,
      );
  const parts = Object.entries(modules);
  const parameters = parts.flatMap(([name, module]) =>
    module.parameters.map((parameter) => ({ ...parameter, name: `${name}.${parameter.name}` })),
  );
  if (parameters.length === 0)
    throw new DataError(`The model "${kind}" has no parameters: give it modules such as nn.linear.`);
  checkTies(parameters, ties);
  const own = parameters.filter(({ name }) => !Object.hasOwn(ties, name));
  const layout = new ParameterLayout(own, ties);
  const prefixes = new Map<object, string>(parts.map(([name, module]) => [module, `${name}.`]));
  const scopeOf = (context: ScopeContext): Scope => {
    const { builder, parameters: tensors, key, count, mode, inspect } = context;
    return new Scope(
      builder,
      tensors,
      prefixes,
      key,
      count,
      mode === 'train',
      inspected && inspect ? { module: inspected, inspect } : undefined,
      context.fusedCells,
    );
  };
  return {
    kind,
    config,
    layout,
    fields,
    usesDropout: parts.some(([, module]) => drawsMasks(module)),
    ...(measured ? { measured } : {}),
    ...(inputs ? { inputs } : {}),
    ...(definition.drawn ? { drawn: definition.drawn } : {}),
    ...(baseline === undefined ? {} : { baseline }),
    ...(moduleNames ? { moduleNames } : {}),
    checkBatch: (batch) => definition.check?.(batch),
    ...(inspected ? { stackShape: stackShapeOf(inspected) } : {}),
    scope: scopeOf,
    measure: (outputs, batch) => definition.measure?.(outputs, batch) ?? {},
    initialParameters(seed) {
      const random = new Random(seed, STREAM.weights);
      const values = own.map(({ name, shape, start }) => [name, { shape, data: start(random) }] as const);
      return layout.pack(Object.fromEntries(values), 'initial weights');
    },
    build(context: ModelContext<F>): ModelGraph {
      const { mode } = context;
      const scope = scopeOf(context);
      // A prediction has no targets.
      const syms = Object.fromEntries(
        Object.entries(context.fields).map(([name, tensor]) => [name, new Sym(scope, tensor)]),
      ) as FieldSyms<F>;
      const drawn = Object.entries(context.drawn ?? {}).map(
        ([name, tensor]) => [name, new Sym(scope, tensor)] as const,
      );
      const outputs = definition.forward(modules, syms, Object.fromEntries(drawn));
      checkOutputs(kind, outputs);
      const tensors = Object.fromEntries(Object.entries(outputs).map(([name, { tensor }]) => [name, tensor]));
      if (mode === 'predict') return { outputs: tensors, losses: [] };
      const loss = definition.loss(outputs, syms);
      if (!(loss instanceof LossTerm) || loss.tensors.length === 0)
        throw new DataError(`The model "${kind}" has no loss: return one of losses, or a sum of them.`);
      return { outputs: tensors, losses: loss.tensors };
    },
  };
}

/** Checks the parts of a definition. @throws OptionError that names a missing part */
function checkDefinition(definition: unknown): void {
  if (typeof definition !== 'object' || definition === null)
    throw new OptionError(
      'defineModel',
      definition,
      'an object with kind, fields, modules, forward and loss',
    );
  const { kind, fields, modules, forward, loss } = definition as Readonly<Record<string, unknown>>;
  checkText('kind', kind);
  for (const [name, value] of Object.entries({ fields, modules }))
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new OptionError(name, value, `an object with the ${name} by name`);
  for (const [name, value] of Object.entries({ forward, loss }))
    if (typeof value !== 'function') throw new OptionError(name, value, 'a function');
  for (const [name, module] of Object.entries(modules as object) as [string, Partial<Module> | undefined][])
    if (!Array.isArray(module?.parameters))
      throw new OptionError(`modules.${name}`, module, 'a module, such as nn.linear(2, 3)');
}

/** @throws ShapeError for tied parameters that are missing or have different shapes */
function checkTies(
  parameters: readonly { readonly name: string; readonly shape: readonly number[] }[],
  ties: Readonly<Record<string, string>>,
): void {
  const shapeOf = (name: string): string =>
    parameters.find((parameter) => parameter.name === name)?.shape.join() ?? 'missing';
  for (const [name, of] of Object.entries(ties))
    if (shapeOf(name) !== shapeOf(of) || shapeOf(of) === 'missing')
      throw new ShapeError(
        `"${name}" [${shapeOf(name)}] and "${of}" [${shapeOf(of)}] cannot be one matrix: they need ` +
          'the same shape.',
      );
}

/** Checks what `forward` returned. @throws DataError unless it is a record of tensors */
function checkOutputs(kind: string, outputs: unknown): void {
  const named = Object.entries(typeof outputs === 'object' && outputs !== null ? outputs : {});
  const wrong = named.find(([, value]) => !(value instanceof Sym));
  if (named.length > 0 && !wrong) return;
  throw new DataError(
    `forward of the model "${kind}" must return its outputs by name, each a tensor, but ` +
      `${wrong ? `"${wrong[0]}" is not a tensor` : 'there is no output'}.`,
  );
}
