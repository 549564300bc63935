/** What makes a catchment hard to predict: the share of failures against properties of the sample. */

import { ArgumentError } from "../core/index.js";
import { type Figure, figure, line, points } from "../figures/index.js";
import { type BlockOptions, blockStatistic, type Scores } from "./evaluation.js";
import type { Labels } from "./scoreboard.js";

/** A property of every sample, and the bins it is sorted into. */
export interface Property {
  readonly label: string;
  /** of its panel, the label by default */
  readonly title?: string;
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
  /** 2.5 % and 97.5 % of each share over resampled dates, where they were asked for */
  readonly interval?: { readonly low: Float64Array; readonly high: Float64Array };
}

/** How intervals of shares are drawn. */
export interface ShareDates extends BlockOptions {
  /** number of each sample's window */
  readonly block: ArrayLike<number>;
}

/**
 * Share of the samples whose loss is above a bound, in bins of equal count of a property.
 *
 * @param dates for the intervals of the shares; none by default
 * @throws {ArgumentError} if a bin would hold fewer than five samples
 */
export function failureShare(
  losses: Float64Array,
  { values, bins = 8 }: Pick<Property, "values" | "bins">,
  bound: number,
  dates?: ShareDates,
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
  const groups = Array.from({ length: bins }, (_, b) =>
    order.slice(b * count, b === bins - 1 ? order.length : (b + 1) * count),
  );
  const mean = (members: readonly number[], value: (s: number) => number) =>
    members.reduce((sum, s) => sum + value(s), 0) / members.length;
  const fails = (s: number) => (losses[s]! > bound ? 1 : 0);
  const centres = Float64Array.from(groups, (members) => mean(members, (s) => values[s]!));
  const share = Float64Array.from(groups, (members) => mean(members, fails));
  if (dates === undefined) return { centres, share, count };
  const ends = groups.map((members) => intervalOf(members, fails, dates));
  const [low, high] = [0, 1].map((end) => Float64Array.from(ends, (pair) => pair[end]!)) as [
    Float64Array,
    Float64Array,
  ];
  return { centres, share, count, interval: { low, high } };
}

/** Interval of a share over the dates of a bin; that of all values where they share one date. */
function intervalOf(
  members: readonly number[],
  fails: (sample: number) => number,
  { block, ...drawing }: ShareDates,
): readonly [number, number] {
  const own = members.map((s) => block[s]!);
  if (new Set(own).size < 2) return [0, 1];
  const share = (drawn: readonly number[]) =>
    drawn.reduce((sum, k) => sum + fails(members[k]!), 0) / drawn.length;
  return blockStatistic(own, share, drawing).interval;
}

/** What the figure of influences needs. */
export interface InfluenceOptions extends Labels, ShareDates {
  /** loss above which a prediction fails */
  readonly bound: number;
}

/**
 * One panel a property, one line a model, with intervals over dates: figure 6 of Picard et al. (2024).
 *
 * @throws {ArgumentError} if a bin would hold fewer than five samples
 */
export function influenceFigure(
  models: readonly Scores[],
  properties: readonly Property[],
  { bound, block, seed, draws = 500, ...labels }: InfluenceOptions,
): Figure {
  const shares = properties.map((property) =>
    models.map(({ losses }) => failureShare(losses, property, bound, { block, seed, draws })),
  );
  const lowest = Math.min(...shares.flat().flatMap(({ interval }) => Array.from(interval!.low)));
  const range = [10 * Math.floor(10 * lowest) - 2, 104] as const;
  const percent = (values: Float64Array) => values.map((share) => 100 * share);
  return figure({
    ...labels,
    columns: Math.min(properties.length, 4),
    panelHeight: 300,
    panels: properties.map(({ title, label, units }, p) => ({
      title: title ?? label,
      x: { label, units },
      y: { label: `Share with BL > ${bound}`, units: "%", range },
      layers: models.flatMap(({ model }, m) => {
        const { centres, share, interval } = shares[p]![m]!;
        const ends = { low: percent(interval!.low), high: percent(interval!.high) };
        const series = { x: centres, y: percent(share), name: model };
        return [line(series), points({ ...series, interval: ends })];
      }),
    })),
  });
}
