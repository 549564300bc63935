/** Models beside each other: mean losses with their baselines, and the papers' table of classes. */

import { bar, type Figure, figure, rule, type Table, table } from "../figures/index.js";
import type { Scores } from "./evaluation.js";
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

/** Mean Bhattacharyya loss of each model, with the bound below which a prediction is valid. */
export function scoreboard(scores: readonly Scores[], labels: Labels): Figure {
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
          bar({ x: models, y: scores.map(({ meanLoss }) => meanLoss), name: "mean loss" }),
          rule({ at: CLASS_BOUNDS.valid, along: "x", label: "valid below" }),
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
