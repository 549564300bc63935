/** Products and inverses of 3 × 3 blocks, for the soil pools of one layer. */

/** Invert the 3 × 3 matrix at `at`, row-major. */
export function invert3(m: Float64Array, out: Float64Array, at: number): void {
  const a = m[at]!;
  const b = m[at + 1]!;
  const c = m[at + 2]!;
  const d = m[at + 3]!;
  const e = m[at + 4]!;
  const f = m[at + 5]!;
  const g = m[at + 6]!;
  const h = m[at + 7]!;
  const k = m[at + 8]!;
  const A = e * k - f * h;
  const B = f * g - d * k;
  const C = d * h - e * g;
  const scale = 1 / (a * A + b * B + c * C);
  out[at] = A * scale;
  out[at + 1] = (c * h - b * k) * scale;
  out[at + 2] = (b * f - c * e) * scale;
  out[at + 3] = B * scale;
  out[at + 4] = (a * k - c * g) * scale;
  out[at + 5] = (c * d - a * f) * scale;
  out[at + 6] = C * scale;
  out[at + 7] = (b * g - a * h) * scale;
  out[at + 8] = (a * e - b * d) * scale;
}

/** x ← m·x for the three values at `at`, `at + step`, `at + 2 step`. */
export function multiply3(
  m: Float64Array,
  row: number,
  x: Float64Array,
  at: number,
  step: number,
): void {
  const x1 = x[at]!;
  const x2 = x[at + step]!;
  const x3 = x[at + 2 * step]!;
  x[at] = m[row]! * x1 + m[row + 1]! * x2 + m[row + 2]! * x3;
  x[at + step] = m[row + 3]! * x1 + m[row + 4]! * x2 + m[row + 5]! * x3;
  x[at + 2 * step] = m[row + 6]! * x1 + m[row + 7]! * x2 + m[row + 8]! * x3;
}
