import { Corpus, OptionError, type TextOptions } from '../../../../src/index.js';
import { bundledTexts, syntheticLanguages } from '../../../../src/graph.js';
import { engineSentence } from '../../host/answers.js';
import { textName } from '../names.js';
import type { RunFacts, TextChoice } from '../protocol.js';

/** Synthetic texts equal those of the command, so that checkpoints find their position in them. */
const SYNTHETIC = { characters: 100_000, seed: 1 };
/** Characters of a text that the page shows. */
const OPENING_CHARACTERS = 280;

/** A text that only the page has. It is fetched when it is chosen. */
export const NOVEL = { name: 'moby-dick', title: 'Moby-Dick; or, The Whale', language: 'en' } as const;

/** A text, read and decoded. */
export interface OpenedText {
  readonly corpus: Corpus;
  readonly facts: RunFacts['text'];
}

/**
 * Reads the chosen text.
 * @throws OptionError if none is chosen, DataError if it cannot be used
 */
export async function openText(choice: TextChoice, options: TextOptions): Promise<OpenedText> {
  const { corpus, title, language } = await readText(choice, options);
  const opening = await corpus.text(0, OPENING_CHARACTERS);
  return {
    corpus,
    facts: {
      title,
      ...(language === undefined ? {} : { language }),
      characters: corpus.length,
      symbols: corpus.vocabulary.size,
      alphabet: corpus.vocabulary.symbols,
      opening,
      warnings: await Promise.all(corpus.warnings.map(engineSentence)),
    },
  };
}

/** Reads the chosen text without the facts that the page shows of it. */
export async function readText(
  choice: TextChoice,
  options: TextOptions,
): Promise<{ corpus: Corpus; title: string; language?: string }> {
  switch (choice.kind) {
    case 'bundled': {
      if (choice.name === NOVEL.name) {
        const { text } = await import('virtual:novel');
        return { corpus: Corpus.fromText(text, options), title: NOVEL.title, language: NOVEL.language };
      }
      const found = Object.entries(bundledTexts).find(([name]) => name === choice.name)?.[1];
      if (!found)
        throw new OptionError(
          'text',
          choice.name,
          `one of ${[...Object.keys(bundledTexts), NOVEL.name].join(', ')}`,
        );
      const text = await found.text();
      return { corpus: Corpus.fromText(text, options), title: found.title, language: found.language };
    }
    case 'synthetic': {
      const found = syntheticLanguages.find(({ name }) => name === choice.name);
      if (!found)
        throw new OptionError(
          'text',
          choice.name,
          `one of ${syntheticLanguages.map(({ name }) => name).join(', ')}`,
        );
      return {
        corpus: Corpus.fromText(
          found.generate(SYNTHETIC.seed, options.limit ?? SYNTHETIC.characters),
          options,
        ),
        title: textName(found.name),
      };
    }
    case 'pasted':
      if (choice.text === '') throw new OptionError('pasted', choice.text, 'a text to learn');
      return { corpus: Corpus.fromText(choice.text, options), title: 'Your text' };
    case 'file':
      if (!choice.file) throw new OptionError('file', 'no file', 'a file to learn');
      return { corpus: await Corpus.fromBlob(choice.file, options), title: choice.file.name };
  }
}
