// Simulates spread training (DiLoCo, docs/scale.md) on many machines: time, bytes, and the number
// of machines above which more do not help. Prints two tables in Markdown.
//
//   node scripts/simulate-spread.mjs [--parameters N] [--step-seconds S] [--upload-mbit M]
//                                    [--download-mbit M] [--jitter SIGMA] [--rounds R] [--seed N]
//
// The model: a round is H steps and an exchange. The steps of a machine take step-seconds times
// exp(jitter · z), with a normal z for each machine and round, and all wait for the slowest
// machine. In each round, a machine loses half a round of work with a probability of 1 in 1,000. An
// exchange sends 4 bytes per weight:
//   folder  each machine reads the files of all others, as `unrolled train --spread` does
//   reduce  sums are computed on the way (ring, or an averaging server): about twice the weights up
//           and down for any number of machines; not implemented here
// The value of tokens is not simulated. Averaged gradients help up to the critical batch size
// (McCandlish et al. 2018, https://arxiv.org/abs/1812.06162): K machines need 1/K + B/C of the
// steps of one, where B is the batch of a machine and C the critical one, both in tokens.
import { parseArgs } from 'node:util';

const DEFAULTS = {
  parameters: 10e6, // weights
  'step-seconds': 0.1, // of one machine alone
  'upload-mbit': 50, // megabits a second of a home connection
  'download-mbit': 250,
  jitter: 0.15, // standard deviation of the logarithm of a machine's speed
  batch: 4096, // tokens a step of one machine
  critical: 1e6, // critical batch size, tokens
  rounds: 400, // simulated for a figure
  seed: 1,
};
const MACHINES = [1, 10, 100, 1000];
const STEPS_BETWEEN = [1, 10, 100, 500];
const LOST = 1 / 1000;

const options = optionsOf(process.argv.slice(2));
const random = generator(options.seed);

console.log(
  `${options.parameters.toLocaleString('en-US')} weights, ${options['step-seconds']} s a step, ` +
    `${options['upload-mbit']} Mbit/s up and ${options['download-mbit']} down, seed ${options.seed}\n`,
);
console.log(
  '| machines | H | slowest / mean | exchange, folder | exchange, reduce | busy, folder | busy, reduce |',
);
console.log('| ---: | ---: | ---: | ---: | ---: | ---: | ---: |');
for (const machines of MACHINES)
  for (const steps of STEPS_BETWEEN) {
    const { slowest, folder, reduce } = round(machines, steps);
    const mean = steps * options['step-seconds'];
    const busy = (exchange) => percent(mean / (slowest + exchange));
    console.log(
      `| ${machines} | ${steps} | ${(slowest / mean).toFixed(2)} | ${time(folder)} | ${time(reduce)} | ` +
        `${busy(folder)} | ${busy(reduce)} |`,
    );
  }

console.log(
  '\n| machines | tokens a second, reduce, H = 500 | speed-up in tokens | worth, by critical batch |',
);
console.log('| ---: | ---: | ---: | ---: |');
for (const machines of MACHINES) {
  const { slowest, reduce } = round(machines, 500);
  const speedup = (machines * 500 * options['step-seconds']) / (slowest + reduce);
  const share = options.batch / options.critical;
  const worth = (speedup / machines) * ((1 + share) / (1 / machines + share));
  const tokens = (speedup * options.batch) / options['step-seconds'];
  console.log(
    `| ${machines} | ${Math.round(tokens).toLocaleString('en-US')} | ${speedup.toFixed(1)} | ${worth.toFixed(1)} |`,
  );
}

/** Mean seconds of the slowest machine of a round, and of its exchange in both ways. */
function round(machines, steps) {
  let slowest = 0;
  for (let r = 0; r < options.rounds; r++) {
    let longest = 0;
    for (let k = 0; k < machines; k++) {
      const lost = random() < LOST ? 1.5 : 1;
      longest = Math.max(longest, lost * Math.exp(options.jitter * normal()));
    }
    slowest += longest;
  }
  const megabits = (options.parameters * 32) / 1e6;
  const [up, down] = [megabits / options['upload-mbit'], megabits / options['download-mbit']];
  const others = machines - 1;
  return {
    slowest: (slowest / options.rounds) * steps * options['step-seconds'],
    folder: others === 0 ? 0 : up + others * down,
    reduce: others === 0 ? 0 : ((2 * others) / machines) * Math.max(up, down),
  };
}

function normal() {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Random numbers from 0 to below 1 (mulberry32). */
function generator(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function time(seconds) {
  if (seconds === 0) return '–';
  return seconds < 90 ? `${seconds.toPrecision(2)} s` : `${(seconds / 60).toPrecision(2)} min`;
}

function percent(share) {
  return `${Number((100 * share).toPrecision(2))} %`;
}

function optionsOf(args) {
  const names = Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, { type: 'string' }]));
  let values;
  try {
    ({ values } = parseArgs({ args, options: names }));
  } catch (error) {
    console.error(`simulate-spread: ${error.message.split('\n')[0]}`);
    process.exit(2);
  }
  return Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, byDefault]) => {
      const value = values[name] === undefined ? byDefault : Number(values[name]);
      const least = name === 'jitter' || name === 'seed' ? 0 : Number.MIN_VALUE;
      if (!(value >= least && value < Infinity)) {
        console.error(
          `--${name}: expected a number${least === 0 ? ' of at least 0' : ' above 0'}, got ${values[name]}.`,
        );
        process.exit(2);
      }
      return [name, value];
    }),
  );
}
