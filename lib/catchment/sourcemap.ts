/** Where a trap's particles came from, as a figure: on the map, and as a PDF of displacements. */

import { ArgumentError } from "../core/index.js";
import {
  type Figure,
  figure,
  heatmap,
  type Layer,
  maskLand,
  type Panel,
  points,
  star,
} from "../figures/index.js";
import type { Crossing, Tracks, Trap } from "../lagrangian/index.js";
import type { Frame, Ocean } from "../ocean/index.js";
import { type DisplacementGrid, sourcePdf } from "./pdf.js";
import { pdfPanel } from "./pdfpanel.js";
import { rasterMap, rasterOf, surfaceVelocity, waterRaster } from "./raster.js";

/** What a source map is drawn from, and what it says. */
export interface SourceMapOptions {
  readonly id: string;
  readonly study: string;
  /** what is seen; by default a sentence on how far away the particles came from */
  readonly title?: string;
  readonly caption: string;
  readonly dataLabel: string;
  readonly trap: Trap;
  /** the instant whose surface current lies under the particles */
  readonly frame: Frame;
  /** bins of the displacement PDF */
  readonly grid: DisplacementGrid;
  /** where the particles should have come from, as a mean displacement on the plane [m] */
  readonly expected?: { readonly name: string; readonly east: number; readonly north: number };
}

/** Shares of the mass whose contours are drawn [–]. */
const SHARES = [0.5, 0.9];

const DIRECTIONS = [
  "north",
  "north-east",
  "east",
  "south-east",
  "south",
  "south-west",
  "west",
  "north-west",
];

/**
 * Draw where the particles were when they crossed the last level they were asked for: left on a map
 * with the surface current and the trap, right as a PDF of displacements from the release point.
 *
 * @throws {ArgumentError} if no particle reached the level
 */
export function sourceMap(tracks: Tracks, options: SourceMapOptions): Figure {
  const sources = tracks.crossings.at(-1) ?? tracks.origin;
  const { id, study, title = sourceSentence(tracks), caption, dataLabel } = options;
  const { pdf } = sourcePdf(sources.eastward, sources.northward, options.grid);
  const panel = pdfPanel(pdf, options.grid, {
    ...{ title: "As displacement from the trap", shares: SHARES },
  });
  const panels = [
    mapOf(tracks.ocean, sources, options),
    { ...panel, layers: [...panel.layers, ...expectedAt(options, { east: 0, north: 0 })] },
  ];
  return figure({ id, study, title, caption, dataLabel, panels, columns: 2 });
}

/**
 * Say in one sentence where the particles of a trap came from: how far away they crossed the last
 * level on average, and in which direction.
 *
 * @throws {ArgumentError} if no particle reached the level
 */
export function sourceSentence({ crossings, origin, release }: Tracks): string {
  const from = whereFrom(crossings.at(-1) ?? origin);
  return `Particles caught at ${Math.round(meanOf(release.depth))} m came from ${from} on average`;
}

/**
 * Say in one sentence when and where the particles of a trap crossed the last level.
 *
 * @throws {ArgumentError} if no particle reached the level
 */
export function crossingSentence({ crossings, release }: Tracks): string {
  const { level, age, ...last } = crossings.at(-1)!;
  const depth = Math.round(meanOf(release.depth));
  const days = Number((meanOf(age) / 86400).toPrecision(2));
  return `Particles caught at ${depth} m crossed ${level} m ${days} days earlier, ${whereFrom(last)}`;
}

/** How far away and in which direction particles came from on average, in words. */
function whereFrom(sources: Pick<Crossing, "eastward" | "northward">): string {
  const { east, north } = meanDisplacement(sources);
  if (Number.isNaN(east)) {
    throw new ArgumentError({
      what: "tracks",
      wanted: "at least one particle that reached the last level",
      got: "none",
      remedy: "follow the particles longer, or take a faster sinking speed",
    });
  }
  const distance = Math.hypot(east, north) / 1000;
  const octant = Math.round(Math.atan2(east, north) / (Math.PI / 4));
  const direction = DIRECTIONS[(octant + 8) % 8]!;
  return distance < 1 ? "right above the trap" : `${distance.toFixed(0)} km to the ${direction}`;
}

/** Mean displacement of particles from their release points [m]; NaN if there are none. */
export function meanDisplacement({
  eastward,
  northward,
}: Pick<Crossing, "eastward" | "northward">): {
  east: number;
  north: number;
} {
  return { east: meanOf(eastward), north: meanOf(northward) };
}

/** The value that a share of the finite values do not exceed. */
function percentile(values: Float32Array, share: number): number {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  return sorted[Math.floor(share * (sorted.length - 1))]!;
}

function meanOf(values: Float64Array): number {
  const finite = values.filter((value) => !Number.isNaN(value));
  return finite.reduce((sum, value) => sum + value, 0) / finite.length;
}

function mapOf(
  ocean: Ocean,
  sources: Pick<Crossing, "east" | "north">,
  options: SourceMapOptions,
): Panel {
  const { trap, frame } = options;
  const map = rasterMap(ocean.grid);
  const globe = ocean.grid.positions.kind === "degrees";
  const unit = globe ? 1 : 1 / 1000;
  const x = map.east.map((e) => e * unit);
  const y = map.north.map((n) => n * unit);
  const speed = rasterOf(ocean.grid, map, surfaceVelocity(ocean, frame).speed).values;
  const water = waterRaster(ocean.grid, map).values;
  const at = "longitude" in trap ? [trap.longitude, trap.latitude] : [trap.east, trap.north];
  const middle = ((map.north[0]! + map.north.at(-1)!) / 2) * (Math.PI / 180);
  return {
    title: "On the map",
    x: globe ? { label: "Longitude", units: "°E" } : { label: "East", units: "km" },
    y: globe ? { label: "Latitude", units: "°N" } : { label: "North", units: "km" },
    aspect: globe ? 1 / Math.cos(middle) : 1,
    layers: [
      heatmap({
        x,
        y,
        z: speed,
        scale: {
          label: "Surface current",
          units: "m s⁻¹",
          palette: "speed",
          min: 0,
          max: 1.3 * percentile(speed, 0.99),
        },
      }),
      maskLand({ x, y, z: water.map((w) => (Number.isNaN(w) ? 1 : w)) }),
      points({
        x: sources.east.map((e) => e * unit),
        y: sources.north.map((n) => n * unit),
        name: "source of a particle",
        size: 5,
        opacity: 0.75,
        colour: "#e75fb3",
      }),
      ...(globe ? [] : expectedAt(options, { east: at[0]!, north: at[1]! })),
      star({ x: at[0]! * unit, y: at[1]! * unit, name: "trap" }),
    ],
  };
}

/** The place that particles should have come from, seen from the trap's [m]: none, or a cross. */
function expectedAt(
  { expected }: SourceMapOptions,
  from: { east: number; north: number },
): Layer[] {
  if (expected === undefined) return [];
  const at = { x: [(from.east + expected.east) / 1000], y: [(from.north + expected.north) / 1000] };
  return [points({ ...at, name: expected.name, size: 13, symbol: "x", colour: "#111111" })];
}
