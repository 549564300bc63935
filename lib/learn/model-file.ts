/** Trained networks as ONNX files, and running ONNX files from anywhere. */

import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, writeSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname } from "node:path";
import { DataError, MissingVariableError, type NdArray } from "../core/index.js";
import { checkNetwork } from "./checkpoint.js";
import type { Network } from "./layer.js";
import { parametersOf } from "./network.js";
import { toOnnx } from "./onnx-lowering.js";
import { decodeModel } from "./onnx-model.js";
import { predictionProgram } from "./prediction.js";
import { sameShape } from "./shaping.js";
import type { Model } from "./weights.js";

/**
 * Write a network for inference: plain ONNX (opset 17), weights inside, any batch size; batch norms
 * use their running moments. Python, browsers and onnxruntime can run it. Written atomically.
 */
export function saveModel(path: string, model: Model): void {
  const program = predictionProgram(model.network, 1, "running");
  const metadata = { "carbonbook.network": JSON.stringify(model.network) };
  const bytes = toOnnx(program, { fixed: model.weights, metadata, freeBatch: "n" });
  const temporary = `${path}.${process.pid}.part`;
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(temporary, "w");
  writeSync(file, bytes);
  fsyncSync(file);
  closeSync(file);
  renameSync(temporary, path);
}

/**
 * Read a network back that `saveModel` wrote.
 *
 * @param network the network it should be; whatever is in the file where none is given
 * @throws {DataError} if the file is no ONNX model of ours, or of another network
 */
export async function loadModel(path: string, network?: Network): Promise<Model> {
  const { metadata, tensors } = await decodeFile(path);
  const description = metadata.get("carbonbook.network");
  if (description === undefined) {
    const remedy = "run foreign models with openOnnxFile";
    throw new DataError({ where: path, what: "file", wanted: "a model saved here", remedy });
  }
  const found = JSON.parse(description) as Network;
  if (network !== undefined) checkNetwork(path, found, network);
  const weights = new Map<string, NdArray<Float32Array>>();
  for (const { name, shape } of parametersOf(found)) {
    const tensor = tensors.get(name);
    if (tensor === undefined || !sameShape(tensor.shape, shape)) {
      const wanted = `${name} of shape (${shape.join(", ")})`;
      throw new MissingVariableError({ where: path, what: "weights", wanted });
    }
    weights.set(name, tensor);
  }
  return { network: found, weights };
}

async function decodeFile(path: string) {
  try {
    return decodeModel(await readFile(path));
  } catch (cause) {
    throw new DataError({ where: path, what: "file", wanted: "an ONNX model", cause });
  }
}
