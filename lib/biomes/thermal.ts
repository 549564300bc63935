/**
 * Seasonal fCO2 split into what temperature alone does and the rest.
 *
 * @see Takahashi et al. (2002), Deep-Sea Res. II 49, 1601–1622, eqs. 1 and 2
 */

import { shapeError } from "../core/index.js";

/** ∂ln fCO2 / ∂T of isochemical warming [K⁻¹] (Takahashi et al. 1993). */
export const WARMING = 0.0423;

/** Both parts of a series, and which rules. */
export interface ThermalSplit {
  /** fCO2 of the mean water as its temperature changes [µatm] */
  readonly thermal: Float64Array;
  /** fCO2 at the mean temperature [µatm] */
  readonly nonThermal: Float64Array;
  /** seasonal amplitude (highest − lowest) of the thermal over that of the non-thermal part */
  readonly ratio: number;
}

/**
 * Split a seasonal cycle.
 *
 * @param fco2        [µatm], shape (n,)
 * @param temperature [°C], shape (n,)
 * @throws {ShapeError} if the two differ in length
 */
export function splitThermal(
  fco2: ArrayLike<number>,
  temperature: ArrayLike<number>,
): ThermalSplit {
  if (fco2.length !== temperature.length) {
    throw shapeError("temperature", [fco2.length], [temperature.length]);
  }
  const mean = (x: ArrayLike<number>) => Array.from(x).reduce((sum, v) => sum + v, 0) / x.length;
  const [meanFco2, meanT] = [mean(fco2), mean(temperature)];
  const thermal = Float64Array.from(temperature, (t) => meanFco2 * Math.exp(WARMING * (t - meanT)));
  const nonThermal = Float64Array.from(
    fco2,
    (f, i) => f * Math.exp(WARMING * (meanT - temperature[i]!)),
  );
  const range = (x: Float64Array) => Math.max(...x) - Math.min(...x);
  return { thermal, nonThermal, ratio: range(thermal) / range(nonThermal) };
}
