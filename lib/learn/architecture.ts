/** Descriptions of the networks that the studies share. */

import type { Layer, Network } from "./layer.js";

/** What a U-Net may differ in. */
export interface UnetOptions {
  /** channels of the input */
  readonly channels: number;
  /** height and width of the input; each pooling must halve them evenly */
  readonly size: readonly [height: number, width: number];
  /** maps of the output, 8 by default */
  readonly maps?: number;
  /** filters of each level, finest first; (64, 128, 256) by default */
  readonly widths?: readonly number[];
  /** odd kernel of the convolutions, 5 by default */
  readonly kernel?: number;
  /** added to each map before it is divided by its sum, 1e-10 by default */
  readonly epsilon?: number;
}

/**
 * The U-Net of Picard et al. (2024): at each level twice a convolution (without bias) with batch
 * norm, ReLU between but not after; down by max pooling, up by 2×2 transposed convolution; skips
 * are concatenated; each output map is a ReLU divided by its sum.
 */
export function unet(options: UnetOptions): Network {
  const { channels, size, maps = 8, widths = [64, 128, 256] } = options;
  const { kernel = 5, epsilon = 1e-10 } = options;
  const padding = (kernel - 1) / 2;
  const conv = (name: string, filters: number): Layer => {
    return { type: "conv", name, filters, kernel, padding, bias: false };
  };
  const block = (name: string, filters: number): Layer[] => [
    conv(`${name}a`, filters),
    { type: "relu" },
    { type: "batchNorm", name: `${name}a-norm` },
    conv(`${name}b`, filters),
    { type: "batchNorm", name },
  ];
  const layers: Layer[] = [];
  for (const [level, width] of widths.entries()) {
    if (level > 0) layers.push({ type: "maxPool", kernel: 2, stride: 2 });
    layers.push(...block(`down${level + 1}`, width));
  }
  for (let level = widths.length - 1; level > 0; level--) {
    const filters = widths[level - 1]!;
    const name = `rise${level}`;
    layers.push({ type: "convTranspose", name, filters, kernel: 2, stride: 2 });
    layers.push({ type: "concat", name: `join${level}`, from: [`down${level}`, name] });
    layers.push(...block(`up${level}`, filters));
  }
  layers.push(conv("maps", maps), { type: "normalisedRelu", name: "pdf", epsilon });
  const name = `unet-${channels}-${widths.join("-")}-k${kernel}`;
  return { name, inputs: { x: [channels, ...size] }, layers };
}

/** What a multilayer perceptron may differ in. */
export interface MlpOptions {
  readonly features: number;
  /** units of the hidden layers, each followed by ReLU */
  readonly hidden: readonly number[];
  readonly outputs: number;
  /** share of hidden units dropped in training, after each ReLU; 0 by default */
  readonly dropout?: number;
  /** what comes after the last layer; nothing by default */
  readonly last?: "softmax" | "sigmoid" | "tanh";
}

/** A multilayer perceptron with ReLU. */
export function mlp(options: MlpOptions): Network {
  const { features, hidden, outputs, dropout = 0, last } = options;
  const layers: Layer[] = hidden.flatMap((units, i): Layer[] => [
    { type: "dense", name: `dense${i + 1}`, units },
    { type: "relu", name: `relu${i + 1}` },
    ...(dropout > 0 ? [{ type: "dropout", name: `dropout${i + 1}`, rate: dropout } as const] : []),
  ]);
  layers.push({ type: "dense", name: `dense${hidden.length + 1}`, units: outputs });
  if (last !== undefined) layers.push({ type: last, name: last });
  return {
    name: `mlp-${[features, ...hidden, outputs].join("-")}`,
    inputs: { x: [features] },
    layers,
  };
}
