import { makeRandom } from "carbonbook/core";
import {
  add,
  arraySource,
  constant,
  countParameters,
  exp,
  matmul,
  meanSquare,
  mlp,
  multiply,
  negate,
  openEngine,
  predict,
  reshape,
  type Source,
  square,
  subtract,
  sum,
  type TrainingOptions,
  train,
} from "carbonbook/learn";
import { expect, test } from "vitest";

const engine = await openEngine({ threads: 1 });

/** y = x·(2, −1) + 0.5 + noise, n samples. */
function line(n: number, noise = 0): { x: Float32Array; y: Float32Array; source: Source } {
  const random = makeRandom(3);
  const x = Float32Array.from({ length: 2 * n }, () => random.normal());
  const y = Float32Array.from(
    { length: n },
    (_, i) => 2 * x[2 * i]! - x[2 * i + 1]! + 0.5 + noise * random.normal(),
  );
  return {
    x,
    y,
    source: arraySource({ x: { data: x, shape: [n, 2] }, y: { data: y, shape: [n, 1] } }),
  };
}

const linear = mlp({ features: 2, hidden: [], outputs: 1 });
const basic: TrainingOptions = {
  loss: { kind: "mse" },
  batchSize: 16,
  epochs: 4,
  seed: 5,
  learningRate: 0.01,
  engine,
};

test("a perceptron without hidden layer reaches the least-squares solution", async () => {
  const { source, x, y } = line(64, 0.3);
  const { model } = await train(
    linear,
    { train: source },
    {
      ...basic,
      optimiser: { kind: "sgd" },
      learningRate: 0.1,
      batchSize: 64,
      epochs: 200,
    },
  );
  const [w, b] = ["dense1.weight", "dense1.bias"].map((name) => model.weights.get(name)!.data);
  // The normal equations: residuals are orthogonal to each column and to 1.
  let moments = [0, 0, 0];
  for (const [i, value] of y.entries()) {
    const residual = value - w![0]! * x[2 * i]! - w![1]! * x[2 * i + 1]! - b![0]!;
    moments = [
      moments[0]! + residual * x[2 * i]!,
      moments[1]! + residual * x[2 * i + 1]!,
      moments[2]! + residual,
    ];
  }
  for (const moment of moments) expect(Math.abs(moment / 64)).toBeLessThan(1e-5);
});

test.each([
  { kind: "sgd", momentum: 0.9 } as const,
  { kind: "adam" } as const,
  { kind: "adadelta" } as const,
])("$kind learns XOR", async (optimiser) => {
  const data = {
    x: { data: Float32Array.of(0, 0, 0, 1, 1, 0, 1, 1), shape: [4, 2] },
    y: { data: Float32Array.of(0, 1, 1, 0), shape: [4, 1] },
  };
  const network = mlp({ features: 2, hidden: [16], outputs: 1 });
  const learningRate = { sgd: 0.1, adam: 0.02, adadelta: 1 }[optimiser.kind];
  const { model } = await train(
    network,
    { train: arraySource(data) },
    {
      ...basic,
      optimiser,
      learningRate,
      batchSize: 4,
      epochs: 400,
    },
  );
  const { data: answer } = await predict(model, { x: data.x }, { batchNorm: "running", engine });
  expect([...answer].map(Math.round).map(Math.abs)).toEqual([0, 1, 1, 0]);
});

test("not-a-number stops the run and names the batch", async () => {
  const { x, y } = line(32);
  x[2 * 20] = Number.NaN;
  const source = arraySource({ x: { data: x, shape: [32, 2] }, y: { data: y, shape: [32, 1] } });
  const run = train(linear, { train: source }, { ...basic, batchSize: 8 });
  await expect(run).rejects.toThrow(/epoch 1, batch [1-4] of 4: .*"x" of sample 20 is NaN/);
});

test("no samples, fields of unequal length and a lone class are refused", async () => {
  const one = { data: new Float32Array(2), shape: [1, 2] };
  expect(() => arraySource({ x: { data: new Float32Array(0), shape: [0, 2] } })).toThrow(
    "data: expected at least one sample, got none",
  );
  expect(() => arraySource({ x: one, y: { data: new Float32Array(2), shape: [2, 1] } })).toThrow(
    'samples: expected 1 as in "x", got 2 in "y"',
  );
  const y = { data: Float32Array.of(0, 1, 0, 1), shape: [2, 2] };
  const source = arraySource({ x: { data: new Float32Array(4), shape: [2, 2] }, y });
  const classifier = mlp({ features: 2, hidden: [], outputs: 2 });
  const run = train(classifier, { train: source }, { ...basic, loss: { kind: "crossEntropy" } });
  await expect(run).rejects.toThrow(/targets: expected more than one class, got only class 1 in 2/);
});

test("a target that does not fit the output names both shapes", async () => {
  const y = { data: new Float32Array(6), shape: [2, 3] };
  const source = arraySource({ x: { data: new Float32Array(4), shape: [2, 2] }, y });
  await expect(train(linear, { train: source }, basic)).rejects.toThrow(
    /output and target of the loss: .* \(2, 1\) and \(2, 3\)/,
  );
});

test("a loss that blows up stops the run though the data are finite", async () => {
  const run = train(
    linear,
    { train: line(32).source },
    {
      ...basic,
      optimiser: { kind: "sgd" },
      learningRate: 1e10,
      epochs: 50,
    },
  );
  await expect(run).rejects.toThrow(/expected a finite loss and gradient.*lower the learning rate/);
});

test("training keeps the best epoch and stops when patience is lost", async () => {
  const { source } = line(20, 1);
  const other = arraySource({
    x: { data: new Float32Array(8), shape: [4, 2] },
    y: { data: new Float32Array(4).fill(-3), shape: [4, 1] },
  });
  // The bias first has to grow towards 0.5, away from the −3 of the validation.
  const weights = new Map([
    ["dense1.weight", { data: new Float32Array(2), shape: [1, 2] }],
    ["dense1.bias", { data: new Float32Array(1), shape: [1] }],
  ]);
  const result = await train(
    linear,
    { train: source, validation: other },
    {
      ...basic,
      epochs: 30,
      patience: 3,
      weights,
    },
  );
  expect(result.stopped).toBe("early");
  expect(result.history.length).toBe(result.bestEpoch + 3);
  const losses = result.history.map(({ validationLoss }) => validationLoss);
  expect(losses.indexOf(Math.min(...losses))).toBe(result.bestEpoch - 1);
});

test("a signal stops between batches", async () => {
  const abort = new AbortController();
  const result = await train(
    linear,
    { train: line(32).source },
    {
      ...basic,
      signal: abort.signal,
      onProgress: (done) => done === 3 && abort.abort(),
    },
  );
  expect(result.stopped).toBe("aborted");
  expect(result.history.length).toBe(1);
});

test("clipping bounds the step, and the norm before it is reported", async () => {
  const { source } = line(16);
  const weights = new Map([
    ["dense1.weight", { data: new Float32Array(2), shape: [1, 2] }],
    ["dense1.bias", { data: Float32Array.of(100), shape: [1] }],
  ]);
  const options = {
    ...basic,
    epochs: 1,
    learningRate: 1,
    optimiser: { kind: "sgd" } as const,
    weights,
  };
  const { model, history } = await train(
    linear,
    { train: source },
    { ...options, clip: { norm: 0.5 } },
  );
  const moved = Math.hypot(
    ...model.weights.get("dense1.weight")!.data,
    model.weights.get("dense1.bias")!.data[0]! - 100,
  );
  expect(history[0]!.gradientNorm).toBeGreaterThan(100);
  expect(moved).toBeCloseTo(0.5, 4);
});

test("the penalty shrinks kernels and leaves biases alone", async () => {
  const zeros = { data: new Float32Array(8), shape: [8, 1] };
  const source = arraySource({ x: { data: new Float32Array(16), shape: [8, 2] }, y: zeros });
  const weights = new Map([
    ["dense1.weight", { data: Float32Array.of(1, -2), shape: [1, 2] }],
    ["dense1.bias", { data: new Float32Array(1), shape: [1] }],
  ]);
  const options = { ...basic, epochs: 1, batchSize: 8, weights, l2: 0.25, learningRate: 0.1 };
  const { model } = await train(
    linear,
    { train: source },
    { ...options, optimiser: { kind: "sgd" } },
  );
  // w − η · 2λw = 0.95 w
  expect(model.weights.get("dense1.weight")!.data[0]).toBeCloseTo(0.95, 6);
  expect(model.weights.get("dense1.weight")!.data[1]).toBeCloseTo(-1.9, 6);
  expect(model.weights.get("dense1.bias")!.data[0]).toBe(0);
});

test("an objective may apply the network twice, sum by a matrix and weigh with trained σ", async () => {
  // A tower sees y at points; a region sees only the sum over its points (dual constraint).
  const { x, y, source } = line(40);
  const sums = new Float32Array(2 * 40).map((_, i) => (i % 40 < 20 === i < 40 ? 1 / 20 : 0));
  const region = [0, 1].map((r) => y.slice(20 * r, 20 * r + 20).reduce((a, b) => a + b, 0) / 20);
  const all = constant({ data: x, shape: [40, 2] });
  const matrix = constant({ data: sums, shape: [2, 40] });
  const target = constant({ data: Float32Array.from(region), shape: [2, 1] });
  const { history, extra } = await train(
    linear,
    { train: source },
    {
      ...basic,
      epochs: 150,
      learningRate: 0.05,
      extra: { eta: { shape: [2], initial: 0 } },
      loss: ({ model, batch, extra: { eta } }) => {
        const point = meanSquare(model(), batch.y!);
        const sky = meanSquare(matmul(matrix, model(all)), target);
        const losses = reshape(
          add(
            multiply(point, constant({ data: Float32Array.of(1, 0), shape: [2] })),
            multiply(sky, constant({ data: Float32Array.of(0, 1), shape: [2] })),
          ),
          [2],
        );
        const weighed = add(
          multiply(multiply(exp(negate(eta!)), losses), 0.5),
          multiply(eta!, 0.5),
        );
        return add(sum(weighed), multiply(sum(square(subtract(eta!, -3))), 0.1));
      },
    },
  );
  expect(history.at(-1)!.loss).toBeLessThan(history[0]!.loss - 1);
  expect(extra.get("eta")!.data.every((value) => value < -1)).toBe(true);
});

test("the course networks have the published number of weights", () => {
  const biomes = mlp({ features: 3, hidden: [64, 128, 256, 128, 64], outputs: 7, last: "softmax" });
  expect(countParameters(biomes)).toBe(83_207);
});
