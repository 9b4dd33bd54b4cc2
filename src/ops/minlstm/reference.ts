import { scanReference } from '../../core/scan-reference.js';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * The minLSTM of Feng et al., "Were RNNs All We Needed?" (2024), with a linear candidate: f =
 * σ(a_f), i = σ(a_i), h̃ = a_h,
 *   f' = f/(f + i),   i' = i/(f + i),   h_t = f' ⊙ h_{t−1} + i' ⊙ h̃
 * with a = W_ih·x_t + b_ih in the blocks f i h̃. Its gradients:
 *   df' = dh_t ⊙ (h_{t−1} − h̃), since i' = 1 − f'
 *   da_f = df' ⊙ f' ⊙ i' ⊙ (1 − f),   da_i = −df' ⊙ f' ⊙ i' ⊙ (1 − i),   da_h = dh_t ⊙ i'
 *   ∂h_t/∂h_{t−1} = f'
 */
export const { forward, backward } = scanReference({
  blocks: 3,
  open: ([f, i, candidate]) => [sigmoid(f), sigmoid(i), candidate],
  step: ([f, i, candidate], before) => (f / (f + i)) * before + (i / (f + i)) * candidate,
  back([f, i, candidate], before, gradient) {
    const [kept, fresh] = [f / (f + i), i / (f + i)];
    const change = gradient * (before - candidate) * kept * fresh;
    return { da: [change * (1 - f), -change * (1 - i), gradient * fresh], share: kept };
  },
});
