/** How a character is shown in a cell of its own: blanks must be seen. */
export function visible(symbol: string): string {
  switch (symbol) {
    case ' ':
      return '␣';
    case '\n':
      return '↵';
    case '\r':
      return '␍';
    case '\t':
      return '⇥';
    default:
      return symbol;
  }
}

/** How a character is named in a sentence. */
export function named(symbol: string): string {
  const names: Readonly<Record<string, string>> = {
    ' ': 'space',
    '\n': 'line end',
    '\r': 'carriage return',
    '\t': 'tab',
    '"': 'quotation mark',
    '“': 'opening quote',
    '”': 'closing quote',
  };
  return names[symbol] ?? `“${symbol}”`;
}

/** 0.83, −0.4 */
export function signed(value: number): string {
  const text = Math.abs(value).toFixed(2);
  return value < 0 && Number(text) !== 0 ? `−${text}` : text;
}

/** 41 % */
export function percent(probability: number): string {
  return probability >= 0.0995 || probability === 0 ? `${Math.round(100 * probability)} %` : `${Number((100 * probability).toPrecision(1))} %`;
}
