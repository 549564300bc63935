/**
 * The papers' opening figures: the ocean around the traps, the experiment in three dimensions, the
 * PDFs of neighbouring traps, and how two oceans compare.
 */

import {
  type Figure,
  figure,
  heatmap,
  line,
  type Panel,
  path3d,
  points,
  points3d,
  region,
  sceneFigure,
  star,
} from "../figures/index.js";
import type { Tracks, Trap } from "../lagrangian/index.js";
import type { Ocean, TwinProfile } from "../ocean/index.js";
import { mapOf, mapsOfLevel } from "./evaluation.js";
import type { SourcePdfs } from "./experiment.js";
import { pdfPanel } from "./pdfpanel.js";
import type { Labels } from "./scoreboard.js";
import type { Snapshot } from "./snapshot.js";

const KM = 1000;

/** Surface vorticity with the traps and the box of one image: figure 1 of Picard et al. (2024). */
export function domainFigure(
  { grid }: Pick<Ocean, "grid">,
  { vorticity, nx, ny }: Snapshot,
  { traps, box, ...labels }: Labels & { readonly traps: readonly Trap[]; readonly box: number },
): Figure {
  const x = Float64Array.from({ length: nx }, (_, i) => grid.positions.east[i]! / KM);
  const y = Float64Array.from({ length: ny }, (_, j) => grid.positions.north[j * nx]! / KM);
  const at = traps.map(placeOf);
  const centre = { east: meanOf(at.map((p) => p.east)), north: meanOf(at.map((p) => p.north)) };
  const away = (p: { east: number; north: number }) =>
    Math.hypot(p.east - centre.east, p.north - centre.north);
  const middle = at.reduce((a, b) => (away(b) < away(a) ? b : a));
  const reach = 1.2 * Math.max(box / 2, ...at.map((p) => away(p) / Math.SQRT2));
  const range = (along: number) => [(along - reach) / KM, (along + reach) / KM] as const;
  const panel: Panel = {
    x: { label: "East", units: "km", range: range(centre.east) },
    y: { label: "North", units: "km", range: range(centre.north) },
    aspect: 1,
    layers: [
      heatmap({
        x,
        y,
        z: vorticity.subarray(0, nx * ny),
        scale: { label: "Surface vorticity ζ/f", units: "1", palette: "balance", clip: 0.005 },
      }),
      region(
        {
          west: (middle.east - box / 2) / KM,
          east: (middle.east + box / 2) / KM,
          south: (middle.north - box / 2) / KM,
          north: (middle.north + box / 2) / KM,
        },
        { name: "box of an image" },
      ),
      points({
        x: at.map(({ east }) => east / KM),
        y: at.map(({ north }) => north / KM),
        name: "traps",
        size: 9,
        colour: "#111111",
      }),
      star({ x: middle.east / KM, y: middle.north / KM, name: "trap of the box" }),
    ],
  };
  return figure({ ...labels, panels: [panel], width: 860 });
}

/** Paths of some particles from the trap to the surface: figure 2 of Picard et al. (2024). */
export function experimentScene(
  { saved, crossings, ocean, count }: Tracks,
  { trap, paths, ...labels }: Labels & { readonly trap: Trap; readonly paths: number },
): Figure {
  const centre = placeOf(trap);
  const step = Math.max(1, Math.floor(count / paths));
  const [x, y, z] = [[], [], []] as [number[], number[], number[]];
  for (let p = 0; p < count; p += step) {
    for (const instant of saved) {
      const { east, north } = ocean.grid.positions;
      const dx = east[1]! - east[0]!;
      x.push((east[0]! + instant.x[p]! * dx - centre.east) / KM);
      y.push((north[0]! + instant.y[p]! * dx - centre.north) / KM);
      z.push(-instant.z[p]!);
    }
    for (const list of [x, y, z]) list.push(Number.NaN);
  }
  const last = crossings.at(-1)!;
  const reach = Math.ceil(
    1.1 * Math.max(...[...x, ...y].filter((v) => !Number.isNaN(v)).map(Math.abs)),
  );
  const axis = (label: string) => ({ label, units: "km", range: [-reach, reach] as const });
  return sceneFigure({
    ...labels,
    x: axis("Eastward"),
    y: axis("Northward"),
    z: { label: "Depth", units: "m", range: [0, trap.depth * 1.05], direction: "down" },
    layers: [
      path3d({ x, y, z, name: "paths", width: 2 }),
      points3d({
        x: last.eastward.map((m) => m / KM),
        y: last.northward.map((m) => m / KM),
        z: last.depth,
        name: `crossing ${last.level} m`,
        width: 3,
      }),
      points3d({ x: [0], y: [0], z: [trap.depth], name: "trap", width: 16, symbol: "diamond" }),
    ],
  });
}

/** Filtered PDFs of some samples beside each other: figures 2 and 3 of Picard et al. (2024). */
export function pdfFigure(
  pdfs: SourcePdfs,
  {
    samples,
    level,
    ...labels
  }: Labels & {
    /** a title and where its map is: a sample, raw or filtered */
    readonly samples: readonly {
      readonly title: string;
      readonly sample: number;
      readonly kind: "raw" | "filtered";
    }[];
    /** which of the levels, counted from the deepest */
    readonly level: number;
  },
): Figure {
  const bins = pdfs.grid.n ** 2;
  const panels = samples.map(({ title, sample, kind }) => {
    const maps = mapsOfLevel(pdfs[kind], pdfs.levels.length, level, bins);
    return pdfPanel(mapOf(maps, sample), pdfs.grid, { title, shares: [0.99] });
  });
  return figure({ ...labels, panels, columns: 2 });
}

/** Energy by depth of two oceans, and what the surface knows of the depth: figure A1 (and B1 of the
 * 2025 paper). */
export function profileFigure(
  runs: readonly { readonly name: string; readonly profile: TwinProfile }[],
  { paper, ...labels }: Labels & { readonly paper: readonly (readonly [number, number])[] },
): Figure {
  const depth = { label: "Depth", units: "m", direction: "down" } as const;
  const energies = runs.map(({ profile: p }) =>
    p.eddyEnergy.mean.map((eddy, k) => 1e4 * (eddy + p.meanEnergy.mean[k]!)),
  );
  return figure({
    ...labels,
    columns: 2,
    panels: [
      {
        title: "Kinetic energy",
        x: { label: "Kinetic energy", units: "cm² s⁻²", range: [0, 450] },
        y: depth,
        layers: [
          ...runs.map(({ name, profile }, k) =>
            line({ x: energies[k]!, y: profile.depths, name, markers: "shown" }),
          ),
          points({
            x: paper.map(([, energy]) => energy),
            y: paper.map(([z]) => z),
            name: "POLGYR (published)",
            size: 11,
          }),
        ],
      },
      {
        title: "Correlation of v with the surface",
        x: { label: "Correlation", units: "1", range: [0, 1] },
        y: depth,
        layers: runs.map(({ name, profile }) =>
          line({ x: profile.correlation.mean, y: profile.depths, name, markers: "shown" }),
        ),
      },
    ],
  });
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function placeOf(trap: Trap): { east: number; north: number } {
  if ("east" in trap) return { east: trap.east, north: trap.north };
  return { east: trap.longitude, north: trap.latitude };
}
