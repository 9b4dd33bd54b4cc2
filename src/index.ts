export { NONLINEARITIES, RESETS } from './cells/cell-facts.js';
export { CELLS, GATES, hasRecurrentWeights } from './cells/facts.js';
export * from './core/errors.js';
export { LEGEND } from './core/notation.js';
export { LARGEST_SEED } from './core/options.js';
export * from './text/index.js';
export { FileError } from './io/file-error.js';
export { planTargetOf } from './device/plan-target.js';
export { openDevice, type OpenDeviceOptions } from './device/open.js';
export { Sampler, samplingGraph, type SampleOptions } from './text/sampler.js';
export { FEATURES, type Feature } from './inspect/features.js';
export {
  Inspector,
  type Activations,
  type Candidate,
  type Connectivity,
  type ConnectivityOptions,
  type Inspection,
  type InspectOptions,
} from './inspect/inspector.js';
export { scoreUnits, type ScoreOptions, type UnitScore } from './inspect/scores.js';
export { fromKeras, toKeras, type KerasOptions } from './io/keras.js';
export type { ShapedArray } from './io/gate-blocks.js';
export {
  readSafetensors,
  writeSafetensors,
  type Safetensors,
  type SafetensorsTensor,
} from './io/safetensors.js';
export { cellOfRows } from './layers/cell-of-weights.js';
export {
  CHAR_MODEL_DEFAULTS,
  charModel,
  taskModel,
  type CharModel,
  type CharModelConfig,
  type CharModelOptions,
} from './text/char-model.js';
export { torchDefault, type Initializer } from './layers/initializers.js';
export {
  CHAR_MODEL_NAMES,
  describeMatch,
  foreignNames,
  matchNames,
  type LoadOptions,
  type MatchedNames,
  type NameMap,
} from './layers/match-names.js';
export { charModelToOnnx, layersToOnnx, type OnnxOptions } from './text/onnx.js';
export { ParameterLayout, type ParameterSpec, type StateDict } from './layers/parameters.js';
export { defineModel, type FieldSyms, type ModelDefinition } from './nn/define-model.js';
export { losses, LossTerm, type LossOptions, type RowLossOptions } from './nn/losses.js';
export { ATTENTIONS, nn, type AttentionKind } from './nn/modules.js';
export type { Module, ModuleParameter } from './nn/module.js';
export type { RecurrentModuleOptions, RecurrentResult } from './nn/recurrent.js';
export { Sym, type RowLengths } from './nn/sym.js';
export {
  modelOptions,
  scheduleOf,
  stepOptions,
  textOptions,
  validationOf,
  type Changes,
  type StepOptions,
} from './recipe/compose.js';
export { partsOfText, taskMaterial, textMaterial, type Material } from './recipe/material.js';
export { StepMeter, type MeterLine } from './recipe/step-meter.js';
export { nextMultiple, trainStretch, type Stretch } from './recipe/stretches.js';
export { PRESET_NAMES, PRESETS, TASK_PRESET, type Preset, type PresetName } from './recipe/presets.js';
export { MERGES, type Merge } from './layers/merge.js';
export { RecurrentLayers } from './layers/recurrent-layers.js';
export type {
  NamedArrays,
  RecurrentGradients,
  RecurrentLayersOptions,
  RecurrentOutput,
  WindowOptions,
} from './layers/recurrent-layers-options.js';
export type { LayerTrace } from './layers/trace.js';
export { ops } from './ops/index.js';
export { compile, type Plan } from './plan/compile.js';
export type {
  Device,
  DeviceCounts,
  DeviceInfo,
  KernelTime,
  Memory,
  Program,
  Reports,
} from './plan/device.js';
export { differentiate } from './plan/differentiate.js';
export { GraphBuilder, type Graph } from './plan/graph.js';
export { formatBytes, printPlan, summarize, type PlanSummary } from './plan/print.js';
export {
  CHECKPOINT_FORMAT,
  ForeignFileError,
  isCheckpointFormat,
  parametersOnDevice,
  type Checkpoint,
} from './train/checkpoint.js';
export { EarlyStopping } from './train/early-stopping.js';
export { loadCheckpoint, MODEL_KINDS, readCheckpoint } from './recipe/checkpoints.js';
export { resumeTrainer, saveCheckpoint } from './train/save-checkpoint.js';
export { bitsOf, perplexityOf } from './core/measures.js';
export type { Batch, Field, FieldArray, Fields, Sizes } from './train/batch.js';
export type { NamedGroup, ParameterGroup, Which } from './train/groups.js';
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
export type {
  EvaluateOptions,
  Examination,
  Loader,
  LoaderOptions,
  LoaderState,
  Source,
} from './train/source.js';
export { Evaluator, type Evaluation } from './train/evaluate.js';
export type { GradientFlow, LayerFlow } from './train/gradient-flow.js';
export type { StepReport } from './train/metrics.js';
export {
  adagrad,
  adam,
  adamw,
  OPTIMIZER_KINDS,
  optimizerFromJSON,
  rmsprop,
  sgd,
  type OptimizerSpec,
} from './train/optimizers.js';
export {
  constantRate,
  cosineDecay,
  rateAt,
  SCHEDULE_KINDS,
  scheduleOfLength,
  stepDecay,
  type RateSchedule,
} from './train/schedules.js';
export { Trainer, type RunOptions } from './train/trainer.js';
export { SAMPLINGS, type TrainerConfig, type TrainerOptions } from './train/trainer-options.js';
export { checkFits } from './train/fits.js';
export { evaluationGraph, trainingGraph } from './train/training-graph.js';
export { WorkloadData, type Contestant, type BenchWriter, type Strategy } from './bench/contestants.js';
export type { GenerationRow } from './bench/generation.js';
export type { KernelRow } from './bench/kernels.js';
export { ownStrategy, type OwnStrategyOptions } from './bench/own-strategies.js';
export {
  BENCH_METHOD,
  benchCsv,
  benchMarkdown,
  benchTables,
  machineLine,
  milliseconds,
  type BenchMachine,
  type BenchReport,
  type BenchTable,
} from './bench/report.js';
export { runBench, type BenchOptions, type BenchRow, type LeftOut } from './bench/run.js';
export {
  BENCH_PARTS,
  NO_RESULTS,
  runSuite,
  withEvent,
  type BenchEvent,
  type BenchPart,
  type BenchResults,
  type SuiteOptions,
} from './bench/suite.js';
export { CURVES, WORKLOADS, WRITERS, type Workload } from './bench/workloads.js';
export { runParityCase, type ParityResult } from './verify/parity.js';
export { countChecks, verifyOps, type VerifyOptions } from './verify/suite.js';
export type { OpCheck } from './verify/check-op.js';
export { classifier, type Classifier, type ClassifierOptions, type Scores } from './tasks/classifier.js';
export { tagger, type Tagger, type TaggerOptions } from './tasks/tagger.js';
export { regressor, type Regressor, type RegressorOptions } from './tasks/regressor.js';
export {
  encoderDecoder,
  type EncoderDecoder,
  type EncoderDecoderFields,
  type EncoderDecoderOptions,
} from './tasks/encoder-decoder.js';
export type { DecodingModel, EncodedSource } from './tasks/decoding.js';
export { captioner, type Captioner, type CaptionerOptions } from './tasks/captioner.js';
export type { Decoded, DecoderSource } from './tasks/decoder-parts.js';
export type { PredictingModel } from './tasks/predicting.js';

// Tokenizers, records and data sets.
export { characters, type CharactersOptions } from './text/tokenizers/characters.js';
export { registerTokenizer, tokenizerFromJSON, type TokenizerFromJSON } from './text/tokenizers/registry.js';
export type { Tokenizer, TokenizerJSON } from './text/tokenizers/tokenizer.js';
export { words, type WordsOptions } from './text/tokenizers/words.js';
export type { BucketSize, Buckets } from './data/buckets.js';
export type { Column, EncodedValue } from './data/column.js';
export {
  dataset,
  predictionBatches,
  type ColumnFields,
  type Dataset,
  type DatasetOptions,
  type PredictionBatch,
} from './data/dataset.js';
export { classes, tags } from './data/label-columns.js';
export { labels, type Labels } from './data/labels.js';
export {
  features,
  grid,
  image,
  numbers,
  vector,
  type FeaturesOptions,
  type GridOptions,
  type ImageOptions,
  type NumbersOptions,
} from './data/number-columns.js';
export { records, type Records, type Split, type SplitOptions } from './data/records.js';
export { slidingWindows, type SlidingWindows, type SlidingWindowsOptions } from './data/sliding-windows.js';
export { restored, standardized, statsOf, type Normalize, type Stats } from './data/stats.js';
export {
  sourceTokens,
  targetTokens,
  tokens,
  type TargetTokensOptions,
  type TokensOptions,
} from './data/token-columns.js';

// Language models and generation.
export { beam, greedy, sample, type BeamMethod, type Method, type SampleMethod } from './generate/methods.js';
export type {
  BeginContext,
  Conditions,
  GenerationStart,
  GenerationStep,
  GenerativeModel,
  StepContext,
  WrittenSymbols,
} from './generate/model.js';
export { SequenceGenerator } from './generate/generator.js';
export type { Generated, GenerateOptions } from './generate/options.js';
export type { Generating, GeneratingModel } from './train/model.js';
export {
  LanguageModel,
  languageModel,
  languageModelKind,
  type LanguageModelConfig,
  type LanguageModelOptions,
} from './text/language-model.js';
export { tokenText } from './text/token-text.js';
export { evaluateGenerated, type GeneratedMeasures, type WantedText } from './tasks/generated-measures.js';
