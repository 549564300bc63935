/** Figures and the table of the 2025 paper on fluxes: 9 and T1, the record itself, the twin's draws. */

import {
  band,
  boxes,
  type Figure,
  figure,
  line,
  type Panel,
  rule,
  type Table,
  table,
} from "../figures/index.js";
import type { CrossCorrelation } from "./crosscorrelation.js";
import { CODE_LAG_SPEEDS, type LagSpeed, OLDER_LAG_SPEEDS, travelDays } from "./lag.js";
import { FLUX_NAMES, type FluxName, type TrapRecord } from "./record.js";
import { samplesLine } from "./samplesline.js";
import { significantRSquared } from "./significance.js";
import type { TwinVerdict } from "./twin.js";

/** What every drawing says of itself. */
export interface FluxLabels {
  readonly id: string;
  readonly study: string;
  readonly title: string;
  readonly caption: string;
  readonly dataLabel: string;
}

/** How fluxes are called. */
export const FLUX_TITLES: Readonly<Record<FluxName, string>> = {
  mass: "Dry weight",
  poc: "POC",
  pic: "PIC",
  pon: "PON",
};

const [INK, PALE] = ["#222222", "#b8bec4"];

/** Fluxes of a record over time, each sample as long as its cup was open (figure 8's upper part). */
export function fluxSeriesFigure(record: TrapRecord, labels: FluxLabels): Figure {
  const present = FLUX_NAMES.filter((name) => record.fluxes[name] !== undefined);
  return figure({
    ...labels,
    panelHeight: 210,
    panels: present.map((name) => ({
      title: FLUX_TITLES[name],
      x: { label: "", units: "", kind: "date" },
      y: { label: FLUX_TITLES[name], units: "mg m⁻² d⁻¹" },
      layers: [line(samplesLine(record, name))],
    })),
  });
}

/** One panel of figure 9. */
export interface CorrelationPanel {
  readonly title: string;
  readonly result: CrossCorrelation;
  /** the lag that is right, where it is known [d] */
  readonly truth?: number;
  /** the R² that the highest of all lags exceeds by chance in 5 % of all cases, see `judgePeak` */
  readonly peakLevel?: number;
}

/**
 * R² against the lag for every curve, with the band of random catchments and the limits between the
 * sinking speeds (figure 9), and what is not in the paper: the R² that series with the memory of the
 * first curve and the flux exceed by chance in 5 % of all cases, at one lag and at the best of all.
 */
export function correlationFigure(panels: readonly CorrelationPanel[], labels: FluxLabels): Figure {
  const top = 1.2 * Math.max(...panels.map(highestOf));
  return figure({
    ...labels,
    columns: Math.min(2, panels.length),
    panels: panels.map(({ title, ...panel }) => ({
      title,
      x: { label: "Lag", units: "d" },
      y: { label: "R²", units: "1", range: [0, top] },
      layers: [...curvesOf(panel, top), ...speedLimits()],
    })),
  });
}

function curvesOf({ result, truth, peakLevel }: Omit<CorrelationPanel, "title">, top: number) {
  const { lags, curves, band: random } = result;
  const [first] = curves.values();
  const level = Array.from(first?.effective ?? [], (pairs) => significantRSquared(pairs));
  const { low, high } = random;
  const layers = [
    ...(low.length === 0 ? [] : [band({ x: lags, low, high, name: "random catchments, 10–90 %" })]),
    ...[...curves].map(([name, { rSquared }]) => line({ x: lags, y: rSquared, name })),
    line({ x: lags, y: level, name: "5 % by chance at one lag", width: 1.5 }),
  ];
  if (peakLevel !== undefined) {
    const [x, y] = [
      [lags[0]!, lags.at(-1)!],
      [peakLevel, peakLevel],
    ];
    layers.push(line({ x, y, name: "5 % by chance at the best lag", width: 1.5 }));
  }
  if (truth === undefined) return layers;
  return [...layers, line({ x: [truth, truth], y: [0, top], name: "true lag", colour: INK })];
}

/** Lines where the catchments of the next slower particles take over (table 1). */
function speedLimits() {
  return CODE_LAG_SPEEDS.slice(1).map(({ from }) => rule({ at: from, along: "y", colour: PALE }));
}

function highestOf({ result, peakLevel = 0 }: CorrelationPanel): number {
  const curves = [...result.curves.values()].map(({ rSquared }) => rSquared);
  return Math.max(peakLevel, ...[...curves, result.band.high].flatMap((row) => Array.from(row)));
}

/** R² and best lags of many draws of noise, by curve: what one record can and cannot say. */
export function drawsFigure(
  twins: readonly { readonly title: string; readonly verdict: TwinVerdict }[],
  labels: FluxLabels,
): Figure {
  const panel = (
    title: string,
    y: Panel["y"],
    values: ReadonlyMap<string, Float64Array>,
  ): Panel => ({
    title,
    x: { label: "", units: "", kind: "category" },
    y,
    layers: [boxes({ groups: [...values].map(([label, group]) => ({ label, values: group })) })],
  });
  return figure({
    ...labels,
    columns: 2,
    panels: twins.flatMap(({ title, verdict }) => {
      const near = `${title}: R² near the lag of ${verdict.lag.toFixed(0)} d`;
      const best = `${title}: best lag (dashed: the true one)`;
      const lags = panel(best, { label: "Lag", units: "d" }, verdict.bestLags);
      return [
        panel(near, { label: "R²", units: "1" }, verdict.atTruth),
        { ...lags, layers: [...lags.layers, rule({ at: verdict.lag, along: "x" })] },
      ];
    }),
  });
}

/** The lags and the speeds they stand for (table 1), with the travel time of each speed. */
export function lagTable(labels: FluxLabels): Table {
  const rows = CODE_LAG_SPEEDS;
  const range = (entries: readonly LagSpeed[], k: number) =>
    entries[k + 1] === undefined
      ? `≥ ${entries[k]!.from}`
      : `${entries[k]!.from}–${entries[k + 1]!.from}`;
  return table({
    ...labels,
    columns: [
      { name: "sinking speed", units: "m d⁻¹", values: rows.map(({ speed }) => speed), digits: 0 },
      { name: "lags (code)", units: "d", values: rows.map((_, k) => range(rows, k)) },
      { name: "lags (older)", units: "d", values: rows.map((_, k) => range(OLDER_LAG_SPEEDS, k)) },
      {
        name: "from 200 to 3000 m",
        units: "d",
        values: rows.map(({ speed }) => travelDays(speed)),
        digits: 1,
      },
    ],
  });
}
