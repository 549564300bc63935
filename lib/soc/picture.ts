/** Panels that the soil study draws over and over. */

import {
  type Axis,
  bar,
  type ColourScale,
  heatmap,
  hexbin,
  histogram,
  line,
  mapPanel,
  type Panel,
  points,
  polygon,
  rule,
  type ScaleOptions,
} from "../figures/index.js";
import { type LandGrid, OUTLINE, spreadCells } from "./country.js";
import { clm45Layers } from "./layers.js";
import type { Profile } from "./observation.js";
import type { CarbonField, Pairs } from "./upscaling.js";

const BOUNDS = { west: -126, east: -65.5, south: 24, north: 50.5 };

/** A map of land cells with the country's outline. */
export function countryMap(
  grid: LandGrid,
  values: ArrayLike<number>,
  { title, scale }: { readonly title: string; readonly scale: ColourScale | ScaleOptions },
): Panel {
  const { longitude: x, latitude: y } = grid;
  const outline = polygon({
    x: OUTLINE.map(([longitude]) => longitude),
    y: OUTLINE.map(([, latitude]) => latitude),
    colour: "#444444",
    width: 1,
  });
  const layers = [heatmap({ x, y, z: spreadCells(grid, values), scale }), outline];
  return mapPanel({ bounds: BOUNDS, title, layers });
}

/** Modelled against observed layers in hexagons on logarithmic axes, with the line of equality. */
export function hexPanel(title: string, { observed, modelled }: Pairs): Panel {
  const range = [-0.5, 2.5] as const;
  const log = (values: Float64Array) => values.map(Math.log10);
  const ticks = { values: [0, 1, 2], labels: ["1", "10", "100"] };
  const axis = (label: string): Axis => ({ label, units: "kgC m⁻³", range, ticks });
  const bins = { xRange: range, yRange: range, across: 24, count: "log" } as const;
  return {
    title,
    x: axis("Observed"),
    y: axis("Modelled"),
    layers: [
      hexbin({ x: log(observed), y: log(modelled), ...bins }),
      line({ x: [...range], y: [...range], colour: "#000000", width: 1.5 }),
    ],
  };
}

/** Draws of one proportion beside its known density. */
export function densityPanel(
  title: string,
  known: { readonly grid: Float64Array; readonly density: Float64Array },
  draws: Readonly<Record<string, Float64Array>>,
): Panel {
  return {
    title,
    x: { label: "Proportion of the prior range", units: "1", range: [0, 1] },
    y: { label: "Density", units: "1" },
    layers: [
      ...Object.entries(draws).map(([name, values]) =>
        histogram({ values, range: [0, 1], bins: 40, name, height: "density" }),
      ),
      line({ x: known.grid, y: known.density, name: "known posterior", colour: "#000000" }),
    ],
  };
}

/** Posterior draws of one proportion, with the truth where there is one. */
export function posteriorPanel(title: string, draws: ArrayLike<number>, truth?: number): Panel {
  return {
    title,
    x: { label: "Proportion", units: "1", range: [0, 1] },
    y: { label: "Density", units: "1" },
    layers: [
      histogram({ values: draws, range: [0, 1], bins: 20, name: "posterior", height: "density" }),
      rule({ at: 1, along: "x", label: "prior" }),
      ...(truth === undefined ? [] : [rule({ at: truth, along: "y", label: "truth" })]),
    ],
  };
}

/** One profile: observations against depth, and models of it by name. */
export function profilePanel(
  title: string,
  profile: Profile,
  models: Readonly<Record<string, Float64Array>>,
): Panel {
  const { nodes } = clm45Layers();
  const deepest = Math.max(1, profile.depth[profile.depth.length - 1]! * 1.1);
  const shown = Object.values(models).flatMap((carbon) =>
    Array.from(carbon.filter((_, i) => nodes[i]! <= deepest)),
  );
  const most = [...shown, ...profile.carbon].reduce((a, b) => Math.max(a, b));
  return {
    title,
    x: { label: "Carbon", units: "kgC m⁻³", range: [0, (1.05 * most) / 1000] },
    y: { label: "Depth", units: "m", direction: "down", range: [0, deepest] },
    layers: [
      ...Object.entries(models).map(([name, carbon]) =>
        line({ x: carbon.map((c) => c / 1000), y: nodes, name }),
      ),
      points({ x: profile.carbon.map((c) => c / 1000), y: profile.depth, name: "observed" }),
    ],
  };
}

/** Predicted against target proportions of one parameter. */
export function scatterPanel(
  title: string,
  target: ArrayLike<number>,
  predicted: ArrayLike<number>,
): Panel {
  return {
    title,
    x: { label: "Posterior mean", units: "1", range: [0, 1] },
    y: { label: "Network", units: "1", range: [0, 1] },
    layers: [
      points({ x: target, y: predicted, name: "test profile", size: 5 }),
      line({ x: [0, 1], y: [0, 1], colour: "#000000", width: 1.5 }),
    ],
  };
}

/** Bars by group, one series a method. */
export function groupPanel(
  groups: readonly string[],
  series: Readonly<Record<string, ArrayLike<number>>>,
  {
    title,
    label,
    units,
  }: { readonly title: string; readonly label: string; readonly units: string },
): Panel {
  return {
    title,
    x: { label: "", units: "", kind: "category" },
    y: { label, units },
    layers: Object.entries(series).map(([name, y]) => bar({ x: groups, y, name })),
  };
}

/** Mean carbon with depth over places, one line a field. */
export function depthPanel(title: string, fields: Readonly<Record<string, CarbonField>>): Panel {
  const { nodes } = clm45Layers();
  const mean = (field: CarbonField) =>
    nodes.map((_, i) => {
      const finite = field.map((carbon) => carbon[i]! / 1000).filter(Number.isFinite);
      return finite.reduce((a, b) => a + b, 0) / finite.length;
    });
  return {
    title,
    x: { label: "Mean carbon", units: "kgC m⁻³" },
    y: { label: "Depth", units: "m", direction: "down", range: [0, 3] },
    layers: Object.entries(fields).map(([name, field]) => line({ x: mean(field), y: nodes, name })),
  };
}
