/** Create netCDF-4 objects in an HDF5 file: variables and dimension scales. */

import { sizeOf } from "../core/index.js";
import { bytesOf } from "./bytes.js";
import { createAttributes } from "./hdf5-attribute.js";
import { type Engine, guarded, withMemory } from "./hdf5-engine.js";
import { check, type Hdf5Target, hdf5Type, notWritten } from "./hdf5-target.js";
import type { Range } from "./selection.js";
import type { NetcdfShape } from "./writer.js";

/** A dimension being written; the id is its place in the file. */
interface NewDimension {
  readonly name: string;
  readonly id: number;
  readonly length: number;
  readonly unlimited: boolean;
}

type NewDataset = Parameters<Engine["module"]["create_dataset"]>[3];

const UNLIMITED = 18446744073709551615n;
const CHUNK = 2 ** 20;
const COMPRESS_FROM = 2 ** 16;

/** Create all variables, and a scale for each dimension that is none of them. */
export function createVariable(
  target: Hdf5Target,
  variables: Readonly<Record<string, NetcdfShape>>,
  dimensions: readonly NewDimension[],
): void {
  const byName = new Map(dimensions.map((d) => [d.name, d]));
  for (const dimension of dimensions) {
    const { name } = dimension;
    if (!isCoordinate(name, variables[name])) createBareDimension(target, dimension);
  }
  for (const [name, variable] of Object.entries(variables)) {
    const own = variable.dimensions.map((d) => byName.get(d)!);
    createOne(target, name, variable, own);
  }
  for (const dimension of dimensions) makeScale(target, dimension, variables[dimension.name]);
  for (const [name, variable] of Object.entries(variables)) {
    if (isCoordinate(name, variable)) continue;
    for (const [index, dimension] of variable.dimensions.entries()) {
      check(target, name, (m) => m.attach_scale(target.id, `/${name}`, `/${dimension}`, index));
    }
  }
}

/** Write the bytes of a block of values, making the variable longer where it must be. */
export function writeBlock(
  target: Hdf5Target,
  block: { name: string; shape: readonly number[]; ranges: readonly Range[] },
  bytes: Uint8Array,
): void {
  const { name, shape, ranges } = block;
  if (bytes.length === 0) return;
  const { engine, id, path } = target;
  const where = `${path}:${name}`;
  guarded(engine, where, (m) => {
    const now = m.get_dataset_metadata(id, `/${name}`).shape ?? [];
    if (now.some((length, d) => length < shape[d]!)) {
      check(target, name, () => m.resize_dataset(id, `/${name}`, shape.map(BigInt)));
    }
  });
  for (const { part, from, length } of blocksOf(ranges, bytes.length)) {
    guarded(engine, where, (m) =>
      withMemory(m, length, (pointer) => {
        m.HEAPU8.set(bytes.subarray(from, from + length), pointer);
        const whole = part.length === 0;
        const counts = whole ? null : part.map((r) => BigInt(r.stop - r.start));
        const starts = whole ? null : part.map((r) => BigInt(r.start));
        const steps = whole ? null : part.map(() => 1n);
        check(target, name, () =>
          m.set_dataset_data(id, `/${name}`, counts, starts, steps, BigInt(pointer)),
        );
      }),
    );
  }
}

/** Cut a block along its first dimension into pieces of at most 32 MiB. */
function* blocksOf(ranges: readonly Range[], bytes: number) {
  const d = ranges.findIndex((r) => r.stop - r.start > 1);
  if (d === -1) {
    yield { part: ranges, from: 0, length: bytes };
    return;
  }
  const { start, stop, drop } = ranges[d]!;
  const row = bytes / (stop - start);
  const rows = Math.max(1, Math.floor((32 * 2 ** 20) / row));
  for (let at = start; at < stop; at += rows) {
    const end = Math.min(stop, at + rows);
    const part = ranges.map((r, i) => (i === d ? { start: at, stop: end, drop } : r));
    yield { part, from: (at - start) * row, length: (end - at) * row };
  }
}

function createOne(
  target: Hdf5Target,
  name: string,
  variable: NetcdfShape,
  dimensions: readonly NewDimension[],
): void {
  const { type, attributes = {} } = variable;
  const shape = dimensions.map((d) => d.length);
  const bytes = sizeOf(shape) * bytesOf(type);
  const unlimited = dimensions.some((d) => d.unlimited);
  const level = variable.deflate ?? (bytes >= COMPRESS_FROM ? 4 : 0);
  const chunked = shape.length > 0 && (unlimited || level > 0 || variable.chunks !== undefined);
  const chunks = chunked ? (variable.chunks ?? chunksOf(dimensions, bytesOf(type))) : null;
  createEmpty(target, name, {
    ...hdf5Type(type),
    shape: shape.map(BigInt),
    maxshape: dimensions.map((d) => (d.unlimited ? UNLIMITED : BigInt(d.length))),
    chunks: chunks === null ? null : chunks.map(BigInt),
    compression: level > 0 && chunked ? 1 : 0,
    compression_opts: level > 0 && chunked ? [level] : [],
    track_order: true,
  });
  const float = type === "f32" || type === "f64";
  const fill = float && !isCoordinate(name, variable) ? { _FillValue: Number.NaN } : {};
  createAttributes(target, `/${name}`, { ...fill, ...attributes }, type);
  if (isCoordinate(name, variable) && dimensions.length > 1) {
    const ids = Int32Array.from(dimensions, (d) => d.id);
    createAttributes(target, `/${name}`, { _Netcdf4Coordinates: ids });
  }
}

/** A data set that only says how long a dimension is, as netCDF-C writes it. */
function createBareDimension(target: Hdf5Target, dimension: NewDimension): void {
  const { name, length, unlimited } = dimension;
  createEmpty(target, name, {
    ...hdf5Type("f32"),
    shape: [BigInt(length)],
    maxshape: [unlimited ? UNLIMITED : BigInt(length)],
    chunks: unlimited ? [1024n] : null,
    compression: 0,
    compression_opts: [],
    track_order: true,
  });
}

function makeScale(
  target: Hdf5Target,
  dimension: NewDimension,
  variable: NetcdfShape | undefined,
): void {
  const { name, id, length } = dimension;
  const bare = `This is a netCDF dimension but not a netCDF variable.${`${length}`.padStart(10)}`;
  const label = isCoordinate(name, variable) ? name : bare;
  check(target, name, (m) => m.set_scale(target.id, `/${name}`, label));
  createAttributes(target, `/${name}`, { _Netcdf4Dimid: Int32Array.of(id) });
}

function isCoordinate(name: string, variable: NetcdfShape | undefined): boolean {
  return variable?.dimensions[0] === name;
}

/** Whole rows of the last dimensions, as many as fit into a chunk. */
function chunksOf(dimensions: readonly NewDimension[], bytes: number): number[] {
  let room = Math.max(1, Math.floor(CHUNK / bytes));
  const chunks = new Array<number>(dimensions.length);
  for (let d = dimensions.length - 1; d >= 0; d--) {
    const { length, unlimited } = dimensions[d]!;
    const most = unlimited ? (d === 0 && dimensions.length > 1 ? 1 : 1024) : Math.max(1, length);
    const chunk = Math.min(most, room);
    chunks[d] = chunk;
    room = Math.max(1, Math.floor(room / chunk));
  }
  return chunks;
}

function createEmpty(target: Hdf5Target, name: string, metadata: object): void {
  guarded(target.engine, `${target.path}:${name}`, (m) => {
    m.create_dataset(target.id, `/${name}`, 0n, metadata as NewDataset);
    if (m.get_type(target.id, `/${name}`) === m.H5G_DATASET) return;
    throw notWritten(target, name);
  });
}
