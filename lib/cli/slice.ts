/** One slice of a variable of any file: what was asked for, with the coordinates that the file states. */

import { UsageError } from "../core/index.js";
import { coordinateOf, type Dataset, type Variable } from "../io/index.js";

/** Numbers along one or two dimensions of a variable; none for a single number. */
export interface Slice {
  readonly variable: Variable;
  /** the index taken of each dimension that is left out, by name */
  readonly at: Readonly<Record<string, number>>;
  readonly axes: readonly SliceAxis[];
  /** row-major, NaN where the file has none */
  readonly values: Float32Array | Float64Array;
}

/** A dimension of a slice, with a coordinate where the file has one along it. */
export interface SliceAxis {
  readonly name: string;
  readonly label: string;
  readonly units: string;
  readonly values: Float64Array;
}

/** Most numbers that are drawn. */
const LARGEST = 20_000_000;

/**
 * Read a slice of a variable: its last two dimensions, and the first index of all others.
 *
 * @param at indices by dimension, which take the place of the first; -1 is the last
 * @throws {UsageError} if a dimension is not there, an index runs over, or the slice is too large
 */
export async function readSlice(
  dataset: Dataset,
  name: string,
  at: Readonly<Record<string, number>>,
): Promise<Slice> {
  const variable = dataset.variable(name);
  const { dimensions, shape } = variable;
  const where = `${dataset.path}:${name}`;
  for (const [dimension, index] of Object.entries(at)) {
    const length = shape[dimensions.indexOf(dimension)];
    const got = `${dimension}=${index}`;
    if (length === undefined) {
      const wanted = dimensions.join(", ") || "none: it is a single number";
      throw new UsageError({ where, what: "--at", wanted: `dimensions out of ${wanted}`, got });
    }
    if (index >= length || index < -length) {
      throw new UsageError({ where, what: "--at", wanted: `an index below ${length}`, got });
    }
  }
  const free = dimensions.filter((dimension) => at[dimension] === undefined);
  const left = free.slice(-2);
  const taken = Object.fromEntries(
    dimensions.flatMap((dimension, d) => {
      if (left.includes(dimension)) return [];
      const index = at[dimension] ?? 0;
      return [[dimension, index < 0 ? shape[d]! + index : index]];
    }),
  );
  const size = left.reduce((n, dimension) => n * shape[dimensions.indexOf(dimension)]!, 1);
  if (size > LARGEST) {
    const wanted = `a slice of at most ${LARGEST} numbers`;
    const remedy = `name an index with --at ${left[0]}=0`;
    throw new UsageError({ where, what: "slice", wanted, got: `${size}`, remedy });
  }
  const axes = await Promise.all(left.map((dimension) => readAxis(dataset, variable, dimension)));
  const { data } = await variable.read(taken);
  return { variable, at: taken, axes, values: data };
}

async function readAxis(
  dataset: Dataset,
  variable: Variable,
  dimension: string,
): Promise<SliceAxis> {
  const length = variable.shape[variable.dimensions.indexOf(dimension)]!;
  const found = coordinateAlong(dataset, variable, dimension);
  const indices = Float64Array.from({ length }, (_, i) => i);
  if (found === undefined)
    return { name: dimension, label: dimension, units: "index", values: indices };
  const { data } = await found.read();
  const { long_name: long } = found.attributes;
  const label = typeof long === "string" ? long : found.name;
  const values = Float64Array.from(data);
  if (!isMonotonic(values))
    return { name: dimension, label: dimension, units: "index", values: indices };
  return { name: dimension, label, units: found.units, values };
}

/** The one-dimensional coordinate of a dimension: of its own name, or named by the variable. */
function coordinateAlong(
  dataset: Dataset,
  variable: Variable,
  dimension: string,
): Variable | undefined {
  const isAlong = (one: Variable) =>
    one.dimensions.length === 1 &&
    one.dimensions[0] === dimension &&
    one.type !== "char" &&
    one.type !== "string" &&
    one.type !== "other";
  const own = dataset.variables.get(dimension);
  if (own !== undefined && isAlong(own)) return own;
  for (const axis of ["longitude", "latitude", "vertical", "time"] as const) {
    try {
      const found = coordinateOf(dataset, variable, axis);
      if (isAlong(found)) return found;
    } catch {
      // the file need not state one
    }
  }
  return undefined;
}

/** Whether positions rise or fall throughout: else a picture over them would mislead. */
function isMonotonic(values: Float64Array): boolean {
  const sign = Math.sign((values[1] ?? 1) - (values[0] ?? 0));
  return values.every((v, i) => i === 0 || Math.sign(v - values[i - 1]!) === sign);
}
