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
  type Engine,
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
  /** an open engine; by default onnx */
  readonly engine?: Engine;
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
  const { seed, epochs } = options;
  const order = shuffle(Int32Array.from(profiles.keys()), makeRandom(seed));
  const held = order.subarray(0, Math.floor(order.length / 5));
  const learnt = order.slice(held.length);
  const session = await openSession(profiles, scaleRows(covariates, extent), options);
  const history: { loss: number; validationLoss: number }[] = [];
  let best = { weights: copyOf(session.weights), epoch: 0, loss: Number.POSITIVE_INFINITY };
  try {
    for (let epoch = 1; epoch <= epochs; epoch++) {
      options.signal?.throwIfAborted();
      const loss = await goThrough(session, shuffle(learnt, makeRandom(seed, epoch)), "learn");
      const validationLoss = held.length > 0 ? await goThrough(session, held, "look") : loss;
      history.push({ loss, validationLoss });
      if (validationLoss < best.loss) {
        best = { weights: copyOf(session.weights), epoch, loss: validationLoss };
      }
      options.onProgress?.(epoch, epochs);
    }
  } finally {
    await session.step.release();
  }
  const model = { network: session.network, weights: best.weights };
  return { model, extent, history, bestEpoch: best.epoch };
}

/** A training under way. */
interface Session {
  readonly network: Network;
  /** profiles at a time */
  readonly size: number;
  /** scaled covariates of all profiles, shape (n, features) */
  readonly x: ReturnType<typeof scaleRows>;
  /** loss of each profile */
  readonly losses: readonly ReturnType<typeof makeSiteLoss>[];
  /** changed in place */
  readonly weights: Map<string, NdArray<Float32Array>>;
  readonly adam: ReturnType<typeof makeAdam>;
  readonly step: Awaited<ReturnType<typeof openStep>>;
}

async function openSession(
  profiles: readonly ForcedProfile[],
  x: Session["x"],
  options: ThroughTraining,
): Promise<Session> {
  const { seed, hidden = [128, 128], batchSize = 32, learningRate = 1e-3, pull = 0.01 } = options;
  const [features, outputs] = [x.shape[1], PARAMETERS_2020.length];
  const network = mlp({ features, hidden, outputs, last: "sigmoid" });
  const losses = profiles.map((profile) => makeSiteLoss(profile, pull));
  const weights = new Map(initialise(network, seed));
  const size = Math.min(batchSize, profiles.length);
  const engine = options.engine ?? (await openEngine({ name: "onnx" }));
  const step = await openStep(network, size, engine);
  return { network, size, x, losses, weights, adam: makeAdam(weights, learningRate), step };
}

/** Go through samples batch by batch, learning from them or only looking; the mean loss. */
async function goThrough(
  { size, x, losses, weights, adam, step }: Session,
  samples: Int32Array,
  mode: "learn" | "look",
): Promise<number> {
  const outputs = PARAMETERS_2020.length;
  let total = 0;
  for (let start = 0; start < samples.length; start += size) {
    // the last batch is filled up with samples whose slope stays zero
    const some = Int32Array.from(
      { length: size },
      (_, i) => samples[(start + i) % samples.length]!,
    );
    const fresh = Math.min(size, samples.length - start);
    const values = { x: pickRows(x, some), ...Object.fromEntries(weights) };
    const kp = await step.forward(values);
    const slopes = new Float32Array(size * outputs);
    for (let i = 0; i < fresh; i++) {
      const at = losses[some[i]!]!(kp.subarray(i * outputs, (i + 1) * outputs));
      total += at.loss;
      for (let k = 0; k < outputs; k++) slopes[i * outputs + k] = at.gradient[k]! / fresh;
    }
    if (mode === "look") continue;
    adam(await step.backward({ ...values, slope: { data: slopes, shape: [size, outputs] } }));
  }
  return total / samples.length;
}

type Arrays = Readonly<Record<string, NdArray<Float32Array>>>;

/** Both halves of a step: proportions of a batch; gradient by the weights of Σ proportion · slope. */
async function openStep(network: Network, batch: number, engine: Engine) {
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
