/** Panels that the biome study draws over and over: maps, bars, matrices, series. */

import {
  type Axis,
  band,
  bar,
  type ColourScale,
  categoryScale,
  coast,
  heatmap,
  line,
  mapPanel,
  matrix,
  type Panel,
  points,
  type ScaleOptions,
} from "../figures/index.js";
import type { Confusion } from "../stats/index.js";
import type { CoverageTrend, SeasonalCycle } from "./coverage.js";
import type { ScannedCut } from "./cut.js";
import type { BiomeSummary } from "./detect.js";
import { type TileGrid, tileAxes } from "./tile.js";

const GLOBE = { west: -180, east: 180, south: -90, north: 90 };
const MONTHS = ["J", "F", "M", "A", "M", "J", "J", "A", "S", "O", "N", "D"];

/** Colours of biomes, one each, to share between panels. */
export function biomeScale(label: string, names: readonly string[]): ColourScale {
  return categoryScale(
    label,
    names.map((name, value) => ({ value, label: name })),
  );
}

/** A map of tiles: labels (below 0 stays empty) or numbers (NaN stays empty). */
export function tileMap(
  grid: TileGrid,
  values: ArrayLike<number>,
  {
    title,
    scale,
    land = "none",
  }: { title: string; scale: ColourScale | ScaleOptions; land?: "none" | "coast" },
): Panel {
  const { longitude, latitude } = tileAxes(grid);
  const isLabel = "stops" in scale && scale.ticks !== undefined;
  const z = Float64Array.from(values, (v) => (isLabel && v < 0 ? Number.NaN : v));
  const layers = [heatmap({ x: longitude, y: latitude, z, scale })];
  if (land === "coast") layers.push(coast(GLOBE, "110m"));
  return mapPanel({ bounds: GLOBE, title, layers });
}

/** An axis of names, every one of them written. */
function nameAxis(label: string, names: readonly string[]): Axis {
  const ticks = { values: names.map((_, i) => i), labels: names };
  return { label, units: "", kind: "category", ticks };
}

/** Bars of the mean normalised slopes of each biome. */
export function slopePanel(biomes: readonly BiomeSummary[], names: readonly string[]): Panel {
  const series = ["∂fCO₂/∂SST", "∂fCO₂/∂DIC", "∂fCO₂/∂Alk"];
  return {
    x: nameAxis("Biome", names.slice(0, biomes.length)),
    y: { label: "Mean normalised slope", units: "1" },
    layers: series.map((name, k) => {
      return bar({ x: names.slice(0, biomes.length), y: biomes.map((b) => b.features[k]!), name });
    }),
  };
}

/** Heat maps of a scan: the authors' BIC and the number of clusters. */
export function scanPanels(scan: readonly ScannedCut[]): Panel[] {
  const distances = [...new Set(scan.map((cut) => cut.distance.toFixed(1)))];
  const variances = [...new Set(scan.map((cut) => String(cut.variance)))];
  const panel = (title: string, z: number[], scale: ScaleOptions): Panel => ({
    title,
    x: { label: "δ_var", units: "1", kind: "category" },
    y: { label: "δ_dist", units: "1", kind: "category" },
    layers: [matrix({ columns: variances, rows: distances, z, scale })],
  });
  return [
    panel(
      "What the authors call BIC",
      scan.map((cut) => cut.authorsBic),
      { label: "“BIC”", units: "1", palette: "dense" },
    ),
    panel(
      "Clusters",
      scan.map((cut) => cut.clusters),
      { label: "clusters", units: "1", palette: "tempo" },
    ),
  ];
}

/** Means of the authors' BIC and of the number of clusters against one threshold. */
export function scanLines(scan: readonly ScannedCut[], along: "distance" | "variance"): Panel {
  const values = [...new Set(scan.map((cut) => cut[along]))];
  const mean = (key: "authorsBic" | "clusters") =>
    values.map((value) => {
      const cuts = scan.filter((cut) => cut[along] === value);
      return cuts.reduce((sum, cut) => sum + cut[key], 0) / cuts.length;
    });
  return {
    x: { label: along === "distance" ? "δ_dist" : "δ_var", units: "1" },
    y: { label: "Mean over the other threshold", units: "1" },
    layers: [
      line({ x: values, y: mean("authorsBic"), name: "authors' “BIC”", markers: "shown" }),
      line({ x: values, y: mean("clusters"), name: "clusters", markers: "shown" }),
    ],
  };
}

/** The confusion matrix as counts, true classes from the top. */
export function confusionPanel({ counts, classes }: Confusion, names: readonly string[]): Panel {
  const labels = names.slice(0, classes);
  return {
    x: nameAxis("Called", labels),
    y: { ...nameAxis("True", labels), direction: "down" },
    layers: [
      matrix({
        columns: labels,
        rows: labels,
        z: counts,
        scale: { label: "tiles", units: "1", palette: "ice", min: 0, max: Math.max(...counts) },
      }),
    ],
  };
}

/** Precision and recall of each class. */
export function scorePanel(
  { precision, recall, classes }: Confusion,
  names: readonly string[],
): Panel {
  const x = names.slice(0, classes);
  return {
    x: nameAxis("Biome", x),
    y: { label: "Share", units: "1", range: [0, 1.05] },
    layers: [bar({ x, y: precision, name: "precision" }), bar({ x, y: recall, name: "recall" })],
  };
}

/** Lines of one quantity through the months, one per row of names. */
export function monthPanel(
  title: string,
  units: string,
  series: Readonly<Record<string, ArrayLike<number>>>,
): Panel {
  const x = MONTHS.map((_, i) => i + 1);
  return {
    title,
    x: { label: "Month", units: "", ticks: { values: x, labels: MONTHS }, range: [0.5, 12.5] },
    y: { label: title, units },
    layers: Object.entries(series).map(([name, y]) => line({ x, y, name })),
  };
}

/** Seasonal cycles with one standard deviation between years. */
export function seasonPanel(title: string, cycles: Readonly<Record<string, SeasonalCycle>>): Panel {
  const x = MONTHS.map((_, i) => i + 1);
  return {
    title,
    x: { label: "Month", units: "", ticks: { values: x, labels: MONTHS }, range: [0.5, 12.5] },
    y: { label: "Coverage", units: "%", range: [-5, 105] },
    layers: Object.entries(cycles).flatMap(([name, { mean, deviation }]) => [
      band({
        x,
        name,
        low: mean.map((m, i) => m - (deviation[i]! || 0)),
        high: mean.map((m, i) => m + (deviation[i]! || 0)),
      }),
      line({ x, y: mean, name, markers: "shown" }),
    ]),
  };
}

/** Yearly series with their trends; shading is what the 95 % interval of the slope leaves open. */
export function trendPanel(
  title: string,
  years: ArrayLike<number>,
  series: Readonly<Record<string, { values: ArrayLike<number>; trend: CoverageTrend }>>,
): Panel {
  return {
    title,
    x: { label: "Year", units: "" },
    y: { label: "Coverage", units: "%" },
    layers: Object.entries(series).flatMap(([name, { values, trend }]) => {
      const known = Array.from(years).filter((_, i) => Number.isFinite(values[i]));
      const middle = known.reduce((sum, year) => sum + year, 0) / known.length;
      const x = [years[0]!, middle, years[years.length - 1]!];
      const y = x.map((year) => trend.intercept + trend.slope * year);
      const reach = x.map((year) => trend.halfWidth * Math.abs(year - middle));
      const low = y.map((value, i) => value - reach[i]!);
      const high = y.map((value, i) => value + reach[i]!);
      return [
        band({ x, name, low, high }),
        points({ x: years, y: values, name, size: 6 }),
        line({ x, y, name }),
      ];
    }),
  };
}
