import { makeRandom, sizeOf } from "carbonbook/core";
import {
  arraySource,
  openEngine,
  predict,
  type TrainingOptions,
  train,
  unet,
} from "carbonbook/learn";
import { describe, expect, test } from "vitest";
import { buildCase, CASES } from "./operations.js";

const onnx = await openEngine({ threads: 1 });

describe.each(["wasm", "cpu"])("TensorFlow.js on %s", async (provider) => {
  const tfjs = await openEngine({ name: "tfjs", provider });

  test.each(CASES)("$name and its gradient agree with onnx", async (operation) => {
    const { values, program } = buildCase(operation);
    const [one, other] = await Promise.all([
      onnx.compile(program).then((executable) => executable.run(values)),
      tfjs.compile(program).then((executable) => executable.run(values)),
    ]);
    for (const [name, wanted] of Object.entries(one)) {
      expect(other[name]!.shape).toEqual(wanted.shape);
      expectClose(other[name]!.data, wanted.data);
    }
  });

  test("a U-Net trained on either engine is the same to 1e-4", async () => {
    const random = makeRandom(4);
    const draw = (shape: number[], make: () => number) => {
      return { data: Float32Array.from({ length: sizeOf(shape) }, make), shape };
    };
    const x = draw([6, 3, 8, 8], () => random.normal());
    const pdf = draw([6, 2, 8, 8], () => random.uniform() / 32);
    const network = unet({
      channels: 3,
      size: [8, 8],
      widths: [4, 6],
      kernel: 3,
      maps: 2,
      epsilon: 1e-2,
    });
    const options: TrainingOptions = {
      loss: { kind: "bhattacharyya", targets: { pdf: 1 } },
      batchSize: 4,
      epochs: 3,
      seed: 1,
    };
    const data = { train: arraySource({ x, pdf }) };
    const one = await train(network, data, { ...options, engine: onnx });
    const other = await train(network, data, { ...options, engine: tfjs });
    expect(other.engine).toContain(provider);
    for (const [name, { data: wanted }] of one.model.weights) {
      expectClose(other.model.weights.get(name)!.data, wanted);
    }
    const maps = await predict(one.model, { x }, { batchNorm: "running", engine: onnx });
    const same = await predict(one.model, { x }, { batchNorm: "running", engine: tfjs });
    expectClose(same.data, maps.data);
  });
});

test("memory returned after each step changes no value", async () => {
  const returning = await openEngine({ threads: 1, memory: "returned" });
  for (const operation of CASES) {
    const { values, program } = buildCase(operation);
    const wanted = await (await onnx.compile(program)).run(values);
    expect(await (await returning.compile(program)).run(values)).toEqual(wanted);
  }
});

test("the provider that is opened is said, with those that did not load", async () => {
  expect(onnx.description).toMatch(/^onnxruntime-node [\d.]+, cpu, 1 threads; no cuda here$/);
  const any = await openEngine({ name: "tfjs" });
  expect(any.description).toMatch(/^TensorFlow.js [\d.]+, \S+/);
  expect(any.description).toContain(any.provider);
});

test("a provider asked for by name is not replaced by another", async () => {
  await expect(openEngine({ provider: "cuda" })).rejects.toThrow(
    /provider cuda: expected a provider that loads, got .*; install its libraries/,
  );
  await expect(openEngine({ name: "tfjs", provider: "tfjs-node-gpu" })).rejects.toThrow(
    /provider tfjs-node-gpu of TensorFlow.js: expected a provider that loads/,
  );
  await expect(openEngine({ provider: "gpu" })).rejects.toThrow(
    /provider of onnx: expected auto, cpu, webgpu, cuda, got "gpu"/,
  );
});

function expectClose(got: ArrayLike<number>, wanted: Float32Array): void {
  const scale = Math.max(...wanted.map(Math.abs), 1e-30);
  for (const [i, value] of wanted.entries()) {
    expect(Math.abs(got[i]! - value)).toBeLessThan(1e-4 * scale);
  }
}
