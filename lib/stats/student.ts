/**
 * Student's t distribution. Kept libraries have none; ours follows the continued fraction of the
 * incomplete beta function, which keeps its relative precision in the tails.
 *
 * @see Press et al. (2007), Numerical Recipes, sect. 6.2 and 6.4 (method); Lanczos (1964) (ln Γ)
 */

const LANCZOS = [
  0.99999999999980993, 676.5203681218851, -1259.1392167224028, 771.32342877765313,
  -176.61502916214059, 12.507343278686905, -0.13857109526572012, 9.9843695780195716e-6,
  1.5056327351493116e-7,
];

/** ln Γ(x) for x > 0; relative error below 1e-14. */
export function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const y = x - 1;
  const t = y + 7.5;
  let sum = LANCZOS[0]!;
  for (let i = 1; i < 9; i++) sum += LANCZOS[i]! / (y + i);
  return 0.5 * Math.log(2 * Math.PI) + (y + 0.5) * Math.log(t) - t + Math.log(sum);
}

/** The regularised incomplete beta function I_x(a, b), 0 ≤ x ≤ 1, a, b > 0. */
export function incompleteBeta(x: number, a: number, b: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  return betaShare(Math.min(1, Math.max(0, x)), Math.min(1, Math.max(0, 1 - x)), a, b);
}

/** I_x(a, b) from x and 1 − x, each formed without cancellation. */
function betaShare(x: number, rest: number, a: number, b: number): number {
  if (x === 0 || rest === 0) return x;
  if (x > (a + 1) / (a + b + 2)) return 1 - betaShare(rest, x, b, a);
  const logX = x < 0.5 ? Math.log(x) : Math.log1p(-rest);
  const logRest = x < 0.5 ? Math.log1p(-x) : Math.log(rest);
  const front = logGamma(a + b) - logGamma(a) - logGamma(b) + a * logX + b * logRest;
  return (Math.exp(front) / a) * betaFraction(x, a, b);
}

/** Lentz's method; converges fast for x below (a + 1) / (a + b + 2). */
function betaFraction(x: number, a: number, b: number): number {
  const tiny = 1e-300;
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1), tiny);
  let fraction = d;
  for (let m = 1; m < 10000; m++) {
    const even = (m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m));
    d = 1 / nonZero(1 + even * d, tiny);
    c = nonZero(1 + even / c, tiny);
    fraction *= d * c;
    const odd = (-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1));
    d = 1 / nonZero(1 + odd * d, tiny);
    c = nonZero(1 + odd / c, tiny);
    const step = d * c;
    fraction *= step;
    if (Math.abs(step - 1) < 1e-15) break;
  }
  return fraction;
}

function nonZero(x: number, tiny: number): number {
  return Math.abs(x) < tiny ? tiny : x;
}

/**
 * Probability that |T| exceeds |t|.
 *
 * @param t       value of the statistic
 * @param degrees degrees of freedom, above 0
 */
export function twoSidedP(t: number, degrees: number): number {
  if (!(degrees > 0)) return Number.NaN;
  if (!Number.isFinite(t)) return Number.isNaN(t) ? Number.NaN : 0;
  const total = degrees + t * t;
  return betaShare(degrees / total, (t * t) / total, degrees / 2, 0.5);
}

/**
 * The t that |T| exceeds with probability p: the half-width of an interval in standard errors.
 *
 * @param p       two-sided probability, such as 0.05
 * @param degrees degrees of freedom, above 0
 */
export function tQuantile(p: number, degrees: number): number {
  let low = 0;
  let high = 1;
  while (twoSidedP(high, degrees) > p && high < 1e300) high *= 2;
  for (let i = 0; i < 200 && high - low > 1e-14 * high; i++) {
    const middle = (low + high) / 2;
    if (twoSidedP(middle, degrees) > p) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
