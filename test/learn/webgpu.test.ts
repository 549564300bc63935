import { existsSync } from "node:fs";
import { makeRandom, sizeOf } from "carbonbook/core";
import {
  arraySource,
  conv,
  type Engine,
  makeWindow,
  openEngine,
  type TrainingOptions,
  train,
  unet,
} from "carbonbook/learn";
import { beforeAll, describe, expect, test } from "vitest";
import { buildCase, CASES, type Case } from "./operations.js";

/** A graphics card in software, which comes with Chromium. */
const DRIVER = "/usr/lib/chromium/vk_swiftshader_icd.json";

/** Operations that no plain U-Net has, or that are written in another way for this provider. */
const special = CASES.filter(({ name }) => /stride and dilation|Pool/.test(name));

/** Channels that the provider's convolution adds up wrongly if they are not filled up. */
const odd = [6, 18].map((channels): Case => {
  const make: Case["make"] = (x, f) => conv(x, f, makeWindow({ kernel: 3, padding: 1 }));
  const shapes = [
    [2, channels, 4, 5],
    [4, channels, 3, 3],
  ];
  return { name: `conv of ${channels} channels`, shapes, make };
});

describe.skipIf(!existsSync(DRIVER))("onnxruntime on WebGPU", () => {
  let [gpu, cpu]: [Engine?, Engine?] = [];

  beforeAll(async () => {
    process.env.VK_ICD_FILENAMES = DRIVER;
    gpu = await openEngine({ provider: "webgpu", threads: 1 });
    cpu = await openEngine({ provider: "cpu", threads: 1 });
  });

  test.each([...special, ...odd])(
    "$name and its gradient agree with the processor",
    async (one) => {
      const { values, program } = buildCase(one);
      const [wanted, got] = await Promise.all(
        [cpu!, gpu!].map(async (engine) => {
          const executable = await engine.compile(program);
          const outputs = await executable.run(values);
          await executable.release();
          return outputs;
        }),
      );
      for (const [name, { data }] of Object.entries(wanted!)) expectClose(got![name]!.data, data);
    },
  );

  test("a U-Net trained there is the same to 1e-4", async () => {
    const random = makeRandom(4);
    const draw = (shape: number[], make: () => number) => {
      return { data: Float32Array.from({ length: sizeOf(shape) }, make), shape };
    };
    const x = draw([6, 6, 8, 8], () => random.normal());
    const pdf = draw([6, 2, 8, 8], () => random.uniform() / 32);
    const widths = [4, 6];
    const network = unet({ channels: 6, size: [8, 8], widths, kernel: 3, maps: 2, epsilon: 1e-2 });
    const options: TrainingOptions = {
      loss: { kind: "bhattacharyya", targets: { pdf: 1 } },
      batchSize: 3,
      epochs: 2,
      seed: 1,
    };
    const data = { train: arraySource({ x, pdf }) };
    const one = await train(network, data, { ...options, engine: cpu! });
    const other = await train(network, data, { ...options, engine: gpu! });
    expect(other.engine).toContain("webgpu");
    for (const [name, { data: wanted }] of one.model.weights) {
      expectClose(other.model.weights.get(name)!.data, wanted);
    }
  });
});

function expectClose(got: ArrayLike<number>, wanted: Float32Array): void {
  const scale = Math.max(...wanted.map(Math.abs), 1e-30);
  for (const [i, value] of wanted.entries()) {
    expect(Math.abs(got[i]! - value)).toBeLessThan(1e-4 * scale);
  }
}
