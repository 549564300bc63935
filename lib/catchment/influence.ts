/** What makes a catchment hard to predict: the share of failures against properties of the sample. */

import { ArgumentError } from "../core/index.js";
import { type Figure, figure, line } from "../figures/index.js";
import type { Scores } from "./evaluation.js";
import type { Labels } from "./scoreboard.js";

/** A property of every sample, and the bins it is sorted into. */
export interface Property {
  readonly label: string;
  readonly units: string;
  /** shape (samples) */
  readonly values: ArrayLike<number>;
  /** bins of equal count, 8 by default */
  readonly bins?: number;
}

/** Shares of failures in the bins of a property. */
export interface BinnedShare {
  /** mean of the property in each bin */
  readonly centres: Float64Array;
  /** share of the samples above the bound */
  readonly share: Float64Array;
  readonly count: number;
}

/**
 * Share of the samples whose loss is above a bound, in bins of equal count of a property.
 *
 * @throws {ArgumentError} if a bin would hold fewer than five samples
 */
export function failureShare(
  losses: Float64Array,
  { values, bins = 8 }: Pick<Property, "values" | "bins">,
  bound: number,
): BinnedShare {
  const order = Array.from(losses.keys()).sort((a, b) => values[a]! - values[b]!);
  const count = Math.floor(order.length / bins);
  if (count < 5) {
    throw new ArgumentError({
      what: "bins",
      wanted: "at least 5 samples in each",
      got: `${order.length} samples in ${bins} bins`,
    });
  }
  const centres = new Float64Array(bins);
  const share = new Float64Array(bins);
  for (let b = 0; b < bins; b++) {
    const members = order.slice(b * count, b === bins - 1 ? order.length : (b + 1) * count);
    for (const s of members) {
      centres[b] = centres[b]! + values[s]! / members.length;
      if (losses[s]! > bound) share[b] = share[b]! + 1 / members.length;
    }
  }
  return { centres, share, count };
}

/** One panel a property, one line a model: figure 6 of Picard et al. (2024). */
export function influenceFigure(
  models: readonly Scores[],
  properties: readonly Property[],
  { bound, ...labels }: Labels & { readonly bound: number },
): Figure {
  return figure({
    ...labels,
    columns: Math.min(properties.length, 3),
    panelHeight: 300,
    panels: properties.map((property) => ({
      x: { label: property.label, units: property.units },
      y: { label: `Share with BL > ${bound}`, units: "%", range: [0, 100] },
      layers: models.map(({ model, losses }) => {
        const { centres, share } = failureShare(losses, property, bound);
        const percent = share.map((s) => 100 * s);
        return line({ x: centres, y: percent, name: model, markers: "shown" });
      }),
    })),
  });
}
