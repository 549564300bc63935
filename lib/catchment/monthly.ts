/**
 * Failures and energy by month and by blocks of thirty days.
 *
 * The paper correlates twelve calendar months. Twelve points that share a season prove little, so
 * blocks of thirty days are ranked too, with a bootstrap interval over the blocks.
 *
 * @see Picard et al. (2024), figure 7
 */

import { ArgumentError, datePartsOf } from "../core/index.js";
import { type Figure, figure, line, type Panel } from "../figures/index.js";
import { type BlockOptions, blockStatistic, type Scores } from "./evaluation.js";
import type { Labels } from "./scoreboard.js";

const DAY = 86400;

/** Means of some quantities in groups of samples, in the order of the groups. */
export interface Grouped {
  /** number of each group: month 1 to 12, or block from the first sample's on */
  readonly groups: readonly number[];
  /** one row per quantity, shape (groups) */
  readonly means: readonly Float64Array[];
}

/**
 * Average quantities over groups of samples; groups without samples are left out.
 *
 * @param group number of each sample's group, shape (samples)
 * @param quantities each of shape (samples)
 */
export function groupMeans(
  group: ArrayLike<number>,
  quantities: readonly ArrayLike<number>[],
): Grouped {
  const groups = [...new Set(Array.from(group))].sort((a, b) => a - b);
  const place = new Map(groups.map((g, k) => [g, k]));
  const counts = new Float64Array(groups.length);
  for (let s = 0; s < group.length; s++) counts[place.get(group[s]!)!]!++;
  const means = quantities.map((values) => {
    const mean = new Float64Array(groups.length);
    for (let s = 0; s < group.length; s++) {
      const k = place.get(group[s]!)!;
      mean[k] = mean[k]! + values[s]! / counts[k]!;
    }
    return mean;
  });
  return { groups, means };
}

/** Calendar month of times [s since 1970], 1 to 12. */
export function monthsOf(times: Float64Array): number[] {
  return Array.from(times, (time) => datePartsOf(time).month);
}

/** Blocks of thirty days that times [s] fall in, from the earliest on. */
export function blocksOf(times: Float64Array, days = 30): number[] {
  const first = times.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  return Array.from(times, (time) => Math.floor((time - first) / (days * DAY)));
}

/** A correlation of ranks and how sure it is. */
export interface RankCorrelation {
  /** Spearman's ρ */
  readonly rho: number;
  /** 2.5 % and 97.5 % of the bootstrap */
  readonly interval: readonly [number, number];
  /** what the bootstrap drew from: pairs, or blocks of them */
  readonly count: number;
}

/** How the bootstrap of a correlation draws. */
export interface RankOptions extends BlockOptions {
  /** number of each pair's block, drawn as a whole, such as its date; each pair alone by default */
  readonly block?: ArrayLike<number>;
}

/**
 * Spearman's correlation of ranks (ties share their mean rank), with a bootstrap interval.
 *
 * @returns NaN where one of the two never changes
 * @throws {ArgumentError} if there are fewer than four pairs
 */
export function rankCorrelation(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  { block, ...drawing }: RankOptions,
): RankCorrelation {
  if (x.length < 4 || y.length !== x.length) {
    const got = `${x.length} and ${y.length}`;
    throw new ArgumentError({ what: "pairs", wanted: "at least four of each", got });
  }
  const blocks = Array.from(x, (_, k) => block?.[k] ?? k);
  const { mean: rho, interval } = blockStatistic(
    blocks,
    (pairs) =>
      rankOf(
        pairs.map((k) => x[k]!),
        pairs.map((k) => y[k]!),
      ),
    drawing,
  );
  return { rho, interval, count: new Set(blocks).size };
}

/** Spearman's ρ; NaN where one of the two never changes. */
export function rankOf(x: readonly number[], y: readonly number[]): number {
  return pearson(ranks(x), ranks(y));
}

/** Share of variance that a straight line explains, r²; NaN where it cannot be fitted. */
export function linearShare(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return x.length < 3 ? Number.NaN : pearson(Array.from(x), Array.from(y)) ** 2;
}

/**
 * Share of failures by calendar month beside the energies of mean flow and eddies: figure 7 of Picard
 * et al. (2024), with the r² of a straight line as there.
 */
export function monthlyFigure(
  models: readonly Scores[],
  options: Labels & {
    /** month of each sample, 1 to 12, and of each collection */
    readonly months: readonly number[];
    readonly collections: readonly number[];
    readonly bound: number;
    readonly energies: readonly { readonly name: string; readonly values: Float64Array }[];
  },
): Figure {
  const { months, collections, bound, energies, ...labels } = options;
  const failures = models.map(({ losses }) => losses.map((loss) => (loss > bound ? 100 : 0)));
  const { groups, means } = groupMeans(months, [...failures, ...energies.map((e) => e.values)]);
  const failing = means.slice(0, models.length);
  const energy = means.slice(models.length);
  const x = { label: "Month", units: "", range: [0.5, 12.5] } as const;
  const panels: Panel[] = [
    {
      title: `Failures, ${collectionsIn(collections)} a month`,
      x,
      y: { label: `Share with BL > ${bound}`, units: "%", range: [0, 104] },
      layers: failing.map((y, k) =>
        line({ x: groups, y, name: models[k]!.model, markers: "shown" }),
      ),
    },
    {
      title: `${energies
        .map(({ name }, k) => `${name} ${inWords(linearShare(energy[k]!, failing[0]!))}`)
        .join(", ")} (${models[0]!.model})`,
      x,
      y: { label: "Kinetic energy", units: "cm² s⁻²" },
      layers: energy.map((y, k) =>
        line({ x: groups, y, name: energies[k]!.name, markers: "shown" }),
      ),
    },
  ];
  return figure({ ...labels, columns: 2, panels });
}

/** How many collections the calendar months have. */
function collectionsIn(months: readonly number[]): string {
  const counts = [...new Set(months)].map((month) => months.filter((m) => m === month).length);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  if (most === 1) return "1 collection";
  return least === most ? `${most} collections` : `${least} to ${most} collections`;
}

function inWords(share: number): string {
  return Number.isNaN(share) ? "no r², all alike" : `r² ${share.toFixed(2)}`;
}

/** Ranks from 1, ties sharing their mean. */
function ranks(values: readonly number[]): Float64Array {
  const order = Array.from(values.keys()).sort((a, b) => values[a]! - values[b]!);
  const rank = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let k = from; k < to; k++) rank[order[k]!] = (from + to + 1) / 2;
    from = to;
  }
  return rank;
}

function pearson(x: ArrayLike<number>, y: ArrayLike<number>): number {
  const n = x.length;
  let [sx, sy, sxx, syy, sxy] = [0, 0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    sx += x[k]!;
    sy += y[k]!;
  }
  for (let k = 0; k < n; k++) {
    const [a, b] = [x[k]! - sx / n, y[k]! - sy / n];
    sxx += a * a;
    syy += b * b;
    sxy += a * b;
  }
  return sxy / Math.sqrt(sxx * syy);
}
