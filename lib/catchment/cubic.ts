/**
 * Cubic splines through values on a rectangular grid, axis by axis, as scipy and xarray interpolate
 * ("cubic"): twice continuously differentiable, with a continuous third derivative at the first and
 * last inner point ("not-a-knot").
 */

import { ArgumentError, shapeError } from "../core/index.js";

/** Where new values sit along one axis: a row of weights of the old values each. */
interface AxisSpline {
  readonly interval: Int32Array;
  /** (from, to, second derivative of from, second derivative of to), shape (points, 4) */
  readonly weights: Float64Array;
}

/**
 * Interpolate values of a grid on another one, both rectangular.
 *
 * @param from        the grid and what is on it
 * @param from.x      first axis, increasing, shape (nx), at least 4
 * @param from.y      second axis, likewise (ny)
 * @param from.values shape (ny, nx), finite
 * @param to          the other grid
 * @param to.xi       new first axis, inside x
 * @param to.yi       new second axis, inside y
 * @returns shape (yi.length, xi.length)
 * @throws {ArgumentError} if an axis is not increasing, too short, or a new point lies outside
 * @throws {ShapeError}    if values do not fit the axes
 */
export function cubicGrid(
  { x, y, values }: { x: ArrayLike<number>; y: ArrayLike<number>; values: ArrayLike<number> },
  { xi, yi }: { readonly xi: ArrayLike<number>; readonly yi: ArrayLike<number> },
): Float64Array {
  const [nx, ny] = [x.length, y.length];
  if (values.length !== nx * ny) throw shapeError("values", [ny, nx], [values.length]);
  const [along, across] = [placesOn(x, xi, "x"), placesOn(y, yi, "y")];
  const rows = new Float64Array(ny * xi.length);
  const line = new Float64Array(Math.max(nx, ny));
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) line[i] = values[j * nx + i]!;
    const curvature = curvaturesOf(x, line);
    for (let p = 0; p < xi.length; p++) rows[j * xi.length + p] = at(along, p, line, curvature);
  }
  const out = new Float64Array(yi.length * xi.length);
  for (let p = 0; p < xi.length; p++) {
    for (let j = 0; j < ny; j++) line[j] = rows[j * xi.length + p]!;
    const curvature = curvaturesOf(y, line);
    for (let q = 0; q < yi.length; q++) out[q * xi.length + p] = at(across, q, line, curvature);
  }
  return out;
}

/** Value of a spline at a new point. */
function at(
  { interval, weights }: AxisSpline,
  p: number,
  f: Float64Array,
  m: Float64Array,
): number {
  const k = interval[p]!;
  const w = 4 * p;
  return (
    weights[w]! * f[k]! +
    weights[w + 1]! * f[k + 1]! +
    weights[w + 2]! * m[k]! +
    weights[w + 3]! * m[k + 1]!
  );
}

function placesOn(x: ArrayLike<number>, xi: ArrayLike<number>, name: string): AxisSpline {
  checkAxis(x, name);
  const interval = new Int32Array(xi.length);
  const weights = new Float64Array(4 * xi.length);
  const last = x.length - 1;
  const slack = 1e-9 * (x[last]! - x[0]!);
  for (let p = 0; p < xi.length; p++) {
    const here = xi[p]!;
    if (!(here >= x[0]! - slack && here <= x[last]! + slack)) throw outside(name, here, x);
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (x[middle]! <= here) low = middle;
      else high = middle;
    }
    const h = x[low + 1]! - x[low]!;
    const b = (here - x[low]!) / h;
    const a = 1 - b;
    interval[p] = low;
    weights.set([a, b, ((a ** 3 - a) * h * h) / 6, ((b ** 3 - b) * h * h) / 6], 4 * p);
  }
  return { interval, weights };
}

/** Second derivatives at the points of a not-a-knot spline. */
function curvaturesOf(x: ArrayLike<number>, f: Float64Array): Float64Array {
  const n = x.length;
  const h = Float64Array.from({ length: n - 1 }, (_, k) => x[k + 1]! - x[k]!);
  const slope = Float64Array.from(h, (step, k) => (f[k + 1]! - f[k]!) / step);
  const m = n - 2;
  const [lower, diagonal, upper, right] = [0, 1, 2, 3].map(() => new Float64Array(m)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let k = 0; k < m; k++) {
    lower[k] = h[k]!;
    diagonal[k] = 2 * (h[k]! + h[k + 1]!);
    upper[k] = h[k + 1]!;
    right[k] = 6 * (slope[k + 1]! - slope[k]!);
  }
  // the outer curvatures continue the inner ones linearly
  const [first, second] = [h[0]!, h[1]!];
  const [ultimate, penultimate] = [h[n - 2]!, h[n - 3]!];
  diagonal[0] = diagonal[0]! + first * (1 + first / second);
  upper[0] = upper[0]! - (first * first) / second;
  diagonal[m - 1] = diagonal[m - 1]! + ultimate * (1 + ultimate / penultimate);
  lower[m - 1] = lower[m - 1]! - (ultimate * ultimate) / penultimate;
  for (let k = 1; k < m; k++) {
    const factor = lower[k]! / diagonal[k - 1]!;
    diagonal[k] = diagonal[k]! - factor * upper[k - 1]!;
    right[k] = right[k]! - factor * right[k - 1]!;
  }
  const out = new Float64Array(n);
  for (let k = m - 1; k >= 0; k--) {
    const above = k === m - 1 ? 0 : upper[k]! * out[k + 2]!;
    out[k + 1] = (right[k]! - above) / diagonal[k]!;
  }
  out[0] = out[1]! + (first / second) * (out[1]! - out[2]!);
  out[n - 1] = out[n - 2]! + (ultimate / penultimate) * (out[n - 2]! - out[n - 3]!);
  return out;
}

function checkAxis(x: ArrayLike<number>, name: string): void {
  if (x.length < 4) {
    throw new ArgumentError({
      what: `axis ${name}`,
      wanted: "at least 4 points",
      got: `${x.length}`,
    });
  }
  for (let k = 1; k < x.length; k++) {
    if (x[k]! > x[k - 1]!) continue;
    throw new ArgumentError({ what: `axis ${name}`, wanted: "increasing", got: `${x[k]} at ${k}` });
  }
}

function outside(name: string, value: number, x: ArrayLike<number>): ArgumentError {
  return new ArgumentError({
    what: `new point on axis ${name}`,
    wanted: `one in ${x[0]} … ${x[x.length - 1]}`,
    got: `${value}`,
    remedy: "take a larger map, or move the box into it",
  });
}
