import { readFileSync } from "node:fs";
import type { NdArray } from "carbonbook/core";
import {
  arraySource,
  gradientProgram,
  type LossDescription,
  layoutOf,
  mlp,
  type Network,
  openEngine,
  packWeights,
  predict,
  type TrainingOptions,
  toObjective,
  train,
  unet,
} from "carbonbook/learn";
import { describe, expect, test } from "vitest";

interface Packed {
  readonly shape: readonly number[];
  readonly data: string;
}

interface Fixture {
  readonly batch: Readonly<Record<string, Packed>>;
  readonly start: Readonly<Record<string, Packed>>;
  readonly gradients: Readonly<Record<string, Packed>>;
  readonly end: Readonly<Record<string, Packed>>;
  readonly output: Packed;
  readonly evaluated: Packed;
  readonly losses: readonly number[];
}

function unpack({ shape, data }: Packed): NdArray<Float32Array> {
  const bytes = Uint8Array.from(Buffer.from(data, "base64"));
  return { data: new Float32Array(bytes.buffer), shape };
}

function unpackAll(packed: Readonly<Record<string, Packed>>): Map<string, NdArray<Float32Array>> {
  return new Map(Object.entries(packed).map(([name, array]) => [name, unpack(array)]));
}

/** Largest difference, relative to the largest value of the reference. */
function miss(got: ArrayLike<number>, wanted: ArrayLike<number>): number {
  let [difference, scale] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    difference = Math.max(difference, Math.abs(got[i]! - wanted[i]!));
    scale = Math.max(scale, Math.abs(wanted[i]!));
  }
  return difference / scale;
}

const cases: { name: string; network: Network; loss: LossDescription; betas: [number, number] }[] =
  [
    {
      name: "unet",
      network: unet({
        channels: 3,
        size: [12, 12],
        widths: [4, 6, 8],
        kernel: 3,
        maps: 2,
        epsilon: 1e-2,
      }),
      loss: { kind: "bhattacharyya", targets: { filtered: 0.8, raw: 0.2 } },
      betas: [0.5, 0.999],
    },
    {
      name: "mlp",
      network: mlp({ features: 3, hidden: [16, 12], outputs: 4 }),
      loss: { kind: "crossEntropy" },
      betas: [0.9, 0.999],
    },
  ];

describe.each(cases)("PyTorch's $name", ({ name, network, loss, betas }) => {
  const url = new URL(`../fixtures/learn/${name}.json`, import.meta.url);
  const fixture = JSON.parse(readFileSync(url, "utf8")) as Fixture;
  const fields = Object.fromEntries(unpackAll(fixture.batch));
  const source = arraySource(fields);
  const start = unpackAll(fixture.start);

  test("has the same gradients", async () => {
    const task = { network, objective: toObjective(loss) };
    const engine = await openEngine({ threads: 1 });
    const { program } = gradientProgram(task, source.fields, source.count);
    const executable = await engine.compile(program);
    const { trained } = layoutOf(task);
    const state = [...start].map(([parameter, array]) => [`state/${parameter}`, array]);
    const outputs = await executable.run({ ...fields, ...Object.fromEntries(state) });
    const got = trained.map((parameter) => [parameter.name, outputs[`step/${parameter.name}`]!]);
    const flat = packWeights(trained, new Map(got as [string, NdArray<Float32Array>][]));
    const wanted = packWeights(trained, unpackAll(fixture.gradients));
    expect(outputs["result/loss"]!.data[0]).toBeCloseTo(fixture.losses[0]!, 5);
    expect(miss(flat, wanted)).toBeLessThan(1e-4);
  });

  test("is where we are after 20 steps of Adam", async () => {
    const losses: number[] = [];
    const engine = await openEngine({ threads: 1 });
    const { model } = await train(
      network,
      { train: source },
      {
        loss,
        optimiser: { kind: "adam", betas },
        batchSize: source.count,
        epochs: 20,
        seed: 0,
        weights: start,
        engine,
        onStep: (step) => losses.push(step.loss),
      },
    );
    expect(miss(losses, fixture.losses)).toBeLessThan(1e-4);
    for (const [parameter, wanted] of unpackAll(fixture.end)) {
      expect(miss(model.weights.get(parameter)!.data, wanted.data), parameter).toBeLessThan(1e-4);
    }
    const evaluated = await predict(model, { x: fields.x! }, { batchNorm: "running", engine });
    expect(miss(evaluated.data, unpack(fixture.evaluated).data)).toBeLessThan(1e-4);
  });

  test("gives the same output on its start weights", async () => {
    const engine = await openEngine({ threads: 1 });
    const options = { batchNorm: "batch", engine } as const;
    const output = await predict({ network, weights: start }, { x: fields.x! }, options);
    expect(miss(output.data, unpack(fixture.output).data)).toBeLessThan(1e-4);
  });
});

test.each<{ name: string; options: Pick<TrainingOptions, "optimiser" | "learningRate" | "clip"> }>([
  { name: "sgd", options: { optimiser: { kind: "sgd" }, learningRate: 0.1 } },
  {
    name: "momentum",
    options: {
      optimiser: { kind: "sgd", momentum: 0.9, weightDecay: 0.01 },
      learningRate: 0.1,
    },
  },
  { name: "adam", options: { optimiser: { kind: "adam", weightDecay: 0.01 }, learningRate: 0.01 } },
  {
    name: "adadelta",
    options: { optimiser: { kind: "adadelta", weightDecay: 0.01 }, learningRate: 1 },
  },
  {
    name: "clipped",
    options: { optimiser: { kind: "sgd" }, learningRate: 0.1, clip: { norm: 0.2 } },
  },
])("20 steps of $name end where PyTorch's do", async ({ name, options }) => {
  const read = (file: string) =>
    JSON.parse(readFileSync(new URL(`../fixtures/learn/${file}.json`, import.meta.url), "utf8"));
  const { batch, start } = read("mlp") as Fixture;
  const source = arraySource(Object.fromEntries(unpackAll(batch)));
  const { model } = await train(
    mlp({ features: 3, hidden: [16, 12], outputs: 4 }),
    { train: source },
    {
      ...options,
      loss: { kind: "crossEntropy" },
      batchSize: source.count,
      epochs: 20,
      seed: 0,
      weights: unpackAll(start),
      engine: await openEngine({ threads: 1 }),
    },
  );
  const ends = (read("optimisers") as Record<string, Fixture["end"]>)[name]!;
  for (const [parameter, wanted] of unpackAll(ends)) {
    expect(miss(model.weights.get(parameter)!.data, wanted.data), parameter).toBeLessThan(1e-4);
  }
});
