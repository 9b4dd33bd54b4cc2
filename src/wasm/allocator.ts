/** Addresses are multiples of this many bytes, like the binding offsets of a GPU. */
export const PLACE_ALIGNMENT = 256;

interface Gap {
  start: number;
  end: number;
}

/**
 * Allocates ranges of one growing memory. A freed range is joined with free neighbours and used
 * again; the smallest free range that fits is taken first.
 */
export class Allocator {
  readonly #gaps: Gap[] = [];
  readonly #sizes = new Map<number, number>();
  #end: number;

  /**
   * @param start first byte that may be allocated
   * @param grow grows the memory up to a byte, or throws
   */
  constructor(
    readonly start: number,
    readonly grow: (end: number) => void,
  ) {
    this.#end = start;
  }

  /** Number of allocated ranges. */
  get count(): number {
    return this.#sizes.size;
  }

  get bytes(): number {
    let sum = 0;
    for (const size of this.#sizes.values()) sum += size;
    return sum;
  }

  /** Allocates at least `bytes` and returns the address. The content is undefined. */
  allocate(bytes: number): number {
    const size = Math.max(1, Math.ceil(bytes / PLACE_ALIGNMENT)) * PLACE_ALIGNMENT;
    const fitting = this.#gaps.filter(({ start, end }) => end - start >= size);
    const best = fitting.sort((a, b) => a.end - a.start - (b.end - b.start))[0];
    let address: number;
    if (best) {
      address = best.start;
      best.start += size;
      if (best.start === best.end) this.#gaps.splice(this.#gaps.indexOf(best), 1);
    } else {
      // A gap at the end of the memory becomes the beginning of the new range.
      const last = this.#gaps.find(({ end }) => end === this.#end);
      address = last ? last.start : this.#end;
      this.grow(address + size);
      if (last) this.#gaps.splice(this.#gaps.indexOf(last), 1);
      this.#end = address + size;
    }
    this.#sizes.set(address, size);
    return address;
  }

  free(address: number): void {
    const size = this.#sizes.get(address);
    if (size === undefined) return;
    this.#sizes.delete(address);
    const gap = { start: address, end: address + size };
    const before = this.#gaps.find(({ end }) => end === gap.start);
    const after = this.#gaps.find(({ start }) => start === gap.end);
    for (const neighbour of [before, after])
      if (neighbour) {
        gap.start = Math.min(gap.start, neighbour.start);
        gap.end = Math.max(gap.end, neighbour.end);
        this.#gaps.splice(this.#gaps.indexOf(neighbour), 1);
      }
    this.#gaps.push(gap);
  }
}
