/**
 * Profiles of soil carbon, and how far a model is from one. Observed layers are compared at their
 * mid-depth with a cubic spline through the model's nodes, constant beyond the ends.
 */

import { ArgumentError } from "../core/index.js";
import type { Forcing2020 } from "./column.js";
import type { Place } from "./country.js";

/** Observed carbon of one soil profile. */
export interface Profile extends Place {
  readonly id: string;
  /** mid-depth of each layer, top first, shape (k) [m] */
  readonly depth: Float64Array;
  /** carbon density of each layer, shape (k) [gC m⁻³] */
  readonly carbon: Float64Array;
}

/** A profile with the forcing that the model needs there. */
export interface ForcedProfile extends Profile {
  readonly forcing: Forcing2020;
}

/** Share of an observation that its error is taken to be. */
export const OBSERVATION_ERROR = 0.6;

/** How layers are weighed: by exp(−depth), or all alike. */
export type Weighting = "depth" | "even";

/** A linear map from the model's nodes to observed depths. */
export interface Sampling {
  readonly rows: number;
  readonly columns: number;
  /** shape (rows, columns), row-major */
  readonly matrix: Float64Array;
}

/**
 * The map from values at nodes to values at depths: the natural cubic spline through the nodes,
 * constant above the first and below the last.
 *
 * @param nodes  increasing, shape (n) [m]
 * @param depths shape (k) [m]
 */
export function splineSampling(nodes: Float64Array, depths: ArrayLike<number>): Sampling {
  const n = nodes.length;
  const matrix = new Float64Array(depths.length * n);
  const unit = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    unit.fill(0);
    unit[j] = 1;
    const bend = splineBend(nodes, unit);
    for (let i = 0; i < depths.length; i++) {
      matrix[i * n + j] = splineAt(nodes, unit, bend, depths[i]!);
    }
  }
  return { rows: depths.length, columns: n, matrix };
}

/** Values at the observed depths, shape (rows). */
export function sampleAt({ rows, columns, matrix }: Sampling, values: ArrayLike<number>) {
  const out = new Float64Array(rows);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let j = 0; j < columns; j++) sum += matrix[i * columns + j]! * values[j]!;
    out[i] = sum;
  }
  return out;
}

/** Weight of each layer in the cost. */
export function layerWeights(depth: ArrayLike<number>, weighting: Weighting): Float64Array {
  return Float64Array.from(depth, (z) => (weighting === "depth" ? Math.exp(-z) : 1));
}

/**
 * Check a profile before it is used.
 *
 * @throws {ArgumentError} naming its id, if depths do not increase or carbon is not positive
 */
export function checkProfile({ id, depth, carbon }: Profile): void {
  const fail = (what: string, wanted: string, got: string) => {
    throw new ArgumentError({ where: `profile ${id}`, what, wanted, got });
  };
  if (depth.length === 0 || depth.length !== carbon.length) {
    fail(
      "layers",
      "as many depths as carbon values, at least one",
      `${depth.length}, ${carbon.length}`,
    );
  }
  for (let i = 0; i < depth.length; i++) {
    if (!(depth[i]! >= 0 && (i === 0 || depth[i]! > depth[i - 1]!))) {
      fail(`depth[${i}]`, "depths that increase from the surface [m]", `${depth[i]}`);
    }
    if (!(carbon[i]! > 0 && carbon[i]! < Number.POSITIVE_INFINITY)) {
      fail(`carbon[${i}]`, "a density above 0 [gC m⁻³]", `${carbon[i]}`);
    }
  }
}

/** Second derivatives of the natural spline at its nodes. */
function splineBend(x: Float64Array, y: Float64Array): Float64Array {
  const n = x.length;
  const bend = new Float64Array(n);
  const c = new Float64Array(n);
  for (let i = 1; i < n - 1; i++) {
    const [left, right] = [x[i]! - x[i - 1]!, x[i + 1]! - x[i]!];
    const slope = (y[i + 1]! - y[i]!) / right - (y[i]! - y[i - 1]!) / left;
    const pivot = 2 * (left + right) - left * c[i - 1]!;
    c[i] = right / pivot;
    bend[i] = (6 * slope - left * bend[i - 1]!) / pivot;
  }
  for (let i = n - 2; i > 0; i--) bend[i] = bend[i]! - c[i]! * bend[i + 1]!;
  return bend;
}

function splineAt(x: Float64Array, y: Float64Array, bend: Float64Array, at: number): number {
  const n = x.length;
  if (at <= x[0]!) return y[0]!;
  if (at >= x[n - 1]!) return y[n - 1]!;
  let i = 1;
  while (x[i]! < at) i++;
  const h = x[i]! - x[i - 1]!;
  const a = (x[i]! - at) / h;
  const b = 1 - a;
  const curve = (a ** 3 - a) * bend[i - 1]! + (b ** 3 - b) * bend[i]!;
  return a * y[i - 1]! + b * y[i]! + (curve * h * h) / 6;
}
