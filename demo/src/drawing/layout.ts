import type { Arrow, Column, RowName, StripLayout } from './layout-parts.js';
import { isPicture, type NetworkShape } from './shape.js';
import { ARROW, stackBoxes, up } from './stack-layout.js';
import { r } from './svg.js';

/** All sizes are in pixels. Height of the guesses above the cells, then of what is below. */
export const GUESS_HEIGHT = 62;
const ANSWER_ROW = 17;
const READ_HEIGHT = 24;
const TITLE = 17;
const BETWEEN = 64;
const PICTURE = 132;
const PAD = 6;
/** Width for names of rows at the left, if the drawing is wide enough. */
const GUTTER = 76;
const WIDE = 520;
/** Largest number of columns, the preferred number, and their widths. */
const MOST_COLUMNS = 24;
const LEAST_COLUMNS = 8;
const COLUMN = { least: 35, wanted: 48, most: 84 };
/**
 * Width of a source's column, and the least one. A source has no guesses, so its columns may be
 * narrow and it is shown whole; a long one, such as the frames of a sound, has the least width.
 */
const SOURCE_COLUMN = { wanted: 17, least: 9 };
/** Guesses per step. */
export const MOST_GUESSES = 5;
/** Width of a character. */
const CHARACTER = 7.4;

/** What a layout depends on besides the shape. */
export interface StripSize {
  /** Pixels. */
  readonly width: number;
  /** T of the stack, and of the encoder. */
  readonly steps: number;
  readonly sourceSteps: number;
  /** A step that must be visible. */
  readonly current: number;
  /** Characters of the longest symbol that is read. */
  readonly longest?: number;
}

/**
 * Lays out a strip, from the inputs at the bottom to the answers at the top. A source is below the
 * stack that writes. If there are more steps than fit, those around the current one are shown.
 */
export function layOut(shape: NetworkShape, size: StripSize): StripLayout {
  const { stack, encoder, answers, attention = false } = shape;
  const { width } = size;
  const gutter = width >= WIDE ? GUTTER : 0;
  const title = gutter > 0 ? 0 : TITLE;
  const names: RowName[] = [];
  const name = (row: RowName['row'], top: number, height: number): void =>
    void names.push({ row, x: 0, y: gutter > 0 ? top + height / 2 + 4 : top - 5 });

  const wanted = Math.max(COLUMN.wanted, (size.longest ?? 1) * CHARACTER + 10);
  const { columns, columnWidth } = columnsOf(width - gutter, gutter, size.steps, size.current, {
    ...COLUMN,
    wanted: Math.min(COLUMN.most, wanted),
    joined: stack.pyramidal ? 2 ** (stack.layers - 1) : 1,
  });
  let y = title + PAD;
  const guessY = y;
  const guessHeight = answers === 'each' ? GUESS_HEIGHT : MOST_GUESSES * ANSWER_ROW;
  name(answers === 'each' ? 'guesses' : 'answer', y, guessHeight);
  y += guessHeight + ARROW + title;
  const upper = stackBoxes('stack', stack, columns, columnWidth, y);
  name('memory', y, upper.height);
  y += upper.height + ARROW + title;
  name('reads', y, READ_HEIGHT);
  const readY = y + 17;
  y += READ_HEIGHT;

  const arrows = [...upper.arrows];
  const gradients = [...upper.gradients];
  let boxes = upper.boxes;
  let source: { columns: readonly Column[]; columnWidth: number } = { columns: [], columnWidth: 0 };
  let grid = upper.grid;
  let attentionY: StripLayout['attentionY'];
  let picture: StripLayout['picture'];
  let sourceReadY = y;
  for (const { x } of columns) arrows.push(up(x, y - READ_HEIGHT - 1, upper.bottom));
  const answered = answers === 'each' ? columns : columns.filter(({ step }) => step === size.steps - 1);
  for (const { x } of answered) arrows.push(up(x, upper.top, guessY + guessHeight + 2));

  if (encoder) {
    const stackBottom = y;
    y += BETWEEN + title;
    if (isPicture(encoder)) {
      picture = { x: gutter + Math.max(0, (Math.min(width - gutter, 480) - PICTURE) / 2), y, size: PICTURE };
      name('picture', y, PICTURE);
      const each = PICTURE / encoder.columns;
      source = {
        columns: Array.from({ length: encoder.rows * encoder.columns }, (_, step) => ({
          step,
          x: (picture?.x ?? 0) + ((step % encoder.columns) + 0.5) * each,
        })),
        columnWidth: each,
      };
      attentionY = attention ? { to: stackBottom + 2, from: y - 2 } : undefined;
      if (!attention && columns.length > 0)
        arrows.push(summary(picture.x + PICTURE / 2, y - 2, columns[0].x, stackBottom + 2));
      y += PICTURE;
    } else {
      const fitting = (width - gutter) / size.sourceSteps;
      const narrow = Math.max(SOURCE_COLUMN.least, Math.min(SOURCE_COLUMN.wanted, fitting));
      source = columnsOf(width - gutter, gutter, size.sourceSteps, 0, {
        least: narrow,
        wanted: narrow,
        most: COLUMN.most,
        joined: encoder.pyramidal ? 2 ** (encoder.layers - 1) : 1,
      });
      const lower = stackBoxes('encoder', encoder, source.columns, source.columnWidth, y);
      name('memory', y, lower.height);
      boxes = [...boxes, ...lower.boxes];
      arrows.push(...lower.arrows);
      gradients.push(...lower.gradients);
      grid = lower.grid;
      attentionY = attention ? { to: stackBottom + 2, from: lower.top - 2 } : undefined;
      const last = lower.boxes.filter(({ layer }) => layer === encoder.layers - 1).at(-1);
      if (!attention && last && columns.length > 0)
        arrows.push(summary(last.x + last.width / 2, lower.top - 2, columns[0].x, stackBottom + 2));
      y += lower.height + ARROW + title;
      name('source', y, READ_HEIGHT);
      for (const { x } of source.columns) arrows.push(up(x, y - 1, lower.bottom));
      sourceReadY = y + 17;
      y += READ_HEIGHT;
    }
  }
  const weightsY = y + PAD;
  return {
    width,
    height: weightsY + 10,
    columns,
    columnWidth,
    sourceColumns: source.columns,
    sourceColumnWidth: source.columnWidth,
    boxes,
    arrows,
    gradients,
    names,
    grids: { stack: upper.grid, encoder: grid },
    guessY,
    readY,
    sourceReadY,
    attentionY,
    picture,
    weightsY,
  };
}

/** Returns the columns of the visible steps, as wide as fits. */
function columnsOf(
  room: number,
  left: number,
  steps: number,
  current: number,
  { least, wanted, most, joined }: { least: number; wanted: number; most: number; joined: number },
): { readonly columns: readonly Column[]; readonly columnWidth: number } {
  const fitting = Math.max(1, Math.floor(room / wanted));
  const few = Math.max(1, Math.min(LEAST_COLUMNS, Math.floor(room / least)));
  const limit = wanted === least ? fitting : Math.min(MOST_COLUMNS, Math.max(few, fitting));
  const shown = Math.min(steps, limit);
  const columnWidth = Math.min(most, room / Math.max(1, shown));
  const middle = current - Math.floor(shown / 2);
  const first = Math.max(0, Math.min(steps - shown, Math.floor(middle / joined) * joined));
  return {
    columns: Array.from({ length: shown }, (_, i) => ({
      step: first + i,
      x: left + (i + 0.5) * columnWidth,
    })),
    columnWidth,
  };
}

function summary(x1: number, y1: number, x2: number, y2: number): Arrow {
  const middle = r((y1 + y2) / 2);
  return {
    kind: 'summary',
    path: `M${r(x1)} ${r(y1)}C${r(x1)} ${middle} ${r(x2)} ${middle} ${r(x2)} ${r(y2)}m-4 5l4 -5l4 5`,
  };
}
