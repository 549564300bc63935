/**
 * Real fields: the surface ocean of 1750 and 2010 (Jiang et al. 2023), January pCO2 (Takahashi et al.
 * 2009), and biomes others drew (RECCAP2, Fay & McKinley 2014). All are on 1° grids.
 *
 * The same layout takes model output: netCDF with the fields of `readMonth`, see docs/twins/biomes.md.
 */

import { ArgumentError, DataError } from "../core/index.js";
import { type Dataset, type OpenOptions, open } from "../io/index.js";
import { fugacityField } from "../ocean/index.js";
import type { OceanMonth } from "./month.js";
import type { TiledCells } from "./tile.js";

/** A month on cells of known place. */
export interface ObservedMonth extends OceanMonth {
  /** of each cell [°N] */
  readonly latitude: Float64Array;
  /** of each cell [°E] */
  readonly longitude: Float64Array;
  readonly salinity: Float64Array;
}

/**
 * Read the ocean of 1750 or 2010 (Jiang et al. 2023, as packed for PyOAE). fCO2 is not in the file: it
 * is computed from the four drivers, so that it holds no noise of its own.
 *
 * @param path of `Jiang_data_for_PyOAE.nc`
 */
export async function readJiang(path: string, year: 1750 | 2010): Promise<ObservedMonth> {
  return withDataset(path, async (file) => {
    const { latitude, longitude } = await readCells(file, "y", "x");
    const read = (name: string) => readField(file, `${name}_${year}`, ["y", "x"]);
    const dic = await read("dic");
    const alkalinity = await read("talk");
    const temperature = await read("temp");
    const salinity = await read("sal");
    const { fco2 } = fugacityField({ dic, alkalinity, temperature, salinity });
    return { latitude, longitude, temperature, salinity, dic, alkalinity, fco2 };
  });
}

/** Surface pCO2 of a month (Takahashi et al. 2009, as packed for FluxEngine). */
export interface ObservedPressure {
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
  /** [µatm], reference year 2000 */
  readonly pco2: Float64Array;
  /** [°C] */
  readonly temperature: Float64Array;
}

/** Read Takahashi's pCO2. The file's `standard_name`s are wrong for several variables; names are not. */
export async function readTakahashi(path: string): Promise<ObservedPressure> {
  return withDataset(path, async (file) => {
    const { latitude, longitude } = await readCells(file, "latitude", "longitude");
    const dimensions = ["time", "latitude", "longitude"];
    const pco2 = await readField(file, "pCO2_sw", dimensions);
    const temperature = await readField(file, "SST_t", dimensions);
    return { latitude, longitude, pco2, temperature };
  });
}

/** Biomes that somebody else drew. */
export interface BiomeMask {
  readonly latitude: Float64Array;
  readonly longitude: Float64Array;
  /** number of the biome of each cell; −1 where there is none */
  readonly labels: Int32Array;
  readonly names: readonly string[];
}

/** Kinds of biome of Fay & McKinley: ice, subpolar and subtropical seasonally stratified, subtropical permanently stratified, equatorial. */
export const BIOME_KINDS = ["ICE", "SPSS", "STSS", "STPS", "EQU"] as const;

/**
 * Read the open-ocean biomes of RECCAP2 as kinds of biome, all basins together.
 *
 * @param path of `RECCAP2_openocean_1deg.nc`
 */
export async function readReccap(path: string): Promise<BiomeMask> {
  return withDataset(path, async (file) => {
    const { latitude, longitude } = await readCells(file, "lat", "lon");
    const labels = new Int32Array(latitude.length).fill(-1);
    for (const basin of ["atlantic", "pacific", "indian", "arctic", "southern"]) {
      const codes = await readField(file, basin, ["lat", "lon"]);
      const kinds = kindsOf(String(file.variable(basin).attributes.region_names));
      for (const [i, code] of codes.entries()) labels[i] = kinds.get(code) ?? labels[i]!;
    }
    return { latitude, longitude, labels, names: BIOME_KINDS };
  });
}

/** Numbers of kinds from `1.NA SPSS, 2.NA STSS, …`; regions of no kind are left out. */
function kindsOf(regions: string): Map<number, number> {
  const kinds = new Map<number, number>();
  for (const region of regions.split(",")) {
    const [, code, name = ""] = /^\s*(\d+)\.(.*)$/.exec(region) ?? [];
    const kind = BIOME_KINDS.findIndex(
      (k) => name.includes(k) || (k === "EQU" && /EQU/.test(name)),
    );
    if (code !== undefined && kind >= 0) kinds.set(Number(code), kind);
  }
  return kinds;
}

/** Kind of each of Fay & McKinley's 17 biomes (their table 1). */
const FAY_KINDS = [
  "ICE",
  "SPSS",
  "STSS",
  "STPS",
  "EQU",
  "EQU",
  "STPS",
  "ICE",
  "SPSS",
  "STSS",
  "STPS",
  "EQU",
  "STPS",
  "STPS",
  "STSS",
  "SPSS",
  "ICE",
] as const;

/**
 * Read the mean biomes of Fay & McKinley as kinds. Copies that are cut off after the mean biomes are
 * read all the same; the time-varying ones in them cannot be.
 *
 * @param path of `Time_Varying_Biomes.nc`
 */
export async function readFayMcKinley(path: string): Promise<BiomeMask> {
  return withDataset(
    path,
    async (file) => {
      const { latitude, longitude } = await readCells(file, "lat", "lon");
      const biomes = await readField(file, "MeanBiomes", ["lon", "lat"]);
      const rows = file.variable("lat").shape[0]!;
      const columns = file.variable("lon").shape[0]!;
      const labels = new Int32Array(rows * columns).fill(-1);
      for (let i = 0; i < columns; i++) {
        for (let j = 0; j < rows; j++) {
          const kind = FAY_KINDS[biomes[i * rows + j]! - 1];
          if (kind !== undefined) labels[j * columns + i] = BIOME_KINDS.indexOf(kind);
        }
      }
      return { latitude, longitude, labels, names: BIOME_KINDS };
    },
    { truncated: "open" },
  );
}

/** The biome that most cells of each tile have, of those that have one; −1 where none has. */
export function maskOfTiles(tiles: TiledCells, labels: ArrayLike<number>): Int32Array {
  return Int32Array.from({ length: tiles.starts.length - 1 }, (_, tile) => {
    const counts = new Map<number, number>();
    for (let at = tiles.starts[tile]!; at < tiles.starts[tile + 1]!; at++) {
      const label = labels[tiles.cells[at]!]!;
      if (label >= 0) counts.set(label, (counts.get(label) ?? 0) + 1);
    }
    let best = -1;
    for (const [label, count] of [...counts].sort(([a], [b]) => a - b)) {
      if (best < 0 || count > counts.get(best)!) best = label;
    }
    return best;
  });
}

async function withDataset<T>(
  path: string,
  read: (file: Dataset) => Promise<T>,
  options: OpenOptions = {},
): Promise<T> {
  const file = await open(path, options);
  try {
    return await read(file);
  } finally {
    file.close();
  }
}

/** Place of every cell of a regular grid, rows of latitude. */
async function readCells(file: Dataset, latitudeName: string, longitudeName: string) {
  const rows = (await file.variable(latitudeName).read()).data;
  const columns = (await file.variable(longitudeName).read()).data;
  const n = rows.length * columns.length;
  return {
    latitude: Float64Array.from({ length: n }, (_, i) => rows[Math.floor(i / columns.length)]!),
    longitude: Float64Array.from({ length: n }, (_, i) => columns[i % columns.length]!),
  };
}

async function readField(
  file: Dataset,
  name: string,
  dimensions: readonly string[],
): Promise<Float64Array> {
  const variable = file.variable(name);
  if (variable.dimensions.join() !== dimensions.join()) {
    throw new DataError({
      where: `${file.path}:${name}`,
      what: "dimensions",
      wanted: dimensions.join(", "),
      got: variable.dimensions.join(", "),
    });
  }
  return Float64Array.from((await variable.read()).data);
}

/** Names of the fields of a month in a model's file, and how they are found. */
export const MODEL_FIELDS = {
  temperature: "temperature",
  dic: "dic",
  alkalinity: "alkalinity",
  fco2: "fco2",
  salinity: "salinity",
} as const;

/**
 * Read a month of model output: variables `temperature` [degC], `dic` and `alkalinity` [umol kg-1],
 * `fco2` [uatm] and `salinity` on (time, y, x), with `latitude` and `longitude` on (y, x).
 *
 * @param month index along time
 * @throws {ArgumentError}        if the file has no such month
 * @throws {MissingVariableError} if it lacks a field
 * @throws {DataError}            if `dic` or `alkalinity` is per volume by its units
 */
export async function readMonth(path: string, month: number): Promise<ObservedMonth> {
  return withDataset(path, async (file) => {
    const months = file.variable(MODEL_FIELDS.dic).shape[0]!;
    if (!(Number.isInteger(month) && month >= 0 && month < months)) {
      throw new ArgumentError({ what: "month", wanted: `0 to ${months - 1}`, got: String(month) });
    }
    for (const name of [MODEL_FIELDS.dic, MODEL_FIELDS.alkalinity]) refuseVolume(file, name);
    const at = async (name: string, selection?: { time: number }) =>
      Float64Array.from((await file.variable(name).read(selection)).data);
    return {
      latitude: await at("latitude"),
      longitude: await at("longitude"),
      temperature: await at(MODEL_FIELDS.temperature, { time: month }),
      dic: await at(MODEL_FIELDS.dic, { time: month }),
      alkalinity: await at(MODEL_FIELDS.alkalinity, { time: month }),
      fco2: await at(MODEL_FIELDS.fco2, { time: month }),
      salinity: await at(MODEL_FIELDS.salinity, { time: month }),
    };
  });
}

/** mmol m⁻³ and µmol kg⁻¹ differ by 2.5 %, too little for the numbers to tell: the units must. */
function refuseVolume(file: Dataset, name: string): void {
  const got = String(file.variable(name).attributes.units ?? "");
  if (!/m\s*(?:\^|\*\*)?\s*(?:-\s*)?3|m⁻³/.test(got)) return;
  throw new DataError({
    where: `${file.path}:${name}`,
    what: "units",
    wanted: "umol kg-1",
    got,
    remedy: "divide by the density of seawater, about 1.025 kg per litre",
  });
}
