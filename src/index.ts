/**
 * The package `unrolled`: devices, texts, models, training, generation, checkpoints and layers. The
 * package `unrolled/graph` (graph.ts) has the parts for graphs, models and programs of your own.
 */
// Errors and devices
export {
  DataError,
  DeviceError,
  DeviceLostError,
  FileFormatError,
  OptionError,
  OutOfMemoryError,
  ShapeError,
  UnrolledError,
} from './core/errors.js';
export { openDevice, type OpenDeviceOptions } from './device/open.js';
export type { Device, DeviceInfo } from './plan/device.js';

// Files, weights and looking into models
export { type KerasOptions } from './io/keras.js';
export {
  readSafetensors,
  writeSafetensors,
  type Safetensors,
  type SafetensorsTensor,
} from './io/safetensors.js';
export {
  Inspector,
  type Activations,
  type Candidate,
  type Connectivity,
  type ConnectivityOptions,
  type Inspection,
  type InspectOptions,
} from './inspect/inspector.js';
export { type Feature } from './inspect/features.js';
export { type ScoreOptions, type UnitScore } from './inspect/scores.js';
export { type Initializer } from './layers/initializers.js';
export { type LoadOptions, type MatchedNames, type NameMap } from './layers/match-names.js';
export type { StateDict } from './layers/parameters.js';
export { loadCheckpoint, readCheckpoint, type LoadCheckpointOptions } from './recipe/checkpoints.js';
export { type OnnxOptions } from './text/onnx.js';
export { type Checkpoint } from './train/checkpoint.js';
export { resumeTrainer, saveCheckpoint } from './train/save-checkpoint.js';

// Recurrent layers, and models of your own
export { RecurrentLayers } from './layers/recurrent-layers.js';
export type {
  RecurrentGradients,
  RecurrentLayersOptions,
  RecurrentOutput,
  WindowOptions,
} from './layers/recurrent-layers-options.js';
export { defineModel, type ModelDefinition } from './nn/define-model.js';
export { losses, type LossOptions, type RowLossOptions } from './nn/losses.js';
export { nn } from './nn/modules.js';
export type { RecurrentModuleOptions } from './nn/recurrent.js';

// Texts and character models
export { PRESETS, type Preset, type PresetName } from './recipe/presets.js';
export { type BundledText } from './text/bundled.js';
export { charModel, type CharModelConfig, type CharModelOptions } from './text/char-model.js';
export { Corpus, type CorpusParts, type IdsOptions } from './text/corpus.js';
export type { Ids, IdSource } from './text/ids.js';
export type { TextOptions } from './text/read-text.js';
export { Sampler, type SampleOptions } from './text/sampler.js';
export { type CopyMemoryOptions, type Task } from './text/synthetic/copy-memory.js';
export { type SyntheticLanguage } from './text/synthetic/index.js';
export type { Newlines } from './text/text-filter.js';
export { Vocabulary, type Encoded } from './text/vocabulary.js';
export type { Sampling } from './text/windows.js';

// Training
export type { Batch, Field, FieldArray, Fields, Sizes } from './train/batch.js';
export type { Evaluation } from './train/evaluate.js';
export type { GradientFlow, LayerFlow } from './train/gradient-flow.js';
export type { ParameterGroup } from './train/parameter-groups.js';
export type { StepReport } from './train/step-report.js';
export { adagrad, adam, adamw, rmsprop, sgd, type OptimizerSpec } from './train/optimizers.js';
export { constantRate, cosineDecay, stepDecay, type RateSchedule } from './train/schedules.js';
export type { EvaluateOptions, Loader, LoaderOptions, LoaderState, Source } from './train/source.js';
export type { OnVariantsReplaced, ReplacedVariant } from './train/replaced-variants.js';
export type { TrainerOptions } from './train/trainer-options.js';
export type { RunOptions } from './train/run-options.js';
export { Trainer } from './train/trainer.js';

// Models of sequences
export { classifier, type Classifier, type ClassifierOptions, type Scores } from './tasks/classifier.js';
export { tagger, type Tagger, type TaggerOptions } from './tasks/tagger.js';
export { regressor, type Regressor, type RegressorOptions } from './tasks/regressor.js';
export { captioner, type Captioner, type CaptionerOptions } from './tasks/captioner.js';
export { encoderDecoder, type EncoderDecoder, type EncoderDecoderOptions } from './tasks/encoder-decoder.js';
export { type GeneratedMeasures, type WantedText } from './tasks/generated-measures.js';
export type { PredictOptions } from './train/predict.js';
export { languageModel, type LanguageModel, type LanguageModelOptions } from './text/language-model.js';
export { beam, greedy, sample, type Method } from './generate/methods.js';
export type { Generated, GenerateOptions } from './generate/options.js';

// Tokenizers, records and data sets
export { bpe } from './text/tokenizers/bpe.js';
export { characters, type CharactersOptions } from './text/tokenizers/characters.js';
export type { Tokenizer } from './text/tokenizers/tokenizer.js';
export { words, type WordsOptions } from './text/tokenizers/words.js';
export { dataset, type Dataset, type DatasetOptions } from './data/dataset.js';
export { classes, tags } from './data/label-columns.js';
export { labels, type Labels } from './data/labels.js';
export { features, grid, image, numbers, vector } from './data/number-columns.js';
export { records, type Records } from './data/records.js';
export { slidingWindows, type SlidingWindows, type SlidingWindowsOptions } from './data/sliding-windows.js';
export type { Stats } from './data/stats.js';
export { sourceTokens, targetTokens, tokens } from './data/token-columns.js';

// Types that the signatures above name
export type { Dims } from './core/notation.js';
export type {
  GridField,
  ImageField,
  ImageStepsField,
  StepsField,
  VectorField,
} from './data/number-columns.js';
export type { IdField, RowField } from './data/token-columns.js';
export type { SafetensorsData, WritableTensor } from './io/safetensors.js';
export type { Refinements } from './layers/initializers.js';
export type { NamedArray } from './layers/named-arrays.js';
export type { StackOptions } from './layers/stack-options.js';
export type { DefinedModel } from './nn/define-model.js';
export type { ConvolutionOptions } from './nn/images.js';
export type { RecurrentArguments, RecurrentModule } from './nn/recurrent.js';
export type { CaptionerFields } from './tasks/captioner.js';
export type { ClassifierFields } from './tasks/classifier.js';
export type { ImageNumbers } from './tasks/feature-reader.js';
export type { TeacherForcing } from './tasks/forcing.js';
export type { Generates, OpenGenerator } from './tasks/generating.js';
export type { LabelNames } from './tasks/labels.js';
export type { RegressorFields } from './tasks/regressor.js';
export type { SourceOf } from './tasks/source-reader.js';
export type { TaggerFields } from './tasks/tagger.js';
export type { SourceText } from './tasks/written-symbols.js';
export type { NextSymbolModel } from './text/next-symbol-model.js';
export type { UnknownSymbols } from './text/vocabulary.js';
export type { CorpusWindowsOptions } from './text/window-loader.js';
export type { GeneratedOf, GeneratorOf, WriteOptionsOf } from './train/model.js';
export type { AdagradOptions, AdamOptions, RmspropOptions, SgdOptions } from './train/optimizers.js';
export type { PredictionOf } from './train/predict.js';
export type { TrainerProgress } from './train/trainer-progress.js';
export type { ResumeOptions } from './train/save-checkpoint.js';
export type { CosineOptions, StepDecayOptions, WarmupOptions } from './train/schedules.js';
export type { PrepareOptions } from './plan/device.js';
export type { Variants } from './plan/target.js';
