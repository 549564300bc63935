/** Figures of the 2025 paper on networks and their scores: 2, 3, 4, 5 and 6. */

import { type Figure, figure, heatmap, line, type Panel, points } from "../figures/index.js";
import type { DeepSurroundings } from "./deep.js";
import type { Scores } from "./evaluation.js";
import { type Maps, mapOf } from "./evaluation.js";
import type { DisplacementGrid } from "./pdf.js";
import { pdfPanel } from "./pdfpanel.js";
import { overlapOfLoss } from "./score.js";
import type { Labels } from "./scoreboard.js";

/** Below this loss a prediction is valid in the 2025 paper. */
export const VALID_2025 = 0.3;

/** Scores of one model at each speed, in one order for all. */
export interface SpeedScores {
  readonly model: string;
  readonly speeds: readonly number[];
  readonly scores: readonly Scores[];
}

/** The truth and every model's map of some samples, side by side (figure 2). */
export function speedExamples(
  samples: readonly { readonly title: string; readonly sample: number }[],
  models: readonly { readonly name: string; readonly maps: Maps }[],
  { grid, ...labels }: Labels & { readonly grid: DisplacementGrid },
): Figure {
  const panels = samples.flatMap(({ title, sample }) => {
    const peak = Math.max(...models.map(({ maps }) => Math.max(...mapOf(maps, sample))));
    return models.map(({ name, maps }) =>
      pdfPanel(mapOf(maps, sample), grid, {
        title: `${name}, ${title}`,
        shares: [0.25, 0.75],
        peak,
      }),
    );
  });
  return figure({ ...labels, panels, columns: models.length });
}

/** Loss, valid share and F against sinking speed, one line a model (figure 4). */
export function speedScoreFigure(models: readonly SpeedScores[], labels: Labels): Figure {
  const mean = (values: ArrayLike<number>) =>
    Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
  const x = { label: "Sinking speed", units: "m d⁻¹" };
  const panel = (title: string, y: Panel["y"], value: (scores: Scores) => number): Panel => ({
    title,
    x,
    y,
    layers: models.map(({ model, speeds, scores }) =>
      line({ x: speeds, y: scores.map(value), name: model, markers: "shown" }),
    ),
  });
  const percent = (label: string) => ({ label, units: "%", range: [0, 100] as const });
  return figure({
    ...labels,
    columns: 2,
    panelHeight: 300,
    panels: [
      panel(
        "Mean loss",
        { label: "Bhattacharyya loss", units: "1", range: [0, 1] },
        (s) => s.meanLoss,
      ),
      panel("Valid predictions", percent(`BL < ${VALID_2025}`), (s) => 100 * validShare(s)),
      panel(
        "Particles in the right place",
        percent("F = Σ min(P, Q)"),
        (s) => 100 * mean(s.overlaps),
      ),
      panel(
        "F as the code draws it",
        percent("F by a quadratic of BL"),
        (s) => 100 * mean(s.losses.map(overlapOfLoss)),
      ),
    ],
  });
}

/** Share of the predictions that the 2025 paper calls valid. */
export function validShare({ losses }: Pick<Scores, "losses">): number {
  return losses.reduce((count, loss) => count + (loss < VALID_2025 ? 1 : 0), 0) / losses.length;
}

/** Scores of one network, or of one for each resolution, as SSH or SST get coarser. */
export interface ResolutionCurve {
  readonly name: string;
  readonly kilometres: readonly number[];
  readonly scores: readonly Scores[];
}

/** Valid share and mean loss against the resolution of SSH and of SST (figure 3). */
export function resolutionFigure(curves: readonly ResolutionCurve[], labels: Labels): Figure {
  const x = { label: "Resolution", units: "km" };
  const draw = (value: (scores: Scores) => number) =>
    curves.map(({ name, kilometres, scores }) =>
      line({ x: kilometres, y: scores.map(value), name, markers: "shown" }),
    );
  return figure({
    ...labels,
    columns: 2,
    panels: [
      {
        x,
        y: { label: "Mean Bhattacharyya loss", units: "1" },
        layers: draw((scores) => scores.meanLoss),
      },
      {
        x,
        y: { label: `Share with BL < ${VALID_2025}`, units: "%" },
        layers: draw((scores) => 100 * validShare(scores)),
      },
    ],
  });
}

/** Losses against the energy and vorticity of the upper and the deep ocean (figure 5). */
export function deepCasesFigure(
  { losses }: Scores,
  around: DeepSurroundings,
  labels: Labels,
): Figure {
  const panel = (
    title: string,
    x: Float64Array,
    y: Float64Array,
    label: string,
    units: string,
  ): Panel => ({
    title,
    x: { label: `Upper ${label}`, units },
    y: { label: `Deep ${label}`, units },
    layers: [
      points({
        x,
        y,
        value: losses,
        scale: { label: "Bhattacharyya loss", units: "1", palette: "thermal", min: 0, max: 1 },
        size: 7,
      }),
    ],
  });
  return figure({
    ...labels,
    columns: 2,
    panels: [
      panel("Kinetic energy", around.upperEnergy, around.deepEnergy, "kinetic energy", "cm² s⁻²"),
      panel("Vorticity", around.upperVorticity, around.deepVorticity, "|ζ/f|", "1"),
    ],
  });
}

/** Mean loss in bins of two properties of a sample; bins of few samples are left blank. */
export interface LossMap {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** shape (y, x); NaN where there are `least` samples or fewer */
  readonly loss: Float64Array;
}

/** Average losses over n × n bins between the 1st and 99th percentile of both properties. */
export function meanLossMap(
  losses: Float64Array,
  [a, b]: readonly [Float64Array, Float64Array],
  { bins, least }: { readonly bins: number; readonly least: number },
): LossMap {
  const range = (values: Float64Array) => {
    const sorted = values.slice().sort();
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
    return { low: at(0.01), step: (at(0.99) - at(0.01)) / bins };
  };
  const [ra, rb] = [range(a), range(b)];
  const sums = new Float64Array(bins * bins);
  const counts = new Int32Array(bins * bins);
  for (let s = 0; s < losses.length; s++) {
    const i = Math.floor((a[s]! - ra.low) / ra.step);
    const j = Math.floor((b[s]! - rb.low) / rb.step);
    if (i < 0 || j < 0 || i >= bins || j >= bins) continue;
    sums[j * bins + i] = sums[j * bins + i]! + losses[s]!;
    counts[j * bins + i] = counts[j * bins + i]! + 1;
  }
  const centres = ({ low, step }: { low: number; step: number }) =>
    Float64Array.from({ length: bins }, (_, k) => low + (k + 0.5) * step);
  const loss = sums.map((sum, k) => (counts[k]! > least ? sum / counts[k]! : Number.NaN));
  return { x: centres(ra), y: centres(rb), loss };
}

/** Mean loss by mass centre and deep energy, and by deep energy and vorticity (figure 6). */
export function binnedLossFigure(
  { losses }: Scores,
  properties: readonly {
    readonly title: string;
    readonly x: { readonly label: string; readonly units: string; readonly values: Float64Array };
    readonly y: { readonly label: string; readonly units: string; readonly values: Float64Array };
  }[],
  { bins, least, ...labels }: Labels & { readonly bins: number; readonly least: number },
): Figure {
  const panels = properties.map(({ title, x, y }): Panel => {
    const binned = meanLossMap(losses, [x.values, y.values], { bins, least });
    return {
      title,
      x: { label: x.label, units: x.units },
      y: { label: y.label, units: y.units },
      layers: [
        heatmap({
          x: binned.x,
          y: binned.y,
          z: binned.loss,
          scale: { label: "Mean Bhattacharyya loss", units: "1", palette: "thermal" },
        }),
      ],
    };
  });
  return figure({ ...labels, panels, columns: panels.length });
}
