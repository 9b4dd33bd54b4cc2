/** Consecutive characters; `to` is exclusive. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** A row of the overview that is on throughout a phrase: above zero (1) or below (−1). */
export interface LitRow {
  readonly row: number;
  readonly sign: 1 | -1;
}

/** A place where many of the same units are on. */
export interface Place extends Range {
  /** Mean share of them that are on. */
  readonly share: number;
}

/** The share of the scale from which a unit is on. */
export const ON = 0.3;
/** A unit that is on at more than this share of the text says nothing about a phrase. */
const EVERYWHERE = 0.6;
/** Least share of the units that must be on at another place. */
const ALIKE = 0.75;
const MOST_PLACES = 8;
const FULL = 127;

/**
 * Returns the units that are on throughout a phrase, but not nearly everywhere.
 * @param levels [rows,T] as in `UnitOverview.levels`
 * @param T number of characters
 */
export function unitsThroughout(levels: Int8Array, T: number, { from, to }: Range): readonly LitRow[] {
  const lit: LitRow[] = [];
  for (let row = 0; row < levels.length / T; row++) {
    const sign = signOf(levels[row * T + from]);
    if (sign === 0) continue;
    let t = from;
    while (t < to && signOf(levels[row * T + t]) === sign) t++;
    if (t < to) continue;
    let everywhere = 0;
    for (let at = 0; at < T; at++) if (signOf(levels[row * T + at]) === sign) everywhere++;
    if (everywhere <= EVERYWHERE * T) lit.push({ row, sign });
  }
  return lit;
}

/**
 * Returns other places where the same units are on: the most similar and longest first, at most
 * eight.
 */
export function otherPlaces(
  levels: Int8Array,
  T: number,
  rows: readonly LitRow[],
  phrase: Range,
): readonly Place[] {
  if (rows.length === 0) return [];
  const shares = Array.from({ length: T }, (_, t) => {
    if (t >= phrase.from && t < phrase.to) return 0;
    const on = rows.filter(({ row, sign }) => signOf(levels[row * T + t]) === sign);
    return on.length / rows.length;
  });
  const places: Place[] = [];
  for (let from = 0; from < T; from++) {
    if (shares[from] < ALIKE) continue;
    let to = from;
    while (to < T && shares[to] >= ALIKE) to++;
    const share = shares.slice(from, to).reduce((sum, one) => sum + one, 0) / (to - from);
    places.push({ from, to, share });
    from = to;
  }
  const length = phrase.to - phrase.from;
  const worth = ({ from, to, share }: Place): number => share * Math.min(length, to - from);
  return places.sort((a, b) => worth(b) - worth(a) || a.from - b.from).slice(0, MOST_PLACES);
}

function signOf(level: number): 1 | -1 | 0 {
  return level >= ON * FULL ? 1 : level <= -ON * FULL ? -1 : 0;
}
