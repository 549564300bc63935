/** Opening a twin's file as an ocean that has no edge near its middle. */

import { ArgumentError, DataError } from "../core/index.js";
import { open } from "../io/index.js";
import type { CGrid } from "./grid.js";
import { type Face, type Field, makeField, type Ocean } from "./ocean.js";
import { openOcean } from "./open.js";

/** How to open a twin. */
export interface OpenTwinOptions {
  /**
   * cells by which the square is continued on each side; half of its cells by default, so that
   * whatever starts inside the square can move 512 km before it meets an edge
   */
  readonly margin?: number;
}

/**
 * Open a twin's file. The square of n × n cells is repeated around itself, which it continues
 * smoothly: traps anywhere in the square, and boxes around them, need no thought of its edge. The
 * square's own cells are rho points margin + 1 … margin + n; its positions are 0 … 1024 km.
 *
 * @throws {DataError} if the file does not say that it wraps around
 * @throws {ArgumentError} if the margin is no whole number of 0 or more
 */
export async function openTwin(path: string, options: OpenTwinOptions = {}): Promise<Ocean> {
  await checkPeriodic(path);
  const file = await openOcean(path, { omega: "continuity" });
  const n = file.grid.nx - 2;
  const margin = options.margin ?? n / 2;
  if (!Number.isInteger(margin) || margin < 0) {
    throw new ArgumentError({ what: "margin", wanted: "0 or more cells", got: `${margin}` });
  }
  const grid = continueGrid(file.grid, margin);
  const nz = file.vertical.sRho.length;
  const spread = <F extends Face>(field: Field<F>) => continueField(field, n, margin, grid, nz);
  return {
    ...file,
    kind: "twin",
    grid,
    async frame(index) {
      const { u, v, omega, zeta } = await file.frame(index);
      return { u: spread(u), v: spread(v), omega: spread(omega), zeta: spread(zeta) };
    },
    tracer: async (name, index) => spread(await file.tracer(name, index)),
  };
}

async function checkPeriodic(path: string): Promise<void> {
  const dataset = await open(path);
  const periodic = dataset.attributes.periodic;
  dataset.close();
  if (periodic === "xi eta") return;
  throw new DataError({
    where: path,
    what: "attribute periodic",
    wanted: '"xi eta", as the twin\'s files have',
    got: periodic === undefined ? "none" : `"${periodic}"`,
    remedy: "open it with openOcean",
  });
}

/** The cell of the file, 1 … n, that stands at a point of the continued grid. */
function cellOf(point: number, n: number, margin: number): number {
  return ((((point - margin - 1) % n) + n) % n) + 1;
}

function continueGrid(grid: CGrid, margin: number): CGrid {
  const nx = grid.nx + 2 * margin;
  const dx = 1 / grid.pm[0]!;
  const points = nx * nx;
  const constant = (value: number) => new Float64Array(points).fill(value);
  const along = (index: (o: number) => number) =>
    Float64Array.from({ length: points }, (_, o) => (index(o) - margin - 0.5) * dx);
  return {
    nx,
    ny: nx,
    pm: constant(grid.pm[0]!),
    pn: constant(grid.pn[0]!),
    h: constant(grid.h[0]!),
    mask: new Uint8Array(points).fill(1),
    f: constant(grid.f[0]!),
    positions: {
      kind: "metres",
      east: along((o) => o % nx),
      north: along((o) => Math.floor(o / nx)),
    },
  };
}

function continueField<F extends Face>(
  field: Field<F>,
  n: number,
  margin: number,
  grid: CGrid,
  nz: number,
): Field<F> {
  const out = makeField(field.face, grid, nz);
  const [rows, columns] = out.shape.slice(-2) as [number, number];
  const [fileRows, fileColumns] = field.shape.slice(-2) as [number, number];
  const levels = out.data.length / (rows * columns);
  const runs = runsOf(columns, n, margin);
  for (let k = 0; k < levels; k++) {
    for (let j = 0; j < rows; j++) {
      const read = (k * fileRows + cellOf(j, n, margin)) * fileColumns;
      const write = (k * rows + j) * columns;
      for (const { at, from, length } of runs) {
        out.data.set(field.data.subarray(read + from, read + from + length), write + at);
      }
    }
  }
  return out;
}

/** The stretches of a continued row that lie side by side in the file's row. */
function runsOf(columns: number, n: number, margin: number) {
  const starts = Array.from({ length: columns }, (_, i) => i).filter(
    (i) => i === 0 || cellOf(i, n, margin) === 1,
  );
  return starts.map((at, s) => ({
    at,
    from: cellOf(at, n, margin),
    length: (starts[s + 1] ?? columns) - at,
  }));
}
