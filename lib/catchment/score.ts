/**
 * How alike two PDFs are, and what one PDF looks like. PDFs are row-major, shape (n, n), east by
 * north, and sum to 1.
 *
 * @see Picard et al. (2024), equation 1; Picard et al. (2025), equation 1
 */

import { ArgumentError, shapeError } from "../core/index.js";
import type { DisplacementGrid } from "./pdf.js";

/** What the papers call a prediction by its Bhattacharyya loss. */
export type ScoreClass = "valid" | "quasi-valid" | "non-valid";

/** Bounds between the classes: Picard et al. (2024) and, for one bound only, (2025). */
export const CLASS_BOUNDS = { valid: 0.2, quasiValid: 0.3 } as const;

/** Added under the root by the papers' code, so that its gradient stays finite. */
const ROOT_FLOOR = 1e-30;

/**
 * Bhattacharyya coefficient Σ √(P·Q): 1 for equal PDFs, 0 for PDFs that do not overlap.
 *
 * @throws {ShapeError} if P and Q differ in size
 */
export function bhattacharyyaCoefficient(p: ArrayLike<number>, q: ArrayLike<number>): number {
  if (p.length !== q.length) throw shapeError("q", [p.length], [q.length]);
  let sum = 0;
  for (let k = 0; k < p.length; k++) sum += Math.sqrt(p[k]! * q[k]! + ROOT_FLOOR);
  return sum;
}

/**
 * Bhattacharyya loss BL = 1 − Σ √(P·Q): 0 for equal PDFs, 1 for PDFs that do not overlap.
 *
 * Picard et al. (2024) print it without the root; their code and the 2025 paper have it.
 *
 * @throws {ShapeError} if P and Q differ in size
 */
export function bhattacharyyaLoss(p: ArrayLike<number>, q: ArrayLike<number>): number {
  return 1 - bhattacharyyaCoefficient(p, q);
}

/**
 * Share of particles predicted in the right place, F = Σ min(P, Q).
 *
 * @throws {ShapeError} if P and Q differ in size
 */
export function overlap(p: ArrayLike<number>, q: ArrayLike<number>): number {
  if (p.length !== q.length) throw shapeError("q", [p.length], [q.length]);
  let sum = 0;
  for (let k = 0; k < p.length; k++) sum += Math.min(p[k]!, q[k]!);
  return sum;
}

/** F as Picard et al. (2025) draw it in their figure 4b: a quadratic of BL, not Σ min. */
export function overlapOfLoss(loss: number): number {
  return 1.02211979 * loss ** 2 - 1.88530067 * loss + 0.91545286;
}

/** The class of a Bhattacharyya loss. */
export function classOf(loss: number): ScoreClass {
  if (loss < CLASS_BOUNDS.valid) return "valid";
  return loss <= CLASS_BOUNDS.quasiValid ? "quasi-valid" : "non-valid";
}

/**
 * Distance of a PDF's centroid from the trap [m].
 *
 * The papers' code puts the bins at `linspace(−400, 400, 100)`, 8.08 km apart instead of 8 km:
 * `coordinates: "linspace"`. By default bins count at their middles.
 */
export function massCentre(
  pdf: ArrayLike<number>,
  grid: DisplacementGrid,
  coordinates: "middles" | "linspace" = "middles",
): number {
  const at = binCoordinates(grid, coordinates);
  const { n } = grid;
  let sum = 0;
  let east = 0;
  let north = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const p = pdf[i * n + j]!;
      sum += p;
      east += p * at[i]!;
      north += p * at[j]!;
    }
  }
  return Math.hypot(east, north) / sum;
}

/** Mean distance of particles from the trap [m], which the papers' text calls the mass centre. */
export function meanDistance(pdf: ArrayLike<number>, grid: DisplacementGrid): number {
  const at = binCoordinates(grid, "middles");
  const { n } = grid;
  let sum = 0;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const p = pdf[i * n + j]!;
      sum += p;
      distance += p * Math.hypot(at[i]!, at[j]!);
    }
  }
  return distance / sum;
}

/** Shannon entropy −Σ p ln p [nat]; empty bins count nothing. */
export function entropy(pdf: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < pdf.length; k++) {
    const p = pdf[k]!;
    if (p > 0) sum -= p * Math.log(p);
  }
  return sum;
}

/**
 * The level whose contour encloses a share of the mass: the largest level such that the bins at or
 * above it hold at least that share. Exact, where the papers' code bisects to 1 %.
 *
 * @param share of the PDF's own sum, in (0, 1]
 * @throws {ArgumentError} if the share is out of range or the PDF is empty
 */
export function massLevel(pdf: ArrayLike<number>, share: number): number {
  if (!(share > 0 && share <= 1)) {
    throw new ArgumentError({ what: "share", wanted: "a number in (0, 1]", got: String(share) });
  }
  const sorted = Float64Array.from(pdf).sort().reverse();
  const total = sorted.reduce((sum, p) => sum + p, 0);
  if (!(total > 0)) throw new ArgumentError({ what: "pdf", wanted: "some mass", got: "none" });
  let sum = 0;
  for (const level of sorted) {
    sum += level;
    if (sum >= share * total * (1 - 1e-12)) return level;
  }
  return 0;
}

/** Coordinates of the bins along a side [m]. */
export function binCoordinates(
  { n, dx }: DisplacementGrid,
  coordinates: "middles" | "linspace" = "middles",
): Float64Array {
  const half = (n * dx) / 2;
  const [first, step] =
    coordinates === "middles" ? [-half + dx / 2, dx] : [-half, (2 * half) / (n - 1)];
  return Float64Array.from({ length: n }, (_, i) => first + i * step);
}
