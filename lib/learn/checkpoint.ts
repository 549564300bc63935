/** Checkpoints: the state of a training run in one netCDF file, from which it goes on unchanged. */

import { ArgumentError, DataError, sizeOf } from "../core/index.js";
import { type Dataset, type NetcdfVariable, open, writeNetcdf } from "../io/index.js";
import type { Network } from "./layer.js";
import { parametersOf } from "./network.js";
import type { EpochRecord, TrainingState } from "./training-state.js";

/** Version of the layout of the file. */
const SCHEMA = 1;

const RECORD_FIELDS = [
  "epoch",
  "loss",
  "validationLoss",
  "learningRate",
  "gradientNorm",
] as const satisfies readonly (keyof EpochRecord)[];

/**
 * Write the state of a run, atomically. Equal states give equal bytes.
 *
 * @throws {EnvironmentError} if the place cannot be written to
 */
export async function writeCheckpoint(
  path: string,
  network: Network,
  state: TrainingState,
): Promise<void> {
  const vectors: Record<string, readonly [string, Float32Array]> = {
    weights: ["parameter", state.weights],
    best_weights: ["parameter", state.bestWeights],
    moments: ["moment", state.moments],
    best_moments: ["moment", state.bestMoments],
  };
  for (const [i, slot] of state.slots.entries()) vectors[`slot${i}`] = ["parameter", slot];
  const variables: Record<string, NetcdfVariable> = {};
  for (const [name, [dimension, data]] of Object.entries(vectors)) {
    if (data.length > 0) variables[name] = { dimensions: [dimension], data, deflate: 0 };
  }
  for (const field of RECORD_FIELDS) {
    const data = Float64Array.from(state.history, (record) => record[field]);
    if (data.length > 0) variables[`history_${field}`] = { dimensions: ["past_epoch"], data };
  }
  const lengths = {
    parameter: state.weights.length,
    moment: state.moments.length,
    past_epoch: state.history.length,
  };
  await writeNetcdf(path, {
    dimensions: Object.fromEntries(Object.entries(lengths).filter(([, length]) => length > 0)),
    variables,
    attributes: {
      schema_version: SCHEMA,
      network: JSON.stringify(network),
      seed: state.seed,
      steps: state.steps,
      best_epoch: state.bestEpoch,
      slots: state.slots.length,
    },
  });
}

/**
 * Read the state of a run back.
 *
 * @param network the network that is to go on
 * @throws {DataError} if the file is no checkpoint, or one of another network
 */
export async function readCheckpoint(path: string, network: Network): Promise<TrainingState> {
  const file = await open(path);
  try {
    const number = (name: string) => Number(file.attributes[name]);
    if (number("schema_version") !== SCHEMA || file.attributes.network === undefined) {
      throw new DataError({ where: path, what: "file", wanted: `a checkpoint, version ${SCHEMA}` });
    }
    checkNetwork(path, JSON.parse(String(file.attributes.network)) as Network, network);
    const read = async (name: string) => {
      if (!file.variables.has(name)) return new Float32Array(0);
      return Float32Array.from((await file.variable(name).read()).data);
    };
    const slots: Float32Array[] = [];
    for (let i = 0; i < number("slots"); i++) slots.push(await read(`slot${i}`));
    return {
      seed: number("seed"),
      weights: await read("weights"),
      moments: await read("moments"),
      slots,
      steps: number("steps"),
      history: await readHistory(file),
      bestWeights: await read("best_weights"),
      bestMoments: await read("best_moments"),
      bestEpoch: number("best_epoch"),
    };
  } finally {
    file.close();
  }
}

async function readHistory(file: Dataset): Promise<EpochRecord[]> {
  if (!file.variables.has("history_epoch")) return [];
  const columns: Partial<Record<keyof EpochRecord, ArrayLike<number>>> = {};
  for (const field of RECORD_FIELDS) {
    columns[field] = (await file.variable(`history_${field}`).read()).data;
  }
  return Array.from(columns.epoch!, (epoch, i) => ({
    epoch,
    loss: columns.loss![i]!,
    validationLoss: columns.validationLoss![i]!,
    learningRate: columns.learningRate![i]!,
    gradientNorm: columns.gradientNorm![i]!,
  }));
}

/**
 * Make sure that a file was made for a network.
 *
 * @throws {DataError} naming the first parameter that differs
 */
export function checkNetwork(path: string, found: Network, wanted: Network): void {
  if (JSON.stringify(found) === JSON.stringify(wanted)) return;
  const describe = ({ name, shape }: { name: string; shape: readonly number[] }) =>
    `${name} (${shape.join(", ")})`;
  const [theirs, ours] = [parametersOf(found), parametersOf(wanted)];
  const first = ours.findIndex((p, i) => !theirs[i] || describe(p) !== describe(theirs[i]));
  const difference = first === -1 && theirs.length === ours.length ? undefined : Math.max(first, 0);
  throw new DataError({
    where: path,
    what: "network of the file",
    wanted: `${wanted.name}, ${describeAt(ours, difference)}`,
    got: `${found.name}, ${describeAt(theirs, difference)}`,
    remedy: "take the file of this network, or start anew",
  });

  function describeAt(list: ReturnType<typeof parametersOf>, at: number | undefined): string {
    if (at === undefined) return `${list.reduce((n, { shape }) => n + sizeOf(shape), 0)} numbers`;
    return list[at] === undefined ? "no more parameters" : describe(list[at]);
  }
}

/** @throws {ArgumentError} if a state cannot go on under these options */
export function checkResume(state: TrainingState, seed: number, size: number): void {
  if (state.seed !== seed) {
    const [wanted, got] = [String(seed), String(state.seed)];
    throw new ArgumentError({ what: "seed of the resumed state", wanted, got });
  }
  if (state.weights.length !== size) {
    const [wanted, got] = [String(size), String(state.weights.length)];
    throw new ArgumentError({ what: "weights of the resumed state", wanted, got });
  }
}
