/** Reading the files of a tfjs LayersModel: `model.json` and the weights beside it. */

import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { io } from "@tensorflow/tfjs";
import { DataError } from "../core/index.js";

/**
 * Read a saved LayersModel.
 *
 * @throws {DataError} if the file is no LayersModel, or its weights are missing
 */
export async function readLayersArtifacts(path: string): Promise<io.ModelArtifacts> {
  const manifest = await readManifest(path);
  const weightSpecs = manifest.weightsManifest.flatMap(({ weights }) => weights);
  const parts: Buffer[] = [];
  for (const file of manifest.weightsManifest.flatMap(({ paths }) => paths)) {
    const beside = join(dirname(path), file);
    try {
      parts.push(await readFile(beside));
    } catch (cause) {
      throw new DataError({ where: beside, what: "weights", wanted: "a readable file", cause });
    }
  }
  const weightData = Uint8Array.from(Buffer.concat(parts)).buffer;
  return { modelTopology: manifest.modelTopology as object, weightSpecs, weightData };
}

async function readManifest(path: string): Promise<io.ModelJSON> {
  let manifest: Partial<io.ModelJSON>;
  try {
    manifest = JSON.parse(await readFile(path, "utf8")) as Partial<io.ModelJSON>;
  } catch (cause) {
    throw new DataError({ where: path, what: "file", wanted: "a model.json", cause });
  }
  const { modelTopology, weightsManifest } = manifest;
  if (modelTopology === undefined || weightsManifest === undefined) {
    const wanted = "modelTopology and weightsManifest of a LayersModel";
    throw new DataError({ where: path, what: "file", wanted });
  }
  return { ...manifest, modelTopology, weightsManifest };
}
