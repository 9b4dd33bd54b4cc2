import type { Corpus, Sizes } from '../../../../src/index.js';
import { FEATURES, type WindowBatch } from '../../../../src/graph.js';

/**
 * Characters of a stretch that the page chooses, and the range in which its first whole line may
 * begin.
 */
const STRETCH = 200;
const LINE_SEARCH = 120;
/** Number of positions that are tried for a stretch. */
const PLACES = 6;

/**
 * Returns about STRETCH characters from the beginning of a line. Of several positions, beginning at
 * `place` (0 to 1), it takes the one with the most readable features.
 */
export async function stretchOf(corpus: Corpus, place: number): Promise<string> {
  let [best, most] = ['', -1];
  for (let k = 0; k < PLACES; k++) {
    const text = await stretchAt(corpus, (place + k / PLACES) % 1);
    const symbols = Array.from(text);
    const readable = FEATURES.filter((feature) => new Set(feature.values(symbols)).size > 1).length;
    if (readable > most) [best, most] = [text, readable];
  }
  return best;
}

async function stretchAt(corpus: Corpus, place: number): Promise<string> {
  const start = Math.floor(Math.max(0, corpus.length - STRETCH - LINE_SEARCH) * place);
  const read = Array.from(await corpus.text(start, STRETCH + LINE_SEARCH));
  let from = start === 0 ? 0 : read.slice(0, LINE_SEARCH).indexOf('\n') + 1;
  while (read[from] === '\n' && from < read.length - STRETCH) from++;
  return read.slice(from, from + STRETCH).join('');
}

/**
 * Returns N passages of T characters from all over the text, in which only the last prediction
 * counts. The gradient at an earlier step then must have come back through time. In a training
 * window every step has a loss of its own, which hides that.
 */
export async function lastErrorWindow(corpus: Corpus, { N, T }: Sizes): Promise<WindowBatch> {
  const unknown = corpus.vocabulary.size;
  const [inputs, targets] = [new Uint32Array(T * N).fill(unknown), new Uint32Array(T * N).fill(unknown)];
  const room = Math.max(0, corpus.length - T - 1);
  for (let n = 0; n < N; n++) {
    const { ids } = corpus.vocabulary.encode(
      await corpus.text(Math.floor((room * n) / Math.max(1, N - 1)), T + 1),
    );
    const given = Math.min(T, ids.length - 1);
    // A text shorter than the window is aligned with the window's end.
    for (let t = 0; t < given; t++) inputs[(T - given + t) * N + n] = ids[t];
    targets[(T - 1) * N + n] = ids[given];
  }
  const arrays = { inputs, targets, keep: new Float32Array(N) };
  // As in training, the mean is over all targets of a window.
  return { arrays, sizes: { T, N }, count: T * N, epoch: 0, index: 0 };
}
