declare module 'virtual:novel' {
  /** The beginning of Moby-Dick, by Herman Melville: some hundred thousand characters. */
  export const text: string;
}
