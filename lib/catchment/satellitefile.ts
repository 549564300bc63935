/** Files of satellite maps: DUACS' sea level, OSTIA's temperature and their like. */

import { ArgumentError, DataError } from "../core/index.js";
import { type Dataset, open, type Variable } from "../io/index.js";
import { type PixelRange, pixelsAround, type SatelliteMaps, type TrapBox } from "./satellitemap.js";

/**
 * Read maps such as DUACS' `adt` or OSTIA's `analysed_sst` (kelvin become °C). Rows that a file
 * stores from north to south are turned round.
 *
 * @param around read only the pixels that a box needs, so that a year of global maps fits
 * @param dates  of many dates, read only these: number of the first and of the one after the last
 * @throws {MissingVariableError} if the file has no such quantity
 * @throws {DataError} if it names no longitudes and latitudes: positions are never guessed
 * @throws {ArgumentError} if the box lies off the map
 */
export async function readSatelliteMaps(
  path: string,
  quantity: string,
  around?: TrapBox,
  dates?: readonly [first: number, end: number],
): Promise<SatelliteMaps> {
  const file = await open(path);
  try {
    const variable = file.variable(quantity);
    const stored = await axisOf(file, ["latitude", "lat"], path);
    const order = stored[0]! > stored.at(-1)! ? "north first" : "south first";
    const axes = {
      longitude: await axisOf(file, ["longitude", "lon"], path),
      latitude: order === "north first" ? stored.toReversed() : stored,
    };
    const [width, height] = [axes.longitude.length, axes.latitude.length];
    const [rows, columns] = variable.shape.slice(-2);
    if (rows !== height || columns !== width) throw unshaped(path, variable);
    const part = around === undefined ? wholeOf(axes) : pixelsAround(axes, around);
    if (part.x.length === 0 || part.y.length === 0) throw offMap(path, axes, around!);
    const data = await readPart(variable, part, { width, height, order, dates });
    const kelvin = variable.units === "kelvin" || variable.units === "K";
    const celsius = kelvin && !quantity.includes("anom");
    const values = celsius ? data.map((value) => value - 273.15) : data;
    const times = file.variables.has("time")
      ? (await file.variable("time").readTimes()).data
      : new Float64Array(0);
    const units = celsius ? "°C" : variable.units;
    const kept = dates === undefined ? times : times.slice(...dates);
    return { quantity, units, longitude: part.x, latitude: part.y, times: kept, values };
  } finally {
    file.close();
  }
}

/**
 * Read the maps of several files around a box, in one row by date.
 *
 * @throws as `readSatelliteMaps` and `joinSatelliteMaps`
 */
export async function readSatelliteFiles(
  files: readonly string[],
  quantity: string,
  around: TrapBox,
): Promise<SatelliteMaps> {
  const parts = [];
  for (const file of files) parts.push(await readSatelliteMaps(file, quantity, around));
  return joinSatelliteMaps(parts);
}

/**
 * Put the maps of several files in one row, by date: a day or a year a file, as they are published.
 *
 * @throws {ArgumentError} if there is none
 * @throws {DataError} if they are not of one grid, or one of several has no date
 */
export function joinSatelliteMaps(parts: readonly SatelliteMaps[]): SatelliteMaps {
  const [first] = parts;
  if (first === undefined) throw new ArgumentError({ what: "maps", wanted: "some", got: "none" });
  if (parts.length === 1) return first;
  const { longitude, latitude, quantity } = first;
  const size = longitude.length * latitude.length;
  const maps = parts.flatMap((part) => {
    const same = sameAxis(part.longitude, longitude) && sameAxis(part.latitude, latitude);
    const wanted = "maps of one grid with dates";
    const got = same ? "one without a date" : "another grid";
    if (!same || part.times.length === 0) throw new DataError({ what: quantity, wanted, got });
    return Array.from(part.times, (time, k) => ({
      time,
      values: part.values.subarray(k * size, (k + 1) * size),
    }));
  });
  maps.sort((a, b) => a.time - b.time);
  const values = new Float32Array(maps.length * size);
  for (const [k, map] of maps.entries()) values.set(map.values, k * size);
  return { ...first, times: Float64Array.from(maps, ({ time }) => time), values };
}

function sameAxis(a: Float64Array, b: Float64Array): boolean {
  return a.length === b.length && a.every((value, k) => value === b[k]);
}

type Axes = Pick<SatelliteMaps, "longitude" | "latitude">;

function wholeOf({ longitude, latitude }: Axes): PixelRange {
  return {
    columns: [0, longitude.length],
    rows: [0, latitude.length],
    x: longitude,
    y: latitude,
  };
}

interface Storage {
  readonly width: number;
  readonly height: number;
  readonly order: "north first" | "south first";
  readonly dates: readonly [number, number] | undefined;
}

/** Dates of some pixels, shape (dates, rows, columns); across the seam in two pieces. */
async function readPart(
  variable: Variable,
  { columns: [from, to], rows, x }: PixelRange,
  { width, height, order, dates }: Storage,
): Promise<Float32Array> {
  const [row, column] = variable.dimensions.slice(-2) as [string, string];
  const turn = Math.floor(from / width) * width;
  const [start, stop] = [from - turn, to - turn];
  const [south, north] = rows;
  const lines = order === "south first" ? rows : ([height - north, height - south] as const);
  const pieces =
    stop <= width
      ? [[start, stop] as const]
      : [[start, width] as const, [0, stop - width] as const];
  const perMap = north - south;
  const some = dates === undefined ? {} : { [variable.dimensions[0]!]: dates };
  const place = (line: number) =>
    order === "south first" ? line : line - (line % perMap) + perMap - 1 - (line % perMap);
  let values = new Float32Array(0);
  let offset = 0;
  for (const [a, b] of pieces) {
    const { data } = await variable.read({ ...some, [row]: lines, [column]: [a, b] });
    const count = data.length / (b - a);
    if (offset === 0) values = new Float32Array(count * x.length);
    for (let line = 0; line < count; line++) {
      values.set(
        data.subarray(line * (b - a), (line + 1) * (b - a)),
        place(line) * x.length + offset,
      );
    }
    offset += b - a;
  }
  return values;
}

async function axisOf(
  file: Dataset,
  names: readonly string[],
  path: string,
): Promise<Float64Array> {
  const name = names.find((candidate) => file.variables.has(candidate));
  if (name !== undefined) return Float64Array.from((await file.variable(name).read()).data);
  throw new DataError({
    where: path,
    what: "positions",
    wanted: `a variable ${names.join(" or ")}`,
    got: [...file.variables.keys()].join(", "),
    remedy: "take a file that says where its pixels lie",
  });
}

function unshaped(where: string, { name, dimensions }: Variable): DataError {
  const wanted = "dimensions (time, latitude, longitude)";
  return new DataError({ where, what: name, wanted, got: dimensions.join(", ") });
}

function offMap(where: string, { longitude, latitude }: Axes, box: TrapBox): ArgumentError {
  const span = (axis: Float64Array) => `${axis[0]!.toFixed(1)} to ${axis.at(-1)!.toFixed(1)}`;
  return new ArgumentError({
    where,
    what: `the box around ${box.latitude} °N, ${box.longitude} °E`,
    wanted: "inside the map",
    got: `a map of ${span(latitude)} °N, ${span(longitude)} °E`,
    remedy: "take maps that cover the trap and 400 km around it",
  });
}
