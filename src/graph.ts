/**
 * The package `unrolled/graph`, for graphs, models and programs of your own: the graph builder, the
 * ops, differentiation, compiling and printing; the parts of the library's own models and graphs;
 * and lists that a form or a command offers its user, such as the names of cells.
 */
// Graphs
export { LEGEND } from './core/notation.js';
export { Random, STREAM } from './core/random.js';
export { chooseDevice, type ChooseDeviceOptions, type DeviceChoice } from './device/choose.js';
export type { Probe } from './device/faster.js';
export { TUNE_MODES, type TuneMode, type TuningEvent } from './device/tuning/modes.js';
export type { TuningStore } from './device/tuning/record.js';
export { planTargetOf } from './device/plan-target.js';
export { ops } from './ops/index.js';
export type { Chains, PlannedCall } from './plan/chains.js';
export { compile, compileLoaded, type ChainPlanner, type Plan } from './plan/compile.js';
export {
  CPU_ADAPTERS,
  type DeviceCounts,
  type KernelTime,
  type Memory,
  type Program,
  type Reports,
} from './plan/device.js';
export { differentiate } from './plan/differentiate.js';
export { loadOp, loadOps, type LoadedOp, type Op } from './plan/op.js';
export { PRODUCT_PRECISIONS } from './plan/target.js';
export { GraphBuilder, type Graph } from './plan/graph.js';
export { formatBytes, printPlan, summarize, type PlanSummary } from './plan/print.js';
export { samplingGraph } from './text/sampler.js';
export { evaluationGraph, trainingGraph } from './train/training-graph.js';

// Models and sources
export { describe, messageOf } from './core/errors.js';
export { VERSION } from './core/version.js';
export type { ShapedArray } from './io/gate-blocks.js';
export { cellOfRows } from './layers/cell-of-weights.js';
export { foreignNames } from './layers/match-names.js';
export { CHAR_MODEL_NAMES } from './layers/module-names.js';
export { ParameterLayout, type ParameterSpec } from './layers/parameters.js';
export type { NamedArrays } from './layers/recurrent-layers-options.js';
export type { LayerTrace } from './layers/trace.js';
export type { FieldSyms } from './nn/define-model.js';
export { LossTerm } from './nn/losses.js';
export type { Module, ModuleParameter } from './nn/module.js';
export type { AttentionKind } from './nn/modules.js';
export type { RecurrentResult } from './nn/recurrent.js';
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
export { checkFits } from './train/device-limits.js';
export type { NamedGroup, ParameterSelector } from './train/parameter-groups.js';
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
export { replacedSentence } from './train/replaced-variants.js';
export type { Examination } from './train/source.js';
export type { TrainerConfig } from './train/trainer-options.js';

// Choices
export { LARGEST_SEED } from './core/options.js';
export { FEATURES } from './inspect/features.js';
export { NONLINEARITIES, RESETS } from './cells/cell-facts.js';
export { CELLS, FACTS, GATES, hasRecurrentWeights } from './cells/facts.js';
export { MERGES, type Merge } from './layers/merge-directions.js';
export { ATTENTIONS } from './nn/modules.js';
export { CHAR_MODEL_DEFAULTS } from './text/char-model.js';
export { OPTIMIZER_KINDS } from './train/optimizers.js';
export { DECODER_ATTENTIONS } from './tasks/attention.js';
export { CONTEXTS, SUMMARIES } from './tasks/bridge.js';
export { INJECTS } from './tasks/captioner.js';
export { POOLINGS } from './tasks/reader.js';
export { SCHEDULE_KINDS } from './train/schedules.js';
export { SAMPLINGS } from './train/trainer-options.js';

// Recipes: presets, and options that replace parts of them
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
} from './recipe/apply-changes.js';
export { madeParts, madeRecords, type MadePlace } from './recipe/made-records.js';
export {
  partsOfText,
  taskTrainingData,
  textTrainingData,
  type TrainingData,
  type Shard,
} from './recipe/training-data.js';
export { PRESET_NAMES, TASK_PRESET } from './recipe/presets.js';
export {
  TASK_PRESETS,
  type PresetData,
  type PresetModel,
  type PresetTraining,
  type TaskPreset,
} from './recipe/task-presets.js';
export { keptSetup, openSetup, setupOfKept, TASKS, type KeptSetup } from './recipe/tasks/index.js';
export { DEFAULT_HIDDEN, RECORDS_PRESET } from './recipe/tasks/preset.js';
export {
  IMAGE_READINGS,
  TASK_NAMES,
  type AttentionMap,
  type ImageReading,
  type LearntTask,
  type OpenTask,
  type Prediction,
  type TaskEvaluateOptions,
  type TaskEvaluation,
  type TaskKind,
  type TaskLayers,
  type TaskName,
  type TaskOptions,
  type TaskPredictOptions,
  type TaskRunner,
  type TaskSetup,
  type TokensChoice,
} from './recipe/tasks/task.js';
export { bpeOfText } from './recipe/tasks/texts.js';
export { StepMeter, type MeterLine } from './recipe/step-meter.js';
export { nextMultiple, trainSegment, type TrainingSegment } from './recipe/train-segment.js';
export { exceededLimit } from './train/device-limits.js';

// One run over several workers
export type { Contribution, Exchange, SpreadModel, Terms } from './spread/exchange.js';
export { outerStep, readOuter, type OuterOptions } from './spread/outer-step.js';
export type { Patience } from './spread/round.js';
export { SpreadWorker, type RoundReport, type SpreadOptions, type SpreadState } from './spread/worker.js';

// Data sets and generation, for columns, tokenizers and generative models of your own
export type { BucketSize, Buckets } from './data/buckets.js';
export type { Column, ColumnJSON, EncodedValue } from './data/column.js';
export type { FileSource } from './data/files/data-file.js';
export { readFeatureRows, type FeatureRows } from './data/files/feature-rows.js';
export type { IdxImage } from './data/files/idx.js';
export type { PngFiles, PngOptions } from './data/files/png-folder.js';
export type { PngImage } from './data/files/png.js';
export type { ConllOptions, TaggedTokens } from './data/files/conll.js';
export type { JsonLinesOptions } from './data/files/json-lines.js';
export type { CsvOptions, TsvOptions } from './data/files/tables.js';
export { columnFromJSON } from './data/column-json.js';
export { predictionBatches, type ColumnFields, type PredictionBatch } from './data/dataset.js';
export {
  lookAt,
  SYMBOL_KINDS,
  type ColumnLook,
  type LengthSummary,
  type LookOptions,
  type RecordsLook,
  type UnknownSummary,
} from './data/look-at-records.js';
export type {
  FeaturesOptions,
  GridOptions,
  ImageOptions,
  NumbersOptions,
  StepsOptions,
} from './data/number-columns.js';
export type { Split, SplitOptions } from './data/records.js';
export { renamed, type RenamedFields } from './data/renamed-column.js';
export { restored, standardized, statsOf, type Normalize } from './data/stats.js';
export type { TargetTokensOptions, TokensOptions } from './data/token-columns.js';
export { SequenceGenerator } from './generate/generator.js';
export type { BeamMethod, SampleMethod } from './generate/methods.js';
export type { Hypothesis, SearchSteps } from './generate/results.js';
export type {
  BeginContext,
  Conditions,
  GenerationDefaults,
  GenerationStart,
  GenerationStep,
  GenerativeModel,
  StepContext,
  WrittenSymbols,
} from './generate/model.js';
export type { Decoded, DecoderSource } from './tasks/decoder-parts.js';
export type { DecodingModel, EncodedSource } from './tasks/decoding.js';
export type { EncoderDecoderFields } from './tasks/encoder-decoder.js';
export type { ImageInput } from './tasks/image-encoder.js';
export type { FeaturesInput, ImagesInput, ReaderInput } from './tasks/reader.js';
export type { Numbers } from './tasks/source-reader.js';
export type { SymbolInput } from './tasks/symbols.js';
export { captionerKind } from './tasks/captioner.js';
export { classifierKind } from './tasks/classifier.js';
export { encoderDecoderKind } from './tasks/encoder-decoder.js';
export type { PredictingModel } from './tasks/predicting.js';
export { regressorKind } from './tasks/regressor.js';
export { taggerKind } from './tasks/tagger.js';
export type { Reading } from './train/record-reading.js';
export type { PredictionSource, Scale } from './train/source.js';
export { languageModelKind, type LanguageModelConfig } from './text/language-model.js';
export { registerTokenizer, tokenizerFromJSON, type TokenizerFromJSON } from './text/tokenizers/registry.js';
export type { TokenizerJSON } from './text/tokenizers/tokenizer.js';
export type { Generating, GeneratingModel } from './train/model.js';

// Metrics, and made-up records
export { bleu, bleuCounts, bleuOfCounts, type BleuCounts, type BleuPair } from './data/metrics/bleu.js';
export {
  accuracy,
  classScores,
  confusionTable,
  type ClassScore,
  type ClassScores,
} from './data/metrics/classification.js';
export {
  confusionMeasure,
  perplexityMeasure,
  ratioMeasure,
  regressionMeasures,
  sequenceMeasures,
} from './data/metrics/measures.js';
export { meanAbsoluteError, meanSquaredError, rootMeanSquaredError } from './data/metrics/regression.js';
export {
  editDistance,
  editRate,
  exactMatch,
  type SequencePair,
  type Symbols,
} from './data/metrics/sequences.js';
export {
  recordsToTensors,
  recordsToText,
  WRITTEN_FORMATS,
  type WrittenFormat,
} from './data/files/write-records.js';
export { toys } from './data/toys/index.js';
export type { MadeData, MadeOptions, MadePartsOptions, MadeTask } from './data/toys/catalogue.js';
export type {
  BatchMeasures,
  Evaluated,
  Measure,
  MeasureResults,
  Table,
} from './train/evaluation-measures.js';

export { ValidationError } from './core/errors.js';
export { bitsOf, perplexityOf } from './train/evaluation-measures.js';
export { FileError } from './io/file-error.js';
export { fromKeras, toKeras } from './io/keras.js';
export {
  hyperParameterRecords,
  scalarRecord,
  sessionEndRecord,
  textRecord,
  versionRecord,
  type EventTime,
  type HyperParameter,
} from './io/tensorboard.js';
export { scoreUnits } from './inspect/scores.js';
export { torchDefault } from './layers/initializers.js';
export { describeMatch, matchNames, packMatched } from './layers/match-names.js';
export { hasEmbedding, startingFrom } from './recipe/starting-weights.js';
export { bundledTexts } from './text/bundled.js';
export { taskModel, CharModel } from './text/char-model.js';
export { charModelToOnnx, languageModelToOnnx, layersToOnnx } from './text/onnx.js';
export { copyMemory } from './text/synthetic/copy-memory.js';
export { syntheticLanguages } from './text/synthetic/index.js';
export { parametersOnDevice } from './layers/parameters-on-device.js';
export { ForeignFileError } from './train/checkpoint.js';
export { EarlyStopping } from './train/early-stopping.js';
export { Evaluator } from './train/evaluate.js';
export { scheduleOfLength } from './train/schedules.js';
export { evaluateGenerated } from './tasks/generated-measures.js';
export { TASK_KINDS } from './tasks/kinds.js';
export { tokenText } from './text/token-text.js';
export { predictionSource } from './data/dataset.js';

// Inside any model, and models of tasks in ONNX
export { encoderDecoderToOnnx, type EncoderDecoderOnnx } from './tasks/onnx/encoder-decoder.js';
export { readerToOnnx } from './tasks/onnx/readers.js';
export {
  ModelInspector,
  type ChosenOutput,
  type InputConnectivity,
  type ModelInspection,
} from './inspect/model-inspector.js';
export type { LayerInspection } from './inspect/layer-inspection.js';

// Types that the signatures above name
export type { CellFacts, CellSettings } from './cells/cell-facts.js';
export type { CellKind, CommonCell } from './cells/facts.js';
export type { DeviceArray, NumberArray, Precision } from './core/arrays.js';
export type { OperandReader } from './core/half.js';
export type { Joined, RowSource } from './data/dataset.js';
export type { AddingOptions } from './data/toys/adding.js';
export type { AdditionOptions } from './data/toys/addition.js';
export type { CopyMemoryRecordOptions } from './data/toys/copy-memory.js';
export type { DyckOptions } from './data/toys/dyck.js';
export type { MorseMessage, MorseOfOptions, MorseOptions, MorseSound } from './data/toys/morse.js';
export type { MovingShapesOptions } from './data/toys/moving-shapes.js';
export type { NumberWordsOptions } from './data/toys/number-words.js';
export type { OccurrencesOptions } from './data/toys/occurrences.js';
export type { ToyOptions } from './data/toys/options.js';
export type { Scene, ScenesOptions } from './data/toys/scenes.js';
export type { Sensors } from './data/toys/sensors.js';
export type { Pair, StringsOptions } from './data/toys/strings.js';
export type { TemporalOrderOptions } from './data/toys/temporal-order.js';
export type { ModuleNames } from './layers/module-names.js';
export type { StackContext, StackInspection } from './layers/stack.js';
export type { ScopeContext } from './nn/define-model.js';
export type { Scope } from './nn/scope.js';
export type { PlannedLaunch } from './plan/compile.js';
export type { Feeds } from './plan/device.js';
export type { DifferentiateOptions } from './plan/differentiate.js';
export type { Call } from './plan/graph.js';
export type { Binding, BoundTensor, Constants, Kernel, Launch, VariantChoice } from './plan/kernel.js';
export type { BufferAssignment, SharedBuffer } from './plan/lifetimes.js';
export type { NativeArgument, NativeCall } from './plan/native.js';
export type {
  ChainCall,
  Chaining,
  ChainLaunch,
  ChainPlace,
  ChainPlan,
  ChainRequest,
  ChainTensor,
  OpChains,
} from './plan/chaining.js';
export type {
  Arrays,
  LoadedOps,
  Halves,
  NativePlanners,
  OpImplementation,
  OpRegistry,
  Planners,
  Reference,
  References,
  RoundedTensors,
  TensorContract,
  TensorRole,
} from './plan/op.js';
export type { Fill, OpCase } from './plan/op-case.js';
export type { Attributes, NativePlanner, PlanRequest, Planner } from './plan/planner.js';
export type { HalfOperands, HalfPrecision, PlanTarget, ProductPrecision } from './plan/target.js';
export type { Tensor, TensorKind } from './plan/tensor.js';
export type { LayersOptions } from './tasks/layers.js';
export type { ReaderFields, ReaderNames, TypedField } from './tasks/reader.js';
export type { WindowInputs } from './text/window-model.js';
export type { ExceededLimit } from './train/device-limits.js';
export type { Grouping } from './train/parameter-groups.js';
export type { DrawnFields } from './train/model.js';
export type { StepPart, TrainingGraphOptions } from './train/training-graph.js';
export type { TunedVariant } from './device/tuning/record.js';
export type { PlannedDevice } from './device/plan-target.js';
export type { MadeParts } from './recipe/made-records.js';
export type { StartingChanges } from './recipe/starting-weights.js';
