/**
 * The papers' opening figures: the ocean around the traps, the experiment in three dimensions, the
 * PDFs of neighbouring traps, and how two oceans compare.
 */

import { EARTH_RADIUS, RADIANS_PER_DEGREE } from "../core/index.js";
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
  words,
} from "../figures/index.js";
import type { Tracks, Trap } from "../lagrangian/index.js";
import { displacement, type Ocean, positionOf } from "../ocean/index.js";
import { mapOf, mapsOfLevel } from "./evaluation.js";
import type { SourcePdfs } from "./experiment.js";
import type { OceanProfile } from "./oceanprofile.js";
import { pdfPanel } from "./pdfpanel.js";
import { rasterMap, rasterOf } from "./raster.js";
import type { Labels } from "./scoreboard.js";
import type { Snapshot } from "./snapshot.js";
import { crossingSentence } from "./sourcemap.js";

const KM = 1000;

/** Surface vorticity with the traps and the box of one image: figure 1 of Picard et al. (2024). */
export function domainFigure(
  { grid }: Pick<Ocean, "grid">,
  { vorticity, nx, ny }: Snapshot,
  { traps, box, ...labels }: Labels & { readonly traps: readonly Trap[]; readonly box: number },
): Figure {
  const at = traps.map(placeOf);
  const centre = { east: meanOf(at.map((p) => p.east)), north: meanOf(at.map((p) => p.north)) };
  const away = (place: Place) => {
    const { east, north } = displacement(grid, centre, place);
    return Math.hypot(east, north);
  };
  const middle = at.reduce((a, b) => (away(b) < away(a) ? b : a));
  const reach = 1.2 * Math.max(box / 2, ...at.map((place) => away(place) / Math.SQRT2));
  const { x, y, unit, span, aspect } = mapAxes(grid, centre, reach);
  const half = span(box / 2);
  const map = rasterMap(grid, Math.max(nx, ny));
  const layers = [
    heatmap({
      x: map.east.map((e) => e * unit),
      y: map.north.map((n) => n * unit),
      z: rasterOf(grid, map, vorticity.subarray(0, nx * ny)).values,
      scale: { label: "Surface vorticity ζ/f", units: "1", palette: "balance", clip: 0.005 },
    }),
    region(
      {
        west: middle.east * unit - half.x,
        east: middle.east * unit + half.x,
        south: middle.north * unit - half.y,
        north: middle.north * unit + half.y,
      },
      { name: "box of an image" },
    ),
    points({
      x: at.map(({ east }) => east * unit),
      y: at.map(({ north }) => north * unit),
      ...{ name: "traps", size: 9, colour: "#111111" },
    }),
    star({ x: middle.east * unit, y: middle.north * unit, name: "trap of the box" }),
  ];
  return figure({ ...labels, panels: [{ x, y, aspect, layers }], width: 860 });
}

/** Axes in kilometres on a plane and in degrees on the globe, `reach` metres around a place. */
function mapAxes({ positions }: Ocean["grid"], centre: Place, reach: number) {
  const globe = positions.kind === "degrees";
  const unit = globe ? 1 : 1 / KM;
  const shrink = globe ? Math.cos(centre.north * RADIANS_PER_DEGREE) : 1;
  const metres = globe ? EARTH_RADIUS * RADIANS_PER_DEGREE : KM;
  /** what so many metres are on either axis */
  const span = (side: number) => ({ x: side / metres / shrink, y: side / metres });
  const range = (middle: number, width: number) => [middle - width, middle + width] as const;
  const [east, north] = [centre.east * unit, centre.north * unit];
  const names = globe
    ? { x: { label: "Longitude", units: "°E" }, y: { label: "Latitude", units: "°N" } }
    : { x: { label: "East", units: "km" }, y: { label: "North", units: "km" } };
  const x = { ...names.x, range: range(east, span(reach).x) };
  const y = { ...names.y, range: range(north, span(reach).y) };
  return { x, y, unit, span, aspect: 1 / shrink };
}

/** What a scene of an experiment shows; its title says where the particles came from unless given. */
export interface SceneLabels extends Omit<Labels, "title"> {
  readonly title?: string;
  readonly trap: Trap;
  /** how many particles have their paths drawn */
  readonly paths: number;
}

/**
 * Paths of some particles from the trap to the surface, with their shadows on the floor of the box:
 * figure 2 of Picard et al. (2024).
 *
 * @throws {ArgumentError} if no particle reached the last level
 */
export function experimentScene(tracks: Tracks, options: SceneLabels): Figure {
  const { saved, crossings, ocean, count } = tracks;
  const { trap, paths, title = crossingSentence(tracks), ...labels } = options;
  const centre = placeOf(trap);
  const step = Math.max(1, Math.floor(count / paths));
  const [x, y, z] = [[], [], []] as [number[], number[], number[]];
  for (let p = 0; p < count; p += step) {
    for (const instant of saved) {
      const place = positionOf(ocean.grid, instant.x[p]!, instant.y[p]!);
      const away = displacement(ocean.grid, centre, place);
      x.push(away.east / KM);
      y.push(away.north / KM);
      z.push(-instant.z[p]!);
    }
    for (const list of [x, y, z]) list.push(Number.NaN);
  }
  const last = crossings.at(-1)!;
  const reach = Math.ceil(
    1.1 * Math.max(...[...x, ...y].filter((v) => !Number.isNaN(v)).map(Math.abs)),
  );
  const axis = (label: string) => ({ label, units: "km", range: [-reach, reach] as const });
  const floor = 1.05 * trap.depth;
  const onFloor = (z: ArrayLike<number>) => Array.from(z, (d) => (Number.isNaN(d) ? d : floor));
  const crossed = {
    x: last.eastward.map((m) => m / KM),
    y: last.northward.map((m) => m / KM),
  };
  return sceneFigure({
    ...{ ...labels, title },
    x: axis("Eastward"),
    y: axis("Northward"),
    z: { label: "Depth", units: "m", range: [0, floor], direction: "down" },
    layers: [
      path3d({ x, y, z: onFloor(z), name: "shadow on the floor", width: 1.5, colour: "#b8c0c8" }),
      points3d({ ...crossed, z: onFloor(last.depth), width: 4, colour: "#98a2ad" }),
      path3d({
        ...{ x: [0, 0], y: [0, 0], z: [trap.depth, 0], width: 2 },
        ...{ name: "straight up from the trap", colour: "#444444" },
      }),
      path3d({ x, y, z, name: "paths", width: 1.5 }),
      points3d({ ...crossed, z: last.depth, name: `crossing ${last.level} m`, width: 6 }),
      points3d({
        ...{ x: [0], y: [0], z: [trap.depth], name: "trap", width: 24, symbol: "diamond" },
      }),
    ],
  });
}

/**
 * Where particles are released, and PDFs of some samples, all raw and all filtered ones on one scale:
 * figures 2 and 3 of Picard et al. (2024).
 */
export function pdfFigure(
  { grid: oceanGrid }: Pick<Ocean, "grid">,
  pdfs: SourcePdfs,
  {
    patch,
    samples,
    level,
    ...labels
  }: Labels & {
    /** side of the square that each trap's particles start from [m] */
    readonly patch: number;
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
  const shownMaps = samples.map(({ sample, kind }) =>
    mapOf(mapsOfLevel(pdfs[kind], pdfs.levels.length, level, bins), sample),
  );
  const panels = samples.map(({ title, kind }, k) => {
    const alike = shownMaps.filter((_, other) => samples[other]!.kind === kind);
    const peak = alike.reduce((most, map) => map.reduce((a, p) => Math.max(a, p), most), 0);
    return pdfPanel(shownMaps[k]!, pdfs.grid, { title, shares: [0.99], peak });
  });
  const shown = new Set(samples.map(({ sample }) => sample % pdfs.traps.length));
  const releases = releasePanel(oceanGrid, pdfs.traps, patch, shown);
  return figure({ ...labels, panels: [releases, ...panels], columns: 3, width: 1200 });
}

/** The patches from which particles start; some of them are filled and have their traps' numbers. */
function releasePanel(
  grid: Ocean["grid"],
  traps: readonly Trap[],
  patch: number,
  shown: ReadonlySet<number>,
): Panel {
  const at = traps.map(placeOf);
  const centre = { east: meanOf(at.map((p) => p.east)), north: meanOf(at.map((p) => p.north)) };
  const away = at.map((place) => displacement(grid, centre, place));
  const reach = Math.max(...away.flatMap(({ east, north }) => [east, north]).map(Math.abs));
  const { x, y, unit, span, aspect } = mapAxes(grid, centre, reach + 2 * patch);
  const half = span(patch / 2);
  const layers = at.flatMap(({ east, north }, k) => {
    const [e, n] = [east * unit, north * unit];
    const bounds = { west: e - half.x, east: e + half.x, south: n - half.y, north: n + half.y };
    const square = { colour: "#333333", width: 1.5 };
    if (!shown.has(k)) return [region(bounds, square)];
    const number = words({ x: e + 1.3 * half.x, y: n, text: String(k), anchor: "left" });
    return [region(bounds, { ...square, fill: "#e69f00" }), number];
  });
  return { title: `Releases on squares of ${patch / KM} km`, x, y, aspect, layers };
}

/**
 * Energy by depth of two oceans, with how far they differ as the title, and what the surface knows of
 * the depth: figure A1 (and B1 of the 2025 paper).
 */
export function profileFigure(
  runs: readonly { readonly name: string; readonly profile: OceanProfile }[],
  {
    paper,
    ...labels
  }: Omit<Labels, "title"> & { readonly paper: readonly (readonly [number, number])[] },
): Figure {
  const depth = { label: "Depth", units: "m", direction: "down" } as const;
  const energies = runs.map(({ profile: p }) =>
    p.eddyEnergy.mean.map((eddy, k) => 1e4 * (eddy + p.meanEnergy.mean[k]!)),
  );
  return figure({
    ...labels,
    title: `Energies of the runs differ by ${spreadOf(energies)} %, depending on the depth`,
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
            name: "POLGYR, read off figure B1 of Picard et al. (2025)",
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

/** By how much the largest of some runs' values exceeds the smallest: least and most over depths [%]. */
function spreadOf(runs: readonly (readonly number[])[]): string {
  const shared = Math.min(...runs.map((run) => run.length));
  const excess = runs[0]!.slice(0, shared).map((_, k) => {
    const values = runs.map((run) => run[k]!);
    return Math.round(100 * (Math.max(...values) / Math.min(...values) - 1));
  });
  const [least, most] = [Math.min(...excess), Math.max(...excess)];
  return least === most ? `${most}` : `${least} to ${most}`;
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** On the plane [m] or on the globe [degrees]. */
interface Place {
  readonly east: number;
  readonly north: number;
}

function placeOf(trap: Trap): Place {
  if ("east" in trap) return { east: trap.east, north: trap.north };
  return { east: trap.longitude, north: trap.latitude };
}
