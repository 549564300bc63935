/**
 * What runs programs. Two engines share this interface; `openEngine` picks one by name and loads
 * its libraries only then.
 */

import { ArgumentError, type NdArray } from "../core/index.js";
import type { Program } from "./node.js";

/** float32 values that go into a program and come out of it, by name. */
export type Values = Readonly<Record<string, NdArray<Float32Array>>>;

/** A program made ready to run. */
export interface Executable {
  /**
   * Run once.
   *
   * @param into arrays that outputs of their names are written into, instead of new ones
   * @throws {ShapeError} if a value does not have the shape the program was made for
   * @throws {ArgumentError} if an input is missing
   */
  run(
    inputs: Values,
    into?: Readonly<Record<string, Float32Array>>,
  ): Promise<Record<string, NdArray<Float32Array>>>;
  /** Give back memory; the executable is of no use after it. */
  release(): Promise<void>;
}

/** A machine that runs programs. */
export interface Engine {
  readonly name: "onnx" | "tfjs";
  /** the device or backend in use, such as `cpu` or `wasm` */
  readonly provider: string;
  /** threads of one operation */
  readonly threads: number;
  /** one sentence for the record: engine, version, provider, threads, fallbacks taken */
  readonly description: string;
  compile(program: Program): Promise<Executable>;
}

/** Which engine to open, and how. */
export interface EngineOptions {
  /** `onnx` by default */
  readonly name?: "onnx" | "tfjs";
  /**
   * onnx: `cpu`, `webgpu` or `cuda`; tfjs: `tfjs-node-gpu`, `tfjs-node`, `webgpu`, `wasm` or `cpu`;
   * by default what the variable CARBONBOOK_PROVIDER names for onnx, else the first that loads
   */
  readonly provider?: string;
  /** threads of one operation where the engine can be told, 2 by default */
  readonly threads?: number;
  /**
   * what onnx on the cpu does with the memory of one step: `kept` for the next (default), or `returned`
   * at once, which takes a quarter less at the papers' batches of 32 and is slower; the same values
   */
  readonly memory?: "kept" | "returned";
}

/**
 * Open an engine.
 *
 * @throws {EnvironmentError} if what was asked for by name does not load
 * @throws {ArgumentError} if there is no such provider
 */
export async function openEngine(options: EngineOptions = {}): Promise<Engine> {
  const { name = "onnx", threads = 2, memory = "kept" } = options;
  if (name === "onnx") {
    const provider = options.provider ?? process.env.CARBONBOOK_PROVIDER ?? "auto";
    const { ONNX_PROVIDERS, openOnnxEngine } = await import("./onnx-engine.js");
    return openOnnxEngine({ provider: pick(name, provider, ONNX_PROVIDERS), threads, memory });
  }
  const { TFJS_PROVIDERS, openTfjsEngine } = await import("./tfjs-engine.js");
  return openTfjsEngine(pick(name, options.provider ?? "auto", TFJS_PROVIDERS));
}

function pick<P extends string>(name: string, provider: string, known: readonly P[]): P | "auto" {
  const found = known.find((candidate) => candidate === provider);
  if (found !== undefined) return found;
  if (provider === "auto") return "auto";
  const wanted = `auto, ${known.join(", ")}`;
  throw new ArgumentError({ what: `provider of ${name}`, wanted, got: `"${provider}"` });
}
