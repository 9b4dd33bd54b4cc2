import { scanReference } from '../../core/scan-reference.js';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/**
 * The minGRU of Feng et al., "Were RNNs All We Needed?" (2024), with a linear candidate: z =
 * σ(a_z), h̃ = a_h,
 *   h_t = (1 − z) ⊙ h_{t−1} + z ⊙ h̃
 * with a = W_ih·x_t + b_ih in the blocks z h̃. Its gradients:
 *   da_z = dh_t ⊙ (h̃ − h_{t−1}) ⊙ z ⊙ (1 − z),   da_h = dh_t ⊙ z,   ∂h_t/∂h_{t−1} = 1 − z
 */
export const { forward, backward } = scanReference({
  blocks: 2,
  open: ([z, candidate]) => [sigmoid(z), candidate],
  step: ([z, candidate], before) => (1 - z) * before + z * candidate,
  back: ([z, candidate], before, gradient) => ({
    da: [gradient * (candidate - before) * z * (1 - z), gradient * z],
    share: 1 - z,
  }),
});
