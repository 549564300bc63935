import { makeRandom } from "carbonbook/core";
import { arraySource, mlp, openEngine, train } from "carbonbook/learn";
import { expect, test } from "vitest";

test("a perceptron without hidden layer reaches the least-squares solution", async () => {
  const random = makeRandom(3);
  const n = 64;
  const x = Float32Array.from({ length: 2 * n }, () => random.normal());
  const y = Float32Array.from({ length: n }, (_, i) => 2 * x[2 * i]! - x[2 * i + 1]! + 0.5);
  const data = {
    train: arraySource({ x: { data: x, shape: [n, 2] }, y: { data: y, shape: [n, 1] } }),
  };
  const result = await train(mlp({ features: 2, hidden: [], outputs: 1 }), data, {
    loss: { kind: "mse" },
    optimiser: { kind: "sgd" },
    learningRate: 0.1,
    batchSize: n,
    epochs: 200,
    seed: 1,
    engine: await openEngine({ threads: 1 }),
  });
  const { data: w } = result.model.weights.get("dense1.weight")!;
  const { data: b } = result.model.weights.get("dense1.bias")!;
  expect(w[0]).toBeCloseTo(2, 4);
  expect(w[1]).toBeCloseTo(-1, 4);
  expect(b[0]).toBeCloseTo(0.5, 4);
});
