/** The gradients of pools as ONNX operators, of which ONNX has none. */

import { sizeOf } from "../core/index.js";
import type { Node, Window } from "./node.js";
import { windowAttributes } from "./onnx-convolution.js";
import type { ModelBuilder } from "./onnx-model.js";

/**
 * Write the gradient of max pooling from the places that MaxPool reports.
 *
 * @param places name of MaxPool's second output
 */
export function writeMaxPoolGradient(
  model: ModelBuilder,
  node: Node,
  window: Window,
  [places, dy]: readonly [string, string],
): string {
  const { kernel, stride, padding, dilation } = window;
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

/** Below every float32 that occurs, and not infinite, so that products with 0 stay 0. */
const LOWEST = -3e38;

/**
 * Write the gradient of max pooling where MaxPool does not report places (the WebGPU provider): a
 * convolution with filters of a single 1 lays the values of each window side by side, the first
 * largest of them takes dy, and the transposed convolution puts it back. Channels become samples:
 * that provider's transposed convolution of groups was found to be wrong (onnxruntime 1.30).
 */
export function writeSearchedMaxPoolGradient(
  model: ModelBuilder,
  node: Node,
  window: Window,
  [x, dy]: readonly [string, string],
): string {
  const { padding } = window;
  const [n, c, h, w] = node.shape as [number, number, number, number];
  const [oh, ow] = node.inputs[2]!.shape.slice(2) as [number, number];
  const taps = window.kernel[0] * window.kernel[1];
  const single = Float32Array.from({ length: taps * taps }, (_, i) =>
    Number(Math.floor(i / taps) === i % taps),
  );
  const filters = model.float(single, [taps, 1, ...window.kernel]);
  const images = model.op("Reshape", [x, model.int64([n * c, 1, h, w])]);
  const lowest = model.float(Float32Array.of(LOWEST), []);
  const rim = model.int64([0, 0, ...padding, 0, 0, ...padding]);
  const padded = model.op("Pad", [images, rim, lowest]);
  const attributes = windowAttributes(window);
  const values = model.op("Conv", [padded, filters], { ...attributes, pads: [0, 0, 0, 0] });
  const first = model.op("ArgMax", [values], { axis: 1, keepdims: 1 });
  const numbers = Array.from({ length: taps }, (_, tap) => tap);
  const places = model.op("Equal", [first, model.int64(numbers, [taps, 1, 1])]);
  const flows = model.op("Reshape", [dy, model.int64([n * c, 1, oh, ow])]);
  const shares = model.op("Mul", [model.op("Cast", [places], { to: 1 }), flows]);
  const back = { ...attributes, output_padding: restOf(node, window) };
  const spread = model.op("ConvTranspose", [shares, filters], back);
  return model.op("Reshape", [spread, model.int64(node.shape)]);
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
  const rest = { output_padding: restOf(node, window) };
  const attributes = { ...windowAttributes(window), group: channels, ...rest };
  return model.op("ConvTranspose", [dy, filters], attributes);
}

/** Rows and columns at the end of a pooled image that no window reached. */
function restOf(node: Node, { kernel, stride, padding, dilation }: Window): number[] {
  const pooled = node.inputs.at(-1)!.shape;
  return [0, 1].map((d) => {
    const reach = (pooled[2 + d]! - 1) * stride[d]! + dilation[d]! * (kernel[d]! - 1) + 1;
    return node.shape[2 + d]! + 2 * padding[d]! - reach;
  });
}
