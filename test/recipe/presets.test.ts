import { describe, expect, it } from 'vitest';
import { charModel, PRESETS, Vocabulary, type PresetName } from '../../src/index.js';
import { command } from '../cli/support.js';

/** A vocabulary of so many symbols. */
function symbols(count: number): Vocabulary {
  return Vocabulary.fromSymbols(Array.from({ length: count }, (_, i) => String.fromCodePoint(0x4e00 + i)));
}

/** Parameters of L LSTM layers of H units over V symbols, with two biases a gate, and of the head. */
function parametersOf(L: number, H: number, V: number): number {
  const layer = (inputs: number): number => 4 * H * (inputs + H + 2);
  return layer(V) + (L - 1) * layer(H) + V * (H + 1);
}

describe('presets for texts', () => {
  const sizes: readonly (readonly [PresetName, number, number, number, number])[] = [
    // Layers, units, symbols of such a text, parameters
    ['names', 2, 128, 53, 232_629],
    ['paul-graham', 2, 512, 90, 3_384_410],
    ['shakespeare', 3, 512, 65, 5_421_633],
    ['linux', 3, 700, 100, 10_166_900],
  ];
  it.each(sizes)('%s has the number of parameters in its description', (name, L, H, V, parameters) => {
    const { model } = PRESETS[name];
    const count = charModel({ vocabulary: symbols(V), ...model }).layout.count;
    expect(count).toBe(parametersOf(L, H, V));
    expect(count).toBe(parameters);
  });

  it('paul-graham has a dropout of one half between layers', () => {
    expect(PRESETS['paul-graham'].model.dropout).toBe(0.5);
  });

  it('have plans with parameters, bytes and launches', async () => {
    for (const [name, , , V, parameters] of sizes) {
      const { status, out } = await command(['plan', '--preset', name, '--vocabulary', String(V)]);
      expect(status).toBe(0);
      expect(out.replaceAll(',', '')).toContain(String(parameters));
    }
  });
});
