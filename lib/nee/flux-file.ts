/**
 * Gridded fluxes as they are distributed: the inversions of the Global Carbon Project (2022 to 2024),
 * CarbonTracker and CTE, FLUXCOM, and fires of GFAS. All come out as gC m⁻² d⁻¹ from south to north.
 */

import { DataError, datePartsOf, MissingVariableError } from "../core/index.js";
import { type Dataset, open, type Variable } from "../io/index.js";
import { FLUX_UNITS, type FluxUnit } from "./flux-unit.js";
import type { LandGrid } from "./grid.js";

/** A flux on a regular grid through time. */
export interface FluxGrid {
  readonly name: string;
  /** centres, south to north and west to east from −180 [degrees] */
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
  /** year and month (from 1) of each time */
  readonly months: readonly { readonly year: number; readonly month: number }[];
  /** shape (times, latitudes, longitudes) [gC m⁻² d⁻¹]; NaN where the file has none */
  readonly data: Float32Array;
}

/** Names of the adjusted land flux in the files of 2022, and of 2023 and 2024. */
const GCP_VARIABLES = [
  "land_flux_fossil_cement_and_river_adjusted",
  "land_flux_only_fossil_cement_adjusted",
] as const;

/**
 * Read every inversion of a GCP file (`GCP2022_inversions_1x1_….nc`), in PgC m⁻² a⁻¹.
 *
 * Members that hold no number at all are left out and named. From 2023 on the river adjustment is
 * no longer in the file: `riverAdjusted` says which variable was read.
 */
export async function readGcpInversions(path: string): Promise<{
  readonly members: readonly FluxGrid[];
  readonly riverAdjusted: boolean;
  readonly empty: readonly string[];
}> {
  return withFile(path, async (file) => {
    const variable = firstOf(file, GCP_VARIABLES, path);
    const names = await memberNames(file, variable.shape[0]!);
    const members: FluxGrid[] = [];
    const empty: string[] = [];
    for (const [i, name] of names.entries()) {
      const grid = await readGrid(file, variable, { name, unit: "PgC m-2 yr-1", member: i });
      if (grid.data.some(Number.isFinite)) members.push(grid);
      else empty.push(name);
    }
    const riverAdjusted = variable.name === GCP_VARIABLES[0];
    return { members, riverAdjusted, empty };
  });
}

/** Read the optimised biosphere flux and imposed fire of CTE or CarbonTracker, in mol m⁻² s⁻¹. */
export async function readCarbonTracker(
  path: string,
): Promise<{ readonly biosphere: FluxGrid; readonly fire: FluxGrid | undefined }> {
  return withFile(path, async (file) => {
    const unit = "mol m-2 s-1" as const;
    const bio = firstOf(file, ["biosphere_flux_optimized", "bio_flux_opt"], path);
    const biosphere = await readGrid(file, bio, { name: "biosphere", unit });
    const fires = ["fire_flux_imposed", "fire_flux_imp"].filter((name) => has(file, name));
    const fire =
      fires[0] === undefined
        ? undefined
        : await readGrid(file, file.variable(fires[0]), { name: "fire", unit });
    return { biosphere, fire };
  });
}

/** Read NEE of a year of FLUXCOM RS+METEO, in gC m⁻² d⁻¹. */
export async function readFluxcom(path: string): Promise<FluxGrid> {
  return withFile(path, (file) =>
    readGrid(file, file.variable("NEE"), { name: "FLUXCOM", unit: "gC m-2 d-1" }),
  );
}

/** Read fire of GFAS: `co2fire` as kg CO₂ m⁻² s⁻¹, or `cfire` as kg C m⁻² s⁻¹. */
export async function readGfas(path: string): Promise<FluxGrid> {
  return withFile(path, (file) => {
    const variable = firstOf(file, ["co2fire", "cfire"], path);
    const unit: FluxUnit = variable.name === "co2fire" ? "kg CO2 m-2 s-1" : "kg C m-2 s-1";
    return readGrid(file, variable, { name: variable.name, unit });
  });
}

/**
 * Mean flux of the cells of a grid in each month: the mean of all source cells whose centre lies in the
 * cell, weighted by their area, times in one month averaged; NaN in the source counts as no flux.
 *
 * @returns shape (months of the axis, cells); months that the file lacks are NaN
 */
export function toLandCells(
  flux: FluxGrid,
  grid: LandGrid,
  axis: { readonly firstYear: number; readonly months: number },
): Float32Array {
  const { latitude, longitude, data } = flux;
  const cellOf = new Map(Array.from(grid.place, (place, c) => [place, c]));
  const cells = grid.area.length;
  const field = new Float64Array(axis.months * cells);
  const weights = new Float64Array(axis.months * cells);
  for (const [t, { year, month }] of flux.months.entries()) {
    const m = (year - axis.firstYear) * 12 + month - 1;
    if (m < 0 || m >= axis.months) continue;
    for (const [j, lat] of latitude.entries()) {
      const row = Math.min(grid.rows - 1, Math.floor((lat + 90) / grid.cellDegrees));
      const weight = Math.cos((lat * Math.PI) / 180);
      for (const [i, lon] of longitude.entries()) {
        const column = Math.min(grid.columns - 1, Math.floor((lon + 180) / grid.cellDegrees));
        const c = cellOf.get(row * grid.columns + column);
        if (c === undefined) continue;
        const value = data[(t * latitude.length + j) * longitude.length + i]!;
        const at = m * cells + c;
        field[at] = field[at]! + weight * (Number.isFinite(value) ? value : 0);
        weights[at] = weights[at]! + weight;
      }
    }
  }
  return Float32Array.from(field, (sum, at) =>
    weights[at] === 0 ? Number.NaN : sum / weights[at]!,
  );
}

async function readGrid(
  file: Dataset,
  variable: Variable,
  { name, unit, member }: { name: string; unit: FluxUnit; member?: number },
): Promise<FluxGrid> {
  const names = variable.dimensions.slice(-3);
  const [time, lat, lon] = names as [string, string, string];
  const latitude = await numbersOf(file, lat);
  const longitude = await numbersOf(file, lon);
  const times = await file.variable(time).readTimes();
  const first = variable.dimensions[0]!;
  const { data } = await variable.read(member === undefined ? {} : { [first]: member });
  const size = latitude.length * longitude.length;
  if (data.length !== times.data.length * size) {
    const wanted = `times, latitudes and longitudes (${times.data.length} × ${size})`;
    throw new DataError({ what: variable.name, wanted, got: variable.shape.join(" × ") });
  }
  const order = orderOf(latitude, longitude);
  const factor = FLUX_UNITS[unit];
  const width = longitude.length;
  const sorted = new Float32Array(data.length);
  for (let t = 0; t < times.data.length; t++) {
    for (const [j, row] of order.rows.entries()) {
      for (const [i, column] of order.columns.entries()) {
        sorted[t * size + j * width + i] = data[t * size + row * width + column]! * factor;
      }
    }
  }
  return {
    name,
    latitude: Float64Array.from(order.rows, (row) => latitude[row]!),
    longitude: Float64Array.from(order.columns, (column) => wrap(longitude[column]!)),
    months: Array.from(times.data, (t) => {
      const { year, month } = datePartsOf(t, times.calendar);
      return { year, month };
    }),
    data: sorted,
  };
}

/** Rows from south to north and columns from −180 to 180. */
function orderOf(latitude: Float64Array, longitude: Float64Array) {
  const rows = Array.from(latitude.keys()).sort((a, b) => latitude[a]! - latitude[b]!);
  const columns = Array.from(longitude.keys()).sort(
    (a, b) => wrap(longitude[a]!) - wrap(longitude[b]!),
  );
  return { rows, columns };
}

function wrap(longitude: number): number {
  return ((((longitude + 180) % 360) + 360) % 360) - 180;
}

async function memberNames(file: Dataset, count: number): Promise<string[]> {
  if (!has(file, "ensemble_member_name")) {
    return Array.from({ length: count }, (_, i) => `member ${i + 1}`);
  }
  const { data } = await file.variable("ensemble_member_name").readText();
  return data.map((name) => name.trim());
}

async function numbersOf(file: Dataset, name: string): Promise<Float64Array> {
  return Float64Array.from((await file.variable(name).read()).data);
}

function has(file: Dataset, name: string): boolean {
  try {
    file.variable(name);
    return true;
  } catch (error) {
    if (error instanceof MissingVariableError) return false;
    throw error;
  }
}

function firstOf(file: Dataset, names: readonly string[], path: string): Variable {
  const found = names.find((name) => has(file, name));
  if (found !== undefined) return file.variable(found);
  const wanted = `one of ${names.join(", ")}`;
  throw new MissingVariableError({ where: path, what: "flux", wanted, got: "none" });
}

async function withFile<T>(path: string, use: (file: Dataset) => Promise<T>): Promise<T> {
  const file = await open(path);
  try {
    return await use(file);
  } finally {
    file.close();
  }
}
