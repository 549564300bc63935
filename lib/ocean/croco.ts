/**
 * Reading the grid and the vertical coordinate of ROMS and CROCO files, whose names differ from
 * model to model and from year to year: `Cs_r`/`Cs_rho`, `s_w`/`sc_w`, `ocean_time`/`time`/
 * `scrum_time`, parameters as variables or as attributes, metres or degrees.
 */

import { coriolis, DataError, formatTime, MissingVariableError } from "../core/index.js";
import type { Dataset, Variable } from "../io/index.js";
import type { CGrid, Positions } from "./grid.js";
import { makeVertical, type Stretching, type VerticalCoordinate } from "./vertical.js";

/** A time axis. */
export interface TimeAxis {
  /** [s], increasing */
  readonly times: Float64Array;
  readonly origin: "1970" | "run";
  /** name of its variable */
  readonly name: string;
}

const SECONDS: Readonly<Record<string, number>> = {
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86400,
};

/**
 * Read the C-grid of a file.
 *
 * @throws {MissingVariableError} if h, pm or pn is not there
 * @throws {DataError} if a value in water is not a number
 */
export async function readGrid(dataset: Dataset, where: string): Promise<CGrid> {
  const h = await readAll(dataset.variable("h"));
  const [ny, nx] = dataset.variable("h").shape.slice(-2) as [number, number];
  const pm = await readAll(dataset.variable("pm"));
  const pn = await readAll(dataset.variable("pn"));
  const rho = await readOptional(dataset, "mask_rho");
  const mask = Uint8Array.from(h, (_, o) => (rho === undefined || rho[o]! > 0.5 ? 1 : 0));
  for (const [name, values] of Object.entries({ h, pm, pn })) {
    for (let o = 0; o < mask.length; o++) {
      if (Number.isFinite(values[o]!)) continue;
      if (mask[o] === 1) throw notANumber(where, name, [Math.floor(o / nx), o % nx]);
      values[o] = name === "h" ? 1 : 1e-3; // dry cells: any number that is finite
    }
  }
  const positions = await readPositions(dataset, pm, pn, nx);
  const f = (await readOptional(dataset, "f")) ?? coriolisOf(positions);
  return { nx, ny, h, pm, pn, mask, f, positions };
}

/**
 * Read the vertical coordinate of a file. Where the stretching curves are absent or unreadable they
 * are computed from theta_s, theta_b and Vstretching.
 *
 * @param nz number of layers
 * @throws {MissingVariableError} if neither curves nor parameters are there
 * @throws {DataError} if the file holds a part of its levels only
 */
export async function readVertical(
  dataset: Dataset,
  nz: number,
  where: string,
): Promise<VerticalCoordinate> {
  const transform = await readTransform(dataset, where);
  const hc = await readNumber(dataset, ["hc", "Tcline"]);
  if (hc === undefined) throw missing("hc", where, "critical depth");
  const csW = await readCurve(dataset, ["Cs_w"]);
  const csRho = await readCurve(dataset, ["Cs_r", "Cs_rho"]);
  if (csW === undefined || csRho === undefined) {
    return makeVertical(nz, transform, hc, await readStretching(dataset, transform, where));
  }
  const even = makeVertical(nz, transform, hc, { kind: 1, thetaS: 0, thetaB: 0 });
  const sW = (await readCurve(dataset, ["s_w", "sc_w"])) ?? even.sW;
  const sRho = (await readCurve(dataset, ["s_rho", "sc_r"])) ?? even.sRho;
  if (csW.length !== nz + 1 || sW.length !== nz + 1) {
    throw new DataError({
      where,
      what: "vertical levels",
      wanted: `${csW.length - 1} layers, as Cs_w has`,
      got: `${nz} layers of u`,
      remedy: "take a file that holds every level",
    });
  }
  return { transform, hc, sW, csW, sRho, csRho };
}

/**
 * Read the time axis of a field.
 *
 * @throws {DataError} if times are missing or do not increase
 */
export async function readTimes(
  dataset: Dataset,
  field: Variable,
  where: string,
): Promise<TimeAxis> {
  const dimension = field.dimensions[0]!;
  const name = [dimension, "ocean_time", "scrum_time", "time", "time_counter"].find((candidate) =>
    dataset.variables.has(candidate),
  );
  if (name === undefined) throw missing(dimension, where, "time axis");
  const variable = dataset.variable(name);
  const dated = / since /.test(variable.units);
  const times = dated ? (await variable.readTimes()).data : await readRunTimes(variable);
  for (let n = 0; n < times.length; n++) {
    if (Number.isFinite(times[n]) && (n === 0 || times[n]! > times[n - 1]!)) continue;
    throw new DataError({
      where: `${where}, ${name}[${n}]`,
      what: "time axis",
      wanted: n === 0 ? "a time" : `a time after ${formatTime(times[n - 1]!)}`,
      got: Number.isFinite(times[n]) ? formatTime(times[n]!) : "no number",
      remedy: "sort the records by time and drop repeated ones",
    });
  }
  return { times, origin: dated ? "1970" : "run", name };
}

/** A number that is missing in water. */
export function notANumber(where: string, name: string, index: readonly number[]): DataError {
  return new DataError({
    where: `${where}, ${name}[${index.join(", ")}]`,
    what: name,
    wanted: "a number in water",
    got: "a missing value",
    remedy: "check mask_rho and the file's fill values",
  });
}

/** Read a whole variable as float64. */
export async function readAll(variable: Variable): Promise<Float64Array> {
  return Float64Array.from((await variable.read()).data);
}

/** Seconds since the start of a run, from units such as `second` or `days`. */
async function readRunTimes(variable: Variable): Promise<Float64Array> {
  const word = variable.units.trim().toLowerCase().replace(/s$/, "");
  const seconds = SECONDS[word] ?? 1;
  return (await readAll(variable)).map((value) => value * seconds);
}

async function readOptional(dataset: Dataset, name: string): Promise<Float64Array | undefined> {
  return dataset.variables.has(name) ? readAll(dataset.variable(name)) : undefined;
}

async function readNumber(dataset: Dataset, names: readonly string[]): Promise<number | undefined> {
  for (const name of names) {
    const values = await readOptional(dataset, name);
    if (values?.length === 1 && Number.isFinite(values[0])) return values[0];
    const attribute = Number(dataset.attributes[name] ?? Number.NaN);
    if (Number.isFinite(attribute)) return attribute;
  }
  return undefined;
}

/** A curve from a variable or, in older CROCO files, from a global attribute. */
async function readCurve(
  dataset: Dataset,
  names: readonly string[],
): Promise<Float64Array | undefined> {
  for (const name of names) {
    const values = await readOptional(dataset, name);
    if (values?.every(Number.isFinite)) return values;
    const attribute = dataset.attributes[name];
    if (typeof attribute === "object" && attribute !== null && "length" in attribute) {
      return Float64Array.from(attribute as ArrayLike<number>);
    }
  }
  return undefined;
}

async function readTransform(dataset: Dataset, where: string): Promise<1 | 2> {
  const value = await readNumber(dataset, ["Vtransform"]);
  if (value === 1 || value === 2) return value;
  if (value !== undefined) {
    throw new DataError({ where, what: "Vtransform", wanted: "1 or 2", got: `${value}` });
  }
  const level = ["s_rho", "sc_r"].find((name) => dataset.variables.has(name));
  const standard = level === undefined ? "" : dataset.variable(level).attributes.standard_name;
  if (standard === "ocean_s_coordinate_g2") return 2;
  if (dataset.attributes.VertCoordType === "NEW") return 2;
  return 1; // CROCO before 2014 wrote nothing
}

async function readStretching(
  dataset: Dataset,
  transform: 1 | 2,
  where: string,
): Promise<Stretching> {
  const thetaS = await readNumber(dataset, ["theta_s"]);
  const thetaB = await readNumber(dataset, ["theta_b"]);
  if (thetaS === undefined || thetaB === undefined) {
    throw missing("Cs_r, Cs_w", where, "stretching curves, or theta_s and theta_b");
  }
  const kind = (await readNumber(dataset, ["Vstretching"])) ?? (transform === 1 ? 1 : 4);
  return { kind: kind as Stretching["kind"], thetaS, thetaB };
}

async function readPositions(
  dataset: Dataset,
  pm: Float64Array,
  pn: Float64Array,
  nx: number,
): Promise<Positions> {
  const pairs = [
    ["degrees", "lon_rho", "lat_rho"],
    ["metres", "x_rho", "y_rho"],
  ] as const;
  for (const [kind, eastName, northName] of pairs) {
    const east = await readOptional(dataset, eastName);
    const north = await readOptional(dataset, northName);
    const varies = east?.some((value) => value !== east[0]) ?? false;
    if (varies && east !== undefined && north !== undefined) return { kind, east, north };
  }
  return { kind: "metres", ...metresOf(pm, pn, nx) };
}

/** Distances from the first rho point, from the cells' sizes. */
function metresOf(pm: Float64Array, pn: Float64Array, nx: number) {
  const east = new Float64Array(pm.length);
  const north = new Float64Array(pm.length);
  for (let o = 0; o < pm.length; o++) {
    if (o % nx > 0) east[o] = east[o - 1]! + 2 / (pm[o]! + pm[o - 1]!);
    if (o >= nx) north[o] = north[o - nx]! + 2 / (pn[o]! + pn[o - nx]!);
  }
  return { east, north };
}

function coriolisOf(positions: Positions): Float64Array {
  return positions.kind === "degrees"
    ? positions.north.map(coriolis)
    : new Float64Array(positions.north.length);
}

function missing(what: string, where: string, wanted: string): MissingVariableError {
  return new MissingVariableError({
    what,
    wanted,
    where,
    got: "no such variable or attribute",
    remedy: "take a history or average file, or give its grid file",
  });
}
