/** The other engine: the same graphs on TensorFlow.js, on the first of its backends that loads. */

import { createRequire } from "node:module";
import type { Tensor } from "@tensorflow/tfjs";
import { EnvironmentError, type NdArray } from "../core/index.js";
import type { Engine, Executable } from "./engine.js";
import { inputsOf, type Node, type Program, sortNodes } from "./node.js";
import { checkValue } from "./onnx-engine.js";
import { computeNode } from "./tfjs-kernels.js";

/** The TensorFlow.js namespace. */
export type Tf = typeof import("@tensorflow/tfjs");

/** Where TensorFlow.js computes, fastest first. */
export const TFJS_PROVIDERS = ["tfjs-node-gpu", "tfjs-node", "webgpu", "wasm", "cpu"] as const;

/** One of them. */
export type TfjsProvider = (typeof TFJS_PROVIDERS)[number];

const load = createRequire(import.meta.url);

/**
 * Open TensorFlow.js.
 *
 * @param wanted a provider by name, or `auto` for the first that loads
 * @throws {EnvironmentError} if the provider asked for by name does not load
 */
export async function openTfjsEngine(wanted: TfjsProvider | "auto" = "auto"): Promise<Engine> {
  const missed: string[] = [];
  for (const provider of wanted === "auto" ? TFJS_PROVIDERS : [wanted]) {
    try {
      const { tf, backend } = await openProvider(provider);
      const notes = missed.length === 0 ? "" : `; without ${missed.join(", ")}`;
      return {
        name: "tfjs",
        provider,
        threads: 1,
        description: `TensorFlow.js ${tf.version.tfjs ?? tf.version_core}, ${provider}${notes}`,
        compile: async (program) => interpret(tf, backend, program),
      };
    } catch (cause) {
      if (wanted !== "auto") throw unavailable(provider, cause);
      missed.push(provider);
    }
  }
  throw unavailable("any backend", undefined);
}

function unavailable(provider: string, cause: unknown): EnvironmentError {
  return new EnvironmentError({
    what: `provider ${provider} of TensorFlow.js`,
    wanted: "a provider that loads",
    got: cause instanceof Error ? cause.message.split("\n")[0]! : "nothing that loads",
    remedy: 'install its package, or use the provider "wasm" or "cpu"',
    cause,
  });
}

async function openProvider(provider: TfjsProvider): Promise<{ tf: Tf; backend: string }> {
  if (provider === "tfjs-node" || provider === "tfjs-node-gpu") {
    const name = `@tensorflow/${provider}`;
    // A table library here stands in for tfjs-node by an alias, which has no native code.
    const manifest = load(`${name}/package.json`) as { name: string };
    if (manifest.name !== name) throw new Error(`${name} is ${manifest.name} under another name`);
    return activate(load(name) as Tf, "tensorflow");
  }
  const tf = load("@tensorflow/tfjs") as Tf;
  tf.enableProdMode();
  if (provider === "webgpu") {
    const { create, globals } = load("webgpu") as {
      create(options: string[]): unknown;
      globals: Record<string, unknown>;
    };
    Object.assign(globalThis, globals);
    // Node 20 has no navigator.
    if (!("navigator" in globalThis)) Object.assign(globalThis, { navigator: {} });
    Object.defineProperty(globalThis.navigator, "gpu", { value: create([]), configurable: true });
    load("@tensorflow/tfjs-backend-webgpu");
  }
  if (provider === "wasm") load("@tensorflow/tfjs-backend-wasm");
  return activate(tf, provider);
}

async function activate(tf: Tf, backend: string): Promise<{ tf: Tf; backend: string }> {
  if (!(await tf.setBackend(backend))) throw new Error(`backend ${backend} does not start`);
  await tf.ready();
  return { tf, backend };
}

/** Make a program ready: TensorFlow.js runs the nodes one by one, in their order. */
function interpret(tf: Tf, backend: string, program: Program): Executable {
  const inputs = inputsOf(program);
  const outputs = Object.entries(program.outputs);
  const sorted = sortNodes(Object.values(program.outputs));
  const last = findLastUses(sorted);
  for (const [, node] of outputs) last.set(node, sorted.length);
  return {
    async run(values, into = {}) {
      await tf.setBackend(backend);
      const tensors = new Map<Node, Tensor>();
      for (const [name, node] of inputs) {
        const { data, shape } = checkValue(name, node, values);
        tensors.set(node, tf.tensor(data, [...shape], "float32"));
      }
      runNodes(tf, tensors, sorted, last);
      const results: Record<string, NdArray<Float32Array>> = {};
      for (const [name, node] of outputs) {
        const data = (await tensors.get(node)!.data()) as Float32Array;
        into[name]?.set(data);
        results[name] = { data: into[name] ?? data, shape: node.shape };
      }
      for (const tensor of tensors.values()) tensor.dispose();
      return results;
    },
    release: async () => undefined,
  };
}

/** Where in the order each node is needed for the last time. */
function findLastUses(sorted: readonly Node[]): Map<Node, number> {
  const last = new Map<Node, number>();
  for (const [i, node] of sorted.entries()) {
    for (const source of node.inputs) last.set(source, i);
  }
  return last;
}

/** Compute all nodes, and give back each tensor after its last use. */
function runNodes(
  tf: Tf,
  tensors: Map<Node, Tensor>,
  sorted: readonly Node[],
  last: ReadonlyMap<Node, number>,
): void {
  for (const [i, node] of sorted.entries()) {
    const sources = node.inputs.map((source) => tensors.get(source)!);
    if (!tensors.has(node))
      tensors.set(
        node,
        tf.tidy(() => computeNode(tf, node, sources)),
      );
    for (const source of new Set(node.inputs)) {
      if (last.get(source) !== i) continue;
      tensors.get(source)!.dispose();
      tensors.delete(source);
    }
  }
}

/** A tfjs LayersModel, ready to run. */
export interface LayersModel {
  /** Run on one array, shape (n, …sample). */
  run(x: NdArray<Float32Array>): Promise<NdArray<Float32Array>>;
  release(): void;
}

/**
 * Open a model that TensorFlow.js saved (`model.json` and its weights).
 *
 * @throws {DataError} if it is none
 */
export async function openLayersModel(path: string): Promise<LayersModel> {
  const { readLayersArtifacts } = await import("./tfjs-file.js");
  const artifacts = await readLayersArtifacts(path);
  const { tf } = await openProvider("cpu");
  const model = await tf.loadLayersModel(tf.io.fromMemory(artifacts));
  return {
    async run({ data, shape }) {
      await tf.setBackend("cpu");
      const x = tf.tensor(data, [...shape], "float32");
      const y = model.predict(x) as Tensor;
      const result = { data: (await y.data()) as Float32Array, shape: y.shape };
      x.dispose();
      y.dispose();
      return result;
    },
    release: () => model.dispose(),
  };
}
