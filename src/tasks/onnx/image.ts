import type { OnnxExpressions } from '../../io/onnx/expressions.js';
import type { OnnxWeights } from '../../io/onnx/recurrent.js';
import type { ImageInput } from '../image-encoder.js';

/**
 * Adds an image encoder: images [R,I,J,C] become [R,Y,X,P]. ONNX has channels before rows and
 * columns, so input and output are transposed.
 */
export function addImageEncoder(
  e: OnnxExpressions,
  { filters, size = 3 }: ImageInput,
  images: string,
  weights: OnnxWeights,
): string {
  const pad = Math.floor(size / 2);
  let x = e.transpose(images, 0, 3, 1, 2);
  for (const i of filters.keys()) {
    const parameters = ['weight', 'bias'].map((kind) => {
      const name = `convolution.${i}.${kind}`;
      return e.graph.constant(name, weights[name].shape, weights[name].data);
    });
    const convolved = e.apply('Conv', [x, ...parameters], { pads: [pad, pad, pad, pad] });
    x = e.apply('MaxPool', [e.apply('Relu', [convolved])], { kernel_shape: [2, 2], strides: [2, 2] });
  }
  return e.transpose(x, 0, 2, 3, 1);
}
