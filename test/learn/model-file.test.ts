import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeRandom } from "carbonbook/core";
import {
  initialise,
  loadModel,
  type Model,
  mlp,
  openEngine,
  openLayersModel,
  openOnnxFile,
  predict,
  saveModel,
  unet,
} from "carbonbook/learn";
import { expect, test } from "vitest";

const engine = await openEngine({ threads: 1 });
const folder = mkdtempSync(join(tmpdir(), "learn-"));
const network = unet({ channels: 2, size: [8, 8], widths: [3, 4], kernel: 3, maps: 2 });
const model: Model = { network, weights: initialise(network, 7) };
const random = makeRandom(1);
const x = {
  data: Float32Array.from({ length: 3 * 128 }, () => random.normal()),
  shape: [3, 2, 8, 8],
};

test("a saved model comes back with the same weights", async () => {
  const path = join(folder, "unet.onnx");
  saveModel(path, model);
  expect(await loadModel(path, network)).toEqual(model);
});

test("a saved model is plain ONNX for any batch size", async () => {
  const path = join(folder, "plain.onnx");
  saveModel(path, model);
  const file = await openOnnxFile(path, 1);
  expect(file.inputs).toEqual(["x"]);
  const wanted = await predict(model, { x }, { batchNorm: "running", engine });
  const { output } = await file.run({ x });
  await file.release();
  expect(output!.shape).toEqual([3, 2, 8, 8]);
  for (const [i, value] of wanted.data.entries()) expect(output!.data[i]).toBeCloseTo(value, 6);
});

test("a model of another architecture is refused with both shapes", async () => {
  const path = join(folder, "other.onnx");
  const other = mlp({ features: 2, hidden: [3], outputs: 1 });
  saveModel(path, { network: other, weights: initialise(other, 1) });
  await expect(loadModel(path, network)).rejects.toThrow(
    /network of the file: expected unet-2-3-4-k3, down1a.weight \(3, 2, 3, 3\), got mlp-2-3-1, dense1.weight \(3, 2\)/,
  );
});

test("a file that is no model is refused by name", async () => {
  const path = join(folder, "text.onnx");
  writeFileSync(path, "not a model at all");
  await expect(loadModel(path)).rejects.toThrow(/text.onnx: file: expected/);
  await expect(openOnnxFile(path)).rejects.toThrow(/text.onnx: file: expected an ONNX model/);
});

test("a model that PyTorch exported runs", async () => {
  const at = (name: string) => new URL(`../fixtures/learn/${name}`, import.meta.url);
  const fixture = JSON.parse(readFileSync(at("mlp.json"), "utf8"));
  const floats = (text: string) =>
    new Float32Array(Uint8Array.from(Buffer.from(text, "base64")).buffer);
  const file = await openOnnxFile(fileURLToPath(at("torch-mlp.onnx")), 1);
  const rows = { data: floats(fixture.batch.x.data), shape: fixture.batch.x.shape };
  const { logits } = await file.run({ rows });
  await file.release();
  for (const [i, value] of floats(fixture.evaluated.data).entries()) {
    expect(logits!.data[i]).toBeCloseTo(value, 5);
  }
});

test("a LayersModel that TensorFlow.js saved runs", async () => {
  const tf = createRequire(import.meta.url)(
    "@tensorflow/tfjs",
  ) as typeof import("@tensorflow/tfjs");
  await tf.setBackend("cpu");
  const kernelInitializer = tf.initializers.constant({ value: 0.5 });
  const layer = tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer });
  const written = tf.sequential({ layers: [layer] });
  await written.save(
    tf.io.withSaveHandler(async ({ modelTopology, weightSpecs, weightData }) => {
      const weightsManifest = [{ paths: ["weights.bin"], weights: weightSpecs }];
      writeFileSync(join(folder, "model.json"), JSON.stringify({ modelTopology, weightsManifest }));
      writeFileSync(join(folder, "weights.bin"), Buffer.from(weightData as ArrayBuffer));
      return { modelArtifactsInfo: { dateSaved: new Date(0), modelTopologyType: "JSON" } };
    }),
  );
  const model = await openLayersModel(join(folder, "model.json"));
  const y = await model.run({ data: Float32Array.of(1, 2, 3, 4), shape: [2, 2] });
  model.release();
  expect([...y.data]).toEqual([1.5, 3.5]);
  expect(y.shape).toEqual([2, 1]);
  await expect(openLayersModel(join(folder, "none.json"))).rejects.toThrow(/none.json: file/);
});
