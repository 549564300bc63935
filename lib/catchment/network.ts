/** The networks of Picard et al. (2024) beside the U-Net, how far they see, and how they look. */

import { diagram, type Figure, networkParts } from "../figures/index.js";
import {
  countParameters,
  type Layer,
  makeWindow,
  type Network,
  resolveLayers,
} from "../learn/index.js";
import type { Labels } from "./scoreboard.js";

/** What a basic network may differ in. */
export interface BasicCnnOptions {
  readonly channels: number;
  /** height and width of the input */
  readonly size: readonly [height: number, width: number];
  readonly maps: number;
  /** filters of the first layer; the second has twice as many; 64 in the papers' code */
  readonly width?: number;
}

/**
 * The plain network without any pooling: four convolutions of 3 × 3 with ReLU and batch norm, then
 * the maps. The papers' code has it as `CNN_UNET_SURF_1step` (205,696 parameters at width 64).
 */
export function basicCnn({ channels, size, maps, width = 64 }: BasicCnnOptions): Network {
  const conv = (name: string, filters: number): Layer => {
    return { type: "conv", name, filters, kernel: 3, padding: 1, bias: false };
  };
  const layers = [width, 2 * width, width, width].flatMap((filters, k): Layer[] => [
    conv(`conv${k + 1}`, filters),
    { type: "relu" },
    { type: "batchNorm", name: `norm${k + 1}` },
  ]);
  layers.push(conv("maps", maps), { type: "normalisedRelu", name: "pdf", epsilon: 1e-10 });
  return { name: `cnn-${channels}-${width}`, inputs: { x: [channels, ...size] }, layers };
}

/**
 * Side of the square of input cells that one output cell can see, along its longest path.
 *
 * Each window of kernel k adds (k − 1) cells of its own grid; pooling and transposed convolutions
 * change how many input cells that is.
 */
export function receptiveField(network: Network): number {
  const seen = new Map(Object.keys(network.inputs).map((name) => [name, { field: 1, step: 1 }]));
  let last = { field: 1, step: 1 };
  for (const { name, layer, from } of resolveLayers(network)) {
    const inputs = from.map((source) => seen.get(source)!);
    const widest = inputs.reduce((a, b) => (b.field > a.field ? b : a));
    last = { ...widest, step: inputs[0]!.step };
    if (layer.type === "conv" || layer.type === "maxPool" || layer.type === "averagePool") {
      const { kernel, stride } = makeWindow(layer);
      last = { field: last.field + (kernel[0] - 1) * last.step, step: last.step * stride[0] };
    } else if (layer.type === "convTranspose") {
      const { kernel, stride } = makeWindow(layer);
      const added = Math.ceil(kernel[0] / stride[0]) - 1;
      last = { field: last.field + added * last.step, step: last.step / stride[0] };
    }
    seen.set(name, last);
  }
  return last.field;
}

/** What a drawing calls a layer. */
const WORDS: Readonly<Record<string, string>> = {
  conv: "conv",
  relu: "ReLU",
  batchNorm: "norm",
  normalisedRelu: "ReLU, divided by the sum",
};

/** A U-Net as boxes and arrows, drawn from its own description: figure 4 of Picard et al. (2024). */
export function networkFigure(
  network: Network,
  { dx, ...labels }: Labels & { /** width of a cell of the input [m] */ readonly dx: number },
): Figure {
  const layers = resolveLayers(network);
  const [channels] = Object.values(network.inputs)[0]!;
  const blocks = layers.filter(({ name }) => /^down\d+$/.test(name));
  const output = layers.at(-1)!.shape;
  const kernel = layers.flatMap(({ layer }) => (layer.type === "conv" ? [layer.kernel] : []))[0]!;
  const first = layers.findIndex(({ name }) => name === blocks[0]!.name);
  const block = layers.slice(0, first + 1).map(({ layer }) => WORDS[layer.type] ?? layer.type);
  const last = layers.at(-1)!.layer.type;
  const reach = (receptiveField(network) * dx) / 1000;
  const levels = blocks.map(({ shape: [maps, height, width] }, k) => ({
    channels: maps!,
    size: `${height} × ${width}, ${(2 ** k * dx) / 1000} km`,
  }));
  const parts = networkParts({
    levels,
    input: `${channels} maps in`,
    output: `${output[0]} PDFs<br>${WORDS[last] ?? last}`,
    block: `${kernel} × ${kernel}: ${block.join(", ")}`,
    down: "2 × 2 max pool",
    up: "2 × 2 up",
    skip: "join",
  });
  const count = countParameters(network).toLocaleString("en-US");
  const caption = `${labels.caption} ${count} parameters; two ${kernel} × ${kernel} convolutions a block; one output cell sees ${reach} km.`;
  return diagram({ ...labels, caption, ...parts });
}
