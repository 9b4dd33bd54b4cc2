import type { Reference } from '../../plan/op.js';

/** a_j = x + j/8 for j = 0 … 7; rounds times a_j ← 0.75·a_j + 0.125; y = Σ_j a_j */
export const forward: Reference = ({ x, y }, { E }, { rounds }) => {
  for (let i = 0; i < E; i++) {
    let sum = 0;
    for (let j = 0; j < 8; j++) {
      let a = x[i] + j / 8;
      for (let round = 0; round < Number(rounds); round++) a = 0.75 * a + 0.125;
      sum += a;
    }
    y[i] = sum;
  }
};
