import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeRandom } from "carbonbook/core";
import {
  arraySource,
  loadModel,
  mlp,
  type Network,
  openEngine,
  predict,
  readCheckpoint,
  resumable,
  subset,
  type TrainingOptions,
  train,
  writeCheckpoint,
} from "carbonbook/learn";
import { expect, test } from "vitest";

const engine = await openEngine({ threads: 1 });
const random = makeRandom(3);
const x = { data: Float32Array.from({ length: 100 }, () => random.normal()), shape: [50, 2] };
const y = { data: x.data.filter((_, i) => i % 2 === 0).map(Math.sin), shape: [50, 1] };
const source = arraySource({ x, y });

const small = mlp({ features: 2, hidden: [8], outputs: 1, dropout: 0.25 });
const normed: Network = {
  name: "normed",
  inputs: { x: [2] },
  layers: [
    { type: "dense", units: 6 },
    { type: "batchNorm" },
    { type: "tanh" },
    { type: "dense", units: 1 },
  ],
};
const basic: TrainingOptions = {
  loss: { kind: "mse" },
  batchSize: 16,
  epochs: 4,
  seed: 5,
  learningRate: 0.01,
  engine,
};

test("a run that is stopped and resumed has the same bytes", async () => {
  const data = {
    train: subset(
      source,
      Int32Array.from({ length: 40 }, (_, i) => i),
    ),
    validation: subset(
      source,
      Int32Array.from({ length: 10 }, (_, i) => 40 + i),
    ),
  };
  for (const network of [small, normed]) {
    const folder = mkdtempSync(join(tmpdir(), "learn-"));
    const save =
      (name: string) => async (_: unknown, state: Parameters<typeof writeCheckpoint>[2]) =>
        writeCheckpoint(join(folder, name), network, state);
    const whole = await train(network, data, { ...basic, epochs: 6, onEpoch: save("whole.nc") });
    await train(network, data, { ...basic, epochs: 3, onEpoch: save("half.nc") });
    const resume = await readCheckpoint(join(folder, "half.nc"), network);
    const rest = await train(network, data, {
      ...basic,
      epochs: 6,
      resume,
      onEpoch: save("rest.nc"),
    });
    expect(rest.history).toEqual(whole.history);
    expect(rest.state).toEqual(whole.state);
    const saved = (name: string) => readCheckpoint(join(folder, name), network);
    expect(await saved("rest.nc")).toEqual(whole.state);
  }
});

test("a run that keeps checkpoints goes on from them, its best network beside them as ONNX", async () => {
  const data = { train: source, validation: source };
  const path = join(mkdtempSync(join(tmpdir(), "learn-")), "run.nc");
  const whole = await train(normed, data, { ...basic, epochs: 6 });
  await train(normed, data, { ...basic, epochs: 3, ...(await resumable(path, normed)) });
  const rest = await train(normed, data, {
    ...basic,
    epochs: 6,
    ...(await resumable(path, normed)),
  });
  expect(rest.state).toEqual(whole.state);
  const kept = await loadModel(path.replace(".nc", ".onnx"), normed);
  expect(kept).toEqual(whole.model);
  const inputs = { x };
  const options = { batchNorm: "running", engine } as const;
  expect(await predict(kept, inputs, options)).toEqual(await predict(whole.model, inputs, options));
});

test("a checkpoint of another network is refused by name", async () => {
  const path = join(mkdtempSync(join(tmpdir(), "learn-")), "state.nc");
  const { state } = await train(small, { train: source }, { ...basic, epochs: 1 });
  await writeCheckpoint(path, small, state);
  await expect(readCheckpoint(path, mlp({ features: 2, hidden: [], outputs: 1 }))).rejects.toThrow(
    /network of the file: expected mlp-2-1, dense1.weight \(1, 2\), got mlp-2-8-1, dense1.weight \(8, 2\)/,
  );
});
