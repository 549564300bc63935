/** Panels that the study of net ecosystem exchange draws over and over: maps, series, seasons, bars. */

import { dayNumber, formatTime } from "../core/index.js";
import {
  band,
  bar,
  type ColourScale,
  coast,
  colourScale,
  heatmap,
  type Layer,
  line,
  mapPanel,
  type Panel,
  points,
  type ScaleOptions,
} from "../figures/index.js";
import { columnOf, type LandGrid, sumColumns } from "./grid.js";
import { REGIONS, regionNumber } from "./region.js";
import { annualSums, seasonalCycleOf, standardisedAnomalies } from "./score.js";
import type { LandEnsemble, LandField, LandStudy } from "./study.js";

const GLOBE = { west: -170, east: 180, south: -58, north: 78 };
const MONTHS = ["J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D"];

/** The named area whose series is drawn. */
export type Place = "globe" | "tropics" | "extratropics" | string;

/** Monthly integrals of the globe, a belt or a region by its code [PgC per month]. */
export function seriesOf({ regions }: Pick<LandField, "regions">, place: Place): Float64Array {
  if (place === "globe") return sumColumns(regions, REGIONS.length);
  if (place === "tropics" || place === "extratropics") {
    return sumColumns(regions, REGIONS.length, (r) => REGIONS[r]!.belt === place);
  }
  return columnOf(regions, REGIONS.length, regionNumber(place));
}

/** A map of land cells; NaN stays empty. */
export function landMap(
  grid: LandGrid,
  values: ArrayLike<number>,
  { title, scale }: { readonly title: string; readonly scale: ColourScale | ScaleOptions },
): Panel {
  const z = new Float64Array(grid.rows * grid.columns).fill(Number.NaN);
  for (const [c, place] of grid.place.entries()) z[place] = values[c]!;
  const center = (i: number, from: number) => from + (i + 0.5) * grid.cellDegrees;
  const x = Float64Array.from({ length: grid.columns }, (_, i) => center(i, -180));
  const y = Float64Array.from({ length: grid.rows }, (_, j) => center(j, -90));
  const made = "stops" in scale ? scale : colourScale(Array.from(z), scale);
  const layers = [heatmap({ x, y, z, scale: made }), coast(GLOBE, "110m", "outline")];
  return mapPanel({ bounds: GLOBE, title, layers });
}

/** One scale for several maps, symmetric around zero. */
export function sharedScale(label: string, units: string, reach: number): ColourScale {
  return colourScale([-reach, reach], { label, units, palette: "balance" });
}

/** Annual integrals of fields, with constants and a reference. */
export function annualPanel(
  fields: readonly LandField[],
  place: Place,
  options: {
    readonly firstYear: number;
    readonly title: string;
    readonly reference?: { readonly name: string; readonly values: ArrayLike<number> };
    readonly constant?: { readonly name: string; readonly value: number };
    /** drawn as a band from least to largest */
    readonly among?: {
      readonly name: string;
      readonly fields: readonly Pick<LandField, "regions">[];
    };
  },
): Panel {
  const { firstYear, title, reference, constant, among } = options;
  const annual = fields.map((field) => annualSums(seriesOf(field, place)));
  const x = Array.from(annual[0]!, (_, i) => firstYear + i);
  const layers: Layer[] = annual.map((y, i) => {
    return line({ x, y, name: fields[i]!.name, markers: "shown" });
  });
  if (among !== undefined)
    layers.unshift(...bandOf(among, x, (f) => annualSums(seriesOf(f, place))));
  if (reference !== undefined) {
    const y = Array.from(reference.values);
    layers.push(line({ x, y, name: reference.name, colour: "#111111", dash: "dot" }));
  }
  if (constant !== undefined) {
    const y = x.map(() => constant.value);
    layers.push(line({ x, y, name: constant.name, colour: "#111111", dash: "dash", width: 1.5 }));
  }
  return { title, x: { label: "Year", units: "" }, y: { label: "NEE", units: "PgC a⁻¹" }, layers };
}

function bandOf(
  among: { readonly name: string; readonly fields: readonly Pick<LandField, "regions">[] },
  x: number[],
  seriesFrom: (field: Pick<LandField, "regions">) => Float64Array,
): Layer[] {
  const all = among.fields.map(seriesFrom);
  const of = (pick: (...v: number[]) => number) => x.map((_, i) => pick(...all.map((s) => s[i]!)));
  const mean = x.map((_, i) => all.reduce((sum, s) => sum + s[i]! / all.length, 0));
  return [
    band({ x, low: of(Math.min), high: of(Math.max), name: among.name }),
    line({ x, y: mean, name: among.name }),
  ];
}

/** Detrended, standardised annual anomalies. */
export function anomalyPanel(
  fields: readonly LandField[],
  place: Place,
  options: {
    readonly firstYear: number;
    readonly title: string;
    readonly reference?: { readonly name: string; readonly values: ArrayLike<number> };
  },
): Panel {
  const { firstYear, title, reference } = options;
  const layers = fields.map((field) => {
    const y = standardisedAnomalies(annualSums(seriesOf(field, place)));
    return line({
      x: Array.from(y, (_, i) => firstYear + i),
      y,
      name: field.name,
      markers: "shown",
    });
  });
  if (reference !== undefined) {
    const y = standardisedAnomalies(reference.values);
    const x = Array.from(y, (_, i) => firstYear + i);
    layers.push(line({ x, y, name: reference.name, colour: "#111111", dash: "dot" }));
  }
  return { title, x: { label: "Year", units: "" }, y: { label: "Anomaly", units: "SD" }, layers };
}

/** Mean seasons of fields in one place. */
export function seasonPanel(
  fields: readonly LandField[],
  place: Place,
  among?: { readonly name: string; readonly fields: readonly Pick<LandField, "regions">[] },
): Panel {
  const x = MONTHS.map((_, i) => i + 1);
  const layers = fields.map((field) =>
    line({ x, y: seasonalCycleOf(seriesOf(field, place)), name: field.name }),
  );
  if (among !== undefined) {
    layers.unshift(...bandOf(among, x, (f) => seasonalCycleOf(seriesOf(f, place))));
  }
  const region = REGIONS.find(({ code }) => code === place);
  return {
    title: region?.name ?? place[0]!.toUpperCase() + place.slice(1),
    x: {
      label: "Month",
      units: "",
      ticks: { values: [1, 4, 7, 10], labels: ["J", "A", "J", "O"] },
    },
    y: { label: "NEE", units: "PgC per month" },
    layers,
  };
}

/** Bars of a score for every region, one series a model. */
export function regionBars(
  scores: Readonly<Record<string, ArrayLike<number>>>,
  axis: { readonly label: string; readonly units: string },
  title: string,
): Panel {
  const x = REGIONS.map(({ code }) => code);
  return {
    title,
    x: { label: "Region", units: "", kind: "category", ticks: allTicks(x) },
    y: axis,
    layers: Object.entries(scores).map(([name, values]) => bar({ x, y: Array.from(values), name })),
  };
}

/** Bars of a value for each of some names, one series each. */
export function nameBars(
  names: readonly string[],
  series: Readonly<Record<string, ArrayLike<number>>>,
  panel: {
    readonly label: string;
    readonly units: string;
    readonly over: string;
    readonly title: string;
  },
): Panel {
  const { label, units, over, title } = panel;
  return {
    title,
    x: { label: over, units: "", kind: "category", ticks: allTicks(names) },
    y: { label, units },
    layers: Object.entries(series).map(([name, values]) =>
      bar({ x: names, y: Array.from(values), name }),
    ),
  };
}

/** Points of one score against another with the line where both are equal. */
export function scatterPanel(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  labels: {
    readonly x: string;
    readonly y: string;
    readonly units: string;
    readonly title: string;
  },
): Panel {
  const both = [...Array.from(x), ...Array.from(y)].filter(Number.isFinite);
  const most = Math.max(...both) * 1.05;
  return {
    title: labels.title,
    x: { label: labels.x, units: labels.units, range: [0, most] },
    y: { label: labels.y, units: labels.units, range: [0, most] },
    layers: [
      points({ x: Array.from(x), y: Array.from(y), name: "site" }),
      line({
        x: [0, most],
        y: [0, most],
        name: "equal",
        dash: "dash",
        colour: "#555555",
        width: 1.5,
      }),
    ],
    aspect: 1,
  };
}

function allTicks(names: readonly string[]) {
  return { values: names.map((_, i) => i), labels: names };
}

/** What a tower measured and what models that did not see it say, step by step. */
export function towerSeries(
  study: LandStudy,
  models: readonly LandEnsemble[],
  site: number,
): Panel {
  const { steps, sites } = study.twin;
  const { name, type, nee } = sites[site]!;
  const seen = Array.from(nee.keys()).filter((s) => Number.isFinite(nee[s]!));
  const rows = Array.from(study.towers.site.keys()).filter(
    (row) => study.towers.site[row] === site,
  );
  const x = seen.map((s) => {
    const year = steps.firstYear + Math.floor(steps.monthOf[s]! / 12);
    return formatTime((dayNumber(year, 1, 1) + Math.floor(steps.dayOfYear[s]!)) * 86400);
  });
  const layers = models.map((model) =>
    line({ x, y: rows.map((row) => model.atTowers[row]!), name: model.name }),
  );
  return {
    title: `${name} (${type})`,
    x: { label: "Year", units: "", kind: "date" },
    y: { label: "NEE", units: "gC m⁻² d⁻¹" },
    layers: [points({ x, y: seen.map((s) => nee[s]!), name: "measured", size: 4 }), ...layers],
  };
}
