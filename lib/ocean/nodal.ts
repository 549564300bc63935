/**
 * Opening velocities that are given at the nodes of a flat mesh (an A-grid), u in one file and v in
 * another, as NEMO-like test data sets have them. They are averaged to the faces of a C-grid, which
 * is exact where they are linear along the axes.
 */

import { DataError, shapeError } from "../core/index.js";
import { type Dataset, open } from "../io/index.js";
import { notANumber, readAll } from "./croco.js";
import type { CGrid } from "./grid.js";
import { type Field, makeField, type Ocean } from "./ocean.js";
import { verticalOfHeights } from "./vertical.js";

/** Names in nodal files. */
export interface NodalOptions {
  readonly u?: string;
  readonly v?: string;
  readonly time?: string;
  /** depth of the one layer [m]; 100 by default */
  readonly depth?: number;
}

/**
 * Open a nodal data set in metres with one level.
 *
 * @param uPath file with u(time, level, y, x), and nodes `x`, `y` [m] and `time_counter` [s]
 * @param vPath file with v, on the same nodes
 * @throws {MissingVariableError} if a variable is not there
 * @throws {DataError} if the nodes are no even mesh or a velocity is missing
 * @throws {ShapeError} if u and v differ in shape
 */
export async function openNodalOcean(
  uPath: string,
  vPath: string,
  options: NodalOptions = {},
): Promise<Ocean> {
  const { u = "vozocrtx", v = "vomecrty", time = "time_counter", depth = 100 } = options;
  const [uFile, vFile] = [await open(uPath), await open(vPath)];
  const shape = uFile.variable(u).shape;
  if (shape.join() !== vFile.variable(v).shape.join()) {
    throw shapeError(v, shape, vFile.variable(v).shape, "u and v must lie on the same nodes");
  }
  const grid = await readNodes(uFile, uPath, depth);
  const times = await readAll(uFile.variable(time));
  const vertical = verticalOfHeights([-depth, 0]);
  return {
    name: String(uFile.attributes.title ?? uPath),
    kind: "model output",
    grid,
    vertical,
    times,
    timeOrigin: "run",
    async frame(index) {
      const zeta = makeField("surface", grid, 1);
      const omega = makeField("w", grid, 1);
      const along = await readFace(uFile, u, "u", grid, index);
      return { u: along, v: await readFace(vFile, v, "v", grid, index), omega, zeta };
    },
    async tracer(name) {
      throw new DataError({ what: name, where: uPath, wanted: "a tracer", got: "velocity only" });
    },
    close() {
      uFile.close();
      vFile.close();
    },
  };
}

/** The C-grid whose rho points are the nodes, with a rim of one more point all round. */
async function readNodes(file: Dataset, where: string, depth: number): Promise<CGrid> {
  const x = await readAll(file.variable("x"));
  const y = await readAll(file.variable("y"));
  const [dx, dy] = [spacing(x, "x", where), spacing(y, "y", where)];
  const [nx, ny] = [x.length + 2, y.length + 2];
  const fill = (value: number) => new Float64Array(nx * ny).fill(value);
  const east = fill(0).map((_, o) => x[0]! + ((o % nx) - 1) * dx);
  const north = fill(0).map((_, o) => y[0]! + (Math.floor(o / nx) - 1) * dy);
  return {
    nx,
    ny,
    pm: fill(1 / dx),
    pn: fill(1 / dy),
    h: fill(depth),
    mask: new Uint8Array(nx * ny).fill(1),
    f: fill(0),
    positions: { kind: "metres", east, north },
  };
}

function spacing(nodes: Float64Array, name: string, where: string): number {
  const step = (nodes.at(-1)! - nodes[0]!) / (nodes.length - 1);
  const even = nodes.every((x, n) => Math.abs(x - nodes[0]! - n * step) < 1e-3 * step);
  if (step > 0 && even) return step;
  const got = Array.from(nodes.slice(0, 4)).join(", ");
  throw new DataError({ where, what: name, wanted: "evenly spaced nodes", got });
}

async function readFace<F extends "u" | "v">(
  file: Dataset,
  name: string,
  face: F,
  grid: CGrid,
  index: number,
): Promise<Field<F>> {
  const variable = file.variable(name);
  const { data } = await variable.read({ [variable.dimensions[0]!]: index });
  const [columns, rows] = [grid.nx - 2, grid.ny - 2];
  const field = makeField(face, grid, 1);
  const [ny, nx] = field.shape.slice(-2) as [number, number];
  const node = (i: number, j: number): number => {
    const [column, row] = [clamp(i - 1, columns - 1), clamp(j - 1, rows - 1)];
    const value = data[row * columns + column]!;
    if (Number.isNaN(value)) throw notANumber(file.path, name, [index, 0, row, column]);
    return value;
  };
  for (let j = 0; j < ny; j++) {
    for (let i = 0; i < nx; i++) {
      const next = face === "u" ? node(i + 1, j) : node(i, j + 1);
      field.data[j * nx + i] = (node(i, j) + next) / 2;
    }
  }
  return field;
}

function clamp(index: number, last: number): number {
  return Math.min(Math.max(index, 0), last);
}
