/** The default engine: a program becomes one ONNX graph that onnxruntime-node runs. */

import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import {
  ArgumentError,
  DataError,
  EnvironmentError,
  formatShape,
  type NdArray,
  shapeError,
} from "../core/index.js";
import type { Engine, Executable, Values } from "./engine.js";
import { inputsOf, type Node, type Program } from "./node.js";
import { toOnnx } from "./onnx-lowering.js";
import { makeModelBuilder } from "./onnx-model.js";
import { sameShape } from "./shaping.js";

type Runtime = typeof import("onnxruntime-node");

/** Where onnxruntime computes. */
export const ONNX_PROVIDERS = ["cpu", "webgpu", "cuda"] as const;

/** One of them. */
export type OnnxProvider = (typeof ONNX_PROVIDERS)[number];

/** How to open the onnx engine. */
export interface OnnxEngineOptions {
  /** `auto` takes cuda where it is installed and loads, else cpu, and says so */
  readonly provider?: OnnxProvider | "auto";
  /** threads of one operation; trained bytes depend on it, so it is never the core count */
  readonly threads?: number;
  /** as in `EngineOptions` */
  readonly memory?: "kept" | "returned";
}

/**
 * Open onnxruntime.
 *
 * @throws {EnvironmentError} if the provider asked for by name does not load
 */
export async function openOnnxEngine(options: OnnxEngineOptions = {}): Promise<Engine> {
  const { provider: wanted = "auto", threads = 2, memory = "kept" } = options;
  const runtime = createRequire(import.meta.url)("onnxruntime-node") as Runtime;
  const { provider, note } = await settleProvider(runtime, wanted);
  const version = runtime.env.versions.node ?? "of unknown version";
  const description = `onnxruntime-node ${version}, ${provider}, ${threads} threads${note}`;
  const sessionOptions: InferenceSession.SessionOptions = {
    executionProviders: provider === "cpu" ? ["cpu"] : [provider, "cpu"],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: "all",
    // A preplanned block comes on top of the arena: 1.6 GB instead of 1.0 for the papers' U-Net.
    enableMemPattern: false,
    enableCpuMemArena: memory === "kept",
    logSeverityLevel: 3,
  };
  const block = provider === "cpu" ? await findBlock(runtime) : 0;
  const style = { block, dialect: provider === "webgpu" ? provider : "plain" } as const;
  return {
    name: "onnx",
    provider,
    threads,
    description,
    compile: (program) => compile(runtime, sessionOptions, toOnnx(program, style), program),
  };
}

async function settleProvider(
  runtime: Runtime,
  wanted: OnnxProvider | "auto",
): Promise<{ provider: OnnxProvider; note: string }> {
  if (wanted === "cpu") return { provider: "cpu", note: "" };
  if (wanted === "auto") {
    const cuda = existsSync(cudaLibrary()) && (await whyNot(runtime, "cuda")) === undefined;
    return cuda ? { provider: "cuda", note: "" } : { provider: "cpu", note: "; no cuda here" };
  }
  const absent = wanted === "cuda" && !existsSync(cudaLibrary());
  const reason = absent ? `no ${basename(cudaLibrary())}` : await whyNot(runtime, wanted);
  if (reason === undefined) return { provider: wanted, note: "" };
  throw new EnvironmentError({
    what: `provider ${wanted}`,
    wanted: "a provider that loads",
    got: reason,
    remedy: 'install its libraries, or use the provider "cpu"',
  });
}

/** Where onnxruntime-node keeps its CUDA provider when it is installed. */
function cudaLibrary(): string {
  const folder = dirname(createRequire(import.meta.url).resolve("onnxruntime-node/package.json"));
  const built = join(folder, "bin", "napi-v6", process.platform, process.arch);
  return join(built, "libonnxruntime_providers_cuda.so");
}

/** Try a provider on the smallest model; undefined where it works. */
async function whyNot(runtime: Runtime, provider: OnnxProvider): Promise<string | undefined> {
  const x: Node = { operation: { kind: "input", name: "x" }, inputs: [], shape: [1] };
  const y: Node = { operation: { kind: "negate" }, inputs: [x], shape: [1] };
  try {
    const options = { executionProviders: [provider], logSeverityLevel: 4 } as const;
    const session = await runtime.InferenceSession.create(toOnnx({ outputs: { y } }), options);
    await session.run({ x: new runtime.Tensor("float32", new Float32Array(1), [1]) });
    await session.release();
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Find how many channels onnxruntime's blocked layout keeps together on this processor: two pixels of
 * 64 channels go in, and the place of the second pixel tells. 0 where there is no such layout.
 */
async function findBlock(runtime: Runtime): Promise<number> {
  const model = makeModelBuilder();
  model.input("x", [1, 64, 1, 2]);
  const blocked = model.op("ReorderInput@com.microsoft.nchwc", ["x"]);
  model.output("y", model.op("Reshape", [blocked, model.int64([128])]), [128]);
  const x = Float32Array.from({ length: 128 }, (_, i) => i);
  try {
    const options = { executionProviders: ["cpu"], logSeverityLevel: 4 } as const;
    const session = await runtime.InferenceSession.create(model.encode(), options);
    const { y } = await session.run({ x: new runtime.Tensor("float32", x, [1, 64, 1, 2]) });
    await session.release();
    return (y!.data as Float32Array).indexOf(1);
  } catch {
    return 0;
  }
}

async function compile(
  runtime: Runtime,
  options: InferenceSession.SessionOptions,
  bytes: Uint8Array,
  program: Program,
): Promise<Executable> {
  const inputs = inputsOf(program);
  const session = await runtime.InferenceSession.create(bytes, options);
  return {
    async run(values, into = {}) {
      const feeds: Record<string, Tensor> = {};
      for (const [name, node] of inputs) {
        const { data, shape } = checkValue(name, node, values);
        feeds[name] = new runtime.Tensor("float32", data, shape);
      }
      const fetches: Record<string, Tensor | null> = {};
      for (const [name, { shape }] of Object.entries(program.outputs)) {
        const place = into[name];
        fetches[name] = place === undefined ? null : new runtime.Tensor("float32", place, shape);
      }
      const results = await session.run(feeds, fetches);
      const outputs: Record<string, NdArray<Float32Array>> = {};
      for (const [name, node] of Object.entries(program.outputs)) {
        outputs[name] = { data: results[name]!.data as Float32Array, shape: node.shape };
      }
      return outputs;
    },
    release: () => session.release(),
  };
}

/**
 * The value for an input node.
 *
 * @throws {ArgumentError} if it is missing
 * @throws {ShapeError} if it has another shape
 */
export function checkValue(name: string, node: Node, values: Values): NdArray<Float32Array> {
  const value = values[name];
  if (value === undefined) {
    const wanted = `an array of shape ${formatShape(node.shape)}`;
    throw new ArgumentError({ what: `input "${name}"`, wanted, got: "nothing" });
  }
  if (!sameShape(value.shape, node.shape)) {
    throw shapeError(`input "${name}"`, node.shape, value.shape);
  }
  return value;
}

/** An ONNX model from anywhere, ready to run. */
export interface OnnxFile {
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Run on float32 arrays. */
  run(inputs: Values): Promise<Record<string, NdArray<Float32Array>>>;
  release(): Promise<void>;
}

/**
 * Open an ONNX model that any program wrote, such as `torch.onnx.export`.
 *
 * @throws {DataError} if onnxruntime cannot load it
 */
export async function openOnnxFile(path: string, threads = 2): Promise<OnnxFile> {
  const runtime = createRequire(import.meta.url)("onnxruntime-node") as Runtime;
  const session = await loadSession(runtime, path, threads);
  return {
    inputs: session.inputNames,
    outputs: session.outputNames,
    async run(inputs) {
      const feeds = Object.entries(inputs).map(
        ([name, { data, shape }]) => [name, new runtime.Tensor("float32", data, shape)] as const,
      );
      const results = Object.entries(await session.run(Object.fromEntries(feeds)));
      return Object.fromEntries(
        results.map(([name, { data, dims }]) => [
          name,
          { data: data as Float32Array, shape: dims },
        ]),
      );
    },
    release: () => session.release(),
  };
}

async function loadSession(runtime: Runtime, path: string, threads: number) {
  try {
    const options = { intraOpNumThreads: threads, logSeverityLevel: 4 } as const;
    return await runtime.InferenceSession.create(path, options);
  } catch (cause) {
    throw new DataError({ where: path, what: "file", wanted: "an ONNX model", cause });
  }
}
