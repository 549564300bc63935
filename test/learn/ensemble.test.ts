import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EnvironmentError, makeRandom } from "carbonbook/core";
import {
  arraySource,
  initialise,
  type Model,
  mlp,
  type Network,
  openEngine,
  predict,
  predictEnsemble,
  train,
  trainEnsemble,
  trainMember,
  unet,
} from "carbonbook/learn";
import { expect, test } from "vitest";

const engine = await openEngine({ threads: 1 });
const worker = new URL("../../lib/dist/learn/ensemble-worker.js", import.meta.url);
const random = makeRandom(2);
const x = { data: Float32Array.from({ length: 60 }, () => random.normal()), shape: [30, 2] };
const y = { data: x.data.filter((_, i) => i % 2 === 0), shape: [30, 1] };
const network = mlp({ features: 2, hidden: [4], outputs: 1 });
const options = { loss: { kind: "mse" }, batchSize: 8, epochs: 3, seed: 11, threads: 1 } as const;
const data = { train: { kind: "arrays", arrays: { x, y } } } as const;

test.skipIf(!existsSync(worker))("members do not depend on how many train at a time", async () => {
  const one = await trainEnsemble(network, data, options, { members: 3 });
  const three = await trainEnsemble(network, data, options, { members: 3, workers: 3 });
  expect(three).toEqual(one);
  const alone = await train(
    network,
    { train: arraySource({ x, y }) },
    { ...options, seed: 12, engine },
  );
  expect(one[1]!.model.weights).toEqual(alone.model.weights);
  // As a task of a run trains it, on whatever machine.
  expect(await trainMember({ network, data, options: { ...options, seed: 12 } })).toEqual(one[1]);
});

test.skipIf(!existsSync(worker))(
  "a failing member is named and the others are let finish",
  async () => {
    const bad = { data: y.data.map((value, i) => (i === 4 ? Number.NaN : value)), shape: y.shape };
    const broken = { train: { kind: "arrays", arrays: { x, y: bad } } } as const;
    const run = trainEnsemble(network, broken, options, { members: 2, workers: 2 });
    await expect(run).rejects.toThrow(/member [12], epoch 1, batch .* sample 4 is NaN/);
  },
);

test.skipIf(!existsSync(worker))(
  "members say their engine and take no other in its place",
  async () => {
    const [member] = await trainEnsemble(network, data, options, { members: 1 });
    expect(member!.engine).toMatch(/^onnxruntime-node .*, cpu, 1 threads; no cuda here$/);
    const run = trainEnsemble(network, data, { ...options, provider: "cuda" }, { members: 2 });
    await expect(run).rejects.toThrow(EnvironmentError);
    await expect(run).rejects.toThrow(
      /member 1: provider cuda: .*no libonnxruntime_providers_cuda/,
    );
  },
);

test.skipIf(!existsSync(worker))("a signal drains the members", async () => {
  const abort = new AbortController();
  const run = trainEnsemble(
    network,
    data,
    { ...options, epochs: 100_000 },
    {
      members: 2,
      workers: 2,
      signal: abort.signal,
      onProgress: () => abort.abort(),
    },
  );
  await expect(run).rejects.toThrow(/aborted/i);
});

test.skipIf(!existsSync(worker))(
  "members that were stopped go on from their last epoch, to the same weights",
  async () => {
    const whole = await trainEnsemble(network, data, options, { members: 2 });
    const checkpoints = join(mkdtempSync(join(tmpdir(), "carbonbook-test-")), "net");
    const abort = new AbortController();
    const stopped = trainEnsemble(network, data, options, {
      members: 2,
      checkpoints,
      signal: abort.signal,
      onEpoch: (member, { epoch }) => {
        if (member === 2 && epoch === 1) abort.abort();
      },
    });
    await expect(stopped).rejects.toThrow(/aborted/i);
    const epochs: string[] = [];
    const resumed = await trainEnsemble(network, data, options, {
      members: 2,
      checkpoints,
      onEpoch: (member, { epoch }) => epochs.push(`${member}.${epoch}`),
    });
    expect(epochs).not.toContain("1.3");
    expect(epochs).not.toContain("2.1");
    expect(resumed).toEqual(whole);
  },
);

test("the median of members is taken element by element and each map sums to 1", async () => {
  const small = unet({ channels: 2, size: [4, 4], widths: [3], kernel: 3, maps: 2 });
  const members = [1, 2, 3, 4].map(
    (seed): Model => ({ network: small, weights: initialise(small, seed) }),
  );
  const images = {
    x: { data: Float32Array.from({ length: 96 }, () => random.normal()), shape: [3, 2, 4, 4] },
  };
  const each = await Promise.all(
    members.map((m) => predict(m, images, { batchNorm: "running", engine })),
  );
  const raw = await predictEnsemble(members, images, {
    batchNorm: "running",
    engine,
    batchSize: 2,
  });
  const at = each.map(({ data }) => data[17]!).sort((a, b) => a - b);
  const mean = at.reduce((a, b) => a + b, 0) / 4;
  expect(raw.median.data[17]).toBeCloseTo((at[1]! + at[2]!) / 2, 7);
  expect(raw.mean.data[17]).toBeCloseTo(mean, 7);
  expect(raw.spread.data[17]).toBeCloseTo(
    Math.sqrt(at.reduce((s, v) => s + (v - mean) ** 2, 0) / 4),
    7,
  );
  const maps = await predictEnsemble(members, images, {
    batchNorm: "running",
    engine,
    normalise: "maps",
  });
  for (let map = 0; map < 6; map++) {
    const total = maps.median.data.slice(16 * map, 16 * map + 16).reduce((a, b) => a + b, 0);
    expect(total).toBeCloseTo(1, 5);
  }
});

test("batch moments make a prediction depend on its neighbours, running ones do not", async () => {
  const normed: Network = { name: "normed", inputs: { x: [2] }, layers: [{ type: "batchNorm" }] };
  const model: Model = { network: normed, weights: initialise(normed, 1) };
  const first = async (batchNorm: "running" | "batch", batchSize: number) => {
    const prediction = await predict(model, { x }, { batchNorm, batchSize, engine });
    expect(prediction.batchNorm).toBe(batchNorm);
    return prediction.data[0];
  };
  expect(await first("running", 2)).toBe(await first("running", 30));
  expect(await first("batch", 2)).not.toBe(await first("batch", 30));
});
