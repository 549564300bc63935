/** How well one series follows another, and the seasonal and interannual parts of a series. */

import { NumericError, shapeError } from "../core/index.js";
import { fitLinear } from "../stats/index.js";

type Series = ArrayLike<number>;

/** Root of the mean squared difference. */
export function rmse(a: Series, b: Series): number {
  checkPair(a, b);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum / a.length);
}

/** Pearson's correlation; NaN where a series is constant. */
export function pearson(a: Series, b: Series): number {
  checkPair(a, b);
  const [ma, mb] = [meanOf(a), meanOf(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i]! - ma) * (b[i]! - mb);
    aa += (a[i]! - ma) ** 2;
    bb += (b[i]! - mb) ** 2;
  }
  return aa === 0 || bb === 0 ? Number.NaN : ab / Math.sqrt(aa * bb);
}

/** Nash–Sutcliffe efficiency: 1 − Σ(model − observed)² / Σ(observed − mean)². */
export function nashSutcliffe(model: Series, observed: Series): number {
  checkPair(model, observed);
  const mean = meanOf(observed);
  let [missed, spread] = [0, 0];
  for (let i = 0; i < model.length; i++) {
    missed += (model[i]! - observed[i]!) ** 2;
    spread += (observed[i]! - mean) ** 2;
  }
  return 1 - missed / spread;
}

/** Normalised efficiency 1/(2 − NSE): 1 is perfect, ½ as good as the mean, towards 0 worse. */
export function normalisedEfficiency(nse: number): number {
  return 1 / (2 - nse);
}

/** Mean of values; NaN where there are none. */
export function meanOf(a: Series): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]!;
  return sum / a.length;
}

/** Sample standard deviation (divided by n − 1). */
export function deviationOf(a: Series): number {
  const mean = meanOf(a);
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - mean) ** 2;
  return Math.sqrt(sum / (a.length - 1));
}

/** Sums of whole years of monthly integrals. */
export function annualSums(monthly: Series): Float64Array {
  return Float64Array.from({ length: Math.floor(monthly.length / 12) }, (_, year) => {
    let sum = 0;
    for (let m = 0; m < 12; m++) sum += monthly[12 * year + m]!;
    return sum;
  });
}

/** Mean seasonal cycle of a monthly series that starts in January, shape (12). */
export function seasonalCycleOf(monthly: Series): Float64Array {
  const years = Math.floor(monthly.length / 12);
  return Float64Array.from({ length: 12 }, (_, m) => {
    let sum = 0;
    for (let year = 0; year < years; year++) sum += monthly[12 * year + m]!;
    return sum / years;
  });
}

/** Largest less smallest value. */
export function rangeOf(values: Series): number {
  const list = Array.from(values);
  return Math.max(...list) - Math.min(...list);
}

/** A monthly series less its mean seasonal cycle. */
export function deseasonalise(monthly: Series): Float64Array {
  const cycle = seasonalCycleOf(monthly);
  return Float64Array.from(monthly, (value, i) => value - cycle[i % 12]!);
}

/** Annual values less their linear trend. */
export function detrend(annual: Series): Float64Array {
  const years = Float64Array.from({ length: annual.length }, (_, i) => i);
  const [intercept = 0, slope = 0] = fitLinear([years], annual).coefficients;
  return Float64Array.from(annual, (value, i) => value - intercept - slope * i);
}

/** Detrended annual anomalies over their standard deviation. */
export function standardisedAnomalies(annual: Series): Float64Array {
  const anomalies = detrend(annual);
  const spread = deviationOf(anomalies);
  if (!(spread > 0)) {
    throw new NumericError({ what: "anomalies", wanted: "a spread above 0", got: `${spread}` });
  }
  return anomalies.map((value) => value / spread);
}

/** R² of two series of standardised anomalies: the square of their correlation. */
export function anomalyR2(a: Series, b: Series): number {
  return pearson(standardisedAnomalies(a), standardisedAnomalies(b)) ** 2;
}

/** RMSE, R and nNSE of a model's region or globe, annual, monthly and by its mean season. */
export interface SeriesScores {
  readonly annualRmse: number;
  readonly annualR: number;
  readonly annualEfficiency: number;
  readonly monthlyRmse: number;
  readonly monthlyR: number;
  readonly monthlyEfficiency: number;
  readonly cycleRmse: number;
  readonly cycleRange: number;
  readonly referenceRange: number;
}

/** Compare monthly integrals with a reference of the same months [PgC per month]. */
export function scoreSeries(model: Series, reference: Series): SeriesScores {
  const [ya, yb] = [annualSums(model), annualSums(reference)];
  const [ca, cb] = [seasonalCycleOf(model), seasonalCycleOf(reference)];
  return {
    annualRmse: rmse(ya, yb),
    annualR: pearson(ya, yb),
    annualEfficiency: normalisedEfficiency(nashSutcliffe(ya, yb)),
    monthlyRmse: rmse(model, reference),
    monthlyR: pearson(model, reference),
    monthlyEfficiency: normalisedEfficiency(nashSutcliffe(model, reference)),
    cycleRmse: rmse(ca, cb),
    cycleRange: rangeOf(ca),
    referenceRange: rangeOf(cb),
  };
}

function checkPair(a: Series, b: Series): void {
  if (a.length !== b.length || a.length === 0) throw shapeError("series", [b.length], [a.length]);
}
