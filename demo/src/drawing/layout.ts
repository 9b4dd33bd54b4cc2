import { isPicture, type NetworkShape, type StackShape } from './shape.js';

/** Everything in pixels. Heights of what stands above and below the cells. */
export const GUESS_HEIGHT = 62;
const ANSWER_ROW = 17;
const ARROW = 16;
const READ_HEIGHT = 24;
const TITLE = 17;
const BETWEEN = 64;
const PICTURE = 132;
const PAD = 6;
/** Room for names of rows at the left, where the drawing is wide enough. */
const GUTTER = 76;
const WIDE = 520;
/** Columns: how many at most, how many if they fit, and how wide. */
const MOST_COLUMNS = 24;
const LEAST_COLUMNS = 8;
const COLUMN = { least: 35, wanted: 48, most: 84 };
/** A source is shown whole rather than with guesses: its columns may be narrow. */
const SOURCE_COLUMN = 17;
/** Units that are drawn of one place, and guesses of one step. */
export const MOST_UNITS = 64;
export const MOST_GUESSES = 5;
/** Pixels of a character, for the width of words. */
const CHARACTER = 7.4;

export type Part = 'stack' | 'encoder';

/** A step's column. */
export interface Column {
  readonly step: number;
  /** Its centre. */
  readonly x: number;
}

/** A cell at one step: layer, direction and step of the layer, all from 0. */
export interface Box {
  readonly part: Part;
  readonly layer: number;
  readonly direction: 0 | 1;
  readonly step: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** An arrow of the forward pass. */
export interface Arrow {
  /** Up through the layers, along time, two steps into one, or the summary of the source. */
  readonly kind: 'up' | 'along' | 'join' | 'summary';
  readonly path: string;
}

/** Where a gradient goes from one step to the one that was before it. */
export interface GradientArrow {
  readonly part: Part;
  readonly layer: number;
  readonly direction: 0 | 1;
  /** The step that it arrives at, whose norm is its width. */
  readonly step: number;
  readonly state: 'h' | 'c';
  /** From x1 to x2 at the height y. */
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
}

/** Places of units within a box. */
export interface UnitGrid {
  readonly shown: number;
  readonly columns: number;
  readonly size: number;
}

/** A name of a row. */
export interface RowName {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** The strip in pixels: see `layOut`. */
export interface StripLayout {
  readonly width: number;
  readonly height: number;
  readonly columns: readonly Column[];
  readonly columnWidth: number;
  readonly sourceColumns: readonly Column[];
  readonly sourceColumnWidth: number;
  readonly boxes: readonly Box[];
  readonly arrows: readonly Arrow[];
  readonly gradients: readonly GradientArrow[];
  readonly names: readonly RowName[];
  readonly grids: Readonly<Record<Part, UnitGrid>>;
  /** Top of the guesses, and baselines of what is read. */
  readonly guessY: number;
  readonly readY: number;
  readonly sourceReadY: number;
  /** Where lines of attention end and begin. */
  readonly attentionY: { readonly to: number; readonly from: number } | undefined;
  readonly picture: { readonly x: number; readonly y: number; readonly size: number } | undefined;
  /** The line below which the weights are. */
  readonly weightsY: number;
}

/** What a layout depends on, besides the shape. */
export interface StripSize {
  /** Pixels. */
  readonly width: number;
  /** T of the stack, and of the encoder. */
  readonly steps: number;
  readonly sourceSteps: number;
  /** A step that must be in sight. */
  readonly current: number;
  /** Characters of the longest symbol that is read. */
  readonly longest?: number;
}

/**
 * Lays a strip out, from what it reads at the bottom to what it answers at the top. A source is
 * below the stack that writes. Of more steps than there is room for, those around the current one
 * are shown.
 */
export function layOut(shape: NetworkShape, size: StripSize): StripLayout {
  const { stack, encoder, answers, attention = false } = shape;
  const { width } = size;
  const gutter = width >= WIDE ? GUTTER : 0;
  const title = gutter > 0 ? 0 : TITLE;
  const names: RowName[] = [];
  const name = (text: string, top: number, height: number): void =>
    void names.push({ text, x: 0, y: gutter > 0 ? top + height / 2 + 4 : top - 5 });

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
      source = columnsOf(width - gutter, gutter, size.sourceSteps, 0, {
        least: SOURCE_COLUMN,
        wanted: SOURCE_COLUMN,
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

/** Columns of the steps that are in sight, as wide as there is room. */
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

/** How the units of one place stand in its box. */
export function unitGrid(hidden: number, width: number): UnitGrid {
  const shown = Math.min(hidden, MOST_UNITS);
  const columns = shown <= 6 ? 1 : shown <= 16 ? 2 : shown <= 36 ? 4 : 8;
  return { shown, columns, size: Math.max(1, Math.min(14, Math.floor((4 * width) / columns) / 4)) };
}

interface StackLayout {
  readonly boxes: Box[];
  readonly arrows: Arrow[];
  readonly gradients: GradientArrow[];
  readonly grid: UnitGrid;
  readonly height: number;
  /** Upper edge of the last layer, lower edge of the first. */
  readonly top: number;
  readonly bottom: number;
}

function stackBoxes(
  part: Part,
  shape: StackShape,
  columns: readonly Column[],
  columnWidth: number,
  y: number,
): StackLayout {
  const { hidden, layers, directions, cell, pyramidal = false } = shape;
  const grid = unitGrid(hidden, Math.max(4, columnWidth * 0.66));
  const [width, inner] = [grid.columns * grid.size, Math.ceil(grid.shown / grid.columns) * grid.size];
  const belt = cell.states.includes('c') ? 12 : 0;
  const height = inner + belt;
  const layerHeight = directions * height + (directions - 1) * 8;
  const total = layers * layerHeight + (layers - 1) * ARROW;
  const boxes: Box[] = [];
  const arrows: Arrow[] = [];
  const gradients: GradientArrow[] = [];
  const [first, last] = [columns[0]?.step ?? 0, columns.at(-1)?.step ?? -1];
  for (let layer = 0; layer < layers; layer++) {
    const top = y + total - (layer + 1) * layerHeight - layer * ARROW;
    const span = pyramidal ? 2 ** layer : 1;
    const centre = (step: number): number => {
      const [from, to] = [step * span, Math.min(last, (step + 1) * span - 1)];
      return ((columns[from - first]?.x ?? 0) + (columns[to - first]?.x ?? 0)) / 2;
    };
    const steps = columns.length === 0 ? [] : range(Math.ceil(first / span), Math.floor(last / span));
    for (let d = 0; d < directions; d++) {
      const direction = d as 0 | 1;
      const boxTop = top + d * (height + 8) + belt;
      for (const [i, step] of steps.entries()) {
        const x = centre(step);
        boxes.push({ part, layer, direction, step, x: x - width / 2, y: boxTop, width, height: inner });
        if (i === 0) continue;
        const [left, right] = [centre(steps[i - 1]) + width / 2 + 1, x - width / 2 - 1];
        for (const state of cell.states.includes('c') ? (['c', 'h'] as const) : (['h'] as const)) {
          const at = state === 'c' ? boxTop - belt / 2 : boxTop + inner / 2;
          const [x1, x2] = state === 'c' ? [left - width / 2 + 3, right + width / 2 - 3] : [left, right];
          arrows.push({ kind: 'along', path: direction === 0 ? along(x1, x2, at) : along(x2, x1, at) });
          gradients.push({
            part,
            layer,
            direction,
            state,
            step: direction === 0 ? steps[i - 1] : step,
            // Against the direction of forward.
            ...(direction === 0 ? { x1: x2, x2: x1 } : { x1, x2 }),
            y: at,
          });
        }
      }
    }
    if (layer === 0) continue;
    const [from, to] = [top + layerHeight + ARROW, top + layerHeight];
    if (!pyramidal) for (const { x } of columns) arrows.push(up(x, from, to));
    else
      for (const step of steps) {
        const below = [2 * step, 2 * step + 1];
        const half = span / 2;
        for (const one of below) {
          const at = columns.filter(({ step: base }) => Math.floor(base / half) === one);
          if (at.length === 0) continue;
          const x = (at[0].x + at[at.length - 1].x) / 2;
          arrows.push({ kind: 'join', path: `M${r(x)} ${r(from)}L${r(centre(step))} ${r(to + 2)}` });
        }
      }
  }
  return { boxes, arrows, gradients, grid, height: total, top: y, bottom: y + total };
}

function range(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i);
}

/** Pixels with one digit behind the point. */
export function r(value: number): number {
  return Math.round(10 * value) / 10;
}

function up(x: number, from: number, to: number): Arrow {
  return {
    kind: 'up',
    path: `M${r(x)} ${r(from)}V${r(to + 2)}m-3 4l3 -4l3 4`,
  };
}

function along(x1: number, x2: number, y: number): string {
  const back = x2 > x1 ? -1 : 1;
  return `M${r(x1)} ${r(y)}H${r(x2)}m${4 * back} -3l${-4 * back} 3l${4 * back} 3`;
}

function summary(x1: number, y1: number, x2: number, y2: number): Arrow {
  const middle = r((y1 + y2) / 2);
  return {
    kind: 'summary',
    path: `M${r(x1)} ${r(y1)}C${r(x1)} ${middle} ${r(x2)} ${middle} ${r(x2)} ${r(y2)}m-4 5l4 -5l4 5`,
  };
}

/**
 * Width of a gradient's arrow in pixels: 10 for the largest that is shown, two less for each power
 * of ten below it. What is smaller than a ten-thousandth is 0, and drawn as dots.
 */
export function gradientWidth(norm: number, largest: number): number {
  if (!(norm > 0) || !(largest > 0)) return 0;
  const width = 10 + 2 * Math.log10(norm / largest);
  return width < 2 ? 0 : Math.min(10, width);
}
