/** Models beside each other: mean losses with their baselines, and the papers' table of classes. */

import {
  bar,
  type Figure,
  figure,
  line,
  points,
  rule,
  type Table,
  table,
} from "../figures/index.js";
import type { Difference, Scores } from "./evaluation.js";
import type { Forecaster } from "./forecaster.js";
import type { Property } from "./influence.js";
import { CLASS_BOUNDS } from "./score.js";

/** What every drawing says of itself. */
export interface Labels {
  readonly id: string;
  readonly study: string;
  readonly title: string;
  readonly caption: string;
  readonly dataLabel: string;
}

const percent = (share: number) => 100 * share;

/** What a scoreboard may show beside the scores. */
export interface ScoreboardOptions extends Labels {
  /** 2.5 % and 97.5 % of each model's mean loss, drawn as bars */
  readonly intervals?: readonly (readonly [number, number])[];
  /** the loss that a perfect prediction would have */
  readonly floor?: number;
}

/** Mean Bhattacharyya loss of each model, with the bound below which a prediction is valid. */
export function scoreboard(
  scores: readonly Scores[],
  { intervals, floor, ...labels }: ScoreboardOptions,
): Figure {
  const models = scores.map(({ model }) => model);
  const worst = Math.max(...scores.map(({ meanLoss }) => meanLoss));
  return figure({
    ...labels,
    columns: 2,
    panels: [
      {
        title: "Mean loss",
        x: { label: "", units: "", kind: "category" },
        y: { label: "Bhattacharyya loss", units: "1", range: [0, Math.max(0.6, 1.1 * worst)] },
        layers: [
          points({
            x: models,
            y: scores.map(({ meanLoss }) => meanLoss),
            size: 11,
            ...(intervals === undefined ? {} : { interval: endsOf(intervals) }),
          }),
          ...(floor === undefined
            ? []
            : [rule({ at: floor, along: "x", label: "sampling floor" })]),
          rule({ at: CLASS_BOUNDS.valid, along: "x", label: `valid below ${CLASS_BOUNDS.valid}` }),
        ],
      },
      {
        title: "Share of predictions",
        x: { label: "", units: "", kind: "category" },
        y: { label: "Share of the samples", units: "%", range: [0, 100] },
        layers: (["valid", "quasi-valid", "non-valid"] as const).map((name) =>
          bar({ x: models, y: scores.map(({ classes }) => percent(classes[name])), name }),
        ),
      },
    ],
    barMode: "stack",
  });
}

/** Lower and upper ends of intervals. */
function endsOf(intervals: readonly (readonly [number, number])[]) {
  return { low: intervals.map(([low]) => low), high: intervals.map(([, high]) => high) };
}

/** The papers' table 1: mean loss and classes of each model. */
export function scoreTable(scores: readonly Scores[], labels: Labels): Table {
  const share = (name: keyof Scores["classes"]) =>
    scores.map(({ classes }) => percent(classes[name]));
  const mean = (values: Float64Array) => values.reduce((sum, x) => sum + x, 0) / values.length;
  return table({
    ...labels,
    columns: [
      { name: "model", units: "", values: scores.map(({ model }) => model) },
      { name: "mean BL", units: "1", values: scores.map((s) => s.meanLoss), digits: 3 },
      { name: "mean F", units: "1", values: scores.map((s) => mean(s.overlaps)), digits: 3 },
      { name: "valid", units: "%", values: share("valid"), digits: 0 },
      { name: "quasi-valid", units: "%", values: share("quasi-valid"), digits: 0 },
      { name: "non-valid", units: "%", values: share("non-valid"), digits: 0 },
    ],
  });
}

/** Differences of mean losses with their intervals; above zero the second model is the better one. */
export function differenceFigure(
  differences: readonly { readonly name: string; readonly difference: Difference }[],
  labels: Labels,
): Figure {
  const x = differences.map(({ name }) => name);
  const ends = endsOf(differences.map(({ difference }) => difference.interval));
  const [low, high] = [Math.min(0, ...ends.low), Math.max(0, ...ends.high)];
  const pad = 0.06 * (high - low);
  return figure({
    ...labels,
    panels: [
      {
        x: { label: "", units: "", kind: "category" },
        y: {
          label: "Loss of the first less that of the second",
          units: "1",
          range: [low - pad, high + pad],
        },
        layers: [
          points({
            x,
            y: differences.map(({ difference }) => difference.mean),
            interval: ends,
            size: 11,
          }),
          rule({ at: 0, along: "x" }),
        ],
      },
    ],
  });
}

/** Loss of the validation samples after each epoch, a line a member. */
export function historyFigure(
  forecasters: readonly Pick<Forecaster, "name" | "histories">[],
  labels: Labels,
): Figure {
  return figure({
    ...labels,
    panels: [
      {
        x: { label: "Epoch", units: "" },
        y: { label: "Bhattacharyya loss of the validation part", units: "1" },
        layers: forecasters.flatMap(({ name, histories }) =>
          histories.map((history, m) =>
            line({
              x: history.map(({ epoch }) => epoch),
              y: history.map(({ validationLoss }) => validationLoss),
              name: histories.length === 1 ? name : `${name}, ${m + 1}`,
              markers: "shown",
            }),
          ),
        ),
      },
    ],
  });
}

/**
 * The papers' table 2: what 10, 50 and 90 % of the samples lie below, then examples from good to bad.
 *
 * @param scores the models whose losses are listed
 */
export function exampleTable(
  scores: readonly Scores[],
  properties: readonly Pick<Property, "label" | "units" | "values">[],
  {
    samples,
    ...labels
  }: Labels & {
    /** the examples, by number (`pickExamples`) */ readonly samples: readonly number[];
  },
): Table {
  const column = (values: ArrayLike<number>) => {
    const sorted = Float64Array.from(values).sort();
    const below = [0.1, 0.5, 0.9].map((q) => sorted[Math.round(q * (sorted.length - 1))]!);
    return [...below, ...samples.map((s) => values[s]!)];
  };
  return table({
    ...labels,
    columns: [
      {
        name: "sample",
        units: "",
        values: ["10 %", "50 %", "90 %", ...samples.map((s) => `no. ${s}`)],
      },
      ...scores.map((s) => ({ name: `BL, ${s.model}`, units: "1", values: column(s.losses) })),
      ...properties.map((p) => ({ name: p.label, units: p.units, values: column(p.values) })),
    ],
  });
}
