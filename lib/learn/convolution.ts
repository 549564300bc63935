/**
 * Nodes that slide a window over images (n, c, h, w): convolution, its transpose, pooling.
 *
 * Convolution is linear in the image and in the filters, so its three forms are each other's
 * gradients: `conv(x, f)`, `convTranspose(y, f)` (gradient by x) and `convFilter(x, y)` (by f).
 */

import { ArgumentError } from "../core/index.js";
import { makeNode, misfit, type Node, type Window } from "./node.js";

/** A window as a layer describes it: a number stands for both directions. */
export interface WindowOptions {
  readonly kernel: number | readonly [number, number];
  readonly stride?: number | readonly [number, number];
  readonly padding?: number | readonly [number, number];
  readonly dilation?: number | readonly [number, number];
}

/** Fill in a window's defaults: stride 1, padding 0, dilation 1. */
export function makeWindow(options: WindowOptions): Window {
  return {
    kernel: pair("kernel", options.kernel, 1),
    stride: pair("stride", options.stride ?? 1, 1),
    padding: pair("padding", options.padding ?? 0, 0),
    dilation: pair("dilation", options.dilation ?? 1, 1),
  };
}

/**
 * Height and width after a window has slid over an image.
 *
 * @throws {ShapeError} if the window is larger than the padded image
 */
export function slideOver(window: Window, image: readonly [number, number]): [number, number] {
  const slide = (d: 0 | 1) => {
    const reach = window.dilation[d] * (window.kernel[d] - 1) + 1;
    const room = image[d] + 2 * window.padding[d] - reach;
    return Math.floor(room / window.stride[d]) + 1;
  };
  const [h, w] = [slide(0), slide(1)];
  if (h < 1 || w < 1) throw misfit("window and image", window.kernel, image);
  return [h, w];
}

/**
 * Cross-correlate images with filters, as neural networks do and call it convolution.
 *
 * @param x       images, shape (n, c, h, w)
 * @param filters shape (filters, c, kernel height, kernel width)
 * @param bias    one number per filter, shape (filters,), or none
 */
export function conv(x: Node, filters: Node, window: Window, bias?: Node): Node {
  const [n, c, h, w] = imageShape("conv", x);
  const [m, channels, kh, kw] = imageShape("filters of conv", filters);
  if (c !== channels || kh !== window.kernel[0] || kw !== window.kernel[1]) {
    throw misfit("conv", x.shape, filters.shape);
  }
  const inputs = bias === undefined ? [x, filters] : [x, filters, bias];
  return makeNode({ kind: "conv", window }, inputs, [n, m, ...slideOver(window, [h, w])]);
}

/**
 * The transpose of `conv`: spread each value of y over a window of the result.
 *
 * @param y       shape (n, filters, h, w)
 * @param filters shape (filters, c, kernel height, kernel width)
 * @param image   height and width of the result; by default the smallest that `conv` maps to y's
 */
export function convTranspose(
  y: Node,
  filters: Node,
  window: Window,
  image: readonly [number, number] = spreadOf(window, y),
): Node {
  const [n, m, h, w] = imageShape("convTranspose", y);
  const [filterCount, c] = imageShape("filters of convTranspose", filters);
  const back = slideOver(window, image);
  if (m !== filterCount || back[0] !== h || back[1] !== w) {
    throw misfit("convTranspose", y.shape, filters.shape);
  }
  return makeNode({ kind: "convTranspose", window }, [y, filters], [n, c, ...image]);
}

/** The gradient of Σ y · conv(x, f) by f: shape (filters, c, kernel height, kernel width). */
export function convFilter(x: Node, y: Node, window: Window): Node {
  const [n, c, h, w] = imageShape("convFilter", x);
  const [batch, m, yh, yw] = imageShape("convFilter", y);
  const back = slideOver(window, [h, w]);
  if (n !== batch || back[0] !== yh || back[1] !== yw) throw misfit("convFilter", x.shape, y.shape);
  return makeNode({ kind: "convFilter", window }, [x, y], [m, c, ...window.kernel]);
}

/** The largest value in each window; padding never wins. */
export function maxPool(x: Node, window: Window): Node {
  const [n, c, h, w] = imageShape("maxPool", x);
  return makeNode({ kind: "maxPool", window }, [x], [n, c, ...slideOver(window, [h, w])]);
}

/** The mean of each window; padding counts as zeros, as PyTorch does by default. */
export function averagePool(x: Node, window: Window): Node {
  const [n, c, h, w] = imageShape("averagePool", x);
  return makeNode({ kind: "averagePool", window }, [x], [n, c, ...slideOver(window, [h, w])]);
}

/** Gradient of `maxPool`: dy goes to the place of each window's first largest value. */
export function maxPoolGradient(pool: Node, dy: Node, window: Window): Node {
  const x = pool.inputs[0]!;
  return makeNode({ kind: "maxPoolGradient", window }, [x, pool, dy], x.shape);
}

/** Gradient of `averagePool` for images of a height and width. */
export function averagePoolGradient(dy: Node, window: Window, shape: readonly number[]): Node {
  return makeNode({ kind: "averagePoolGradient", window }, [dy], shape);
}

/** Height and width that a transposed convolution makes of y. */
export function spreadOf(window: Window, y: Node): [number, number] {
  const spread = (d: 0 | 1) => {
    const reach = window.dilation[d] * (window.kernel[d] - 1) + 1;
    return (y.shape[2 + d]! - 1) * window.stride[d] + reach - 2 * window.padding[d];
  };
  return [spread(0), spread(1)];
}

function imageShape(what: string, x: Node): [number, number, number, number] {
  if (x.shape.length !== 4) throw misfit(`${what} (4 dimensions)`, x.shape, [4]);
  return x.shape as unknown as [number, number, number, number];
}

function pair(
  what: string,
  value: number | readonly [number, number],
  least: number,
): [number, number] {
  const both: [number, number] = typeof value === "number" ? [value, value] : [value[0], value[1]];
  for (const length of both) {
    if (Number.isInteger(length) && length >= least) continue;
    throw new ArgumentError({ what, wanted: `integers from ${least}`, got: String(value) });
  }
  return both;
}
