/**
 * Sparse observation operators y = H · NEE + b: what an inversion, a region or a tall tower sees of
 * the pixels. A bridge, a sum over a region and a user's footprint matrix are all such operators,
 * and any of them can be put into the training graph.
 */

import { ArgumentError, DataError, MissingVariableError, shapeError } from "../core/index.js";
import { open } from "../io/index.js";
import type { LandGrid } from "./grid.js";
import { REGIONS } from "./region.js";

/** A sparse matrix of observations by pixels, with an offset for each observation. */
export interface Operator {
  /** name of each row */
  readonly names: readonly string[];
  readonly cells: number;
  /** row and cell of each entry */
  readonly rowOf: Int32Array;
  readonly cellOf: Int32Array;
  /** [y per gC m⁻² of a month] */
  readonly weight: Float64Array;
  /** b of each row [y] */
  readonly offset: Float64Array;
}

/** One row of an operator. */
export interface OperatorRow {
  readonly name: string;
  readonly cells: ArrayLike<number>;
  readonly weights: ArrayLike<number>;
  readonly offset?: number;
}

/**
 * Put rows together.
 *
 * @throws {ArgumentError} if a row names a cell that is not there, or its lengths differ
 */
export function makeOperator(rows: readonly OperatorRow[], cells: number): Operator {
  for (const { name, cells: own, weights } of rows) {
    if (own.length !== weights.length) throw shapeError(name, [own.length], [weights.length]);
    for (const cell of Array.from(own)) {
      if (Number.isInteger(cell) && cell >= 0 && cell < cells) continue;
      const wanted = `a cell from 0 to ${cells - 1}`;
      throw new ArgumentError({ where: `row ${name}`, what: "cell", wanted, got: String(cell) });
    }
  }
  return {
    names: rows.map(({ name }) => name),
    cells,
    rowOf: Int32Array.from(rows.flatMap(({ cells: own }, r) => Array.from(own, () => r))),
    cellOf: Int32Array.from(rows.flatMap(({ cells: own }) => Array.from(own))),
    weight: Float64Array.from(rows.flatMap(({ weights }) => Array.from(weights))),
    offset: Float64Array.from(rows, ({ offset = 0 }) => offset),
  };
}

/** Sums over the regions of a grid [PgC per month]: every cell in its region, weighted by its area. */
export function regionOperator(grid: Pick<LandGrid, "area" | "region">): Operator {
  const rows = REGIONS.map(({ code }, r) => {
    const cells = Array.from(grid.region.keys()).filter((c) => grid.region[c] === r);
    return { name: code, cells, weights: cells.map((c) => grid.area[c]! * 1e-15) };
  });
  return makeOperator(rows, grid.area.length);
}

/**
 * Apply an operator to monthly means.
 *
 * @param means shape (months, cells) [gC m⁻² d⁻¹]
 * @param days  of each month, shape (months)
 * @returns shape (months, rows)
 */
export function applyOperator(
  operator: Operator,
  means: Float32Array | Float64Array,
  days: ArrayLike<number>,
): Float64Array {
  const { cells, rowOf, cellOf, weight, offset } = operator;
  const rows = offset.length;
  if (means.length !== days.length * cells) {
    throw shapeError("means", [days.length, cells], [means.length]);
  }
  const seen = new Float64Array(days.length * rows);
  for (let m = 0; m < days.length; m++) {
    for (let r = 0; r < rows; r++) seen[m * rows + r] = offset[r]!;
    for (let e = 0; e < weight.length; e++) {
      const at = m * rows + rowOf[e]!;
      seen[at] = seen[at]! + weight[e]! * means[m * cells + cellOf[e]!]! * days[m]!;
    }
  }
  return seen;
}

/** The cells that an operator looks at, ascending, and the operator on those alone. */
export function condense(operator: Operator): { cells: Int32Array; operator: Operator } {
  const cells = Int32Array.from(new Set(operator.cellOf)).sort();
  const place = new Map(Array.from(cells, (cell, i) => [cell, i]));
  const cellOf = operator.cellOf.map((cell) => place.get(cell)!);
  return { cells, operator: { ...operator, cells: cells.length, cellOf } };
}

/**
 * Read a user's footprints: netCDF with `footprint` (observation, cell), or sparse as `row`,
 * `cell`, `weight` along one dimension, on the cells of a grid.
 *
 * @throws {DataError} if it does not fit the grid
 */
export async function readFootprints(path: string, cells: number): Promise<Operator> {
  const file = await open(path);
  try {
    const read = async (name: string) => (await file.variable(name).read()).data;
    try {
      const { shape } = file.variable("footprint");
      if (shape.length !== 2 || shape[1] !== cells) {
        const wanted = `(observations, ${cells})`;
        throw new DataError({ where: path, what: "footprint", wanted, got: shape.join(" × ") });
      }
      const dense = await read("footprint");
      return makeOperator(
        Array.from({ length: shape[0]! }, (_, r) => denseRow(dense, r, cells)),
        cells,
      );
    } catch (error) {
      if (!(error instanceof MissingVariableError)) throw error;
    }
    const [row, cell, weight] = [await read("row"), await read("cell"), await read("weight")];
    const count = Array.from(row).reduce((most, r) => Math.max(most, r + 1), 0);
    return makeOperator(
      Array.from({ length: count }, (_, r) => {
        const entries = Array.from(row.keys()).filter((e) => row[e] === r);
        const pick = (values: ArrayLike<number>) => entries.map((e) => values[e]!);
        return { name: `observation ${r + 1}`, cells: pick(cell), weights: pick(weight) };
      }),
      cells,
    );
  } finally {
    file.close();
  }
}

function denseRow(dense: ArrayLike<number>, r: number, cells: number): OperatorRow {
  const own = Array.from({ length: cells }, (_, c) => c).filter((c) => dense[r * cells + c] !== 0);
  return {
    name: `observation ${r + 1}`,
    cells: own,
    weights: own.map((c) => dense[r * cells + c]!),
  };
}
