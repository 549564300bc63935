/** The pairs behind one R²: flux against chlorophyll at one lag, to be turned by hand. */

import { ArgumentError } from "../core/index.js";
import { type Figure, figure, line, points } from "../figures/index.js";
import { fitLinear } from "../stats/index.js";
import { samplesKept } from "./crosscorrelation.js";
import type { FluxLabels } from "./fluxfigures.js";
import type { WeighedChlorophyll } from "./weighting.js";

/**
 * Flux against the chlorophyll of a few curves at one lag, with the line of least squares: one
 * panel a curve, all of the same samples. The title says how well the first curve does.
 *
 * @param flux [mg m⁻² d⁻¹], shape (samples), NaN where missing
 * @throws {ArgumentError} if the lag [d] or a curve is not among those weighed, or fewer than 10
 *         samples are left
 */
export function lagFigure(
  weighed: WeighedChlorophyll,
  flux: Float64Array,
  {
    lag,
    curves,
    ...labels
  }: Omit<FluxLabels, "title"> & { readonly lag: number; readonly curves: readonly string[] },
): Figure {
  const number = weighed.lags.indexOf(lag);
  if (number < 0) {
    throw new ArgumentError({ what: "lag", wanted: weighed.lags.join(", "), got: `${lag}` });
  }
  const kept = samplesKept(weighed, flux, number);
  const y = Float64Array.from(kept, (s) => flux[s]!);
  const fits = curves.map((name) => {
    const x = chlorophyllOf(weighed, name, number, kept);
    const { coefficients, rSquared } = fitLinear([x], y);
    const ends = [Math.min(...x), Math.max(...x)];
    const fitted = ends.map((end) => coefficients[0]! + coefficients[1]! * end);
    return { name, x, rSquared, line: line({ x: ends, y: fitted, name: "least squares" }) };
  });
  const [first] = fits;
  return figure({
    ...labels,
    title: `${lag} days before: R² ${first?.rSquared.toFixed(2) ?? ""} by the ${first?.name ?? ""}`,
    columns: Math.min(2, curves.length),
    panels: fits.map(({ name, x, rSquared, line }) => ({
      title: `${name}, R² ${rSquared.toFixed(2)}`,
      x: { label: "Chlorophyll", units: "mg m⁻³" },
      y: { label: "Flux of dry weight", units: "mg m⁻² d⁻¹" },
      layers: [points({ x, y, name: "samples" }), line],
    })),
  });
}

function chlorophyllOf(
  { curves, samples }: WeighedChlorophyll,
  name: string,
  lag: number,
  kept: readonly number[],
): Float64Array {
  const values = curves.get(name);
  if (values === undefined) {
    const wanted = [...curves.keys()].join(", ");
    throw new ArgumentError({ what: "curve", wanted, got: name });
  }
  return Float64Array.from(kept, (s) => values[lag * samples + s]!);
}
