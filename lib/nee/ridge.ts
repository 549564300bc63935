/** Ridge regression, the baseline that a network has to beat. */

/** A fitted line. */
export interface Ridge {
  readonly coefficients: Float64Array;
  readonly intercept: number;
}

/**
 * Minimise ‖y − Xβ − b‖² + λ‖β‖² with a free intercept, by least squares with λ^½ rows added.
 *
 * @param x centred features, shape (rows, features)
 */
export function fitRidge(
  x: Float32Array,
  y: Float32Array,
  { features, lambda }: { readonly features: number; readonly lambda: number },
): Ridge {
  const rows = y.length;
  const mean = y.reduce((sum, v) => sum + v, 0) / rows;
  const target = new Float64Array(rows + features);
  for (let i = 0; i < rows; i++) target[i] = y[i]! - mean;
  const centre = Float64Array.from({ length: features }, (_, k) => {
    let sum = 0;
    for (let i = 0; i < rows; i++) sum += x[i * features + k]!;
    return sum / rows;
  });
  const columns = Array.from({ length: features }, (_, k) => {
    const column = new Float64Array(rows + features);
    for (let i = 0; i < rows; i++) column[i] = x[i * features + k]! - centre[k]!;
    column[rows + k] = Math.sqrt(lambda);
    return column;
  });
  const coefficients = normalSolve(columns, target);
  const intercept = coefficients.reduce((sum, c, k) => sum - c * centre[k]!, mean);
  return { coefficients, intercept };
}

/** b + Xβ. */
export function predictRidge({ coefficients, intercept }: Ridge, x: Float32Array): Float32Array {
  const features = coefficients.length;
  return Float32Array.from({ length: x.length / features }, (_, i) => {
    let sum = intercept;
    for (let k = 0; k < features; k++) sum += coefficients[k]! * x[i * features + k]!;
    return sum;
  });
}

/** Least squares by the normal equations (Cholesky). */
function normalSolve(columns: readonly Float64Array[], y: Float64Array): Float64Array {
  const p = columns.length;
  const dot = (a: Float64Array, b: Float64Array) => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
    return sum;
  };
  const lower = new Float64Array(p * p);
  const b = Float64Array.from(columns, (column) => dot(column, y));
  for (let i = 0; i < p; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = dot(columns[i]!, columns[j]!);
      for (let k = 0; k < j; k++) sum -= lower[i * p + k]! * lower[j * p + k]!;
      lower[i * p + j] = i === j ? Math.sqrt(sum) : sum / lower[j * p + j]!;
    }
    for (let k = 0; k < i; k++) b[i] = b[i]! - lower[i * p + k]! * b[k]!;
    b[i] = b[i]! / lower[i * p + i]!;
  }
  for (let i = p - 1; i >= 0; i--) {
    for (let k = i + 1; k < p; k++) b[i] = b[i]! - lower[k * p + i]! * b[k]!;
    b[i] = b[i]! / lower[i * p + i]!;
  }
  return b;
}
