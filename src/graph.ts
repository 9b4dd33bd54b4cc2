/**
 * The door for graphs, models and programs of one's own: the builder, the ops, differentiation,
 * compiling and printing; the parts of the library's own models and graphs; and what a form or a
 * command offers its user, such as the names of cells.
 */
// Graphs
export { LEGEND } from './core/notation.js';
export { planTargetOf } from './device/plan-target.js';
export { ops } from './ops/index.js';
export { compile, compileLoaded, type Plan } from './plan/compile.js';
export type { DeviceCounts, KernelTime, Memory, Program, Reports } from './plan/device.js';
export { differentiate } from './plan/differentiate.js';
export { loadOp, loadOps, type LoadedOp, type Op } from './plan/op.js';
export { GraphBuilder, type Graph } from './plan/graph.js';
export { formatBytes, printPlan, summarize, type PlanSummary } from './plan/print.js';
export { samplingGraph } from './text/sampler.js';
export { evaluationGraph, trainingGraph } from './train/training-graph.js';

// Models and sources
export { describe, messageOf } from './core/errors.js';
export type { ShapedArray } from './io/gate-blocks.js';
export { cellOfRows } from './layers/cell-of-weights.js';
export { CHAR_MODEL_NAMES, foreignNames } from './layers/match-names.js';
export { ParameterLayout, type ParameterSpec } from './layers/parameters.js';
export type { NamedArrays } from './layers/recurrent-layers-options.js';
export type { LayerTrace } from './layers/trace.js';
export type { FieldSyms } from './nn/define-model.js';
export { LossTerm } from './nn/losses.js';
export type { AttentionKind, Module, ModuleParameter, RecurrentResult } from './nn/modules.js';
export { Sym, type RowLengths } from './nn/sym.js';
export { MODEL_KINDS } from './recipe/checkpoints.js';
export { checkSameSymbols } from './text/check-source.js';
export {
  type SymbolSource,
  WINDOW_FIELDS,
  type WindowBatch,
  type WindowedText,
  type WindowFields,
  WindowLoader,
} from './text/window-loader.js';
export { CHECKPOINT_FORMAT, isCheckpointFormat } from './train/checkpoint.js';
export { checkFits } from './train/fits.js';
export type { NamedGroup, Which } from './train/groups.js';
export {
  carriedStates,
  crossEntropy,
  emptyArrays,
  type FieldsOf,
  type Model,
  type ModelContext,
  type ModelGraph,
  type ModelKind,
  type StackShape,
  type Writer,
  type WritingModel,
} from './train/model.js';
export { optimizerFromJSON } from './train/optimizers.js';
export { rateAt } from './train/schedules.js';
export type { Examination } from './train/source.js';
export type { TrainerConfig } from './train/trainer-options.js';

// Choices
export { LARGEST_SEED } from './core/options.js';
export { FEATURES } from './inspect/features.js';
export { NONLINEARITIES, RESETS } from './cells/cell-facts.js';
export { CELLS, GATES, hasRecurrentWeights } from './cells/facts.js';
export { MERGES, type Merge } from './layers/merge.js';
export { ATTENTIONS } from './nn/modules.js';
export { CHAR_MODEL_DEFAULTS } from './text/char-model.js';
export { OPTIMIZER_KINDS } from './train/optimizers.js';
export { SCHEDULE_KINDS } from './train/schedules.js';
export { SAMPLINGS } from './train/trainer-options.js';

// Recipes: a preset, and what somebody changed of it
export {
  given,
  modelOptions,
  scheduleKind,
  scheduleOf,
  stepOptions,
  textOptions,
  validationOf,
  type Changes,
  type StepOptions,
} from './recipe/compose.js';
export { partsOfText, taskMaterial, textMaterial, type Material } from './recipe/material.js';
export { PRESET_NAMES, TASK_PRESET } from './recipe/presets.js';
export { StepMeter, type MeterLine } from './recipe/step-meter.js';
export { nextMultiple, trainStretch, type Stretch } from './recipe/stretches.js';
export { misfit } from './train/fits.js';
