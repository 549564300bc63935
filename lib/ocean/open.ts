/** Opening ROMS and CROCO output as an ocean. */

import { ArgumentError, DataError, formatTime } from "../core/index.js";
import { type Dataset, open } from "../io/index.js";
import { omegaFromContinuity } from "./continuity.js";
import { notANumber, readGrid, readTimes, readVertical, type TimeAxis } from "./croco.js";
import type { CGrid } from "./grid.js";
import { type Face, type Field, type Frame, makeField, type Ocean } from "./ocean.js";
import type { VerticalCoordinate } from "./vertical.js";

/** How to open an ocean. */
export interface OpenOceanOptions {
  /** a grid file with h, pm, pn, masks and positions, where the output has none */
  readonly grid?: string;
  /** take ω from the file where it is there (default), or always from continuity */
  readonly omega?: "file" | "continuity";
  /**
   * records that are missing from an otherwise even time axis: refuse them (default), or bridge
   * them by linear interpolation between their neighbours
   */
  readonly gaps?: "refuse" | "bridge";
  /** a name for labels; the file's title by default */
  readonly name?: string;
}

/** One of the files that make up the time axis. */
interface Part {
  readonly path: string;
  readonly dataset: Dataset;
  /** number of its first instant among all */
  readonly first: number;
  /** how many instants it holds */
  readonly count: number;
}

interface Source {
  readonly parts: readonly Part[];
  readonly grid: CGrid;
  readonly vertical: VerticalCoordinate;
  readonly omega: "file" | "continuity";
}

/**
 * Open a ROMS or CROCO file as an ocean on its native C-grid. Frames are read when asked for.
 *
 * u and v may have been cut to the shape of rho points (by `ncks`); their surplus column or row is
 * then outside the grid and dropped.
 *
 * @param paths one netCDF file, or several that follow each other in time, with u, v, zeta (or
 *   ζ = 0), h, pm, pn and a terrain-following coordinate; grid and coordinate come from the first
 * @throws {MissingVariableError} if a variable that is needed is not there
 * @throws {DataError} if a file is no ROMS or CROCO output, its times do not increase or leave one
 *   out, or water holds missing values
 */
export async function openOcean(
  paths: string | readonly string[],
  options: OpenOceanOptions = {},
): Promise<Ocean> {
  const list = typeof paths === "string" ? [paths] : paths;
  const datasets = await Promise.all(list.map((path) => open(path)));
  const [path, dataset] = [list[0], datasets[0]];
  if (path === undefined || dataset === undefined) {
    throw new ArgumentError({ what: "paths", wanted: "1 or more files", got: "none" });
  }
  const gridDataset = options.grid === undefined ? dataset : await open(options.grid);
  const u = dataset.variable("u");
  dataset.variable("v");
  if (u.shape.length !== 4) {
    throw new DataError({
      where: path,
      what: "u",
      wanted: "dimensions time, level, y, x",
      got: u.dimensions.join(", "),
      remedy: "openOcean reads ROMS and CROCO output",
    });
  }
  const grid = await readGrid(gridDataset, options.grid ?? path);
  const vertical = await readVertical(dataset, u.shape[1]!, path);
  const axes = await Promise.all(
    datasets.map((part, n) => readTimes(part, part.variable("u"), list[n]!)),
  );
  const times = joinTimes(axes, list);
  if (options.gaps !== "bridge") checkSpacing(times, axes, list);
  const omega = dataset.variables.has("omega") ? (options.omega ?? "file") : "continuity";
  const starts = axes.map((_, n) => axes.slice(0, n).reduce((sum, a) => sum + a.times.length, 0));
  const parts = list.map((path, n) => {
    return { path, dataset: datasets[n]!, first: starts[n]!, count: axes[n]!.times.length };
  });
  const source: Source = { parts, grid, vertical, omega };
  return {
    name: options.name ?? String(dataset.attributes.title ?? path).trim(),
    kind: "model output",
    grid,
    vertical,
    times,
    timeOrigin: axes[0]!.origin,
    frame: (index) => readFrame(source, index),
    tracer: (name, index) => readField(source, name, "rho", index),
    close() {
      for (const part of new Set([...datasets, gridDataset])) part.close();
    },
  };
}

/** One time axis from those of several files; each must begin after the one before has ended. */
function joinTimes(axes: readonly TimeAxis[], paths: readonly string[]): Float64Array {
  const times = Float64Array.from(axes.flatMap((axis) => [...axis.times]));
  for (const [n, axis] of axes.entries()) {
    const before = axes[n - 1]?.times.at(-1) ?? Number.NEGATIVE_INFINITY;
    if (axis.times[0]! > before) continue;
    throw new DataError({
      where: paths[n]!,
      what: "first time",
      wanted: `a time after ${formatTime(before)}, the last of ${paths[n - 1]}`,
      got: formatTime(axis.times[0]!),
      remedy: "give the files in the order of time, without overlap",
    });
  }
  return times;
}

/** Refuse an even axis with a hole: an interval that is a multiple of the usual one. */
function checkSpacing(
  times: Float64Array,
  axes: readonly TimeAxis[],
  paths: readonly string[],
): void {
  const intervals = times.subarray(1).map((time, n) => time - times[n]!);
  const usual = intervals.slice().sort()[Math.floor(intervals.length / 2)]!;
  const equals = (value: number, wanted: number) => Math.abs(value - wanted) < 1e-3 * usual;
  if (intervals.filter((interval) => equals(interval, usual)).length <= intervals.length / 2)
    return;
  const hole = intervals.findIndex((interval) => {
    const count = Math.round(interval / usual);
    return count > 1 && equals(interval, count * usual);
  });
  if (hole < 0) return;
  let [file, index] = [0, hole + 1];
  while (index >= axes[file]!.times.length) index -= axes[file++]!.times.length;
  throw new DataError({
    where: `${paths[file]}, ${axes[file]!.name}[${index}]`,
    what: "time axis",
    wanted: `a record at ${formatTime(times[hole]! + usual)}, as the others are ${usual} s apart`,
    got: formatTime(times[hole + 1]!),
    remedy: 'add the missing record, or open with gaps: "bridge"',
  });
}

async function readFrame(source: Source, index: number): Promise<Frame> {
  const u = await readField(source, "u", "u", index);
  const v = await readField(source, "v", "v", index);
  const zeta = source.parts[0]!.dataset.variables.has("zeta")
    ? await readField(source, "zeta", "surface", index)
    : makeField("surface", source.grid, source.vertical.sRho.length);
  const omega =
    source.omega === "file"
      ? await readField(source, "omega", "w", index)
      : omegaFromContinuity(source.grid, source.vertical, u, v, zeta);
  return { u, v, omega, zeta };
}

/** Read one instant of a variable, drop what lies outside the grid, put 0 on land. */
async function readField<F extends Face>(
  source: Source,
  name: string,
  face: F,
  index: number,
): Promise<Field<F>> {
  const part = source.parts.findLast(({ first }) => first <= index)!;
  const at = index - part.first;
  const variable = part.dataset.variable(name);
  const [dimension, length] = [variable.dimensions[0]!, variable.shape[0]!];
  if (length !== part.count) {
    throw new DataError({
      where: `${part.path}, ${name}`,
      what: `length of "${dimension}"`,
      wanted: `${part.count} times, as u has`,
      got: `${length}`,
      remedy: "take a file in which every field has every time",
    });
  }
  const { data, shape } = await variable.read({ [dimension]: at });
  const field = makeField(face, source.grid, source.vertical.sRho.length);
  const [ny, nx] = field.shape.slice(-2) as [number, number];
  const [rows, columns] = shape.slice(-2) as [number, number];
  const layers = field.data.length / (nx * ny);
  const surplus = (got: number, wanted: number) => got === wanted || got === wanted + 1;
  if (data.length !== layers * rows * columns || !surplus(rows, ny) || !surplus(columns, nx)) {
    throw new DataError({
      where: `${part.path}, ${name}`,
      what: "shape",
      wanted: `(${field.shape.join(", ")}), as the grid's h has it`,
      got: `(${shape.join(", ")})`,
    });
  }
  for (let k = 0; k < layers; k++) {
    for (let j = 0; j < ny; j++) {
      for (let i = 0; i < nx; i++) {
        if (!isWet(source.grid, face, i, j)) continue;
        const value = data[(k * rows + j) * columns + i]!;
        if (Number.isNaN(value)) throw notANumber(part.path, name, [at, k, j, i]);
        field.data[(k * ny + j) * nx + i] = value;
      }
    }
  }
  return field;
}

/** Whether both cells of a face, or the cell of a centre, are water. */
function isWet(grid: CGrid, face: Face, i: number, j: number): boolean {
  const o = j * grid.nx + i;
  if (grid.mask[o] === 0) return false;
  if (face === "u") return grid.mask[o + 1] === 1;
  if (face === "v") return grid.mask[o + grid.nx] === 1;
  return true;
}
