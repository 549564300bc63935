/**
 * Convolutions and pools as ONNX operators. ONNX has no gradient of a convolution, so these are put
 * together from what onnxruntime runs fast; what else was tried is in docs/benchmarks/learn.md.
 */

import { sizeOf } from "../core/index.js";
import type { Node, OperationOf, Window } from "./node.js";
import type { ModelBuilder } from "./onnx-model.js";

/** ONNX's attributes of a window. */
export function windowAttributes(window: Window): Record<string, readonly number[]> {
  const { kernel, stride, padding, dilation } = window;
  const pads = [...padding, ...padding];
  return { kernel_shape: kernel, strides: stride, pads, dilations: dilation };
}

/**
 * Write a transposed convolution. With stride 1 it is a convolution with flipped filters, which
 * onnxruntime runs faster than ConvTranspose.
 */
export function writeConvTranspose(
  model: ModelBuilder,
  node: Node,
  window: Window,
  [y, filters]: readonly [string, string],
): string {
  const padding = [0, 1].map(
    (d) => window.dilation[d]! * (window.kernel[d]! - 1) - window.padding[d]!,
  );
  if (window.stride.every((s) => s === 1) && padding.every((p) => p >= 0)) {
    const swapped = model.op("Transpose", [flip(model, filters)], { perm: [1, 0, 2, 3] });
    const full = { ...window, padding: padding as [number, number] };
    return model.op("Conv", [y, swapped], windowAttributes(full));
  }
  const extra = [0, 1].map((d) => {
    const reach = window.dilation[d]! * (window.kernel[d]! - 1) + 1;
    const spread = (node.inputs[0]!.shape[2 + d]! - 1) * window.stride[d]! + reach;
    return node.shape[2 + d]! + 2 * window.padding[d]! - spread;
  });
  const attributes = { ...windowAttributes(window), output_padding: extra };
  return model.op("ConvTranspose", [y, filters], attributes);
}

/** Write the gradient of a convolution by its filters. */
export function writeConvFilter(
  model: ModelBuilder,
  node: Node,
  window: Window,
  names: readonly [string, string],
): string {
  const [x, y] = node.inputs as [Node, Node];
  const { kernel, stride, padding, dilation } = window;
  const plain = [...stride, ...dilation].every((s) => s === 1);
  const tiled =
    padding.every((p) => p === 0) &&
    dilation.every((d) => d === 1) &&
    kernel.every((k, d) => k === stride[d] && x.shape[2 + d] === k * y.shape[2 + d]!);
  if (tiled) return filterByProduct(model, node, names);
  if (plain) return filterByRows(model, node, window, names);
  const [xt, yt] = names.map((name) => model.op("Transpose", [name], { perm: [1, 0, 2, 3] }));
  const swapped = {
    kernel: y.shape.slice(2) as [number, number],
    stride: dilation,
    padding,
    dilation: stride,
  };
  const full = model.op("Conv", [xt!, yt!], windowAttributes(swapped));
  const starts = model.int64([0, 0]);
  const cut = model.op("Slice", [full, starts, model.int64(kernel), model.int64([2, 3])]);
  return model.op("Transpose", [cut], { perm: [1, 0, 2, 3] });
}

/** Windows that tile the image (1×1, or kernel = stride): the gradient is one matrix product. */
function filterByProduct(
  model: ModelBuilder,
  node: Node,
  [x, y]: readonly [string, string],
): string {
  const [m, c, kh, kw] = node.shape as [number, number, number, number];
  const [n, , h, w] = node.inputs[1]!.shape as [number, number, number, number];
  const tiles = model.op("Reshape", [x, model.int64([n, c, h, kh, w, kw])]);
  const byTap = model.op("Transpose", [tiles], { perm: [1, 3, 5, 0, 2, 4] });
  const right = model.op("Reshape", [byTap, model.int64([c * kh * kw, n * h * w])]);
  const byFilter = model.op("Transpose", [y], { perm: [1, 0, 2, 3] });
  const left = model.op("Reshape", [byFilter, model.int64([m, n * h * w])]);
  const product = model.op("Gemm", [left, right], { transB: 1 });
  return model.op("Reshape", [product, model.int64(node.shape)]);
}

/**
 * Stride 1: a convolution of x with y as filters. Rows of all channels are interleaved, so that the
 * channels become positions of one tall image and the rows of the window a dilation.
 */
function filterByRows(
  model: ModelBuilder,
  node: Node,
  window: Window,
  [x, y]: readonly [string, string],
): string {
  const [m, c, kh, kw] = node.shape as [number, number, number, number];
  const [n, , h, w] = node.inputs[0]!.shape as [number, number, number, number];
  const [, , yh, yw] = node.inputs[1]!.shape as [number, number, number, number];
  const rows = model.op("Transpose", [x], { perm: [0, 2, 1, 3] });
  const tall = model.op("Reshape", [rows, model.int64([1, n, h * c, w])]);
  const filters = model.op("Transpose", [y], { perm: [1, 0, 2, 3] });
  const [ph, pw] = window.padding;
  const full = model.op("Conv", [tall, filters], {
    kernel_shape: [yh, yw],
    dilations: [c, 1],
    pads: [ph * c, pw, ph * c, pw],
  });
  const split = model.op("Reshape", [full, model.int64([m, kh, c, kw])]);
  return model.op("Transpose", [split], { perm: [0, 2, 1, 3] });
}

/**
 * Write the gradient of max pooling from the places that MaxPool reports.
 *
 * @param places name of MaxPool's second output
 */
export function writeMaxPoolGradient(
  model: ModelBuilder,
  node: Node,
  operation: OperationOf<"maxPoolGradient">,
  [places, dy]: readonly [string, string],
): string {
  const { kernel, stride, padding, dilation } = operation.window;
  const apart = kernel.every((k, d) => k <= stride[d]!) && dilation.every((d) => d === 1);
  if (apart && padding.every((p) => p === 0)) {
    const attributes = { kernel_shape: kernel, strides: stride };
    return model.op("MaxUnpool", [dy, places, model.int64(node.shape)], attributes);
  }
  const flat = model.int64([-1]);
  const zeros = model.float(new Float32Array(1), [1]);
  const canvas = model.op("Expand", [zeros, model.int64([sizeOf(node.shape)])]);
  const at = [model.op("Reshape", [places, flat]), model.op("Reshape", [dy, flat])];
  const sums = model.op("ScatterElements", [canvas, ...at], { axis: 0, reduction: "add" });
  return model.op("Reshape", [sums, model.int64(node.shape)]);
}

/** Write the gradient of average pooling: a transposed convolution of each channel by itself. */
export function writeAveragePoolGradient(
  model: ModelBuilder,
  node: Node,
  window: Window,
  dy: string,
): string {
  const channels = node.shape[1]!;
  const weight = 1 / (window.kernel[0] * window.kernel[1]);
  const data = new Float32Array(channels * window.kernel[0] * window.kernel[1]).fill(weight);
  const filters = model.float(data, [channels, 1, ...window.kernel]);
  const extra = [0, 1].map((d) => {
    const spread = (node.inputs[0]!.shape[2 + d]! - 1) * window.stride[d]!;
    return node.shape[2 + d]! + 2 * window.padding[d]! - spread - window.kernel[d]!;
  });
  const attributes = { ...windowAttributes(window), group: channels, output_padding: extra };
  return model.op("ConvTranspose", [dy, filters], attributes);
}

function flip(model: ModelBuilder, filters: string): string {
  const last = model.int64([-1, -1]);
  const before = model.int64([-1000000, -1000000]);
  return model.op("Slice", [filters, last, before, model.int64([2, 3]), last]);
}
