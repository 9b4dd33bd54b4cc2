import { Random, STREAM } from '../../../../src/graph.js';

/** Rules by which names of a class are generated. */
interface Kind {
  readonly make: (random: Random) => string;
  /** Matches every name of the class and none of another class. */
  readonly looks: RegExp;
}

function pick<T>(random: Random, list: readonly T[]): T {
  return list[random.below(list.length)];
}

const ISLAND = { consonants: 'h k l m n p t w'.split(' '), vowels: 'a e i o u'.split(' ') };
const DWARF = {
  begin: ['Th', 'Dr', 'B', 'D', 'G', 'Kh'],
  middle: ['a', 'o', 'u', 'ai'],
  end: ['rin', 'lur', 'ngrim', 'rdar', 'lli'],
};
const FLOWER = {
  begin: ['Al', 'Cel', 'Fer', 'Lav', 'Mag', 'Ros', 'Vir', 'Ner'],
  middle: ['an', 'el', 'in', 'on', 'ar'],
  end: ['ia', 'ella', 'osa'],
};

const KINDS: Readonly<Record<string, Kind>> = {
  island: {
    make: (random) => {
      const syllables = Array.from(
        { length: 2 + random.below(3) },
        () => pick(random, ISLAND.consonants) + pick(random, ISLAND.vowels),
      ).join('');
      return syllables[0].toUpperCase() + syllables.slice(1);
    },
    looks: /^[HKLMNPTW][aeiou]([hklmnptw][aeiou]){1,3}$/,
  },
  robot: {
    make: (random) => {
      const letter = (): string => String.fromCharCode(65 + random.below(26));
      return `${letter()}${letter()}-${10 + random.below(90)}`;
    },
    looks: /^[A-Z]{2}-[1-9]\d$/,
  },
  dwarf: {
    make: (random) => pick(random, DWARF.begin) + pick(random, DWARF.middle) + pick(random, DWARF.end),
    looks: new RegExp(`^(${DWARF.begin.join('|')})(${DWARF.middle.join('|')})(${DWARF.end.join('|')})$`),
  },
  flower: {
    make: (random) => pick(random, FLOWER.begin) + pick(random, FLOWER.middle) + pick(random, FLOWER.end),
    looks: new RegExp(`^(${FLOWER.begin.join('|')})(${FLOWER.middle.join('|')})(${FLOWER.end.join('|')})$`),
  },
};

/** The classes of `madeNames`. */
export const NAME_CLASSES = Object.keys(KINDS);

/** Returns generated names, the classes in turn. The same seed returns the same names. */
export function madeNames(count: number, seed: number): { readonly kind: string; readonly name: string }[] {
  const random = new Random(seed, STREAM.data);
  return Array.from({ length: count }, (_, i) => {
    const kind = NAME_CLASSES[i % NAME_CLASSES.length];
    return { kind, name: KINDS[kind].make(random) };
  });
}

/** Whether a name follows the rules of its class. */
export function isNameOf(kind: string, name: string): boolean {
  return KINDS[kind]?.looks.test(name) ?? false;
}
