/**
 * The misfit of the 2020 model to profiles, as a kernel (misfit.as): the same model as in column.ts
 * and steady.ts, made for chains that ask for it a billion times. What the place and the profile fix
 * is worked out here, once, and written as a record.
 */

import { diffusivity, type Forcing2020, factsOf } from "./column.js";
import { clm45Layers } from "./layers.js";
import { MISFIT_WASM } from "./misfit-wasm.js";
import { splineSampling } from "./observation.js";
import { PARAMETERS_2020, ranges2020 } from "./parameters.js";
import { DAYS_PER_YEAR, fillExchange, POOLS } from "./rates.js";

/** What a profile was observed to hold, and how much each layer counts. */
export interface Sampled {
  readonly forcing: Forcing2020;
  /** mid-depth of each layer, shape (k) [m] */
  readonly depth: Float64Array;
  /** shape (k) [gC m⁻³] */
  readonly carbon: Float64Array;
  /** factor on (model − carbon)², shape (k) [(gC m⁻³)⁻²] */
  readonly weights: Float64Array;
}

/** The kernel with a list of profiles in its memory. */
export interface MisfitKernel {
  /** Σ w (model − carbon)² over all layers of all profiles; infinite where there is no model */
  misfit(kp: ArrayLike<number>): number;
  /**
   * Pools of the first profile's place at steady state, shape (7, 10) [gC m⁻³]; overwritten by the
   * next call. Undefined where nothing is left for wood.
   */
  pools(kp: ArrayLike<number>): Float64Array | undefined;
}

/** Sizes of a record, in numbers of 8 bytes: the head, and each sample. */
const HEAD = 125;
const SAMPLE = 12;

/** Bytes of a page of WebAssembly's memory. */
const PAGE = 65_536;

const MODULE = new WebAssembly.Module(Buffer.from(MISFIT_WASM, "base64"));

/** What the kernel exports; addresses are in bytes. */
interface Exports {
  pools(): number;
  free(): number;
  solve(record: number, kp: number): number;
  misfit(record: number, count: number, kp: number): number;
}

/** Load the kernel with profiles. */
export function makeMisfitKernel(profiles: readonly Sampled[]): MisfitKernel {
  const memory = new WebAssembly.Memory({ initial: 1 });
  const instance = new WebAssembly.Instance(MODULE, { env: { memory } });
  const kernel = instance.exports as unknown as Exports;
  const at = Math.ceil(kernel.free() / 16) * 16;
  const first = at + 8 * (PARAMETERS_2020.length + 1);
  const records = profiles.map(recordOf);
  const size = records.reduce((sum, record) => sum + record.byteLength, first);
  memory.grow(Math.max(0, Math.ceil(size / PAGE) - 1));
  let next = first;
  for (const record of records) {
    new Float64Array(memory.buffer, next, record.length).set(record);
    next += record.byteLength;
  }
  const proportions = new Float64Array(memory.buffer, at, PARAMETERS_2020.length);
  const pools = new Float64Array(memory.buffer, kernel.pools(), 10 * POOLS);
  return {
    misfit(kp) {
      proportions.set(kp);
      return kernel.misfit(first, profiles.length, at);
    },
    pools(kp) {
      proportions.set(kp);
      return kernel.solve(first, at) ? pools : undefined;
    },
  };
}

/** The record of a profile, as misfit.as reads it. */
function recordOf({ forcing, depth, carbon, weights }: Sampled): Float64Array {
  const layers = clm45Layers();
  const { npp } = forcing;
  const ranges = ranges2020(npp);
  const unfrozen = diffusivity(0, forcing.activeLayer, { diffus: 1, cryo: 0 }) > 0;
  const shape = layers.nodes.map((z) =>
    diffusivity(z, forcing.activeLayer, { diffus: 1, cryo: 1 }),
  );
  const face = new Float64Array(10); // the last layer has none below
  fillExchange(shape, layers, face.subarray(0, 9));
  const facts = factsOf(forcing);
  const { rows, matrix } = splineSampling(layers.nodes, depth);
  const record = new Float64Array(HEAD + SAMPLE * rows);
  const whole = new Int32Array(record.buffer);
  whole.set([rows, record.byteLength]);
  record[1] = npp.mean / DAYS_PER_YEAR;
  whole[4] = unfrozen ? 0 : 1;
  const lo = PARAMETERS_2020.map((name) => ranges[name][0]);
  const span = PARAMETERS_2020.map((name) => ranges[name][1] - ranges[name][0]);
  const parts: readonly (readonly [at: number, values: ArrayLike<number>])[] = [
    [3, lo],
    [29, span],
    [55, facts.warmth],
    [65, facts.logDry],
    [75, Float64Array.from(forcing.waterPotential)],
    [85, face],
    [95, layers.nodes],
    [105, layers.thickness],
    [115, layers.interfaces.subarray(1)],
  ];
  for (const [at, values] of parts) record.set(values, at);
  for (let row = 0; row < rows; row++) {
    const at = HEAD + SAMPLE * row;
    record[at] = weights[row]!;
    record[at + 1] = carbon[row]!;
    record.set(matrix.subarray(10 * row, 10 * (row + 1)), at + 2);
  }
  return record;
}
