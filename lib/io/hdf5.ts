/**
 * Open HDF5 files the way netCDF-4 means them: dimension scales are the dimensions, the library's
 * own attributes stay hidden, groups are folders in the names ("group/variable").
 */

import { DataError } from "../core/index.js";
import type { ByteFile } from "./bytes.js";
import type { Dimension, StoredDataset, StoredNumbers, StoredVariable } from "./dataset.js";
import { DEFAULT_FILLS, fillOf, readPadded } from "./fill.js";
import { makeChunkReader } from "./hdf5-chunks.js";
import { DimensionNames, type NetcdfDataset } from "./hdf5-dimensions.js";
import {
  type Engine,
  engine,
  guarded,
  type Hdf5Module,
  mount,
  READ_ERROR,
  unmount,
} from "./hdf5-engine.js";
import { isBrokenHeap } from "./hdf5-heap.js";
import { addressOf, type Hdf5File, openDataset, readAttributes, readData } from "./hdf5-object.js";
import { checkSuperblock } from "./hdf5-superblock.js";
import { mostOf } from "./limits.js";
import type { Range } from "./selection.js";
import { cached } from "./slab-cache.js";
import { textsOf } from "./text.js";

const HIDDEN = new Set([
  "CLASS",
  "NAME",
  "DIMENSION_LIST",
  "REFERENCE_LIST",
  "DIMENSION_LABELS",
  "_Netcdf4Dimid",
  "_Netcdf4Coordinates",
  "_NCProperties",
  "_nc3_strict",
]);
/** netCDF-C marks a variable that has the name of a dimension and is no coordinate of it. */
const NOT_COORDINATE = /(^|(?<=\/))_nc4_non_coord_/;
const DIMENSION_ONLY = "This is a netCDF dimension but not a netCDF variable";
const MOST_OBJECTS = 20_000;
const MOST_DEPTH = 32;

/**
 * Open a netCDF-4 or other HDF5 file.
 *
 * @throws {DataError} if it is truncated or damaged
 */
export async function openHdf5(bytes: ByteFile): Promise<StoredDataset> {
  checkSuperblock(bytes);
  const live = await engine();
  const { path, size } = bytes;
  const name = mount(live, {
    size: () => size,
    read(target, position) {
      const part = target.subarray(0, Math.max(0, Math.min(target.length, size - position)));
      bytes.read(part, position);
      if (isBrokenHeap(part)) throw READ_ERROR;
      return part.length;
    },
    memory: 3 * mostOf(size),
  });
  try {
    const id = guarded(live, path, (m) => m.open(name, m.H5F_ACC_RDONLY, false, -1, -1));
    if (id < 0n) throw notHdf5(path);
    return describeFile({ engine: live, id, path, size }, bytes, name);
  } catch (error) {
    unmount(live, name);
    throw error;
  }
}

function describeFile(file: Hdf5File, bytes: ByteFile, mounted: string): StoredDataset {
  const datasets = findDatasets(file);
  const attributes = readAttributes(file, "/");
  const netcdf = attributes.has("_NCProperties") || datasets.some((d) => d.scale !== undefined);
  const names = new DimensionNames(file, datasets);
  const named = datasets.map((dataset) => ({ dataset, dimensions: names.of(dataset) }));
  const variables = named
    .filter(({ dataset }) => dataset.scale?.startsWith(DIMENSION_ONLY) !== true)
    .map(({ dataset, dimensions }) =>
      describeVariable(file, dataset, {
        dimensions: dimensions.map((d) => names.get(d)),
        netcdf,
        bytes,
      }),
    );
  return {
    path: file.path,
    format: netcdf ? "netcdf4" : "hdf5",
    dimensions: names.all(),
    attributes: visible(attributes),
    variables,
    close: () => closeFile(file.engine, file.id, bytes, mounted),
  };
}

function describeVariable(
  file: Hdf5File,
  dataset: NetcdfDataset,
  as: { dimensions: readonly Dimension[]; netcdf: boolean; bytes: ByteFile },
): StoredVariable {
  const { dimensions, netcdf, bytes } = as;
  const { size, vlen } = dataset.metadata;
  const isChar = netcdf && dataset.type === "string" && size === 1 && !vlen;
  const type = isChar ? "char" : dataset.type;
  const numeric = type !== "string" && type !== "other";
  const fill = netcdf && numeric ? fillOf(type, dataset.attributes) : undefined;
  const source = { ...dataset, type, fill };
  const at = { type, stored: dataset.shape, fill: fill ?? 0 };
  const readHere = makeChunkReader(bytes, file, source);
  const plain = (part: readonly Range[]) =>
    readHere(part) ?? (readData(file, source, part) as StoredNumbers);
  const { chunks } = dataset.metadata;
  const inside =
    chunks === null ? plain : cached({ type, size, shape: dataset.shape, chunks, read: plain });
  return {
    name: dataset.name.replace(NOT_COORDINATE, ""),
    dimensions: dimensions.map((d) => d.name),
    shape: numeric ? dimensions.map((d) => d.length) : dataset.shape,
    type,
    attributes: visible(dataset.attributes),
    defaultFill: netcdf ? DEFAULT_FILLS[type] : undefined,
    async read(ranges: readonly Range[]) {
      if (!numeric) return readData(file, source, ranges);
      const numbers = readPadded(at, ranges, inside);
      return isChar ? textsOf(numbers as Uint8Array, ranges) : numbers;
    },
  };
}

/** All data sets below the root, in the file's order. */
function findDatasets(file: Hdf5File): NetcdfDataset[] {
  const found: NetcdfDataset[] = [];
  const groups = new Set<string>();
  let seen = 0;
  function visit(group: string, depth: number): void {
    if (depth > MOST_DEPTH) throw tooMany(file.path);
    if (!isNewGroup(file, group, groups)) return;
    for (const name of guarded(file.engine, file.path, (m) => m.get_names(file.id, group, false))) {
      if (++seen > MOST_OBJECTS) throw tooMany(file.path);
      const path = group === "/" ? `/${name}` : `${group}/${name}`;
      const kind = kindOf(file, path);
      if (kind === "group") visit(path, depth + 1);
      if (kind === "dataset") found.push(describeDataset(file, path));
    }
  }
  visit("/", 0);
  return found;
}

/**
 * What stands at a path. Links into other files, links that lead nowhere or to themselves, and
 * soft links to groups (visited where they are) count as nothing.
 */
function kindOf(file: Hdf5File, path: string): "group" | "dataset" | "nothing" {
  return guarded(file.engine, `${file.path}:${path}`, (m) => {
    const soft = m.get_symbolic_link(file.id, path) !== null;
    if (!soft && "filename" in m.get_external_link(file.id, path)) return "nothing";
    if (soft && !leadsSomewhere(m, file.id, path)) return "nothing";
    const kind = m.get_type(file.id, path);
    if (kind === m.H5G_DATASET) return "dataset";
    return kind === m.H5G_GROUP && !soft ? "group" : "nothing";
  });
}

function leadsSomewhere(module: Hdf5Module, id: bigint, path: string): boolean {
  try {
    module.get_attribute_names(id, path);
    return true;
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) throw error;
    return false;
  }
}

/** Hard links can lead around in a ring: each group is visited once, told by its address. */
function isNewGroup(file: Hdf5File, path: string, seen: Set<string>): boolean {
  const address = addressOf(file, path);
  return !seen.has(address) && seen.add(address).has(address);
}

function describeDataset(file: Hdf5File, path: string): NetcdfDataset {
  const dataset = openDataset(file, path);
  const scale = guarded(file.engine, path, (m) => m.get_scale_name(file.id, path));
  return { ...dataset, scale: scale ?? undefined, attributes: readAttributes(file, path) };
}

function visible<T>(attributes: ReadonlyMap<string, T>): Map<string, T> {
  return new Map([...attributes].filter(([name]) => !HIDDEN.has(name)));
}

function closeFile(live: Engine, id: bigint, bytes: ByteFile, mounted: string): void {
  if (!live.broken) live.module.close_file(id);
  unmount(live, mounted);
  bytes.close();
}

function notHdf5(path: string): DataError {
  return new DataError({
    where: path,
    what: "file",
    wanted: "HDF5",
    got: "one that the HDF5 library refuses to open",
    remedy: "the file is damaged: fetch it again",
  });
}

function tooMany(path: string): DataError {
  return new DataError({
    where: path,
    what: "groups",
    wanted: `at most ${MOST_OBJECTS} objects in ${MOST_DEPTH} levels`,
    got: "more, or a loop of links",
  });
}
