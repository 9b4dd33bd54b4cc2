import { onlyKnown, seedNumber, wholeNumber } from '../../core/options.js';
import { Random, STREAM } from '../../core/random.js';

/** Number of steps of a day. */
const DAY = 24;

/** Three series of equal length: temperature in °C, humidity in %, pressure in hPa. */
export type Sensors = readonly [temperature: Float32Array, humidity: Float32Array, pressure: Float32Array];

/**
 * Weather by the hour, for `slidingWindows`. The temperature has a daily cycle, which is stronger
 * under high pressure. The humidity falls when the temperature rises. The pressure is an
 * autoregressive process. All series have noise, so no forecast is perfect.
 * @param options steps: length of each series; seed: default 0
 */
export function sensors(options: { readonly steps: number; readonly seed?: number }): Sensors {
  onlyKnown('sensors', options, ['steps', 'seed']);
  const steps = wholeNumber('steps', options.steps);
  const random = new Random(seedNumber(options.seed), STREAM.data);
  const series = [0, 1, 2].map(() => new Float32Array(steps)) as [Float32Array, Float32Array, Float32Array];
  let [pressure, warmth] = [0, 0];
  for (let t = 0; t < steps; t++) {
    pressure = 0.98 * pressure + random.normal();
    warmth = 0.95 * warmth + 0.3 * random.normal();
    const sun = Math.sin((2 * Math.PI * (t - 9)) / DAY);
    const temperature = 15 + (5 + 0.4 * pressure) * sun + warmth;
    series[0][t] = temperature + 0.2 * random.normal();
    series[1][t] = 60 - 2 * (temperature - 15) + random.normal();
    series[2][t] = 1013 + 2 * pressure;
  }
  return series;
}
