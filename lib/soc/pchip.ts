/**
 * Monotone cubic interpolation, as the 2023 form compares its layers with observed ones: no value
 * between two nodes is beyond theirs.
 *
 * @see Fritsch & Butland (1984), SIAM J. Sci. Stat. Comput. 5, 300
 */

/**
 * Make the interpolation from nodes to depths; constant beyond the ends.
 *
 * @param nodes  increasing, shape (n ≥ 3)
 * @param depths shape (k)
 * @returns a function that fills values at the depths, shape (k), from values at the nodes
 */
export function makePchip(
  nodes: Float64Array,
  depths: ArrayLike<number>,
): (values: ArrayLike<number>, out: Float64Array) => void {
  const n = nodes.length;
  const slope = new Float64Array(n);
  const places = Array.from(depths, (z) => {
    const held = Math.min(nodes[n - 1]!, Math.max(nodes[0]!, z));
    let i = 0;
    while (i < n - 2 && nodes[i + 1]! < held) i++;
    const h = nodes[i + 1]! - nodes[i]!;
    return { i, h, t: (held - nodes[i]!) / h };
  });
  return (values, out) => {
    fillSlopes(nodes, values, slope);
    for (const [k, { i, h, t }] of places.entries()) {
      const [a, b] = [values[i]!, values[i + 1]!];
      const [da, db] = [slope[i]! * h, slope[i + 1]! * h];
      const c = 3 * (b - a) - 2 * da - db;
      out[k] = a + t * (da + t * (c + t * (da + db - 2 * (b - a))));
    }
  };
}

/** Slopes at the nodes: harmonic means inside, three-point ones that keep the shape at the ends. */
function fillSlopes(x: Float64Array, y: ArrayLike<number>, slope: Float64Array): void {
  const n = x.length;
  const step = (i: number) => x[i + 1]! - x[i]!;
  const rise = (i: number) => (y[i + 1]! - y[i]!) / step(i);
  for (let i = 1; i < n - 1; i++) {
    const [left, right] = [rise(i - 1), rise(i)];
    const [w1, w2] = [2 * step(i) + step(i - 1), step(i) + 2 * step(i - 1)];
    slope[i] = left * right <= 0 ? 0 : (w1 + w2) / (w1 / left + w2 / right);
  }
  slope[0] = endSlope(step(0), step(1), rise(0), rise(1));
  slope[n - 1] = endSlope(step(n - 2), step(n - 3), rise(n - 2), rise(n - 3));
}

function endSlope(near: number, far: number, rise: number, next: number): number {
  const slope = ((2 * near + far) * rise - near * next) / (near + far);
  if (slope * rise <= 0) return 0;
  return rise * next <= 0 && Math.abs(slope) > 3 * Math.abs(rise) ? 3 * rise : slope;
}
