/**
 * How much of a zone each biome covers, through the seasons and the decades.
 *
 * The published coverage divides by the area of the *classified* tiles of the zone, which changes
 * every month; `denominator: "all"` divides by all tiles that hold sea. The published function also
 * books class 7 as class 6 and drops it wherever class 6 occurs; that is not copied.
 */

import { ArgumentError } from "../core/index.js";
import { fitTrend, type Trend } from "../stats/index.js";
import { type TileGrid, tileArea, tileCenter } from "./tile.js";

/** A part of the ocean: boxes in degrees; a tile belongs to it if its centre does. */
export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly boxes: readonly {
    readonly west: number;
    readonly east: number;
    readonly south: number;
    readonly north: number;
  }[];
}

/** The zones of Mohanty et al., from their code. */
export const ZONES: readonly Zone[] = [
  { id: "arctic", name: "Arctic", boxes: [{ west: -180, east: 180, south: 70, north: 90 }] },
  {
    id: "north-atlantic",
    name: "North Atlantic",
    boxes: [{ west: -75, east: 0, south: 10, north: 70 }],
  },
  {
    id: "equatorial-pacific",
    name: "Equatorial Pacific",
    boxes: [
      { west: 105, east: 180, south: -10, north: 10 },
      { west: -180, east: -80, south: -10, north: 10 },
    ],
  },
  {
    id: "southern-ocean",
    name: "Southern Ocean",
    boxes: [{ west: -180, east: 180, south: -90, north: -45 }],
  },
];

/**
 * A zone by its id.
 *
 * @throws {ArgumentError} listing the ids
 */
export function zoneOf(id: string): Zone {
  const zone = ZONES.find((z) => z.id === id);
  if (zone !== undefined) return zone;
  const wanted = `one of ${ZONES.map((z) => z.id).join(", ")}`;
  throw new ArgumentError({ what: "zone", wanted, got: id });
}

/** Numbers of the tiles whose centres lie in a zone. */
export function tilesOfZone(grid: TileGrid, zone: Zone): Int32Array {
  return Int32Array.from({ length: grid.rows * grid.columns }, (_, tile) => tile).filter((tile) => {
    const { latitude, longitude } = tileCenter(grid, tile);
    return zone.boxes.some(
      (box) =>
        longitude >= box.west &&
        longitude <= box.east &&
        latitude >= box.south &&
        latitude <= box.north,
    );
  });
}

/** Labels of all tiles in one month: 0…k−1, −1 where there is none. */
export type LabelMap = ArrayLike<number>;

/** Options of `coverage`. */
export interface CoverageOptions {
  readonly classes: number;
  /** which tiles' area is 100 %: the classified ones (as published, the default), or all given ones */
  readonly denominator?: "classified" | "all";
  /** share of each tile that is sea, shape (tiles,); 1 by default */
  readonly seaShare?: ArrayLike<number>;
}

/**
 * Share of a zone's area that each class covers [%], shape (classes,); NaN if the denominator is 0.
 *
 * @param labels label of every tile
 * @param tiles  the tiles of the zone
 */
export function coverage(
  grid: TileGrid,
  labels: LabelMap,
  tiles: ArrayLike<number>,
  { classes, denominator = "classified", seaShare }: CoverageOptions,
): Float64Array {
  const areas = new Float64Array(classes);
  let whole = 0;
  for (let i = 0; i < tiles.length; i++) {
    const tile = tiles[i]!;
    const label = labels[tile]!;
    const area = tileArea(grid, tile) * (seaShare?.[tile] ?? 1);
    if (denominator === "all" || label >= 0) whole += area;
    if (label >= 0) areas[label] = areas[label]! + area;
  }
  return areas.map((area) => (100 * area) / whole);
}

/** Mean and standard deviation of each calendar month. */
export interface SeasonalCycle {
  /** shape (12,) */
  readonly mean: Float64Array;
  /** sample standard deviation between years, shape (12,) */
  readonly deviation: Float64Array;
}

/**
 * The mean seasonal cycle of a monthly series; NaN values are left out.
 *
 * @param values shape (years × 12,), from January
 */
export function seasonalCycle(values: ArrayLike<number>): SeasonalCycle {
  const mean = new Float64Array(12);
  const deviation = new Float64Array(12);
  for (let month = 0; month < 12; month++) {
    const known = Array.from(values).filter((x, i) => i % 12 === month && Number.isFinite(x));
    mean[month] = known.reduce((sum, x) => sum + x, 0) / known.length;
    const square = known.reduce((sum, x) => sum + (x - mean[month]!) ** 2, 0);
    deviation[month] = Math.sqrt(square / (known.length - 1));
  }
  return { mean, deviation };
}

/** The linear change of a coverage over the whole series. */
export interface CoverageTrend extends Trend {
  /** slope × length of the series [percentage points] */
  readonly change: number;
  /** half-width of its 95 % interval [percentage points] */
  readonly changeHalfWidth: number;
}

/**
 * Trend of a yearly coverage series, autocorrelation respected; NaN years are left out.
 *
 * @param years    evenly spaced, shape (n,)
 * @param coverage [%], shape (n,)
 */
export function coverageTrend(
  years: ArrayLike<number>,
  coverage: ArrayLike<number>,
): CoverageTrend {
  const known = Array.from(years).flatMap((_, i) => (Number.isFinite(coverage[i]) ? [i] : []));
  const trend = fitTrend(
    known.map((i) => years[i]!),
    known.map((i) => coverage[i]!),
  );
  const span = years[years.length - 1]! - years[0]!;
  return { ...trend, change: trend.slope * span, changeHalfWidth: trend.halfWidth * span };
}

/**
 * Share of the months in which each tile has a label [%], shape (tiles,); NaN where it never has any.
 *
 * @param months label maps
 */
export function occurrence(months: readonly LabelMap[], label: number): Float64Array {
  const tiles = months[0]?.length ?? 0;
  return Float64Array.from({ length: tiles }, (_, tile) => {
    if (months.every((labels) => labels[tile]! < 0)) return Number.NaN;
    return (100 * months.filter((labels) => labels[tile] === label).length) / months.length;
  });
}
