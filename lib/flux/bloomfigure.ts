/** Figure 8 of the 2025 paper: fluxes and the chlorophyll they may come from, over the same years. */

import { band, type Figure, figure, line, type Panel } from "../figures/index.js";
import { FLUX_TITLES, type FluxLabels } from "./fluxfigures.js";
import { FLUX_NAMES, type FluxName, type TrapRecord } from "./record.js";
import { dayOf, samplesLine } from "./samplesline.js";

/** What figure 8 shows. */
export interface BloomSeries {
  /** fluxes of one or more records of the same trap, by name */
  readonly records: ReadonlyMap<string, TrapRecord>;
  /** the samples that are correlated: the years behind them are shaded */
  readonly used: Pick<TrapRecord, "open" | "close">;
  /** middle of each sample that has chlorophyll [s], and its curves [mg m⁻³], shape (samples) each */
  readonly mid: Float64Array;
  readonly chlorophyll: ReadonlyMap<string, Float64Array>;
  /** days from the chlorophyll to the sample */
  readonly lag: number;
}

/** Samples further apart than this do not belong to one period of use [s]. */
const BREAK = 100 * 86400;
const SHADE = "#8a8a8a";

/** Draw dry weight, POC and PIC where a record has them, above the chlorophyll, on one axis of time. */
export function bloomFigure(
  { records, used, mid, chlorophyll, lag }: BloomSeries,
  labels: FluxLabels,
): Figure {
  const all = [...records.values()];
  const start = Math.min(...all.map(({ open }) => open[0]!));
  const end = Math.max(...all.map(({ close }) => close.at(-1)!));
  const x = { label: "", units: "", kind: "date", range: [dayOf(start), dayOf(end)] } as const;
  const names = FLUX_NAMES.filter(
    (name) => name !== "pon" && all.some(({ fluxes }) => fluxes[name] !== undefined),
  );
  const days = Array.from(mid, dayOf);
  const panels = names.map((name): Panel => {
    const top = 1.05 * highest(all.map(({ fluxes }) => fluxes[name] ?? []));
    return {
      title: FLUX_TITLES[name],
      x,
      y: { label: FLUX_TITLES[name], units: "mg m⁻² d⁻¹", range: [0, top] },
      layers: [...shades(used, top), ...fluxLines(records, name)],
    };
  });
  const top = 1.05 * highest([...chlorophyll.values()]);
  panels.push({
    title: `Chlorophyll of the water ${lag} days before each sample`,
    x,
    y: { label: "Chlorophyll", units: "mg m⁻³", range: [0, top] },
    layers: [
      ...shades(used, top),
      ...[...chlorophyll].map(([name, y], k) =>
        line({ x: days, y, name, width: 1.8, dash: k === 0 ? "solid" : "dash" }),
      ),
    ],
  });
  return figure({ ...labels, panels, panelHeight: 190, width: 1000 });
}

function fluxLines(records: BloomSeries["records"], flux: FluxName) {
  return [...records].flatMap(([name, record]) =>
    record.fluxes[flux] === undefined
      ? []
      : [line({ ...samplesLine(record, flux), name, width: 1.8, dash: "solid" })],
  );
}

/** The periods of samples that follow each other, as grey ground up to a height. */
function shades({ open, close }: BloomSeries["used"], top: number) {
  const periods: [number, number][] = [];
  for (let s = 0; s < open.length; s++) {
    const last = periods.at(-1);
    if (last === undefined || open[s]! - last[1] > BREAK) periods.push([open[s]!, close[s]!]);
    else last[1] = close[s]!;
  }
  return periods.map((period) =>
    band({
      x: period.map(dayOf),
      low: [0, 0],
      high: [top, top],
      name: "correlated",
      colour: SHADE,
      opacity: 0.18,
    }),
  );
}

function highest(rows: readonly ArrayLike<number>[]): number {
  return Math.max(...rows.flatMap((row) => Array.from(row).filter(Number.isFinite)));
}
