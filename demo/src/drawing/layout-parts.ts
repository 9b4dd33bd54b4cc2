/** The parts of a strip in pixels: `layOut` returns them and the views draw them. */

/** `stack` writes or answers; `encoder` reads a source before it. */
export type Part = 'stack' | 'encoder';

/** A step's column. */
export interface Column {
  readonly step: number;
  /** Its centre. */
  readonly x: number;
}

/** A cell at one step: layer, direction and step of the layer, all counted from 0. */
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

/** The arrow of a gradient from a step to the step before it. */
export interface GradientArrow {
  readonly part: Part;
  readonly layer: number;
  readonly direction: 0 | 1;
  /** The step that it points at, whose norm is its width. */
  readonly step: number;
  readonly state: 'h' | 'c';
  /** From x1 to x2 at height y. */
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
  readonly row: 'guesses' | 'answer' | 'memory' | 'reads' | 'picture' | 'source';
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
  /** Top of the guesses, and baselines of the symbols that are read. */
  readonly guessY: number;
  readonly readY: number;
  readonly sourceReadY: number;
  /** Where lines of attention end and begin. */
  readonly attentionY: { readonly to: number; readonly from: number } | undefined;
  readonly picture: { readonly x: number; readonly y: number; readonly size: number } | undefined;
  /** Top of the weights. */
  readonly weightsY: number;
}
