import { countParameters, outputShape, unet } from "carbonbook/learn";
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
