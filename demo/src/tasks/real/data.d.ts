declare module 'virtual:real-data' {
  /** Whether this build has handwritten digits, and first names. */
  export const hasDigits: boolean;
  export const hasNames: boolean;
}

declare module 'virtual:real-digits' {
  /** Rows and columns of a picture. */
  export const side: number;
  /**
   * Base64 of all pictures, the classes in turn: two bits per pixel, row by row, the first pixel in
   * the lowest bits.
   */
  export const packed: string;
}

declare module 'virtual:real-names' {
  /** First names that belong to one class only. */
  export const names: Readonly<Record<'female' | 'male', readonly string[]>>;
}
