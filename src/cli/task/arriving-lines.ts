/** Lines that arrived together. */
export type ArrivedLines = readonly string[];

/** Splits text that arrives in pieces into lines, without their ends. The last line may lack its end. */
export async function* arrivingLines(pieces: AsyncIterable<string>): AsyncGenerator<ArrivedLines, void> {
  let rest = '';
  for await (const piece of pieces) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines.map(withoutReturn);
  }
  if (rest !== '') yield [withoutReturn(rest)];
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
