/** Complex Fourier transforms of all columns of a matrix at once (Stockham, radix 4, forward). */

/** cos and −sin of the angles 2πj/n. */
export interface Turns {
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** One pass over the matrix: length of the transforms left, and width of a contiguous run. */
interface Pass {
  readonly length: number;
  readonly width: number;
}

/** Tabulate the angles of transforms of length n. */
export function makeTurns(n: number): Turns {
  const angle = (_: unknown, j: number) => (2 * Math.PI * j) / n;
  const angles = Float64Array.from({ length: n }, angle);
  return { cos: angles.map(Math.cos), sin: angles.map((a) => -Math.sin(a)) };
}

/**
 * Transform along the first dimension, x̂[k] = Σ x[j] exp(−2πi jk/n), in place.
 *
 * @param re, im   shape (n, n); swapped planes give the inverse transform times n
 * @param re2, im2 scratch of the same shape
 */
export function transformColumns(
  planes: readonly [re: Float64Array, im: Float64Array],
  scratch: readonly [re: Float64Array, im: Float64Array],
  turns: Turns,
): void {
  const n = turns.cos.length;
  let from = planes;
  let to = scratch;
  let length = n;
  let width = n;
  for (; length >= 4; length /= 4, width *= 4) {
    fourfold(from, to, { length, width }, turns);
    [from, to] = [to, from];
  }
  if (length === 2) {
    twofold(from, to, width);
    [from, to] = [to, from];
  }
  if (from !== planes) {
    planes[0].set(from[0]);
    planes[1].set(from[1]);
  }
}

function fourfold(
  [xr, xi]: readonly [Float64Array, Float64Array],
  [yr, yi]: readonly [Float64Array, Float64Array],
  { length, width }: Pass,
  { cos, sin }: Turns,
): void {
  const quarter = length / 4;
  const stride = cos.length / length;
  for (let p = 0; p < quarter; p++) {
    const [c1, c2, c3] = [cos[p * stride]!, cos[2 * p * stride]!, cos[3 * p * stride]!];
    const [s1, s2, s3] = [sin[p * stride]!, sin[2 * p * stride]!, sin[3 * p * stride]!];
    const e0 = 4 * width * p;
    const e1 = e0 + width;
    const e2 = e1 + width;
    const e3 = e2 + width;
    let a = width * p;
    let b = width * (p + quarter);
    let c = width * (p + 2 * quarter);
    let d = width * (p + 3 * quarter);
    for (let q = 0; q < width; q++, a++, b++, c++, d++) {
      const acr = xr[a]! + xr[c]!;
      const aci = xi[a]! + xi[c]!;
      const amr = xr[a]! - xr[c]!;
      const ami = xi[a]! - xi[c]!;
      const bdr = xr[b]! + xr[d]!;
      const bdi = xi[b]! + xi[d]!;
      const bmr = xi[b]! - xi[d]!;
      const bmi = xr[d]! - xr[b]!;
      yr[e0 + q] = acr + bdr;
      yi[e0 + q] = aci + bdi;
      const r1 = amr + bmr;
      const i1 = ami + bmi;
      yr[e1 + q] = c1 * r1 - s1 * i1;
      yi[e1 + q] = c1 * i1 + s1 * r1;
      const r2 = acr - bdr;
      const i2 = aci - bdi;
      yr[e2 + q] = c2 * r2 - s2 * i2;
      yi[e2 + q] = c2 * i2 + s2 * r2;
      const r3 = amr - bmr;
      const i3 = ami - bmi;
      yr[e3 + q] = c3 * r3 - s3 * i3;
      yi[e3 + q] = c3 * i3 + s3 * r3;
    }
  }
}

function twofold(
  [xr, xi]: readonly [Float64Array, Float64Array],
  [yr, yi]: readonly [Float64Array, Float64Array],
  width: number,
): void {
  for (let a = 0, b = width; a < width; a++, b++) {
    yr[a] = xr[a]! + xr[b]!;
    yi[a] = xi[a]! + xi[b]!;
    yr[b] = xr[a]! - xr[b]!;
    yi[b] = xi[a]! - xi[b]!;
  }
}
