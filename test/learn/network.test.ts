import {
  countParameters,
  initialise,
  mlp,
  type Network,
  outputShape,
  unet,
} from "carbonbook/learn";
import { expect, test } from "vitest";

test.each([
  { channels: 28, count: 4_934_592 },
  { channels: 76, count: 5_011_392 },
  { channels: 18, count: 4_918_592 },
  { channels: 33, count: 4_942_592 },
  { channels: 93, count: 5_038_592 },
])("the papers' U-Net with $channels channels has $count parameters", ({ channels, count }) => {
  const network = unet({ channels, size: [100, 100] });
  expect(countParameters(network)).toBe(count);
  expect(outputShape(network)).toEqual([8, 100, 100]);
});

test.each<{ name: string; network: Network; message: string }>([
  {
    name: "a skip of another size",
    network: unet({ channels: 1, size: [6, 6] }),
    message:
      'layer "join2": parts to concatenate: expected shapes equal but for the channels, got (128, 3, 3) and (128, 2, 2)',
  },
  {
    name: "dense on an image",
    network: { name: "n", inputs: { x: [2, 4, 4] }, layers: [{ type: "dense", units: 3 }] },
    message: 'layer "dense1": input: expected (features), got (2, 4, 4); flatten it first',
  },
  {
    name: "a window larger than the image",
    network: {
      name: "n",
      inputs: { x: [2, 4, 4] },
      layers: [{ type: "conv", name: "wide", filters: 3, kernel: 5 }],
    },
    message: 'layer "wide": input: expected an image that a window of (5, 5) fits in, got (4, 4)',
  },
  {
    name: "a layer that is not there",
    network: { name: "n", inputs: { x: [2] }, layers: [{ type: "relu", from: "y" }] },
    message: 'network "n", layer "relu1": from: expected one of x, got "y"',
  },
  {
    name: "a dropout of everything",
    network: { name: "n", inputs: { x: [2] }, layers: [{ type: "dropout", rate: 1 }] },
    message: 'layer "dropout1": rate: expected from 0 to less than 1, got 1',
  },
  {
    name: "a layer without units",
    network: { name: "n", inputs: { x: [2] }, layers: [{ type: "dense", units: 0 }] },
    message: 'layer "dense1": units: expected integers from 1, got 0',
  },
  {
    name: "a softmax over an axis that is not there",
    network: { name: "n", inputs: { x: [2] }, layers: [{ type: "softmax", axis: 1 }] },
    message: 'layer "softmax1": axis: expected 0 to 0, got 1',
  },
  {
    name: "a sum of nothing",
    network: { name: "n", inputs: { x: [2] }, layers: [{ type: "add", from: [] }] },
    message: 'layer "add1": from: expected at least one layer or input, got none',
  },
  {
    name: "a type that only a file can hold",
    network: JSON.parse('{"name":"n","inputs":{"x":[2]},"layers":[{"type":"gelu"}]}'),
    message: 'layer "gelu1": type: expected conv, convTranspose, dense, ',
  },
])("$name is refused by the layer's name", ({ network, message }) => {
  expect(() => outputShape(network)).toThrow(message);
});

test("weights start uniform within PyTorch's bound, and seeds decide them", () => {
  const network = mlp({ features: 100, hidden: [400], outputs: 1 });
  const { data } = initialise(network, 1).get("dense1.weight")!;
  const variance = data.reduce((sum, w) => sum + w * w, 0) / data.length;
  expect(Math.max(...data)).toBeLessThanOrEqual(0.1);
  expect(variance).toBeCloseTo(0.01 / 3, 4); // U(±1/√100)
  expect(initialise(network, 1)).toEqual(initialise(network, 1));
  expect(initialise(network, 2)).not.toEqual(initialise(network, 1));
});
