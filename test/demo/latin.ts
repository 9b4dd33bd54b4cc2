import type { Page } from 'puppeteer';

/**
 * What is written in Latin letters in a Chinese page: names, kinds of cells, keys, units, formats,
 * identifiers, and words of a task's own language within quotes.
 */
const NAMES = [
  /“[^”]*”/, // words of texts, choices and commands
  /Karpathy(?: 的)? (?:min-)?char-rnn|min-char-rnn|Adam[W]?|Adagrad|RMSprop|SGD|PyTorch|MNIST/,
  /(?:min)?(?:RNN|LSTM|GRU)|relu|tanh|softmax|[Tt]op-k|copy-memory|epoch|aaabbb|aabbcc/,
  /GPU|CPU|WebGPU|WebAssembly|TensorFlow\.js|jax-js|JavaScript|Node|Chrome|Edge|Firefox|Safari|https/,
  /webgpu|cpu|reference|autostart=0|English/,
  /Enter|Escape|Shift|Ctrl/,
  /UTF-8|TSV|CSV|JSON(?: Lines)?|Markdown|GFLOP\/s|GB\/s|[KMG]i?B|kB|ms|ln/,
  /unrolled|The Lantern Keepers of Marrow Hill|d[LY]\/d[hc]/,
];
const ALL = new RegExp(NAMES.map(({ source }) => `(?:${source})`).join('|'), 'g');

/** Whether a text has Latin words that are no names. */
export function hasLatin(text: string): boolean {
  return /[A-Za-z]{2,}/.test(text.replace(ALL, ' '));
}

/** Attributes that people read or hear. */
const READ = ['aria-label', 'aria-description', 'aria-valuetext', 'placeholder', 'title', 'alt'] as const;

/**
 * All that can be seen or heard in the page, but for what a network reads and writes.
 * @param texts selectors of elements with texts that somebody has chosen or a network has written
 */
export async function seenIn(page: Page, texts: string): Promise<string[]> {
  return page.evaluate(
    (others, attributes) => {
      const found = [document.title];
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      const isOther = (element: Element): boolean =>
        element.closest(`script, style, noscript, code, pre, ${others}`) !== null;
      while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (element?.checkVisibility() && !isOther(element)) found.push(walker.currentNode.textContent ?? '');
      }
      for (const name of attributes)
        for (const element of document.querySelectorAll(`[${name}]`))
          if (!isOther(element)) found.push(element.getAttribute(name) ?? '');
      return found.map((text) => text.trim()).filter((text) => text !== '');
    },
    texts,
    READ,
  );
}
