/**
 * The correlation of a record as the paper does it: every flux in two periods, with all years and
 * without the early ones, each with its curves over the lags and what its peak is worth.
 *
 * @see Picard et al. (2025), figure 9
 */

import { type CrossCorrelation, crossCorrelate } from "./crosscorrelation.js";
import type { CorrelationPanel } from "./fluxfigures.js";
import { judgePeak, type PeakVerdict } from "./peak.js";
import { pickWeighed } from "./twin.js";
import type { WeighedChlorophyll } from "./weighting.js";

/** Fluxes with the chlorophyll of their samples. */
export interface PeriodStudy {
  /** [mg m⁻² d⁻¹] by name, shape (samples) each, NaN where missing */
  readonly fluxes: ReadonlyMap<string, Float64Array>;
  readonly weighed: WeighedChlorophyll;
  /** samples of the second period */
  readonly regular: readonly number[];
  /** years that the second period lacks */
  readonly without: readonly number[];
}

/** One flux in one period. */
export interface PeriodResult {
  /** such as "POC, without 2011 and 2013" */
  readonly title: string;
  readonly period: "all" | "regular";
  readonly flux: Float64Array;
  readonly weighed: WeighedChlorophyll;
  readonly result: CrossCorrelation;
  /** of the first curve */
  readonly peak: PeakVerdict;
}

/**
 * Correlate every flux in both periods.
 *
 * @param seed of the fluxes by which peaks are judged
 * @throws as `crossCorrelate`
 */
export function correlatePeriods(
  { fluxes, weighed, regular, without }: PeriodStudy,
  seed: number,
): PeriodResult[] {
  const every = Array.from({ length: weighed.samples }, (_, s) => s);
  const periods = [
    { period: "all", name: "all years", samples: every },
    { period: "regular", name: `without ${without.join(" and ")}`, samples: regular },
  ] as const;
  return [...fluxes].flatMap(([name, values]) =>
    periods.map(({ period, name: when, samples }): PeriodResult => {
      const flux = Float64Array.from(samples, (s) => values[s]!);
      const picked = pickWeighed(weighed, samples);
      const result = crossCorrelate(picked, flux);
      const [curve = ""] = picked.curves.keys();
      const peak = judgePeak(picked, flux, result, { curve, seed });
      return { title: `${name}, ${when}`, period, flux, weighed: picked, result, peak };
    }),
  );
}

/** A period's panel of figure 9; its title says how many samples the lags have. */
export function periodPanel(
  { title, result, peak }: PeriodResult,
  truth?: number,
): CorrelationPanel {
  const { used, samples } = result;
  const [least, most] = [Math.min(...used), Math.max(...used)];
  const range = least === most ? `${most}` : `${least}–${most}`;
  return {
    title: `${title}: ${range} of ${samples} samples`,
    result,
    peakLevel: peak.level,
    ...(truth === undefined ? {} : { truth }),
  };
}
