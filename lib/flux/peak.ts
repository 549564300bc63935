/**
 * What the highest R² of a curve is worth: the largest of forty lags is larger than one lag's by
 * chance alone. The paper has no such test.
 *
 * @see Theiler et al. (1992), Physica D 58, 77: series of random phases
 */

import { makeRandom } from "../core/index.js";
import { bestLag, type CrossCorrelation, samplesKept } from "./crosscorrelation.js";
import { squaredCorrelation } from "./significance.js";
import type { WeighedChlorophyll } from "./weighting.js";

/** A peak beside those of fluxes that know nothing of the chlorophyll. */
export interface PeakVerdict {
  /** [d] */
  readonly lag: number;
  readonly rSquared: number;
  /** the R² that the highest of all lags exceeds by chance in 5 % of all cases */
  readonly level: number;
  /** how often chance comes as high, at whichever lag */
  readonly pValue: number;
}

/**
 * Judge the peak of a curve over all its lags by fluxes of the same spectrum, seasons and memory
 * included, and random phases, sample by sample.
 *
 * @param flux   as correlated, NaN where missing, shape (samples)
 * @param result of these weighings and this flux
 * @throws {ArgumentError} if there is no such curve, or a lag is left with fewer than 10 samples
 */
export function judgePeak(
  weighed: WeighedChlorophyll,
  flux: Float64Array,
  result: CrossCorrelation,
  { curve, seed, draws = 500 }: { curve: string; seed: number; draws?: number },
): PeakVerdict {
  const { lag, rSquared } = bestLag(result, curve);
  const { samples } = weighed;
  const values = weighed.curves.get(curve)!;
  const lags = weighed.lags.map((_, l) => {
    const kept = samplesKept(weighed, flux, l);
    return { kept, x: Float64Array.from(kept, (s) => values[l * samples + s]!) };
  });
  const random = makeRandom(seed, 5);
  const draw = phaseDraws(flux, () => 2 * Math.PI * random.uniform());
  const highest = Float64Array.from({ length: draws }, () => {
    const drawn = draw();
    return Math.max(
      ...lags.map(({ kept, x }) =>
        squaredCorrelation(
          x,
          Float64Array.from(kept, (s) => drawn[s]!),
        ),
      ),
    );
  }).sort();
  const above = highest.filter((peak) => peak >= rSquared).length;
  const level = highest[Math.ceil(0.95 * draws) - 1]!;
  return { lag, rSquared, level, pValue: (above + 1) / (draws + 1) };
}

/** Series with the amplitudes of one and phases of their own; what is missing stays NaN. */
function phaseDraws(values: Float64Array, phase: () => number): () => Float64Array {
  const known = Array.from(values.keys()).filter((s) => Number.isFinite(values[s]!));
  const n = known.length;
  const waves = Math.floor(n / 2);
  const [cosines, sines] = [Math.cos, Math.sin].map((wave) =>
    Float64Array.from({ length: n }, (_, k) => wave((2 * Math.PI * k) / n)),
  ) as [Float64Array, Float64Array];
  const amplitudes = Float64Array.from({ length: waves }, (_, w) => {
    let [real, imaginary] = [0, 0];
    for (const [k, s] of known.entries()) {
      const turn = ((w + 1) * k) % n;
      real += values[s]! * cosines[turn]!;
      imaginary += values[s]! * sines[turn]!;
    }
    return Math.hypot(real, imaginary);
  });
  return () => {
    const out = new Float64Array(values.length).fill(Number.NaN);
    for (const s of known) out[s] = 0;
    for (let w = 0; w < waves; w++) {
      const start = phase();
      const [a, b] = [amplitudes[w]! * Math.cos(start), amplitudes[w]! * Math.sin(start)];
      for (const [k, s] of known.entries()) {
        const turn = ((w + 1) * k) % n;
        out[s] = out[s]! + a * cosines[turn]! - b * sines[turn]!;
      }
    }
    return out;
  };
}
