/** Figures and the table of the 2025 paper on fluxes: 8, 9 and T1, and the twin's draws. */

import { formatTime } from "../core/index.js";
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

const NAMES: Readonly<Record<FluxName, string>> = {
  mass: "Dry weight",
  poc: "POC",
  pic: "PIC",
  pon: "PON",
};

/** Fluxes of a record over time, each sample as long as its cup was open (figure 8's upper part). */
export function fluxSeriesFigure(record: TrapRecord, labels: FluxLabels): Figure {
  const present = FLUX_NAMES.filter((name) => record.fluxes[name] !== undefined);
  return figure({
    ...labels,
    panelHeight: 210,
    panels: present.map((name) => fluxPanel(record, name)),
  });
}

/** A flux above the chlorophyll that a curve gives it, both over time (figure 8). */
export function bloomFigure(
  record: TrapRecord,
  {
    name,
    flux,
    chlorophyll,
    ...labels
  }: FluxLabels & {
    readonly name: FluxName;
    readonly flux: Float64Array;
    /** [mg m⁻³], one row of shape (samples) for each name */
    readonly chlorophyll: ReadonlyMap<string, Float64Array>;
  },
): Figure {
  const days = Array.from(record.mid, (time) => formatTime(time).slice(0, 10));
  return figure({
    ...labels,
    panelHeight: 250,
    width: 1000,
    panels: [
      fluxPanel({ ...record, fluxes: { [name]: flux } }, name),
      {
        title: "Chlorophyll that the particles of each sample left",
        x: { label: "", units: "", kind: "date" },
        y: { label: "Chlorophyll", units: "mg m⁻³" },
        layers: [...chlorophyll].map(([curve, y]) => line({ x: days, y, name: curve })),
      },
    ],
  });
}

/**
 * R² against the lag for every curve, with the band of random catchments (figure 9) and what is not in
 * the paper: the R² that unrelated series with the memory of the first curve and the flux exceed in 5 %
 * of all cases.
 */
export function correlationFigure(
  panels: readonly {
    readonly title: string;
    readonly result: CrossCorrelation;
    readonly truth?: number;
  }[],
  labels: FluxLabels,
): Figure {
  return figure({
    ...labels,
    columns: Math.min(2, panels.length),
    panels: panels.map(({ title, result, truth }): Panel => {
      const { lags, curves } = result;
      const { low, high } = result.band;
      const [first] = curves.values();
      const level = Array.from(first?.effective ?? [], (pairs) => significantRSquared(pairs));
      return {
        title,
        x: { label: "Lag", units: "d" },
        y: { label: "R²", units: "1" },
        layers: [
          ...(low.length === 0
            ? []
            : [band({ x: lags, low, high, name: "random catchments, 10–90 %" })]),
          ...[...curves].map(([name, { rSquared }]) => line({ x: lags, y: rSquared, name })),
          line({ x: lags, y: level, name: "5 % by chance" }),
          ...(truth === undefined ? [] : [rule({ at: truth, along: "y", label: "true lag" })]),
        ],
      };
    }),
  });
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
      const lags = panel(`${title}: best lag`, { label: "Lag", units: "d" }, verdict.bestLags);
      return [
        panel(`${title}: R² near the true lag`, { label: "R²", units: "1" }, verdict.atTruth),
        { ...lags, layers: [...lags.layers, rule({ at: verdict.lag, along: "x", label: "true" })] },
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

function fluxPanel({ open, close, fluxes }: TrapRecord, name: FluxName): Panel {
  const values = fluxes[name]!;
  const x: string[] = [];
  const y: number[] = [];
  for (let s = 0; s < values.length; s++) {
    if (s > 0 && open[s]! > close[s - 1]! + 86400) {
      x.push(formatTime(close[s - 1]!).slice(0, 10));
      y.push(Number.NaN);
    }
    x.push(formatTime(open[s]!).slice(0, 10), formatTime(close[s]!).slice(0, 10));
    y.push(values[s]!, values[s]!);
  }
  return {
    title: NAMES[name],
    x: { label: "", units: "", kind: "date" },
    y: { label: NAMES[name], units: "mg m⁻² d⁻¹" },
    layers: [line({ x, y, name: "flux" })],
  };
}
