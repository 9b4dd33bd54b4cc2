export { type BundledText, bundledTexts } from './bundled.js';
export { checkSameSymbols } from './check-source.js';
export { Corpus, type CorpusParts, type IdsOptions } from './corpus.js';
export { type Ids, type IdSource } from './ids.js';
export { type TextOptions } from './read-text.js';
export { copyMemory, type CopyMemoryOptions, type Task } from './synthetic/copy-memory.js';
export { syntheticLanguages, type SyntheticLanguage } from './synthetic/index.js';
export { type Newlines } from './text-filter.js';
export { type Encoded, Vocabulary } from './vocabulary.js';
export { type Sampling } from './windows.js';
export {
  type SymbolSource,
  WINDOW_FIELDS,
  type WindowBatch,
  type WindowedText,
  type WindowFields,
  WindowLoader,
  type WindowOptions,
} from './window-loader.js';
