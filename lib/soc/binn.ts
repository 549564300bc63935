/**
 * A network trained through the model: covariates → proportions → matrix model → carbon profile,
 * end to end. The network's graph runs on an engine of `learn`; the model and its adjoint run here,
 * and hand their gradient back as the weights of a linear loss Σ proportion · gradient.
 *
 * @see Xu et al. (2025), arXiv 2502.00672 (BINN): smooth L1, and a cosh that pulls towards 0.5
 */

import { makeRandom, type NdArray, shuffle } from "../core/index.js";
import {
  applyNetwork,
  type Executable,
  gradients,
  initialise,
  input,
  type Model,
  mlp,
  multiply,
  type Network,
  openEngine,
  parametersOf,
  scalar,
  sum,
} from "../learn/index.js";
import { makeAdam } from "./adam.js";
import type { Extent, Rows } from "./network.js";
import { scaleRows } from "./network.js";
import type { ForcedProfile } from "./observation.js";
import { PARAMETERS_2020 } from "./parameters.js";
import { makeSiteLoss } from "./site-loss.js";

/** How to train through the model. */
export interface ThroughTraining {
  readonly seed: number;
  readonly epochs: number;
  /** units of the hidden layers; 128, 128 by default */
  readonly hidden?: readonly number[];
  /** profiles at a time, 32 by default */
  readonly batchSize?: number;
  /** Adam's rate, 1e-3 by default */
  readonly learningRate?: number;
  /** weight of the pull towards the middle of the prior, 0.01 by default */
  readonly pull?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A network trained through the model; it ends in a sigmoid. */
export interface ThroughNetwork {
  readonly model: Model;
  readonly extent: Extent;
  /** mean loss of each epoch: of the profiles learnt from, and of those that pick the epoch */
  readonly history: readonly { readonly loss: number; readonly validationLoss: number }[];
  readonly bestEpoch: number;
}

/**
 * Train a network through the model on observed profiles; a fifth of them picks the best epoch.
 *
 * @param profiles   what was observed, with forcing
 * @param covariates their rows, in the same order
 */
export async function trainThroughModel(
  profiles: readonly ForcedProfile[],
  covariates: Rows,
  extent: Extent,
  options: ThroughTraining,
): Promise<ThroughNetwork> {
  const { seed, epochs, hidden = [128, 128], batchSize = 32, learningRate = 1e-3 } = options;
  const outputs = PARAMETERS_2020.length;
  const features = extent.least.length;
  const network = mlp({ features, hidden, outputs, last: "sigmoid" });
  const losses = profiles.map((profile) => makeSiteLoss(profile, options.pull ?? 0.01));
  const x = scaleRows(covariates, extent);
  const order = shuffle(Int32Array.from(profiles.keys()), makeRandom(seed));
  const held = order.subarray(0, Math.floor(order.length / 5));
  const learnt = order.slice(held.length);
  const size = Math.min(batchSize, learnt.length);
  const weights = new Map([...initialise(network, seed)]);
  const adam = makeAdam(weights, learningRate);
  const step = await openStep(network, size);
  const history: { loss: number; validationLoss: number }[] = [];
  let best: { model: Model; epoch: number; loss: number } | undefined;

  const evaluate = async (samples: Int32Array, learn: "learn" | "look") => {
    let total = 0;
    for (let start = 0; start < samples.length; start += size) {
      const some = Int32Array.from(
        { length: size },
        (_, i) => samples[(start + i) % samples.length]!,
      );
      const fresh = Math.min(size, samples.length - start);
      const rows = { x: pickRows(x, some) };
      const kp = await step.forward({ ...rows, ...Object.fromEntries(weights) });
      const slopes = new Float32Array(size * outputs);
      for (let i = 0; i < fresh; i++) {
        const at = losses[some[i]!]!(kp.subarray(i * outputs, (i + 1) * outputs));
        total += at.loss;
        for (let k = 0; k < outputs; k++) slopes[i * outputs + k] = at.gradient[k]! / fresh;
      }
      if (learn === "look") continue;
      const slope = { data: slopes, shape: [size, outputs] };
      adam(await step.backward({ ...rows, ...Object.fromEntries(weights), slope }));
    }
    return total / samples.length;
  };

  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      options.signal?.throwIfAborted();
      const loss = await evaluate(shuffle(learnt, makeRandom(seed, epoch)), "learn");
      const validationLoss = held.length > 0 ? await evaluate(held, "look") : loss;
      history.push({ loss, validationLoss });
      if (!(validationLoss >= (best?.loss ?? Number.POSITIVE_INFINITY))) {
        best = { model: { network, weights: copyOf(weights) }, epoch, loss: validationLoss };
      }
      options.onProgress?.(epoch, epochs);
    }
  } finally {
    await step.release();
  }
  return { model: best!.model, extent, history, bestEpoch: best!.epoch };
}

type Arrays = Readonly<Record<string, NdArray<Float32Array>>>;

/** Both halves of a step: proportions of a batch; gradient by the weights of Σ proportion · slope. */
async function openStep(network: Network, batch: number) {
  const engine = await openEngine({ name: "onnx" });
  const parameters = parametersOf(network);
  const nodes = new Map(parameters.map(({ name, shape }) => [name, input(name, shape)]));
  const inputs = Object.fromEntries(
    Object.entries(network.inputs).map(([name, shape]) => [name, input(name, [batch, ...shape])]),
  );
  const mask = (): never => {
    throw new Error("a network trained through the model has no dropout");
  };
  const applied = applyNetwork(network, inputs, { mode: "running", weights: nodes, mask });
  const output = [...applied.values()].at(-1)!;
  const linear = scalar(sum(multiply(output, input("slope", output.shape))));
  const flows = gradients(linear, [...nodes.values()]);
  const named = parameters.map(({ name }, i) => [`by/${name}`, flows[i]!] as const);
  const forward: Executable = await engine.compile({ outputs: { output } });
  const backward: Executable = await engine.compile({ outputs: Object.fromEntries(named) });
  return {
    forward: async (values: Arrays) => (await forward.run(values)).output!.data,
    backward: async (values: Arrays) => {
      const by = await backward.run(values);
      return Object.fromEntries(parameters.map(({ name }) => [name, by[`by/${name}`]!]));
    },
    release: async () => {
      await forward.release();
      await backward.release();
    },
  };
}

function pickRows(x: { data: Float32Array; shape: readonly [number, number] }, rows: Int32Array) {
  const width = x.shape[1];
  const data = new Float32Array(rows.length * width);
  for (const [i, row] of rows.entries()) {
    data.set(x.data.subarray(row * width, (row + 1) * width), i * width);
  }
  return { data, shape: [rows.length, width] };
}

function copyOf(weights: ReadonlyMap<string, NdArray<Float32Array>>) {
  return new Map(
    [...weights].map(([name, { data, shape }]) => [name, { data: data.slice(), shape }]),
  );
}
