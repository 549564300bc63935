/**
 * The steady state of the matrix model by its structure, without a matrix: CWD is diagonal, each
 * litter tridiagonal in depth, and the three soil pools block-tridiagonal with 3 × 3 blocks whose
 * off-diagonal blocks are multiples of the identity. About 10³ operations for ten layers.
 */

import { invert3, multiply3 } from "./block.js";
import { POOLS, type Rates } from "./rates.js";

/** The matrix itself, or its transpose. */
type Side = "plain" | "transposed";

/** Solve the model again and again with one set of scratch arrays. */
export interface SteadyState {
  /**
   * Solve (A·K − V)·X = −B·I.
   *
   * @param pools is filled with X, shape (7, n) [gC m⁻³]
   */
  solve(rates: Rates, pools: Float64Array): void;
  /**
   * One implicit (backward Euler) step of dX/dt = B·I + (A·K − V)·X, stable for any length.
   *
   * @param days  length of the step [d], above 0
   * @param pools X, shape (7, n) [gC m⁻³]; becomes X after the step
   */
  advance(rates: Rates, days: number, pools: Float64Array): void;
  /**
   * Solve the transposed system (K·Aᵀ − Vᵀ)·λ = −w, for gradients.
   *
   * @param weights w = ∂J/∂X, shape (7, n)
   * @param lambda  is filled, shape (7, n)
   */
  solveTransposed(rates: Rates, weights: Float64Array, lambda: Float64Array): void;
}

/**
 * Make a solver for columns of n layers.
 *
 * @param n number of layers
 */
export function makeSteadyState(n: number): SteadyState {
  const upper = new Float64Array(n); // −coefficient of the layer below [d⁻¹]
  const lower = new Float64Array(n); // −coefficient of the layer above [d⁻¹]
  const ratio = new Float64Array(n);
  const block = new Float64Array(9 * n);
  const inverse = new Float64Array(9 * n);
  let hold = 0; // 1/step on the diagonal [d⁻¹]; 0 at steady state

  function fillMixing({ exchange, layers }: Rates, side: Side): void {
    const { thickness } = layers;
    for (let i = 0; i < n; i++) {
      const down = i < n - 1 ? exchange[i]! : 0;
      const up = i > 0 ? exchange[i - 1]! : 0;
      upper[i] = side === "transposed" ? down / (thickness[i + 1] ?? 1) : down / thickness[i]!;
      lower[i] = side === "transposed" ? up / (thickness[i - 1] ?? 1) : up / thickness[i]!;
    }
  }

  /** Solve one litter pool in place: x holds the source and becomes the pool. */
  function solveLitter(rates: Rates, pool: number, x: Float64Array): void {
    const at = pool * n;
    const { thickness } = rates.layers;
    const { exchange, decay } = rates;
    let above = 0;
    for (let i = 0; i < n; i++) {
      const out = ((exchange[i] ?? 0) + (i > 0 ? exchange[i - 1]! : 0)) / thickness[i]!;
      const pivot = hold + decay[at + i]! + out - lower[i]! * above;
      above = upper[i]! / pivot;
      ratio[i] = above;
      x[at + i] = (x[at + i]! + (i > 0 ? lower[i]! * x[at + i - 1]! : 0)) / pivot;
    }
    for (let i = n - 2; i >= 0; i--) x[at + i] = x[at + i]! + ratio[i]! * x[at + i + 1]!;
  }

  function fillBlocks(rates: Rates, side: Side): void {
    const { decay, exchange, transfers: f } = rates;
    const { thickness } = rates.layers;
    for (let i = 0; i < n; i++) {
      const k1 = decay[4 * n + i]!;
      const k2 = decay[5 * n + i]!;
      const k3 = decay[6 * n + i]!;
      const out = hold + ((exchange[i] ?? 0) + (i > 0 ? exchange[i - 1]! : 0)) / thickness[i]!;
      const b = 9 * i;
      const s12 = -f.fs2s1 * k2;
      const s13 = -f.fs3s1 * k3;
      const s21 = -f.fs1s2 * k1;
      const s31 = -f.fs1s3 * k1;
      const s32 = -f.fs2s3 * k2;
      block[b] = k1 + out;
      block[b + 1] = side === "transposed" ? s21 : s12;
      block[b + 2] = side === "transposed" ? s31 : s13;
      block[b + 3] = side === "transposed" ? s12 : s21;
      block[b + 4] = k2 + out;
      block[b + 5] = side === "transposed" ? s32 : 0;
      block[b + 6] = side === "transposed" ? s13 : s31;
      block[b + 7] = side === "transposed" ? 0 : s32;
      block[b + 8] = k3 + out;
    }
  }

  /** Solve the three soil pools in place: x holds the sources and becomes the pools. */
  function solveSoil(x: Float64Array): void {
    const p = 4 * n;
    const q = 5 * n;
    const r = 6 * n;
    for (let i = 0; i < n; i++) {
      if (i > 0) {
        const up = lower[i]!;
        const coupling = up * upper[i - 1]!;
        const b = 9 * i;
        const a = 9 * (i - 1);
        for (let e = 0; e < 9; e++) block[b + e] = block[b + e]! - coupling * inverse[a + e]!;
        x[p + i] = x[p + i]! + up * x[p + i - 1]!;
        x[q + i] = x[q + i]! + up * x[q + i - 1]!;
        x[r + i] = x[r + i]! + up * x[r + i - 1]!;
      }
      invert3(block, inverse, 9 * i);
      multiply3(inverse, 9 * i, x, p + i, n);
    }
    for (let i = n - 2; i >= 0; i--) {
      const b = 9 * i;
      const down = upper[i]!;
      const y1 = x[p + i + 1]!;
      const y2 = x[q + i + 1]!;
      const y3 = x[r + i + 1]!;
      for (let row = 0; row < 3; row++) {
        const c = b + 3 * row;
        const flow = inverse[c]! * y1 + inverse[c + 1]! * y2 + inverse[c + 2]! * y3;
        x[p + row * n + i] = x[p + row * n + i]! + down * flow;
      }
    }
  }

  function solve(rates: Rates, x: Float64Array): void {
    hold = 0;
    x.fill(0);
    x.set(rates.input);
    sweep(rates, x);
  }

  function advance(rates: Rates, days: number, x: Float64Array): void {
    hold = 1 / days;
    for (let i = 0; i < x.length; i++) x[i] = x[i]! * hold;
    for (let i = 0; i < 4 * n; i++) x[i] = x[i]! + rates.input[i]!;
    sweep(rates, x);
  }

  /** From the sources in x to the pools: wood, then litter, then soil. */
  function sweep(rates: Rates, x: Float64Array): void {
    const { decay, transfers: f } = rates;
    fillMixing(rates, "plain");
    for (let i = 0; i < n; i++) {
      x[i] = x[i]! / (hold + decay[i]!);
      const wood = decay[i]! * x[i]!;
      x[2 * n + i] = x[2 * n + i]! + f.fcwdl2 * wood;
      x[3 * n + i] = x[3 * n + i]! + (1 - f.fcwdl2) * wood;
    }
    for (let litter = 1; litter <= 3; litter++) solveLitter(rates, litter, x);
    for (let i = 0; i < n; i++) {
      const l1 = decay[n + i]! * x[n + i]!;
      const l2 = decay[2 * n + i]! * x[2 * n + i]!;
      const l3 = decay[3 * n + i]! * x[3 * n + i]!;
      x[4 * n + i] = x[4 * n + i]! + f.fl1s1 * l1 + f.fl2s1 * l2;
      x[5 * n + i] = x[5 * n + i]! + f.fl3s2 * l3;
    }
    fillBlocks(rates, "plain");
    solveSoil(x);
  }

  function solveTransposed(rates: Rates, weights: Float64Array, y: Float64Array): void {
    const { decay, transfers: f } = rates;
    hold = 0;
    fillMixing(rates, "transposed");
    y.set(weights.subarray(0, POOLS * n));
    fillBlocks(rates, "transposed");
    solveSoil(y);
    for (let i = 0; i < n; i++) {
      const s1 = y[4 * n + i]!;
      const s2 = y[5 * n + i]!;
      y[n + i] = y[n + i]! + decay[n + i]! * f.fl1s1 * s1;
      y[2 * n + i] = y[2 * n + i]! + decay[2 * n + i]! * f.fl2s1 * s1;
      y[3 * n + i] = y[3 * n + i]! + decay[3 * n + i]! * f.fl3s2 * s2;
    }
    for (let litter = 1; litter <= 3; litter++) solveLitter(rates, litter, y);
    for (let i = 0; i < n; i++) {
      const litter = f.fcwdl2 * y[2 * n + i]! + (1 - f.fcwdl2) * y[3 * n + i]!;
      y[i] = y[i]! / decay[i]! + litter;
    }
  }

  return { solve, advance, solveTransposed };
}
