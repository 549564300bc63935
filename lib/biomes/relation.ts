/**
 * Local relations: in each tile the fCO2 of its cells is fitted to their drivers by least squares
 * with an intercept, in raw units. A tile is kept if every slope is significant.
 */

import { ArgumentError, shapeError } from "../core/index.js";
import { tryFitLinear } from "../stats/index.js";
import type { OceanMonth } from "./month.js";
import type { TiledCells } from "./tile.js";

/** What became of a tile. */
export type TileState =
  | "kept"
  | "empty"
  | "too few points"
  | "constant"
  | "collinear"
  | "not significant";

const STATES: readonly TileState[] = [
  "kept",
  "empty",
  "too few points",
  "constant",
  "collinear",
  "not significant",
];

/** The drivers, in the order of the published code. */
export const DRIVERS = ["temperature", "dic", "alkalinity"] as const;

/** Slopes of fCO2 in every tile. */
export interface LocalRelations {
  readonly tiles: TiledCells;
  readonly drivers: readonly string[];
  /** shape (tiles, drivers), row-major [µatm per unit of the driver]; NaN where nothing was fitted */
  readonly slopes: Float64Array;
  /** two-sided p-values of the slopes, shape (tiles, drivers) */
  readonly pValues: Float64Array;
  /** shape (tiles,) */
  readonly rSquared: Float64Array;
  /** cells with values, shape (tiles,) */
  readonly points: Int32Array;
  /** numbers of the tiles that are kept, rising */
  readonly kept: Int32Array;
  /** how many tiles met each fate */
  readonly counts: Readonly<Record<TileState, number>>;
}

/** Options of `fitRelations`. */
export interface RelationOptions {
  /** a tile is kept if each slope's p-value is at most this; 0.04 by default, as published */
  readonly significance?: number;
  /** `ln` fits ln fCO2: slopes are relative [1 per unit of the driver]; `raw` by default */
  readonly target?: "raw" | "ln";
}

/**
 * Fit the local relations of a month.
 *
 * Cells where a field is not finite, or ln fCO2 if that is fitted, are left out. Tiles with too few
 * points, one-valued or collinear fields are counted, not fitted.
 *
 * @throws {ShapeError} if the month has not the cells that were tiled
 */
export function fitRelations(
  tiles: TiledCells,
  month: OceanMonth,
  options: RelationOptions = {},
): LocalRelations {
  const { significance = 0.04, target = "raw" } = options;
  const answer = target === "ln" ? month.fco2.map(Math.log) : month.fco2;
  const fields = [...DRIVERS.map((name) => month[name]), answer];
  const wanted = tiles.cells.length + tiles.outside;
  for (const field of fields) {
    if (field.length !== wanted) throw shapeError("month", [wanted], [field.length]);
  }
  const count = tiles.starts.length - 1;
  const d = DRIVERS.length;
  const result = {
    slopes: new Float64Array(count * d).fill(Number.NaN),
    pValues: new Float64Array(count * d).fill(Number.NaN),
    rSquared: new Float64Array(count).fill(Number.NaN),
    points: new Int32Array(count),
  };
  const states = new Uint8Array(count);
  const gather = makeGatherer(tiles, fields);
  for (let tile = 0; tile < count; tile++) {
    const columns = gather(tile);
    const y = columns.pop()!;
    result.points[tile] = y.length;
    const state = y.length === 0 ? "empty" : fitTile(tile, columns, y, result);
    states[tile] = STATES.indexOf(state === "kept" ? judge(tile) : state);
  }
  function judge(tile: number): TileState {
    const p = result.pValues.subarray(tile * d, (tile + 1) * d);
    return p.every((value) => value <= significance) ? "kept" : "not significant";
  }
  const counts = Object.fromEntries(
    STATES.map((state, code) => [state, states.filter((s) => s === code).length]),
  ) as Record<TileState, number>;
  const kept = Int32Array.from(states.keys()).filter((tile) => states[tile] === 0);
  return { tiles, drivers: DRIVERS, ...result, kept, counts };
}

type Slopes = Pick<LocalRelations, "slopes" | "pValues" | "rSquared">;

function fitTile(
  tile: number,
  columns: readonly Float64Array[],
  y: Float64Array,
  result: Slopes,
): TileState {
  const fit = tryFitLinear(columns, y);
  if (typeof fit === "string") return fit;
  const d = columns.length;
  result.slopes.set(fit.coefficients.subarray(1), tile * d);
  result.pValues.set(fit.pValues.subarray(1), tile * d);
  result.rSquared[tile] = fit.rSquared;
  return "kept";
}

/** A function that gives the values of one tile where all fields are finite, one column a field. */
function makeGatherer(tiles: TiledCells, fields: readonly Float64Array[]) {
  let most = 0;
  for (let t = 1; t < tiles.starts.length; t++) {
    most = Math.max(most, tiles.starts[t]! - tiles.starts[t - 1]!);
  }
  const room = fields.map(() => new Float64Array(most));
  return (tile: number): Float64Array[] => {
    let n = 0;
    for (let at = tiles.starts[tile]!; at < tiles.starts[tile + 1]!; at++) {
      const cell = tiles.cells[at]!;
      let whole = true;
      for (let k = 0; k < fields.length; k++) {
        const value = fields[k]![cell]!;
        room[k]![n] = value;
        if (!Number.isFinite(value)) whole = false;
      }
      if (whole) n++;
    }
    return room.map((column) => column.subarray(0, n));
  };
}

/**
 * The slopes of the kept tiles, shape (kept, drivers), row-major.
 *
 * @throws {ArgumentError} if no tile is kept
 */
export function keptSlopes({ slopes, kept, drivers, counts }: LocalRelations): Float64Array {
  if (kept.length === 0) {
    const fates = Object.entries(counts).map(([state, count]) => `${count} ${state}`);
    throw new ArgumentError({
      what: "local relations",
      wanted: "at least one tile with significant slopes",
      got: fates.join(", "),
      remedy: "use larger tiles, a finer grid or a weaker significance filter",
    });
  }
  const d = drivers.length;
  const features = new Float64Array(kept.length * d);
  for (const [i, tile] of kept.entries()) {
    features.set(slopes.subarray(tile * d, (tile + 1) * d), i * d);
  }
  return features;
}
