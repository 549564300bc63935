/** Land cells of a regular grid with their areas and regions. */

import { ArgumentError, DataError, EARTH_RADIUS, RADIANS_PER_DEGREE } from "../core/index.js";
import { type Country, countries } from "../figures/index.js";
import { open } from "../io/index.js";
import { REGIONS, regionOfCountry } from "./region.js";

/** The land cells of a grid, south to north and then west to east; all arrays have one value a cell. */
export interface LandGrid {
  readonly cellDegrees: number;
  readonly rows: number;
  readonly columns: number;
  /** centres [°N] and [°E] */
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
  /** place on the full grid, row-major from the south-west */
  readonly place: Int32Array;
  /** area of the land in the cell [m²] */
  readonly area: Float64Array;
  /** number of the region */
  readonly region: Int8Array;
}

/** Area of a whole cell [m²]. */
export function cellArea(latitude: number, cellDegrees: number): number {
  const edge = (side: number) =>
    Math.sin((latitude + (side * cellDegrees) / 2) * RADIANS_PER_DEGREE);
  return EARTH_RADIUS ** 2 * cellDegrees * RADIANS_PER_DEGREE * (edge(1) - edge(-1));
}

/**
 * Land cells from country outlines, in the region that holds most of their land. Approximate.
 *
 * @param cellDegrees must divide 180
 * @param samples     points along each side of a cell that are looked at, 4 by default
 */
export function makeLandGrid(cellDegrees: number, samples = 4): LandGrid {
  const [rows, columns] = [180 / cellDegrees, 360 / cellDegrees];
  if (!Number.isInteger(rows)) {
    throw new ArgumentError({
      what: "cellDegrees",
      wanted: "a divisor of 180",
      got: `${cellDegrees}`,
    });
  }
  const fine = rasterise(countries(), rows * samples, columns * samples);
  const counts = new Float64Array(rows * columns * REGIONS.length);
  for (let p = 0; p < fine.length; p++) {
    if (fine[p]! < 0) continue;
    const row = Math.floor(Math.floor(p / (columns * samples)) / samples);
    const column = Math.floor((p % (columns * samples)) / samples);
    const at = (row * columns + column) * REGIONS.length + fine[p]!;
    counts[at] = counts[at]! + 1;
  }
  return gridOf(cellDegrees, (place) => {
    const own = counts.subarray(place * REGIONS.length, (place + 1) * REGIONS.length);
    const land = own.reduce((sum, c) => sum + c, 0);
    return { region: own.indexOf(Math.max(...own)), share: land / samples ** 2 };
  });
}

/** Cells that hold land, with what `lookUp` says of each place. */
function gridOf(
  cellDegrees: number,
  lookUp: (place: number) => { region: number; share: number },
): LandGrid {
  const [rows, columns] = [180 / cellDegrees, 360 / cellDegrees];
  const places: number[] = [];
  const region: number[] = [];
  const area: number[] = [];
  const center = (i: number, from: number) => from + (i + 0.5) * cellDegrees;
  for (let place = 0; place < rows * columns; place++) {
    const found = lookUp(place);
    if (found.share === 0) continue;
    places.push(place);
    region.push(found.region);
    area.push(found.share * cellArea(center(Math.floor(place / columns), -90), cellDegrees));
  }
  return {
    cellDegrees,
    rows,
    columns,
    latitude: Float64Array.from(places, (p) => center(Math.floor(p / columns), -90)),
    longitude: Float64Array.from(places, (p) => center(p % columns, -180)),
    place: Int32Array.from(places),
    area: Float64Array.from(area),
    region: Int8Array.from(region),
  };
}

/** The region at the centre of each cell of a fine grid, −1 over the sea: scan lines, even-odd rule. */
function rasterise(all: readonly Country[], rows: number, columns: number): Int8Array {
  const regions = regionOfCountry();
  const map = new Int8Array(rows * columns).fill(-1);
  for (const { name, rings } of all) {
    const region = regions.get(name);
    if (region === undefined) continue;
    for (let row = 0; row < rows; row++) {
      const crossings = crossingsAt(rings, -90 + ((row + 0.5) * 180) / rows);
      for (let c = 0; c + 1 < crossings.length; c += 2) {
        const from = Math.ceil(((crossings[c]! + 180) * columns) / 360 - 0.5);
        const to = Math.ceil(((crossings[c + 1]! + 180) * columns) / 360 - 0.5);
        for (let i = from; i < to; i++) map[row * columns + ((i + columns) % columns)] = region;
      }
    }
  }
  return map;
}

/** Longitudes where rings cross a parallel, in pairs; a ring that crosses 180° runs on beyond it. */
function crossingsAt(rings: Country["rings"], latitude: number): number[] {
  const found: number[] = [];
  for (const ring of rings) {
    let turns = 0;
    for (let i = 0; i + 1 < ring.length; i++) {
      const [x0, y0] = ring[i]!;
      const [x1, y1] = ring[i + 1]!;
      const jump = x1 - x0 > 180 ? -360 : x1 - x0 < -180 ? 360 : 0;
      if (y0 > latitude !== y1 > latitude) {
        found.push(x0 + turns + ((latitude - y0) / (y1 - y0)) * (x1 + jump - x0));
      }
      turns += jump;
    }
  }
  return found.sort((a, b) => a - b);
}

/** A region mask that was read, and what it leaves out. */
export interface MaskedGrid {
  readonly grid: LandGrid;
  /** our land cells that no region of the mask holds, by the name of the region we put them in */
  readonly leftOut: Readonly<Record<string, number>>;
}

/**
 * Read a mask of regions: a variable `MASK` (region, lat, lon) of 0 and 1, as RECCAP2 distributes.
 *
 * @throws {DataError} if a cell is in two regions (they are named), a region has no land, or there
 *         are not as many regions as ours
 */
export async function readRegionMask(path: string, variable = "MASK"): Promise<MaskedGrid> {
  const file = await open(path);
  try {
    const mask = file.variable(variable);
    const [count, rows = 0, columns = 0] = mask.shape;
    const names = mask.dimensions.slice(1);
    const latitude = (await file.variable(names[0]!).read()).data;
    if (count !== REGIONS.length || columns !== 2 * rows) {
      const wanted = `${REGIONS.length} regions on a global grid`;
      throw new DataError({ where: path, what: variable, wanted, got: mask.shape.join(" × ") });
    }
    const { data } = await mask.read();
    const size = rows * columns;
    const northFirst = latitude[0]! > latitude.at(-1)!;
    const at = (r: number, place: number) => {
      const row = Math.floor(place / columns);
      return (
        data[r * size + (northFirst ? rows - 1 - row : row) * columns + (place % columns)]! > 0.5
      );
    };
    return maskedGrid(path, 180 / rows, at);
  } finally {
    file.close();
  }
}

function maskedGrid(
  path: string,
  cellDegrees: number,
  holds: (region: number, place: number) => boolean,
): MaskedGrid {
  const cells = new Int32Array(REGIONS.length);
  const grid = gridOf(cellDegrees, (place) => {
    const own = REGIONS.flatMap((_, r) => (holds(r, place) ? [r] : []));
    if (own.length > 1) {
      const got = own.map((r) => REGIONS[r]!.name).join(" and ");
      throw new DataError({ where: path, what: `cell ${place}`, wanted: "one region", got });
    }
    if (own[0] !== undefined) cells[own[0]] = cells[own[0]]! + 1;
    return { region: own[0] ?? -1, share: own.length };
  });
  const empty = REGIONS.filter((_, r) => cells[r] === 0).map(({ name }) => name);
  if (empty.length > 0) {
    throw new DataError({ where: path, what: empty.join(", "), wanted: "land cells", got: "none" });
  }
  const held = new Set(grid.place);
  const leftOut: Record<string, number> = {};
  const ours = makeLandGrid(cellDegrees, 1);
  for (const [c, place] of ours.place.entries()) {
    if (held.has(place)) continue;
    const { name } = REGIONS[ours.region[c]!]!;
    leftOut[name] = (leftOut[name] ?? 0) + 1;
  }
  return { grid, leftOut };
}

/**
 * Monthly integrals of a flux over each region.
 *
 * @param field   shape (months, cells) [gC m⁻² d⁻¹]
 * @param days    days of each month, shape (months)
 * @returns shape (months, regions) [PgC per month]
 */
export function regionSums(
  grid: Pick<LandGrid, "area" | "region">,
  field: Float32Array | Float64Array,
  days: ArrayLike<number>,
): Float64Array {
  const cells = grid.area.length;
  const sums = new Float64Array(days.length * REGIONS.length);
  for (let m = 0; m < days.length; m++) {
    for (let c = 0; c < cells; c++) {
      const at = m * REGIONS.length + grid.region[c]!;
      sums[at] = sums[at]! + field[m * cells + c]! * grid.area[c]! * days[m]! * 1e-15;
    }
  }
  return sums;
}

/** One column of a matrix (rows, columns): the series of a region. */
export function columnOf(matrix: Float64Array, columns: number, column: number): Float64Array {
  const rows = matrix.length / columns;
  return Float64Array.from({ length: rows }, (_, i) => matrix[i * columns + column]!);
}

/** Sums over some columns, all by default: the globe, the tropics. */
export function sumColumns(
  matrix: Float64Array,
  columns: number,
  keep: (column: number) => boolean = () => true,
): Float64Array {
  const sums = new Float64Array(matrix.length / columns);
  for (let p = 0; p < matrix.length; p++) {
    const row = Math.floor(p / columns);
    if (keep(p % columns)) sums[row] = sums[row]! + matrix[p]!;
  }
  return sums;
}
