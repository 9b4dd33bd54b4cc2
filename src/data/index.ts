export { type Batcher, type BatcherState, type BatchOptions, createBatcher, type Window } from './batches.js';
export { type BundledText, bundledTexts } from './bundled.js';
export { Corpus, type CorpusParts, type IdsOptions } from './corpus.js';
export { type Ids, type IdSource } from './ids.js';
export { type TextOptions } from './read-text.js';
export { syntheticLanguages, type SyntheticLanguage } from './synthetic/index.js';
export { type Newlines } from './text-filter.js';
export { type Encoded, Vocabulary } from './vocabulary.js';
export { type Sampling } from './windows.js';
