import { makeRandom, type NdArray } from "carbonbook/core";
import { arraySource, openEngine, train, unet } from "carbonbook/learn";
import { expect, test } from "vitest";

const SIZE = 16;

/** A Gaussian blob of unit sum at (y, x). */
function blob(y: number, x: number, width: number): Float32Array {
  const map = Float32Array.from({ length: SIZE * SIZE }, (_, i) => {
    const [dy, dx] = [Math.floor(i / SIZE) - y, (i % SIZE) - x];
    return Math.exp(-(dy * dy + dx * dx) / (2 * width * width));
  });
  const total = map.reduce((sum, value) => sum + value, 0);
  return map.map((value) => value / total);
}

/** n pairs of a blob and the same blob moved by (2, −1). */
function pairs(n: number, seed: number): Record<"x" | "pdf", NdArray<Float32Array>> {
  const random = makeRandom(seed);
  const shape = [n, 1, SIZE, SIZE];
  const x = { data: new Float32Array(n * SIZE * SIZE), shape };
  const pdf = { data: new Float32Array(n * SIZE * SIZE), shape };
  for (let i = 0; i < n; i++) {
    const [row, column] = [4 + 6 * random.uniform(), 5 + 6 * random.uniform()];
    const from = blob(row, column, 1.5);
    x.data.set(
      from.map((value) => 20 * value),
      i * SIZE * SIZE,
    );
    pdf.data.set(blob(row + 2, column - 1, 1.5), i * SIZE * SIZE);
  }
  return { x, pdf };
}

test("a U-Net learns to move a blob: Bhattacharyya loss below 0.01 on blobs it has not seen", async () => {
  const network = unet({ channels: 1, size: [SIZE, SIZE], widths: [8, 12], kernel: 3, maps: 1 });
  const data = { train: arraySource(pairs(128, 1)), validation: arraySource(pairs(32, 2)) };
  const reached = new AbortController();
  const { stopped } = await train(network, data, {
    loss: { kind: "bhattacharyya", targets: { pdf: 1 } },
    optimiser: { kind: "adam", betas: [0.5, 0.999] },
    learningRate: 5e-3,
    batchSize: 16,
    epochs: 60,
    seed: 1,
    engine: await openEngine({ threads: 1 }),
    signal: reached.signal,
    onEpoch: ({ validationLoss }) => {
      if (validationLoss < 0.01) reached.abort();
    },
  });
  expect(stopped).toBe("aborted");
});
