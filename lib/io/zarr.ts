/**
 * Open Zarr v2 and v3 hierarchies, as xarray and netCDF-C write them. In arrays that name their
 * dimensions as xarray does, the fill value of version 2 means missing, as it does to xarray; in
 * others it only stands for chunks never written.
 */

import * as zarrita from "zarrita";
import { DataError, sizeOf } from "../core/index.js";
import { bytesOf, viewNumbers } from "./bytes.js";
import type {
  AttributeValue,
  Dimension,
  StorageType,
  StoredAttribute,
  StoredDataset,
  StoredNumbers,
  StoredVariable,
} from "./dataset.js";
import { refuseHuge } from "./limits.js";
import type { Range } from "./selection.js";
import { readChunks } from "./zarr-chunks.js";
import { quoteOddNumbers } from "./zarr-json.js";
import type { ZarrStore } from "./zarr-store.js";

type ZarrArray = zarrita.Array<zarrita.DataType, ZarrSource>;

/** A store under the names zarrita wants. */
interface ZarrSource {
  get(key: string): Promise<Uint8Array | undefined>;
}

const TYPES: Readonly<Record<string, StorageType>> = {
  int8: "i8",
  uint8: "u8",
  bool: "u8",
  int16: "i16",
  uint16: "u16",
  int32: "i32",
  uint32: "u32",
  int64: "i64",
  uint64: "u64",
  float32: "f32",
  float64: "f64",
};
const HIDDEN = new Set([
  "_ARRAY_DIMENSIONS",
  "_NCZARR_ATTR",
  "_nczarr_attr",
  "_NCZARR_ARRAY",
  "_nczarr_array",
]);

/**
 * Open a Zarr hierarchy.
 *
 * @throws {DataError} if its metadata are damaged
 */
export async function openZarr(store: ZarrStore, path: string): Promise<StoredDataset> {
  const source: ZarrSource = { get: async (key) => quoteOddNumbers(key, await store.get(key)) };
  const dimensions = new Map<string, Dimension>();
  const variables: StoredVariable[] = [];
  for (const place of store.arrays) {
    const name = place === "" ? "data" : place;
    const where = `${path}:${name}`;
    const array = await guarded(where, () =>
      zarrita.open(zarrita.root(source).resolve(`/${place}`), { kind: "array" }),
    );
    const named = dimensionNames(array, await readJson(source, `${place}/.zarray`, where));
    const names = named ?? array.shape.map((_, d) => `${name}_dim_${d}`);
    for (const [d, length] of array.shape.entries()) {
      const known = dimensions.get(names[d]!)?.length ?? 0;
      dimensions.set(names[d]!, {
        name: names[d]!,
        length: Math.max(known, length),
        unlimited: false,
      });
    }
    variables.push(
      describe({ store, array, where }, { name, names, isNamed: named !== undefined }),
    );
  }
  const group = store.arrays.includes("") ? new Map() : await rootAttributes(source, path);
  return {
    path,
    format: "zarr",
    dimensions: [...dimensions.values()],
    attributes: group,
    variables,
    close: () => undefined,
  };
}

interface Opened {
  readonly store: ZarrStore;
  readonly array: ZarrArray;
  readonly where: string;
}

function describe(
  opened: Opened,
  naming: { name: string; names: readonly string[]; isNamed: boolean },
): StoredVariable {
  const { array } = opened;
  const type = typeOf(array.dtype);
  const attributes = attributesOf(array.attrs, type);
  const fill = array.fillValue;
  const means = naming.isNamed && !attributes.has("_FillValue") && type !== "string";
  if (means && fill !== null && fill !== undefined) {
    attributes.set("_FillValue", { type, value: Number(fill) });
  }
  return {
    name: naming.name,
    dimensions: naming.names,
    shape: array.shape,
    type,
    attributes,
    read: (ranges) => readRanges(opened, type, ranges),
  };
}

async function readRanges(
  opened: Opened,
  type: StorageType,
  ranges: readonly Range[],
): Promise<StoredNumbers | string[]> {
  const { array, store, where } = opened;
  const count = sizeOf(ranges.map((r) => r.stop - r.start));
  if (type === "other") {
    throw new DataError({ where, what: "array", wanted: "numbers or text", got: array.dtype });
  }
  const bytes = Math.max(count, sizeOf(array.chunks)) * bytesOf(type);
  refuseHuge(bytes, bytes > 2 ** 26 ? store.size() : bytes, where);
  const out: StoredNumbers | unknown[] =
    type === "string" ? new Array(count) : viewNumbers(new Uint8Array(count * bytesOf(type)), type);
  if (count > 0) await guarded(where, () => readChunks(array, ranges, out));
  return Array.isArray(out) ? out.map((text) => String(text)) : out;
}

function typeOf(dtype: string): StorageType {
  if (dtype.startsWith("v2:") || dtype === "string") return "string";
  return TYPES[dtype] ?? "other";
}

/** Names as Zarr v3, xarray or netCDF-C state them. */
function dimensionNames(array: ZarrArray, v2: unknown): readonly string[] | undefined {
  const stated: unknown =
    array.dimensionNames ??
    array.attrs._ARRAY_DIMENSIONS ??
    nczarrNames(v2) ??
    nczarrNames(array.attrs);
  const fits = Array.isArray(stated) && stated.length === array.shape.length;
  return fits && stated.every((n) => typeof n === "string") ? (stated as string[]) : undefined;
}

function nczarrNames(metadata: unknown): string[] | undefined {
  if (typeof metadata !== "object" || metadata === null) return undefined;
  const found = Object.entries(metadata).find(([key]) => /^_nczarr_array$/i.test(key))?.[1] as
    | { dimrefs?: string[]; dimension_references?: string[] }
    | undefined;
  const references = found?.dimrefs ?? found?.dimension_references;
  return references?.map((reference) => reference.replace(/^\//, ""));
}

/** JSON knows one kind of number: whole ones count as the variable's type, others as doubles. */
function attributesOf(
  json: Readonly<Record<string, unknown>>,
  type: StorageType,
): Map<string, StoredAttribute> {
  const attributes = new Map<string, StoredAttribute>();
  for (const [name, value] of Object.entries(json)) {
    const list = plainNumbers(Array.isArray(value) ? value : [value]);
    const texts = list.every((x) => typeof x === "string");
    const numbers = list.every((x) => typeof x === "number");
    if (HIDDEN.has(name) || (!texts && !numbers)) continue;
    const whole = numbers && list.every((x) => Number.isInteger(x));
    const stored = texts ? "string" : whole && type !== "string" ? type : "f64";
    attributes.set(name, {
      type: stored,
      value: (Array.isArray(value) ? list : list[0]) as AttributeValue,
    });
  }
  for (const name of ["scale_factor", "add_offset"]) {
    const packing = attributes.get(name);
    if (packing !== undefined) attributes.set(name, { ...packing, type: "f64" });
  }
  return attributes;
}

/** In a list with numbers, NaN and infinities are numbers too, which JSON can only quote. */
function plainNumbers(list: readonly unknown[]): readonly unknown[] {
  if (!list.some((x) => typeof x === "number")) return list;
  return list.map((x) => (/^(NaN|-?Infinity)$/.test(String(x)) ? Number(x) : x));
}

async function rootAttributes(source: ZarrSource, path: string) {
  const group = await guarded(path, () => zarrita.open(zarrita.root(source), { kind: "group" }));
  return attributesOf(group.attrs, "f64");
}

async function readJson(source: ZarrSource, key: string, where: string): Promise<unknown> {
  return guarded(where, async () => {
    const bytes = await source.get(key);
    return bytes === undefined ? undefined : JSON.parse(Buffer.from(bytes).toString("utf8"));
  });
}

async function guarded<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const got = cause instanceof Error ? cause.message : String(cause);
    const remedy = "the store is damaged, or packed with a codec that zarrita does not know";
    throw new DataError({ where, what: "Zarr", wanted: "a readable store", got, remedy, cause });
  }
}
