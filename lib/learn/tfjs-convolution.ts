/**
 * Convolutions and pools in TensorFlow.js. Every form is put together from `conv2d` without padding,
 * slices and padding, because the wasm backend has no gradient of a convolution by its filters
 * (`Conv2DBackpropFilter`) and none of max pooling. Images are (n, c, h, w) outside and (n, h, w, c)
 * inside, the only layout that all backends take.
 */

import type { Tensor, Tensor4D } from "@tensorflow/tfjs";
import type { Node, Window } from "./node.js";
import type { Tf } from "./tfjs-engine.js";

type Pair = readonly [number, number];

/** `conv` of a node: images, filters and perhaps a bias. */
export function conv(tf: Tf, window: Window, [x, f, bias]: readonly Tensor[]): Tensor {
  const padded = padImage(tf, toLast(tf, x!), window.padding, window.padding);
  const filters = tf.transpose(f as Tensor4D, [2, 3, 1, 0]);
  const y = slideDilated(tf, padded, filters, window);
  return toFirst(tf, bias === undefined ? y : (tf.add(y, bias) as Tensor4D));
}

/** `convTranspose` of a node: zeros between the values of y, then a convolution, filters flipped. */
export function convTranspose(
  tf: Tf,
  window: Window,
  node: Node,
  [y, f]: readonly Tensor[],
): Tensor {
  const { kernel, stride, padding, dilation } = window;
  const spread = spreadOut(tf, toLast(tf, y!), stride);
  const reach = [0, 1].map((d) => dilation[d]! * (kernel[d]! - 1)) as [number, number];
  const before = [0, 1].map((d) => reach[d]! - padding[d]!) as [number, number];
  const after = [0, 1].map((d) => {
    const length = node.shape[2 + d]! + reach[d]!;
    return length - before[d]! - spread.shape[1 + d]!;
  }) as [number, number];
  const filters = tf.reverse(tf.transpose(f as Tensor4D, [2, 3, 0, 1]), [0, 1]);
  const padded = padImage(tf, spread, before, after);
  return toFirst(tf, slideDilated(tf, padded, filters, { ...window, stride: [1, 1] }));
}

/** `convFilter` of a node: channels as samples, samples as channels. */
export function convFilter(tf: Tf, window: Window, node: Node, [x, y]: readonly Tensor[]): Tensor {
  const { stride, padding, dilation, kernel } = window;
  const images = tf.transpose(x as Tensor4D, [1, 2, 3, 0]);
  const spread = spreadOut(tf, toLast(tf, y!), stride);
  const filters = tf.transpose(spread, [1, 2, 0, 3]);
  const padded = padImage(tf, images, padding, padding);
  const full = tf.conv2d(padded, filters, [...dilation], "valid");
  const [m, c] = node.shape as [number, number];
  return tf.transpose(tf.slice(full, [0, 0, 0, 0], [c, kernel[0], kernel[1], m]), [3, 0, 1, 2]);
}

/** Largest value of each window. */
export function maxPool(tf: Tf, window: Window, node: Node, x: Tensor): Tensor {
  return taps(window)
    .map((tap) => tapOf(tf, window, node.shape, { x, tap, outside: LOWEST }))
    .reduce((a, b) => tf.maximum(a, b));
}

/** `maxPoolGradient`: dy goes to the first tap that holds the window's value. */
export function maxPoolGradient(
  tf: Tf,
  window: Window,
  node: Node,
  [x, y, dy]: readonly Tensor[],
): Tensor {
  let open: Tensor = tf.onesLike(dy!);
  const parts = taps(window).map((tap) => {
    const value = tapOf(tf, window, y!.shape, { x: x!, tap, outside: LOWEST });
    const hit = tf.mul(tf.cast(tf.equal(value, y!), "float32"), open);
    open = tf.sub(open, hit);
    return placeTap(tf, window, node.shape, { dy: tf.mul(hit, dy!), tap });
  });
  return tf.addN(parts);
}

/** Mean of each window, padding counted as zeros. */
export function averagePool(tf: Tf, window: Window, node: Node, x: Tensor): Tensor {
  const parts = taps(window).map((tap) => tapOf(tf, window, node.shape, { x, tap, outside: 0 }));
  return tf.div(tf.addN(parts), parts.length);
}

/** `averagePoolGradient`: an equal share of dy to each tap. */
export function averagePoolGradient(tf: Tf, window: Window, node: Node, dy: Tensor): Tensor {
  const all = taps(window);
  const share = tf.div(dy, all.length);
  return tf.addN(all.map((tap) => placeTap(tf, window, node.shape, { dy: share, tap })));
}

/** Below every float32 that occurs, and not infinite, so that products with 0 stay 0. */
const LOWEST = -3e38;

function taps({ kernel, dilation }: Window): Pair[] {
  const all: Pair[] = [];
  for (let i = 0; i < kernel[0]; i++) {
    for (let j = 0; j < kernel[1]; j++) all.push([i * dilation[0], j * dilation[1]]);
  }
  return all;
}

/** For each window, the value at one of its taps; shape (n, c, windows). */
function tapOf(
  tf: Tf,
  { stride, padding, kernel, dilation }: Window,
  shape: readonly number[],
  { x, tap, outside }: { readonly x: Tensor; readonly tap: Pair; readonly outside: number },
): Tensor {
  const rim = [0, 1].map((d) => {
    const last = (shape[2 + d]! - 1) * stride[d]! + dilation[d]! * (kernel[d]! - 1) + 1;
    return [padding[d]!, Math.max(0, last - padding[d]! - x.shape[2 + d]!)];
  }) as [[number, number], [number, number]];
  const padded = tf.pad(x, [[0, 0], [0, 0], ...rim], outside);
  const ends = [0, 1].map((d) => tap[d]! + (shape[2 + d]! - 1) * stride[d]! + 1);
  const [n, c] = shape as [number, number];
  return tf.stridedSlice(padded, [0, 0, ...tap], [n, c, ...ends], [1, 1, ...stride]);
}

/** The transpose of `tapOf`: values back at their places, zeros elsewhere. */
function placeTap(
  tf: Tf,
  { stride, padding }: Window,
  shape: readonly number[],
  { dy, tap }: { readonly dy: Tensor; readonly tap: Pair },
): Tensor {
  const spread = spreadOut(tf, toLast(tf, dy), stride);
  const before = [0, 1].map((d) => tap[d]! - padding[d]!) as [number, number];
  const after = [0, 1].map((d) => shape[2 + d]! - before[d]! - spread.shape[1 + d]!);
  return toFirst(tf, padImage(tf, spread, before, after as [number, number]));
}

function toLast(tf: Tf, x: Tensor): Tensor4D {
  return tf.transpose(x as Tensor4D, [0, 2, 3, 1]);
}

function toFirst(tf: Tf, x: Tensor4D): Tensor4D {
  return tf.transpose(x, [0, 3, 1, 2]);
}

/** Convolve; TensorFlow.js takes a stride or a dilation, not both, so strides then pick. */
function slideDilated(tf: Tf, x: Tensor4D, filters: Tensor4D, window: Window): Tensor4D {
  const { stride, dilation } = window;
  if (dilation.every((d) => d === 1)) return tf.conv2d(x, filters, [...stride], "valid");
  const dense = tf.conv2d(x, filters, 1, "valid", "NHWC", [...dilation]);
  if (stride.every((s) => s === 1)) return dense;
  return tf.stridedSlice(dense, [0, 0, 0, 0], dense.shape, [1, ...stride, 1]) as Tensor4D;
}

/** Zeros around an image (n, h, w, c); negative amounts cut. */
function padImage(tf: Tf, x: Tensor4D, before: Pair, after: Pair): Tensor4D {
  const cut = (amount: number) => Math.max(0, -amount);
  const [n, h, w, c] = x.shape;
  const size = [n, h - cut(before[0]) - cut(after[0]), w - cut(before[1]) - cut(after[1]), c];
  const kept = tf.slice(x, [0, cut(before[0]), cut(before[1]), 0], size as typeof x.shape);
  const rim = [0, 1].map((d) => [Math.max(0, before[d]!), Math.max(0, after[d]!)]);
  return tf.pad(kept, [[0, 0], ...(rim as [[number, number], [number, number]]), [0, 0]]);
}

/** stride − 1 zeros between neighbours of an image (n, h, w, c). */
function spreadOut(tf: Tf, x: Tensor4D, stride: Pair): Tensor4D {
  if (stride.every((s) => s === 1)) return x;
  const [n, h, w, c] = x.shape;
  const rows = tf.reshape(x, [n * h, 1, w, c]);
  const tall = tf.reshape(
    tf.pad(rows, [
      [0, 0],
      [0, stride[0] - 1],
      [0, 0],
      [0, 0],
    ]),
    [n * h * stride[0] * w, 1, c],
  );
  const wide = tf.pad(tall, [
    [0, 0],
    [0, stride[1] - 1],
    [0, 0],
  ]);
  const full = tf.reshape(wide, [n, h * stride[0], w * stride[1], c]) as Tensor4D;
  return tf.slice(full, [0, 0, 0, 0], [n, (h - 1) * stride[0] + 1, (w - 1) * stride[1] + 1, c]);
}
