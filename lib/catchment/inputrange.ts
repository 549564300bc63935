/**
 * Whether what a satellite sees is like what a network was trained on: their distributions beside
 * each other (figure A1 of the 2025 paper), and a warning where they part.
 */

/** One quantity in training and as observed. */
export interface InputRange {
  readonly quantity: string;
  readonly units: string;
  /** 1st and 99th percentile in training */
  readonly trained: readonly [number, number];
  /** share of observed values outside these two; 0.02 if the distributions are alike */
  readonly outside: number;
  /** largest difference of the two distributions (Kolmogorov–Smirnov) */
  readonly distance: number;
  /** what to think of it, or undefined where nothing is wrong */
  readonly warning?: string;
}

/** Above this share outside, a network has to extrapolate. */
const OUTSIDE_BOUND = 0.1;

/**
 * Compare the values that a network sees with those it learnt from.
 *
 * @param trained  values of the training images, any number
 * @param observed values of the observed images; NaN are left out
 */
export function checkRange(
  quantity: string,
  units: string,
  trained: ArrayLike<number>,
  observed: ArrayLike<number>,
): InputRange {
  const [a, b] = [sorted(trained), sorted(observed)];
  const at = (share: number) => a[Math.round(share * (a.length - 1))]!;
  const range = [at(0.01), at(0.99)] as const;
  const count = b.reduce((sum, value) => sum + (value < range[0] || value > range[1] ? 1 : 0), 0);
  const outside = b.length === 0 ? 1 : count / b.length;
  const base = { quantity, units, trained: range, outside, distance: distance(a, b) };
  if (outside <= OUTSIDE_BOUND) return base;
  const share = (100 * outside).toFixed(0);
  const warning =
    `${quantity}: ${share} % of the values lie outside what the network was trained on ` +
    `(${range[0].toPrecision(3)} to ${range[1].toPrecision(3)} ${units}); do not trust its maps here`;
  return { ...base, warning };
}

function sorted(values: ArrayLike<number>): Float64Array {
  return Float64Array.from(Array.from(values).filter(Number.isFinite)).sort();
}

/** Largest difference of two cumulative distributions. */
function distance(a: Float64Array, b: Float64Array): number {
  let [i, j, largest] = [0, 0, 0];
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i]!, b[j]!);
    while (i < a.length && a[i]! <= value) i++;
    while (j < b.length && b[j]! <= value) j++;
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length));
  }
  return largest;
}
