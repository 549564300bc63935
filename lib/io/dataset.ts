/**
 * What every file looks like once it is open: named dimensions, attributes, and variables that
 * are read on demand. Each format hands over `StoredVariable`s; this file makes `Variable`s of
 * them, which decode on reading.
 */

import {
  type Calendar,
  DataError,
  formatShape,
  MissingVariableError,
  type NumberArray,
} from "../core/index.js";
import { decode, type Encoding, encodingOf } from "./decode.js";
import { type Range, type Selection, select } from "./selection.js";
import { decodeTimes } from "./time.js";

/** How a number, a character or a text is stored. */
export type StorageType =
  | "i8"
  | "u8"
  | "i16"
  | "u16"
  | "i32"
  | "u32"
  | "i64"
  | "u64"
  | "f32"
  | "f64"
  | "char"
  | "string"
  | "other";

/** Numbers as a file stores them, before any decoding. */
export type StoredNumbers = NumberArray | BigInt64Array | BigUint64Array;

/** The value of an attribute: a text, a number, or a list of either. */
export type AttributeValue = string | number | readonly number[] | readonly string[];

/** Attributes by name. */
export type Attributes = Readonly<Record<string, AttributeValue>>;

/** A dimension of a file. */
export interface Dimension {
  readonly name: string;
  readonly length: number;
  /** whether records can be appended along it */
  readonly unlimited: boolean;
}

/** An attribute with the type it is stored in, which the decoding rules need. */
export interface StoredAttribute {
  readonly type: StorageType;
  readonly value: AttributeValue;
}

/** What a format hands over for each variable. */
export interface StoredVariable {
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  readonly type: StorageType;
  readonly attributes: ReadonlyMap<string, StoredAttribute>;
  /** the fill value that stands when no attribute names one */
  readonly defaultFill?: number | undefined;
  /** Read one range of each dimension, row-major; texts for "char" (one a row) and "string". */
  read(ranges: readonly Range[]): Promise<StoredNumbers | string[]>;
}

/** Decoded numbers, row-major; NaN where the file has none. */
export interface Values {
  readonly data: Float32Array | Float64Array;
  readonly shape: readonly number[];
}

/** A variable of an open file. */
export interface Variable {
  readonly name: string;
  /** names of the dimensions, slowest first */
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
  readonly type: StorageType;
  /** the `units` attribute as it stands; "" where the file states none */
  readonly units: string;
  readonly attributes: Attributes;
  /**
   * Read numbers: packed values unpacked, missing ones NaN.
   *
   * @param selection an index (drops the dimension) or [start, stop) for each dimension named
   * @throws {DataError} if the variable holds no numbers or the file is damaged
   * @throws {ArgumentError} if the selection does not fit
   */
  read(selection?: Selection): Promise<Values>;
  /** Read numbers as they are stored, packed and with their fill values. */
  readStored(selection?: Selection): Promise<{ data: StoredNumbers; shape: readonly number[] }>;
  /** Read texts; the last dimension of a "char" variable is the length of its texts. */
  readText(selection?: Selection): Promise<{ data: string[]; shape: readonly number[] }>;
  /** Read a CF time coordinate as seconds since 1970-01-01 in its own calendar. */
  readTimes(selection?: Selection): Promise<Times>;
}

/** Times of a CF calendar. */
export interface Times {
  /** seconds since 1970-01-01T00:00:00Z; NaN where missing */
  readonly data: Float64Array;
  readonly shape: readonly number[];
  readonly calendar: Calendar;
}

/** An open file. */
export interface Dataset {
  readonly path: string;
  readonly format: "netcdf3" | "netcdf4" | "hdf5" | "zarr";
  readonly dimensions: ReadonlyMap<string, Dimension>;
  readonly attributes: Attributes;
  readonly variables: ReadonlyMap<string, Variable>;
  /** @throws {MissingVariableError} that lists the names there are */
  variable(name: string): Variable;
  close(): void;
}

/** What a format hands over for a whole file. */
export interface StoredDataset {
  readonly path: string;
  readonly format: Dataset["format"];
  readonly dimensions: readonly Dimension[];
  readonly attributes: ReadonlyMap<string, StoredAttribute>;
  readonly variables: readonly StoredVariable[];
  close(): void;
}

/** Make the public view of a file that a format has opened. */
export function makeDataset(stored: StoredDataset): Dataset {
  const variables = new Map(stored.variables.map((v) => [v.name, makeVariable(v, stored.path)]));
  return {
    path: stored.path,
    format: stored.format,
    dimensions: new Map(stored.dimensions.map((d) => [d.name, d])),
    attributes: plainAttributes(stored.attributes),
    variables,
    variable(name) {
      const found = variables.get(name);
      if (found !== undefined) return found;
      throw new MissingVariableError({
        where: stored.path,
        what: `variable "${name}"`,
        wanted: "it in the file",
        got: listNames([...variables.keys()]),
      });
    },
    close: () => stored.close(),
  };
}

function makeVariable(stored: StoredVariable, path: string): Variable {
  const attributes = plainAttributes(stored.attributes);
  const where = `${path}:${stored.name}`;
  const units = typeof attributes.units === "string" ? attributes.units : "";
  const { name, dimensions, shape, type } = stored;

  async function readStored(selection?: Selection) {
    const { ranges, shape } = select(stored, selection, where);
    const data = await stored.read(ranges);
    if (!Array.isArray(data)) return { data, shape };
    throw new DataError({ where, what: "values", wanted: "numbers", got: `type ${type}` });
  }
  async function read(selection?: Selection): Promise<Values> {
    const { data, shape } = await readStored(selection);
    return { data: decode(data, encoding()), shape };
  }
  function encoding(): Encoding {
    return encodingOf(stored);
  }
  async function readText(selection?: Selection) {
    const { ranges, shape } = select(stored, selection, where);
    const data = await stored.read(ranges);
    if (!Array.isArray(data)) {
      throw new DataError({ where, what: "values", wanted: "text", got: `type ${type}` });
    }
    return { data, shape: type === "char" ? textShape(stored, ranges, shape) : shape };
  }
  async function readTimes(selection?: Selection): Promise<Times> {
    const { data, shape } = await read(selection);
    return { ...decodeTimes(data, attributes, where), shape };
  }
  return {
    name,
    dimensions,
    shape,
    type,
    units,
    attributes,
    read,
    readStored,
    readText,
    readTimes,
  };
}

/** A text takes up the last dimension; a selection that dropped that dimension left it whole. */
function textShape(stored: StoredVariable, ranges: readonly Range[], shape: readonly number[]) {
  const last = ranges.at(-1);
  return last === undefined || last.drop || stored.shape.length === 0 ? shape : shape.slice(0, -1);
}

function plainAttributes(stored: ReadonlyMap<string, StoredAttribute>): Attributes {
  return Object.fromEntries([...stored].map(([name, { value }]) => [name, value]));
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) return "no variables";
  const shown = names.slice(0, 40).join(", ");
  return names.length > 40 ? `${shown}, … (${names.length} in all)` : shown;
}

/** Say what was read where, for messages: `u(ocean_time, s_rho) of shape (3, 35)`. */
export function describe(variable: {
  readonly name: string;
  readonly dimensions: readonly string[];
  readonly shape: readonly number[];
}): string {
  const { name, dimensions, shape } = variable;
  return `${name}(${dimensions.join(", ")}) of shape ${formatShape(shape)}`;
}
