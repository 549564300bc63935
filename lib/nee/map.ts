/** Maps of fields: one value for each cell. */

import { annualFields, meanAnnual } from "./diagnose.js";
import { PLANT_TYPES } from "./pft.js";
import { detrend, deviationOf } from "./score.js";
import type { LandField } from "./study.js";
import type { LandTwin } from "./twin.js";

/** Mean annual flux of each cell [gC m⁻² a⁻¹]. */
export function meanMap(
  { grid, steps }: LandTwin,
  { field }: Pick<LandField, "field">,
): Float64Array {
  return meanAnnual(field, steps.daysOfMonth, grid.area.length);
}

/** Standard deviation of the detrended annual flux of each cell [gC m⁻² a⁻¹]. */
export function variationMap(
  { grid, steps }: LandTwin,
  { field }: Pick<LandField, "field">,
): Float64Array {
  const cells = grid.area.length;
  const annual = annualFields(field, steps.daysOfMonth, cells);
  return Float64Array.from({ length: cells }, (_, c) =>
    deviationOf(
      detrend(Float64Array.from({ length: steps.years }, (__, y) => annual[y * cells + c]!)),
    ),
  );
}

/** Mean flux of each cell in one month of the year, from 0 [gC m⁻² d⁻¹]. */
export function monthMap(
  { grid, steps }: LandTwin,
  { field }: Pick<LandField, "field">,
  month: number,
): Float64Array {
  const cells = grid.area.length;
  const mean = new Float64Array(cells);
  for (let y = 0; y < steps.years; y++) {
    for (let c = 0; c < cells; c++) {
      mean[c] = mean[c]! + field[(12 * y + month) * cells + c]! / steps.years;
    }
  }
  return mean;
}

/** A field's mean annual flux less the truth's [gC m⁻² a⁻¹]. */
export function errorMap(
  twin: LandTwin,
  field: Pick<LandField, "field">,
  truth: Pick<LandField, "field">,
): Float64Array {
  const known = meanMap(twin, truth);
  return meanMap(twin, field).map((value, c) => value - known[c]!);
}

/** Share of each plant type [%] on cells that are weighted. */
export function plantMix({ places }: LandTwin, weights: ArrayLike<number>): Float64Array {
  const types = PLANT_TYPES.length;
  const mix = new Float64Array(types);
  let total = 0;
  for (let c = 0; c < weights.length; c++) {
    total += weights[c]!;
    for (let t = 0; t < types; t++) mix[t] = mix[t]! + weights[c]! * places.shares[c * types + t]!;
  }
  return mix.map((share) => (100 * share) / total);
}
