/** Figures of the 2025 paper on networks and their scores: 3, 4 and 6. */

import {
  band,
  type Figure,
  figure,
  heatmap,
  type Layer,
  line,
  type Panel,
  points,
  rule,
  words,
} from "../figures/index.js";
import type { DeepSurroundings } from "./deep.js";
import { blockMean, type Scores } from "./evaluation.js";
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

/** The same with the number of the window of each sample scored, by speed. */
export interface DatedScores extends SpeedScores {
  readonly dates: readonly Int32Array[];
}

/** Which samples share a date: their intervals come from drawing whole dates. */
export interface Dated {
  /** number of each sample's date, shape (samples) */
  readonly block: ArrayLike<number>;
  readonly seed: number;
}

/**
 * Loss, valid share and F against sinking speed, one line a model (figure 4), with the interval of
 * 95 % over dates of one of them.
 *
 * @param options labels; `shaded`, the model whose interval is drawn; and `dated`, the dates of its
 *                samples, the same at all speeds or of each
 */
export function speedScoreFigure(
  models: readonly SpeedScores[],
  {
    shaded,
    dated,
    ...labels
  }: Labels & { readonly shaded: string; readonly dated: Dated | readonly Dated[] },
): Figure {
  const x = { label: "Sinking speed", units: "m d⁻¹" };
  const panel = (
    title: string,
    y: Panel["y"],
    values: (scores: Scores) => Float64Array,
  ): Panel => ({
    title,
    x,
    y,
    layers: models.flatMap(({ model, speeds, scores }) => [
      ...(model === shaded ? [intervalBand(model, speeds, scores.map(values), dated)] : []),
      line({ x: speeds, y: scores.map((s) => meanOf(values(s))), name: model, markers: "shown" }),
    ]),
  });
  const percent = (label: string) => ({ label, units: "%", range: [0, 100] as const });
  return figure({
    ...labels,
    columns: 2,
    panelHeight: 300,
    panels: [
      panel("Mean loss", LOSS_AXIS, (s) => s.losses),
      panel("Valid predictions", percent(`BL < ${VALID_2025}`), validPercent),
      panel("Particles in the right place", percent("F = Σ min(P, Q)"), (s) =>
        s.overlaps.map((f) => 100 * f),
      ),
      panel("F as the code draws it", percent("F by a quadratic of BL"), (s) =>
        s.losses.map((loss) => 100 * overlapOfLoss(loss)),
      ),
    ],
  });
}

const LOSS_AXIS = { label: "Bhattacharyya loss", units: "1", range: [0, 1] as const };

/** 100 for each valid prediction and 0 for others, whose mean is the share in per cent. */
const validPercent = ({ losses }: Scores) => losses.map((loss) => (loss < VALID_2025 ? 100 : 0));

function intervalBand(
  name: string,
  x: readonly number[],
  values: readonly Float64Array[],
  dated: Dated | readonly Dated[],
): Layer {
  const intervals = values.map((own, k) => {
    const { block, seed } = "seed" in dated ? dated : dated[k]!;
    return blockMean(own, block, { seed }).interval;
  });
  const [low, high] = [intervals.map(([from]) => from), intervals.map(([, to]) => to)];
  return band({ x, low, high, name, opacity: 0.15 });
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

/**
 * Valid share and mean loss against the resolution of SSH and of SST (figure 3), with intervals of
 * 95 % over dates. Curves share their samples, so that their differences are surer than the bands.
 *
 * @param trained resolutions that the network was trained at, marked by a rule each
 */
export function resolutionFigure(
  curves: readonly ResolutionCurve[],
  {
    trained,
    dated,
    ...labels
  }: Labels & {
    readonly trained: readonly { readonly kilometres: number; readonly label: string }[];
    readonly dated: Dated;
  },
): Figure {
  const x = { label: "Resolution", units: "km" };
  const draw = (values: (scores: Scores) => Float64Array) => [
    ...curves.flatMap(({ name, kilometres, scores }) => [
      intervalBand(name, kilometres, scores.map(values), dated),
      line({ x: kilometres, y: scores.map((s) => meanOf(values(s))), name, markers: "shown" }),
    ]),
    ...trained.map(({ kilometres: at, label }) => rule({ at, along: "y", label })),
  ];
  const most = Math.max(...curves.flatMap(({ scores }) => scores.map((s) => 100 * validShare(s))));
  const share = { label: `Share with BL < ${VALID_2025}`, units: "%" };
  return figure({
    ...labels,
    columns: 2,
    panels: [
      { x, y: { ...LOSS_AXIS, range: [0, 0.8] }, layers: draw((s) => s.losses) },
      { x, y: { ...share, range: [0, Math.min(100, 2 * most)] }, layers: draw(validPercent) },
    ],
  });
}

/**
 * Losses by the energy and vorticity of the upper and the deep ocean, a point a sample: what figure 5
 * shows in two cases.
 */
export function surroundingsFigure(
  { losses }: Scores,
  around: DeepSurroundings,
  labels: Labels,
): Figure {
  const scale = {
    label: "Bhattacharyya loss",
    units: "1",
    palette: "thermal",
    min: 0,
    max: 1,
  } as const;
  const panel = (title: string, [x, y]: readonly Float64Array[], units: string): Panel => ({
    title,
    x: { label: `${title}, 0 and 750 m`, units },
    y: { label: `${title}, 1500 and 2250 m`, units },
    layers: [points({ x: x!, y: y!, value: losses, scale, size: 9 })],
  });
  return figure({
    ...labels,
    columns: 2,
    panels: [
      panel("Kinetic energy", [around.upperEnergy, around.deepEnergy], "cm² s⁻²"),
      panel("Vorticity ζ/f", [around.upperVorticity, around.deepVorticity], "1"),
    ],
  });
}

/** Mean loss in bins of two properties of a sample; bins of few samples are left blank. */
export interface LossMap {
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** shape (y, x); NaN where there are `least` samples or fewer */
  readonly loss: Float64Array;
  /** samples in each bin, shape (y, x) */
  readonly count: Int32Array;
}

/**
 * Average losses over n × n bins between the 1st and 99th percentile of both properties; what lies
 * beyond counts in the outer bins.
 */
export function meanLossMap(
  losses: Float64Array,
  [a, b]: readonly [Float64Array, Float64Array],
  { bins, least }: { readonly bins: number; readonly least: number },
): LossMap {
  const range = (values: Float64Array) => {
    const sorted = values.slice().sort();
    const at = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
    return { low: at(0.01), step: (at(0.99) - at(0.01)) / bins || 1 };
  };
  const [ra, rb] = [range(a), range(b)];
  const binOf = (value: number, { low, step }: { low: number; step: number }) =>
    Math.min(bins - 1, Math.max(0, Math.floor((value - low) / step)));
  const sums = new Float64Array(bins * bins);
  const count = new Int32Array(bins * bins);
  for (let s = 0; s < losses.length; s++) {
    const k = binOf(b[s]!, rb) * bins + binOf(a[s]!, ra);
    sums[k] = sums[k]! + losses[s]!;
    count[k] = count[k]! + 1;
  }
  const centres = ({ low, step }: { low: number; step: number }) =>
    Float64Array.from({ length: bins }, (_, k) => low + (k + 0.5) * step);
  const loss = sums.map((sum, k) => (count[k]! > least ? sum / count[k]! : Number.NaN));
  return { x: centres(ra), y: centres(rb), loss, count };
}

/** A property of the samples along an axis. */
export interface LossAxis {
  readonly label: string;
  readonly units: string;
  /** shape (samples) */
  readonly values: Float64Array;
}

/** The number of samples of each bin that is drawn. */
function countsOf({ x, y, loss, count }: LossMap): Layer[] {
  return Array.from(loss.keys())
    .filter((k) => !Number.isNaN(loss[k]!))
    .map((k) => {
      const place = { x: x[k % x.length]!, y: y[Math.floor(k / x.length)]! };
      const colour = loss[k]! > 0.55 ? "#000000" : "#ffffff";
      return words({ ...place, text: String(count[k]!), colour });
    });
}

/** Mean loss in bins of two properties, a panel a pair, with their samples, all on one scale (figure 6). */
export function binnedLossFigure(
  { losses }: Scores,
  properties: readonly { readonly title: string; readonly x: LossAxis; readonly y: LossAxis }[],
  { bins, least, ...labels }: Labels & { readonly bins: number; readonly least: number },
): Figure {
  const scale = { label: "Mean Bhattacharyya loss", units: "1", palette: "thermal" } as const;
  const panels = properties.map(({ title, x, y }): Panel => {
    const binned = meanLossMap(losses, [x.values, y.values], { bins, least });
    return {
      title,
      x: { label: x.label, units: x.units },
      y: { label: y.label, units: y.units },
      layers: [
        heatmap({ ...binned, z: binned.loss, scale: { ...scale, min: 0, max: 1 } }),
        ...countsOf(binned),
      ],
    };
  });
  return figure({ ...labels, panels, columns: panels.length });
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
