/**
 * Source PDFs: where the particles of a trap came from, as a probability on a grid of
 * displacements from each particle's own release point.
 *
 * A PDF is row-major, shape (n, n); the first axis is displacement to the east, as in the papers'
 * code (`histogram2d(x, y)`), the second to the north. Its sum is the share of particles that stay
 * in the box: 1, or less where some left it.
 *
 * @see Picard et al. (2024), Ocean Science 20, 1149, section 2.3
 */

import { ArgumentError, shapeError } from "../core/index.js";

/** A square grid of displacements, centred on zero. */
export interface DisplacementGrid {
  /** bins along a side */
  readonly n: number;
  /** width of a bin [m] */
  readonly dx: number;
}

/** The papers' grid: 100 × 100 bins of 8 km, ±400 km. */
export const PAPER_GRID: DisplacementGrid = { n: 100, dx: 8000 };

/** One explicit step of the heat equation as the papers' code takes it [–]. */
const HEAT_STEP = 0.1;

/** Steps of the papers' filter on their 8 km grid. */
const HEAT_STEPS = 50;

/** The papers' grid spacing [m], on which the filter's width is defined. */
const HEAT_DX = 8000;

/** A PDF with what went into it. */
export interface SourcePdf {
  /** shape (n, n), east by north; sums to the share of particles inside the box */
  readonly pdf: Float32Array;
  /** particles that reached the level */
  readonly count: number;
  /** of these, particles inside the box */
  readonly inside: number;
}

/**
 * Count displacements into a PDF.
 *
 * @param x    displacement to the east, shape (particles) [m]; NaN for a particle that did not
 *             reach the level, which is left out
 * @param y    displacement to the north, shape (particles) [m]
 * @throws {ShapeError} if x and y differ in length
 */
export function sourcePdf(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  grid: DisplacementGrid = PAPER_GRID,
): SourcePdf {
  if (x.length !== y.length) throw shapeError("y", [x.length], [y.length]);
  const { n, dx } = grid;
  const half = (n * dx) / 2;
  const pdf = new Float32Array(n * n);
  let count = 0;
  let inside = 0;
  for (let p = 0; p < x.length; p++) {
    const east = x[p]!;
    const north = y[p]!;
    if (Number.isNaN(east) || Number.isNaN(north)) continue;
    count++;
    const i = binOf(east, half, dx, n);
    const j = binOf(north, half, dx, n);
    if (i < 0 || j < 0) continue;
    inside++;
    pdf[i * n + j] = pdf[i * n + j]! + 1;
  }
  if (count > 0) for (let k = 0; k < pdf.length; k++) pdf[k] = pdf[k]! / count;
  return { pdf, count, inside };
}

/**
 * The papers' "Gaussian filter": explicit steps of the five-point heat equation with the edge held
 * at zero and nothing renormalised. On 8 km bins, 50 steps of 0.1 make a standard deviation of
 * √10 bins = 25.3 km; on another grid the number of steps keeps that width in kilometres.
 *
 * @param pdf shape (n, n)
 * @returns a new array, shape (n, n)
 * @throws {ShapeError} if the PDF does not have n × n bins
 * @throws {ArgumentError} if the grid is so coarse that no step remains
 */
export function heatFilter(pdf: Float32Array, grid: DisplacementGrid = PAPER_GRID): Float32Array {
  const { n } = grid;
  if (pdf.length !== n * n) throw shapeError("pdf", [n, n], [pdf.length]);
  const steps = heatSteps(grid.dx);
  let from = Float64Array.from(pdf);
  let to = new Float64Array(n * n);
  for (let step = 0; step < steps; step++) {
    for (let i = 1; i < n - 1; i++) {
      for (let k = i * n + 1; k < i * n + n - 1; k++) {
        const here = from[k]!;
        const around = from[k - 1]! + from[k + 1]! + from[k - n]! + from[k + n]!;
        to[k] = here + HEAT_STEP * (around - 4 * here);
      }
    }
    [from, to] = [to, from];
    if (step === 0) to.fill(0);
  }
  return Float32Array.from(from);
}

/**
 * Steps of the filter on bins of this width, so that it stays 25.3 km wide.
 *
 * @param dx width of a bin [m]
 * @throws {ArgumentError} if the bins are so wide that no step remains
 */
export function heatSteps(dx: number): number {
  const steps = Math.round(HEAT_STEPS * (HEAT_DX / dx) ** 2);
  if (steps >= 1) return steps;
  throw new ArgumentError({
    what: "dx",
    wanted: "bins narrower than the filter, at most 80 km",
    got: `${dx} m`,
  });
}

/** Standard deviation of the filter [m]: √(2·0.1·steps) bins. */
export function heatWidth(dx: number): number {
  return Math.sqrt(2 * HEAT_STEP * heatSteps(dx)) * dx;
}

/**
 * A uniform box around the trap, the estimate most often used where nothing better is known. Bins
 * that its edge cuts count by the share that lies inside.
 *
 * @param side length of the box [m]; the papers' code has 96, 112 and 192 km
 * @returns PDF, shape (n, n), which sums to 1
 * @throws {ArgumentError} if the box is narrower than a bin or does not fit the grid
 */
export function boxPdf(side: number, grid: DisplacementGrid = PAPER_GRID): Float32Array {
  const { n, dx } = grid;
  if (!(side >= dx && side <= n * dx)) {
    throw new ArgumentError({
      what: "side of the box",
      wanted: `${dx} to ${n * dx} m, from one bin to the whole grid`,
      got: `${side} m`,
    });
  }
  const shares = Float64Array.from({ length: n }, (_, k) => {
    const west = (k - n / 2) * dx;
    const inside = Math.min(west + dx, side / 2) - Math.max(west, -side / 2);
    return Math.max(0, inside) / side;
  });
  return Float32Array.from(
    { length: n * n },
    (_, b) => shares[Math.floor(b / n)]! * shares[b % n]!,
  );
}

/** The bin of a displacement, or −1 outside; the last edge belongs to the last bin. */
function binOf(displacement: number, half: number, dx: number, n: number): number {
  if (displacement < -half || displacement > half) return -1;
  return Math.min(n - 1, Math.floor((displacement + half) / dx));
}
