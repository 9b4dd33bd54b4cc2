import { wholeNumber } from '../core/options.js';
import { ShapeError } from '../core/errors.js';
import { windowPlaces, type ImageWindow } from '../ops/lib/image-window.js';
import { ops } from '../ops/index.js';
import { checkSym, checkWidth, makeModule, uniform, type Module } from './module.js';
import { Sym } from './sym.js';

/** Options of a convolution. */
export interface ConvolutionOptions extends Partial<ImageWindow> {
  /** Rows and columns of a filter. Default 3. */
  readonly size?: number;
}

/**
 * Convolution of images [R,I,J,C], channels last, with P filters: [R,Y,X,P]. Its weight [P,C,F,F]
 * and bias [P] have the shapes and the initial values of torch.nn.Conv2d.
 * @param options stride: default 1. padding: rows and columns of zeros around the image; default
 *   ⌊size/2⌋, so that an odd size with stride 1 keeps the image's size
 */
export function convolution(
  C: number,
  P: number,
  options: ConvolutionOptions = {},
): Module<[images: Sym], Sym> {
  const F = wholeNumber('convolution.size', options.size ?? 3);
  const stride = wholeNumber('convolution.stride', options.stride ?? 1);
  const padding = wholeNumber('convolution.padding', options.padding ?? Math.floor(F / 2), 0, F - 1);
  const shape = [wholeNumber('convolution.P', P), wholeNumber('convolution.C', C), F, F];
  const bound = 1 / Math.sqrt(C * F * F);
  const parameters = [
    { name: 'weight', shape, start: uniform(shape, bound) },
    { name: 'bias', shape: [P], start: uniform([P], bound) },
  ];
  return makeModule(parameters, (own, x: Sym) => {
    checkImages('convolution', x);
    checkWidth('convolution', x, C);
    const [, I, J] = x.shape;
    const [Y, X] = [I, J].map((length) => windowPlaces(length, F, { stride, padding }));
    const tensors = { x: x.tensor, weight: own('weight'), bias: own('bias') };
    const { scope } = x;
    const attributes = { stride, padding };
    const { y } = scope.builder.apply(ops.convolution, scope.label('convolution'), tensors, attributes, {
      Y,
      X,
    });
    return new Sym(scope, y);
  });
}

/**
 * Maximum over windows of `size` by `size` pixels of images [R,I,J,C]: [R,Y,X,C]. Default size 2.
 */
export function maxPool(x: Sym, size = 2): Sym {
  checkImages('maxPool', x);
  const [, I, J] = x.shape;
  const [Y, X] = [I, J].map((length) => windowPlaces(length, size, { stride: size, padding: 0 }));
  const { scope } = x;
  const attributes = { size, stride: size };
  const { y } = scope.builder.apply(ops.max_pool, scope.label('pool'), { x: x.tensor }, attributes, { Y, X });
  return new Sym(scope, y);
}

function checkImages(what: string, images: Sym): void {
  checkSym(what, images);
  const { shape } = images;
  if (shape.length !== 4)
    throw new ShapeError(`${what}: expected images [R,rows,columns,channels], got [${shape.join(',')}].`);
}
