/** How a score goes with another quantity: the overlap, the spread of an ensemble, two properties. */

import { ArgumentError } from "../core/index.js";
import { type Figure, figure, heatmap, line, points, rule, words } from "../figures/index.js";
import { fitLinear, tryFitLinear } from "../stats/index.js";
import { type Maps, mapOf, type Scores } from "./evaluation.js";
import { CLASS_BOUNDS } from "./score.js";
import type { Labels } from "./scoreboard.js";

/** Powers of a polynomial, from 0. */
export type Polynomial = readonly number[];

/** Least-squares polynomial of y by x. */
export function fitPolynomial(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  degree: number,
): Polynomial {
  const powers = Array.from({ length: degree }, (_, p) =>
    Float64Array.from(x, (value) => value ** (p + 1)),
  );
  return Array.from(fitLinear(powers, y).coefficients);
}

/** Value of a polynomial. */
export function evaluatePolynomial(polynomial: Polynomial, x: number): number {
  return polynomial.reduceRight((sum, coefficient) => sum * x + coefficient, 0);
}

/**
 * Share of particles in the right place against the loss, with a quartic through them: figure B1 of
 * Picard et al. (2024). Both are made from the same two PDFs, so that they go together by
 * construction.
 */
export function overlapFigure(scores: readonly Scores[], labels: Labels): Figure {
  const losses = scores.flatMap((model) => Array.from(model.losses));
  const overlaps = scores.flatMap((model) => Array.from(model.overlaps));
  const quartic = fitPolynomial(losses, overlaps, 4);
  const [low, high] = [Math.min(...losses), Math.max(...losses)];
  const end = Math.max(0.8, high + 0.02);
  const { valid, quasiValid } = CLASS_BOUNDS;
  const classes = [
    { text: "valid", from: 0, to: valid },
    { text: "quasi-<br>valid", from: valid, to: quasiValid },
    { text: "non-valid", from: quasiValid, to: end },
  ];
  const x = Array.from({ length: 60 }, (_, k) => low + ((high - low) * k) / 59);
  return figure({
    ...labels,
    panels: [
      {
        x: { label: "Bhattacharyya loss", units: "1", range: [0, end] },
        y: { label: "Particles in the right place, F", units: "%", range: [-2, 104] },
        layers: [
          ...scores.map(({ model, ...s }) =>
            points({
              x: s.losses,
              y: s.overlaps.map((f) => 100 * f),
              name: model,
              size: 5,
              opacity: 0.5,
            }),
          ),
          line({ x, y: x.map((at) => 100 * evaluatePolynomial(quartic, at)), name: "quartic" }),
          ...[valid, quasiValid].map((at) => rule({ at, along: "y" })),
          ...classes.map(({ text, from, to }) => words({ x: (from + to) / 2, y: 98, text })),
        ],
      },
    ],
  });
}

/** Mean over bins of the members' standard deviation: the papers' SD index, shape (samples). */
export function spreadIndex(spread: Maps): Float64Array {
  const count = spread.data.length / spread.bins;
  return Float64Array.from(
    { length: count },
    (_, s) => mapOf(spread, s).reduce((sum, sd) => sum + sd, 0) / spread.bins,
  );
}

/** How the share of valid predictions goes with the SD index. */
export interface SpreadTrust {
  /** mean SD index of each bin of equal count, shape (bins) */
  readonly index: Float64Array;
  /** share of its samples below the bound, shape (bins) */
  readonly valid: Float64Array;
  /** the straight line through the bins, valid = intercept + slope · index; none where all are alike */
  readonly line?: {
    readonly intercept: number;
    readonly slope: number;
    readonly rSquared: number;
  };
}

/** How predictions are sorted by their SD index. */
export interface SpreadBins {
  /** of equal count, 8 by default */
  readonly bins?: number;
  /** loss below which a prediction is valid; that of Picard et al. (2024), 0.2, by default */
  readonly bound?: number;
}

/** Valid predictions in bins of equal count of the SD index, and the straight line through them. */
export function spreadTrust(
  { losses }: Pick<Scores, "losses">,
  index: Float64Array,
  { bins = 8, bound = CLASS_BOUNDS.valid }: SpreadBins = {},
): SpreadTrust {
  const order = Array.from(index.keys()).sort((a, b) => index[a]! - index[b]!);
  const size = Math.floor(order.length / bins);
  const groups = Array.from({ length: bins }, (_, b) => order.slice(b * size, (b + 1) * size));
  const mean = (members: readonly number[], values: (s: number) => number) =>
    members.reduce((sum, s) => sum + values(s), 0) / members.length;
  const x = Float64Array.from(groups, (members) => mean(members, (s) => index[s]!));
  const valid = Float64Array.from(groups, (members) =>
    mean(members, (s) => (losses[s]! < bound ? 1 : 0)),
  );
  const fit = tryFitLinear([x], valid);
  if (typeof fit === "string") return { index: x, valid };
  const [intercept, slope] = Array.from(fit.coefficients) as [number, number];
  return { index: x, valid, line: { intercept, slope, rSquared: fit.rSquared } };
}

/** Scores by SD index, one by one and in bins with a straight line: a measure of trust. */
export function spreadFigure(
  { model, losses }: Scores,
  index: Float64Array,
  labels: Labels,
): Figure {
  const { index: binned, valid, line: fit } = spreadTrust({ losses }, index);
  const x = binned.map((sd) => 1e4 * sd);
  const through = ({ intercept, slope }: NonNullable<SpreadTrust["line"]>) =>
    line({ x, y: binned.map((sd) => 100 * (intercept + slope * sd)), name: "straight line" });
  return figure({
    ...labels,
    columns: 2,
    panels: [
      {
        title: "Every sample",
        x: { label: "SD index", units: "10⁻⁴ a bin" },
        y: { label: "Bhattacharyya loss", units: "1" },
        layers: [points({ x: index.map((sd) => 1e4 * sd), y: losses, name: model, size: 5 })],
      },
      {
        title: `Bins of equal count: ${fit === undefined ? "all alike" : `a straight line has r² ${fit.rSquared.toFixed(2)}`}`,
        x: { label: "SD index", units: "10⁻⁴ a bin" },
        y: { label: `Share with BL < ${CLASS_BOUNDS.valid}`, units: "%", range: [0, 104] },
        layers: [
          points({ x, y: valid.map((share) => 100 * share), name: "binned", size: 11 }),
          ...(fit === undefined ? [] : [through(fit)]),
        ],
      },
    ],
  });
}

/** A property and the width of the bins it is sorted into. */
export interface BinnedAxis {
  readonly label: string;
  readonly units: string;
  /** shape (samples) */
  readonly values: ArrayLike<number>;
  readonly step: number;
  /** where a zone ends, drawn as dashed lines; with words beside those that have some */
  readonly zone?: readonly { readonly at: number; readonly label?: string }[];
}

/** Mean losses in cells of two properties. */
export interface BinnedLosses {
  /** middles of the bins */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** mean loss, shape (y, x); NaN where a cell holds too few samples */
  readonly mean: Float64Array;
  readonly count: Int32Array;
}

/**
 * Average losses in cells of two properties; cells of `fewest` samples or less are masked, 5 as in
 * the paper's code.
 *
 * @throws {ArgumentError} if a step is not above zero
 */
export function binLosses(
  losses: Float64Array,
  [a, b]: readonly [BinnedAxis, BinnedAxis],
  fewest = 5,
): BinnedLosses {
  for (const { label, step } of [a, b]) {
    if (step > 0) continue;
    throw new ArgumentError({ what: `step of ${label}`, wanted: "above 0", got: `${step}` });
  }
  const numbers = [a, b].map(({ values, step }) =>
    Array.from(values, (value) => Math.floor(value / step)),
  ) as [number[], number[]];
  const first = numbers.map((list) => Math.min(...list)) as [number, number];
  const [nx, ny] = numbers.map((list, k) => Math.max(...list) - first[k]! + 1) as [number, number];
  const sum = new Float64Array(nx * ny);
  const count = new Int32Array(nx * ny);
  for (const [s, loss] of losses.entries()) {
    const cell = (numbers[1][s]! - first[1]) * nx + numbers[0][s]! - first[0];
    sum[cell] = sum[cell]! + loss;
    count[cell] = count[cell]! + 1;
  }
  const middles = (length: number, from: number, step: number) =>
    Float64Array.from({ length }, (_, k) => (from + k + 0.5) * step);
  return {
    x: middles(nx, first[0], a.step),
    y: middles(ny, first[1], b.step),
    mean: sum.map((total, k) => (count[k]! > fewest ? total / count[k]! : Number.NaN)),
    count,
  };
}

/** Two properties that losses are averaged by, and what the panel is called. */
export interface BinnedPair {
  readonly title: string;
  readonly x: BinnedAxis;
  readonly y: BinnedAxis;
}

/**
 * Mean loss by pairs of properties, one panel a pair, with the ends of zones: figure 8 of Picard et al.
 * (2024).
 */
export function binnedFigure(
  losses: Float64Array,
  pairs: readonly BinnedPair[],
  labels: Labels,
): Figure {
  const binned = pairs.map(({ x, y }) => binLosses(losses, [x, y]));
  const drawn = binned.flatMap(({ mean }) => Array.from(mean).filter(Number.isFinite));
  const scale = {
    label: "Mean Bhattacharyya loss",
    units: "1",
    palette: "matter",
    min: 0,
    max: Math.ceil(10 * Math.max(0.6, ...drawn)) / 10,
  } as const;
  const range = (middles: Float64Array, { step }: BinnedAxis) =>
    [middles[0]! - step, middles.at(-1)! + step] as const;
  const rules = ({ zone = [] }: BinnedAxis, along: "x" | "y") =>
    zone.map(({ at, label }) => rule({ at, along, ...(label === undefined ? {} : { label }) }));

  return figure({
    ...labels,
    columns: pairs.length,
    panels: pairs.map(({ title, x: a, y: b }, k) => {
      const { x, y, mean } = binned[k]!;
      return {
        title,
        x: { label: a.label, units: a.units, range: range(x, a) },
        y: { label: b.label, units: b.units, range: range(y, b) },
        layers: [heatmap({ x, y, z: mean, scale }), ...rules(a, "y"), ...rules(b, "x")],
      };
    }),
  });
}
