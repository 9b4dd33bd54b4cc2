/** A property of a text that has a value at each symbol and that a person can see. */
export interface Feature {
  readonly name: string;
  /** Meaning of its values, as a phrase. */
  readonly about: string;
  /** The values, one for each symbol: [T]. */
  values(symbols: readonly string[]): Float32Array;
}

const OPENING = '([{<（【《「『〈〔';
const CLOSING = ')]}>）】》」』〉〕';
/** Quotation marks with different ends. Marks that are also brackets count as brackets. */
const OPENING_QUOTES = '“«';
const CLOSING_QUOTES = '”»';
const STRAIGHT_QUOTE = '"';

/**
 * A web address: its beginning, then any symbols but blanks, quotation marks and angle brackets.
 */
const ADDRESS = /(?:https?:\/\/|www\.)[^\s"<>“”«»]+/giu;

const isWord = (symbol: string | undefined): boolean =>
  symbol !== undefined && /^[\p{L}\p{M}\p{N}_]$/u.test(symbol);
const isBlank = (symbol: string): boolean => symbol === ' ' || symbol === '\t' || symbol === '\u3000';
/**
 * Whether a script has no blanks between words, so that its letters do not show where a word ends.
 */
const hasNoBlanks = (symbol: string): boolean =>
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]$/u.test(symbol);

/**
 * The features that units are compared with. The value at symbol t depends on symbols 0 to t, but
 * for `word end` and `URL` also on later symbols.
 */
export const FEATURES: readonly Feature[] = [
  {
    name: 'position in line',
    about: 'symbols since the line began',
    values: walk((count, symbol) => (symbol === '\n' ? 0 : count + 1)),
  },
  { name: 'indentation', about: 'blanks that the line begins with', values: indentation },
  {
    name: 'position in word',
    about: 'letters since the word began, 0 between words',
    values: walk((count, symbol) => (isWord(symbol) && !hasNoBlanks(symbol) ? count + 1 : 0)),
  },
  { name: 'word end', about: '1 at the last letter of a word', values: wordEnds },
  {
    name: 'between words',
    about: '1 at blanks and punctuation',
    values: (symbols) => Float32Array.from(symbols, (symbol) => (isWord(symbol) ? 0 : 1)),
  },
  {
    name: 'capital letter',
    about: '1 at a capital letter',
    values: (symbols) => Float32Array.from(symbols, (symbol) => (/^\p{Lu}$/u.test(symbol) ? 1 : 0)),
  },
  { name: 'inside quotes', about: '1 from an opening to its closing quotation mark', values: insideQuotes },
  {
    name: 'inside brackets',
    about: '1 while a bracket is open',
    values: (symbols) => bracketDepth(symbols).map((depth) => Math.min(1, depth)),
  },
  { name: 'bracket depth', about: 'brackets that are open', values: bracketDepth },
  { name: 'URL', about: '1 inside a web address', values: insideAddress },
];

/**
 * A feature whose value follows from the previous value and the symbol; it is 0 before the first.
 */
function walk(next: (before: number, symbol: string) => number): Feature['values'] {
  return (symbols) => {
    let value = 0;
    return Float32Array.from(symbols, (symbol) => (value = next(value, symbol)));
  };
}

function indentation(symbols: readonly string[]): Float32Array {
  let [width, counting] = [0, true];
  return Float32Array.from(symbols, (symbol) => {
    if (symbol === '\n') [width, counting] = [0, true];
    else if (counting && isBlank(symbol)) width++;
    else counting = false;
    return width;
  });
}

function wordEnds(symbols: readonly string[]): Float32Array {
  return Float32Array.from(symbols, (symbol, t) =>
    isWord(symbol) && !hasNoBlanks(symbol) && t + 1 < symbols.length && !isWord(symbols[t + 1]) ? 1 : 0,
  );
}

/** An empty line closes an open quotation. An apostrophe is no quotation mark. */
function insideQuotes(symbols: readonly string[]): Float32Array {
  let inside = 0;
  return Float32Array.from(symbols, (symbol, t) => {
    if (symbol === STRAIGHT_QUOTE) inside = 1 - inside;
    else if (OPENING_QUOTES.includes(symbol)) inside = 1;
    else if (CLOSING_QUOTES.includes(symbol) || (symbol === '\n' && symbols[t - 1] === '\n')) inside = 0;
    return inside;
  });
}

/**
 * A closing bracket without an opening one is ignored; `<` before a blank, `=` or the end is no
 * bracket.
 */
function bracketDepth(symbols: readonly string[]): Float32Array {
  const open: string[] = [];
  return Float32Array.from(symbols, (symbol, t) => {
    const opening = OPENING.indexOf(symbol);
    const closing = CLOSING.indexOf(symbol);
    const comparison =
      symbol === '<' && (symbols[t + 1] === undefined || isBlank(symbols[t + 1]) || symbols[t + 1] === '=');
    if (opening >= 0 && !comparison) open.push(CLOSING[opening]);
    else if (closing >= 0 && open.includes(symbol)) open.length = open.lastIndexOf(symbol);
    return open.length;
  });
}

function insideAddress(symbols: readonly string[]): Float32Array {
  const values = new Float32Array(symbols.length);
  const starts: number[] = [];
  let length = 0;
  for (const symbol of symbols) {
    starts.push(length);
    length += symbol.length;
  }
  for (const { 0: address, index } of symbols.join('').matchAll(ADDRESS)) {
    // Punctuation at the end of an address belongs to the sentence.
    const end = index + address.replace(/[.,;:!?)\]}']+$/u, '').length;
    for (let t = 0; t < symbols.length; t++) if (starts[t] >= index && starts[t] < end) values[t] = 1;
  }
  return values;
}
