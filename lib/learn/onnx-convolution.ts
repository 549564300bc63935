/**
 * Convolutions as ONNX operators. ONNX has no gradient of a convolution, so these are put together
 * from what onnxruntime runs fast; what else was tried is in docs/benchmarks/learn.md.
 */

import type { Node, Window } from "./node.js";
import type { Attribute, ModelBuilder } from "./onnx-model.js";

/** ONNX's attributes of a window. */
export function windowAttributes(window: Window): Record<string, readonly number[]> {
  const { kernel, stride, padding, dilation } = window;
  const pads = [...padding, ...padding];
  return { kernel_shape: kernel, strides: stride, pads, dilations: dilation };
}

/**
 * Whose faults are to be avoided. onnxruntime's WebGPU provider (1.30) gives wrong numbers, without a
 * word, for convolutions of 6, 9, 15, 18, … channels, those of 3 and not of 4, into filters by the
 * four, and for transposed convolutions of several groups; it has no places of MaxPool.
 * @see https://github.com/microsoft/onnxruntime/issues/29651
 */
export type Dialect = "plain" | "webgpu";

/** How convolutions may be written beyond plain ONNX. */
export interface ConvolutionStyle {
  readonly dialect: Dialect;
  /**
   * Channels that onnxruntime's own blocked layout (NCHWc) keeps together on this processor; 0 where
   * it has none, or the model must be plain ONNX. onnxruntime uses that layout by itself only for
   * constant filters; here they change at every step.
   */
  readonly block: number;
  /** whether a ReLU follows that nothing else stands before */
  readonly relu: boolean;
}

/** Domain of onnxruntime's operators in blocked layout. */
const BLOCKED = "com.microsoft.nchwc";

/** Write a convolution, with its ReLU where the style has one. */
export function writeConv(
  model: ModelBuilder,
  node: Node,
  window: Window,
  names: readonly string[],
  style: ConvolutionStyle,
): string {
  const [m, c] = node.inputs[1]!.shape as [number, number];
  const { block } = style;
  if (fitsBlocks(block, m, c)) {
    const split = [m / block, block, c / block, block, ...window.kernel];
    const filters = blockFilters(model, names[1]!, { split, order: [0, 2, 4, 5, 3, 1] });
    const operands = [names[0]!, filters, ...names.slice(2)];
    return writeBlockedConv(model, operands, { window, filters: m, relu: style.relu });
  }
  const y = writePlainConv(model, names, windowAttributes(window), { dialect: style.dialect, c });
  return style.relu ? model.op("Relu", [y]) : y;
}

/** Write a convolution of c channels, which are filled up with zeros where a fault is in the way. */
function writePlainConv(
  model: ModelBuilder,
  [x, filters, ...bias]: readonly string[],
  attributes: Record<string, Attribute>,
  { dialect, c }: { readonly dialect: Dialect; readonly c: number },
): string {
  if (dialect === "plain" || c % 3 !== 0 || c % 4 === 0) {
    return model.op("Conv", [x!, filters!, ...bias], attributes);
  }
  const fill = model.int64([0, 0, 0, 0, 0, 4 - (c % 4), 0, 0]);
  const filled = [x!, filters!].map((operand) => model.op("Pad", [operand, fill]));
  return model.op("Conv", [...filled, ...bias], attributes);
}

/**
 * Write a transposed convolution. With stride 1 it is a convolution with flipped filters, which
 * onnxruntime runs faster than ConvTranspose.
 */
export function writeConvTranspose(
  model: ModelBuilder,
  node: Node,
  { window, block, dialect }: Omit<ConvolutionStyle, "relu"> & { readonly window: Window },
  [y, filters]: readonly [string, string],
): string {
  const padding = [0, 1].map(
    (d) => window.dilation[d]! * (window.kernel[d]! - 1) - window.padding[d]!,
  );
  if (window.stride.every((s) => s === 1) && padding.every((p) => p >= 0)) {
    const full = { ...window, padding: padding as [number, number] };
    const [m, c] = node.inputs[1]!.shape as [number, number];
    const flipped = flip(model, filters);
    if (fitsBlocks(block, m, c)) {
      const split = [m / block, block, c / block, block, ...window.kernel];
      const blocked = blockFilters(model, flipped, { split, order: [2, 0, 4, 5, 1, 3] });
      return writeBlockedConv(model, [y, blocked], { window: full, filters: c, relu: false });
    }
    const swapped = model.op("Transpose", [flipped], { perm: [1, 0, 2, 3] });
    return writePlainConv(model, [y, swapped], windowAttributes(full), { dialect, c: m });
  }
  const extra = [0, 1].map((d) => {
    const reach = window.dilation[d]! * (window.kernel[d]! - 1) + 1;
    const spread = (node.inputs[0]!.shape[2 + d]! - 1) * window.stride[d]! + reach;
    return node.shape[2 + d]! + 2 * window.padding[d]! - spread;
  });
  const attributes = { ...windowAttributes(window), output_padding: extra };
  return model.op("ConvTranspose", [y, filters], attributes);
}

function fitsBlocks(block: number, ...channels: readonly number[]): boolean {
  return block > 1 && channels.every((c) => c % block === 0);
}

/** Filters as the blocked convolution wants them: (m/b, c/b, kh, kw, b of c, b of m). */
function blockFilters(
  model: ModelBuilder,
  filters: string,
  { split, order }: { readonly split: readonly number[]; readonly order: readonly number[] },
): string {
  const parts = model.op("Reshape", [filters, model.int64(split)]);
  const blocked = model.op("Transpose", [parts], { perm: order });
  const [o, i, kh, kw, bi, bo] = order.map((axis) => split[axis]!) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return model.op("Reshape", [blocked, model.int64([o * bo, i * bi, kh, kw])]);
}

function writeBlockedConv(
  model: ModelBuilder,
  [x, filters, ...bias]: readonly string[],
  options: { readonly window: Window; readonly filters: number; readonly relu: boolean },
): string {
  const blocked = model.op(`ReorderInput@${BLOCKED}`, [x!]);
  const activation: Record<string, string> = options.relu ? { activation: "Relu" } : {};
  const attributes = { ...windowAttributes(options.window), ...activation };
  const y = model.op(`Conv@${BLOCKED}`, [blocked, filters!, ...bias], attributes);
  return model.op(`ReorderOutput@${BLOCKED}`, [y], { channels: options.filters });
}

/** Write the gradient of a convolution by its filters. */
export function writeConvFilter(
  model: ModelBuilder,
  node: Node,
  { window, dialect }: { readonly window: Window; readonly dialect: Dialect },
  names: readonly [string, string],
): string {
  const [x, y] = node.inputs as [Node, Node];
  const { kernel, stride, padding, dilation } = window;
  const plain =
    [...stride, ...dilation].every((s) => s === 1) && padding.every((p, d) => p < kernel[d]!);
  const tiled =
    padding.every((p) => p === 0) &&
    dilation.every((d) => d === 1) &&
    kernel.every((k, d) => k === stride[d] && x.shape[2 + d] === k * y.shape[2 + d]!);
  if (tiled) return filterByProduct(model, node, names);
  if (plain && y.shape[3]! >= WIDE) return filterByShifts(model, node, window, names);
  if (plain) return filterByRows(model, node, { window, dialect }, names);
  const [xt, yt] = names.map((name) => model.op("Transpose", [name], { perm: [1, 0, 2, 3] }));
  const swapped = {
    kernel: y.shape.slice(2) as [number, number],
    stride: dilation,
    padding,
    dilation: stride,
  };
  const samples = { dialect, c: x.shape[0]! };
  const full = writePlainConv(model, [xt!, yt!], windowAttributes(swapped), samples);
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

/** How many numbers the stacked rows of the samples worked on together may take. */
const STACK = 2 ** 23;

/** Images from this width on are faster by shifts, narrower ones by rows. */
const WIDE = 32;

/**
 * Stride 1: one matrix product for each column of the window. Padded images are flattened, so that a
 * shift by a column is a slice; shifts by a row are stacked as more rows of the left matrix. Zeros
 * after each row of y cancel what a shift carries over from the next row.
 */
function filterByShifts(
  model: ModelBuilder,
  node: Node,
  window: Window,
  [x, y]: readonly [string, string],
): string {
  const [m, c, kh, kw] = node.shape as [number, number, number, number];
  const [n, , h, w] = node.inputs[0]!.shape as [number, number, number, number];
  const [ph, pw] = window.padding;
  const width = w + 2 * pw;
  const margin = kh - 1 - ph;
  const rows = Array.from({ length: kh * h }, (_, at) => (at % h) - Math.floor(at / h) + kh - 1);
  const products = Array.from({ length: kw }, (): string[] => []);
  const atOnce = Math.max(1, Math.floor(STACK / (kh * m * h * width)));
  for (let start = 0; start < n; start += atOnce) {
    const stop = Math.min(n, start + atOnce);
    // Negative pads cut samples off.
    const wide = model.op("Pad", [x, model.int64([-start, 0, 0, pw, stop - n, 0, 1, pw])]);
    const flat = model.op("Reshape", [wide, model.int64([stop - start, c, (h + 1) * width])]);
    const margins = [-start, 0, margin, 0, stop - n, 0, margin, kw - 1];
    const tall = model.op("Pad", [y, model.int64(margins)]);
    const stacked = model.op("Gather", [tall, model.int64(rows)], { axis: 2 });
    const left = model.op("Reshape", [stacked, model.int64([stop - start, m * kh, h * width])]);
    for (const [column, parts] of products.entries()) {
      const range = [[column], [column + h * width], [2]].map((value) => model.int64(value));
      const shifted = model.op("Slice", [flat, ...range]);
      parts.push(model.op("FusedMatMul@com.microsoft", [left, shifted], { transB: 1 }));
    }
  }
  const columns = products.map((parts) => {
    const all = model.op("Concat", parts, { axis: 0 });
    const total = model.op("ReduceSum", [all, model.int64([0])], { keepdims: 0 });
    return model.op("Reshape", [total, model.int64([m, kh, c, 1])]);
  });
  return model.op("Transpose", [model.op("Concat", columns, { axis: 3 })], { perm: [0, 2, 1, 3] });
}

/**
 * Stride 1: a convolution of x with y as filters. Rows of all channels are interleaved, so that the
 * channels become positions of one tall image and the rows of the window a dilation.
 */
function filterByRows(
  model: ModelBuilder,
  node: Node,
  { window, dialect }: { readonly window: Window; readonly dialect: Dialect },
  [x, y]: readonly [string, string],
): string {
  const [m, c, kh, kw] = node.shape as [number, number, number, number];
  const [n, , h, w] = node.inputs[0]!.shape as [number, number, number, number];
  const [, , yh, yw] = node.inputs[1]!.shape as [number, number, number, number];
  const rows = model.op("Transpose", [x], { perm: [0, 2, 1, 3] });
  const tall = model.op("Reshape", [rows, model.int64([1, n, h * c, w])]);
  const filters = model.op("Transpose", [y], { perm: [1, 0, 2, 3] });
  const [ph, pw] = window.padding;
  const pads = [ph * c, pw, ph * c, pw];
  const attributes = { kernel_shape: [yh, yw], dilations: [c, 1], pads };
  const full = writePlainConv(model, [tall, filters], attributes, { dialect, c: n });
  const split = model.op("Reshape", [full, model.int64([m, kh, c, kw])]);
  return model.op("Transpose", [split], { perm: [0, 2, 1, 3] });
}

function flip(model: ModelBuilder, filters: string): string {
  const last = model.int64([-1, -1]);
  const before = model.int64([-1000000, -1000000]);
  return model.op("Slice", [filters, last, before, model.int64([2, 3]), last]);
}
