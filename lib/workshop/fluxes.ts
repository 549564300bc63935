/** Lesson 8: what towers and inversions each know of the land's carbon flux, and both together. */

import { type Exercises, listJudge } from "./judge.js";
import { numberJudge } from "./number.js";

/** Net ecosystem exchange of the land by region [PgC yr⁻¹], negative where the land takes up. */
export interface FluxEstimates {
  readonly regions: readonly string[];
  /** scaled up from towers */
  readonly towers: Float64Array;
  /** standard errors of the towers' estimates, independent of each other */
  readonly sigma: Float64Array;
  /** sum over all regions that the atmosphere allows, and its standard error */
  readonly total: number;
  readonly totalSigma: number;
  /** what the twin really does; known only because it is a twin */
  readonly truth: Float64Array;
}

/**
 * Make a small land of six regions. Towers stand densely in the north and hardly in the tropics,
 * where their estimate is uncertain and far too green; the sum is seen by the atmosphere.
 */
export function fluxEstimates(): FluxEstimates {
  return {
    regions: ["boreal", "temperate", "trop. America", "trop. Africa", "trop. Asia", "southern"],
    towers: Float64Array.of(-0.6, -1.3, -1.3, -0.9, -0.6, -0.5),
    sigma: Float64Array.of(0.2, 0.3, 1.0, 0.9, 0.6, 0.3),
    total: -1.9,
    totalSigma: 0.3,
    truth: Float64Array.of(-0.5, -1.1, -0.1, 0.2, 0.1, -0.4),
  };
}

const TROPICAL_AMERICA = 2;

/** The gain of one region: the share of the sum's surprise that it takes. */
function gainOf(region: number): number {
  const { sigma, totalSigma } = fluxEstimates();
  const spread = sigma.reduce((sum, s) => sum + s * s, totalSigma ** 2);
  return sigma[region]! ** 2 / spread;
}

/** What the lesson asks. */
export const FLUX_EXERCISES: Exercises = {
  combine: () => {
    const [a, b] = [
      { value: -2, sigma: 0.5 },
      { value: -1, sigma: 1 },
    ];
    const weights = [1 / a.sigma ** 2, 1 / b.sigma ** 2] as const;
    const sum = weights[0] + weights[1];
    const linear = [1 / a.sigma, 1 / b.sigma] as const;
    const units = "PgC/yr";
    return listJudge([
      {
        name: "best estimate",
        expected: (weights[0] * a.value + weights[1] * b.value) / sum,
        units,
        tolerance: 0.005,
        slips: [
          { value: (a.value + b.value) / 2, hint: "a plain mean forgets that one is surer." },
          {
            value: (linear[0] * a.value + linear[1] * b.value) / (linear[0] + linear[1]),
            hint: "weights go with one over the square of σ.",
          },
          {
            value: (weights[1] * a.value + weights[0] * b.value) / sum,
            hint: "the surer one should weigh more, not less.",
          },
        ],
        hint: "Σ x/σ² over Σ 1/σ².",
      },
      {
        name: "its σ",
        expected: 1 / Math.sqrt(sum),
        units,
        tolerance: 0.005,
        slips: [
          { value: 1 / sum, hint: "this is the variance." },
          { value: Math.hypot(a.sigma, b.sigma), hint: "that is the σ of the difference." },
          { value: (a.sigma + b.sigma) / 2, hint: "two estimates know more than each alone." },
        ],
        hint: "One over σ² is the sum of both 1/σ².",
      },
    ]);
  },
  "total-sigma": () => {
    const { sigma } = fluxEstimates();
    const independent = Math.hypot(...sigma);
    const together = sigma.reduce((a, b) => a + b, 0);
    const units = "PgC/yr";
    return listJudge([
      {
        name: "independent",
        expected: independent,
        units,
        slips: [
          { value: together, hint: "so it is if all err together." },
          { value: independent ** 2, hint: "this is the variance." },
        ],
        hint: "Variances of independent errors add.",
      },
      {
        name: "all err together",
        expected: together,
        units,
        slips: [{ value: independent, hint: "so it is if they err independently." }],
        hint: "If all are wrong in the same direction, errors add as they are.",
      },
    ]);
  },
  tropics: () => {
    const { towers, total } = fluxEstimates();
    const surprise = total - towers.reduce((a, b) => a + b, 0);
    const gain = gainOf(TROPICAL_AMERICA);
    const before = towers[TROPICAL_AMERICA]!;
    return numberJudge({
      expected: before + gain * surprise,
      units: "PgC/yr",
      slips: [
        {
          value: before - gain * surprise,
          hint: "the surprise is total minus sum, not sum minus total.",
        },
        { value: gain * surprise, hint: "this is the change. What does it change?" },
        { value: before + surprise / 6, hint: "an even share forgets who is least sure." },
        { value: gain, hint: "this is the gain; it still multiplies the surprise." },
      ],
      hint: "x + σ² / (Σσ² + σₜ²) · (total − Σx).",
    });
  },
  "tropics-sigma": () => {
    const sigma = fluxEstimates().sigma[TROPICAL_AMERICA]!;
    const after = sigma * Math.sqrt(1 - gainOf(TROPICAL_AMERICA));
    return numberJudge({
      expected: after,
      units: "PgC/yr",
      slips: [
        { value: after ** 2, hint: "this is the variance." },
        {
          value: sigma * (1 - gainOf(TROPICAL_AMERICA)),
          hint: "the gain shrinks the variance, not σ.",
        },
      ],
      hint: "The variance shrinks by the factor 1 − gain.",
    });
  },
  bias: () =>
    numberJudge({
      expected: 0.5 * gainOf(TROPICAL_AMERICA),
      units: "PgC/yr",
      slips: [
        { value: 0.5 / 6, hint: "an even share forgets who is least sure." },
        { value: 0.5, hint: "one region does not take all of it." },
      ],
      hint: "The gain says what share of a surprise, true or false, a region takes.",
    }),
};
