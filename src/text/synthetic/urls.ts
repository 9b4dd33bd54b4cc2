import type { Random } from '../../core/random.js';
import { between, chance, languageOf, pick } from './language.js';

const OPENINGS = [
  'The map is at',
  'More about it at',
  'She found it at',
  'The minutes are at',
  'Look again at',
  'He wrote to us from',
] as const;
const ENDINGS = [
  'Bring it with you',
  'We read it twice',
  'Nobody had seen it before',
  'It has not changed since',
  'Ask the ferryman',
  'The rest is lost',
] as const;
const HOSTS = ['river', 'harbour', 'orchard', 'library', 'museum', 'weather', 'bakery'] as const;
/** Domains that are reserved for examples (RFC 2606), so that no address exists. */
const ENDS = ['example', 'test', 'example.org', 'example.net'] as const;
const PATHS = ['maps', 'notes', 'boats', 'birds', 'letters', 'north', 'south', 'archive'] as const;
const KEYS = ['page', 'year', 'sort', 'lang'] as const;
const VALUES = ['new', 'old', 'all', 'en', 'zh'] as const;

export const urls = languageOf(
  'urls',
  'Short sentences with a web address in each: The map is at ' +
    'https://www.river-north.example/maps/1931?page=3 now.',
  'A switch that stays on for dozens of characters: inside an address there are no spaces and no ' +
    'capitals, and after "?" come pairs of key and value.',
  (random) => `${pick(random, OPENINGS)} ${address(random)} now. ${pick(random, ENDINGS)}.\n`,
);

function address(random: Random): string {
  const scheme = pick(random, ['http', 'https']);
  const start = `${chance(random, 0.5) ? 'www.' : ''}${pick(random, HOSTS)}`;
  const second = chance(random, 0.3) ? `-${pick(random, PATHS)}` : '';
  const host = `${start}${second}.${pick(random, ENDS)}`;
  const path = Array.from(
    { length: between(random, 0, 4) },
    () => `/${chance(random, 0.25) ? between(random, 1800, 2099) : pick(random, PATHS)}`,
  ).join('');
  const pairs = Array.from(
    { length: between(random, 1, 3) },
    () => `${pick(random, KEYS)}=${chance(random, 0.5) ? between(random, 1, 99) : pick(random, VALUES)}`,
  );
  return `${scheme}://${host}${path}${chance(random, 0.4) ? `?${pairs.join('&')}` : ''}`;
}
