/**
 * Write CF netCDF-4 files that ncdump, xarray and cdo read. The file is written beside its place
 * under another name and moved there when it is whole; a failed writer leaves nothing.
 */

import { closeSync, fsyncSync, renameSync, rmSync } from "node:fs";
import { threadId } from "node:worker_threads";
import { ArgumentError, shapeError, sizeOf } from "../core/index.js";
import { backing, openForWriting } from "./backing.js";
import { bytesOf, viewNumbers } from "./bytes.js";
import type { AttributeValue, StorageType, StoredNumbers } from "./dataset.js";
import { createAttributes } from "./hdf5-attribute.js";
import { createVariable, writeBlock } from "./hdf5-create.js";
import { engine, guarded, mount, unmount } from "./hdf5-engine.js";
import type { Hdf5Target } from "./hdf5-target.js";
import { type Selection, select } from "./selection.js";

/** A dimension: its length, and whether records may be appended along it. */
export type NetcdfDimension = number | { readonly length: number; readonly unlimited: true };

/** An attribute to write; a typed array sets the stored type, plain numbers become doubles. */
export type AttributeInput = AttributeValue | StoredNumbers;

/** A variable to write, without its values. */
export interface NetcdfShape {
  readonly dimensions: readonly string[];
  readonly type: Exclude<StorageType, "string" | "other">;
  /**
   * `units`, `long_name`, …. `_FillValue`, `missing_value`, `valid_*` and `flag_*` take the
   * variable's type. Floating variables that are no coordinates get `_FillValue` NaN.
   */
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
  /** chunk length along each dimension; by default about 1 MiB of whole rows */
  readonly chunks?: readonly number[];
  /** deflate level 0 (none) to 9; 4 by default for variables of 64 KiB and more */
  readonly deflate?: number;
}

/** A variable with its values, row-major. Texts get a last dimension `string<length>`. */
export type NetcdfVariable = Omit<NetcdfShape, "type"> & {
  readonly type?: NetcdfShape["type"];
  readonly data: StoredNumbers | readonly number[] | readonly string[];
};

/** What a file is to hold. */
export interface NetcdfContent {
  readonly dimensions: Readonly<Record<string, NetcdfDimension>>;
  readonly variables: Readonly<Record<string, NetcdfVariable>>;
  /** global attributes; `Conventions` is CF-1.11 unless stated */
  readonly attributes?: Readonly<Record<string, AttributeInput>>;
}

/** What a streamed file is to hold. */
export interface NetcdfLayout extends Omit<NetcdfContent, "variables"> {
  readonly variables: Readonly<Record<string, NetcdfShape>>;
}

/** A netCDF file in the making. */
export interface NetcdfWriter {
  /**
   * Write numbers of the variable's type to a part of it. Selecting past the end of an unlimited
   * dimension makes it longer.
   *
   * @throws {ArgumentError | ShapeError} if the selection or the number of values does not fit
   */
  write(name: string, data: StoredNumbers | readonly number[], selection?: Selection): void;
  /** Finish the file and move it to its place. */
  close(): void;
  /** Leave nothing. */
  abort(): void;
}

/**
 * Write a whole netCDF-4 file, atomically.
 *
 * @throws {ArgumentError | ShapeError} if the content does not fit together
 * @throws {EnvironmentError} if the place cannot be written to
 * @throws {BusyError} if the disk is full
 */
export async function writeNetcdf(path: string, content: NetcdfContent): Promise<void> {
  const entries = Object.entries(content.variables).map(([name, v]) => textAsBytes(name, v));
  const extra = Object.fromEntries(entries.flatMap(({ dimension }) => dimension ?? []));
  const writer = await createNetcdf(path, {
    ...content,
    dimensions: { ...content.dimensions, ...extra },
    variables: Object.fromEntries(entries.map(({ name, shape }) => [name, shape])),
  });
  try {
    for (const { name, data } of entries) writer.write(name, data);
  } catch (error) {
    writer.abort();
    throw error;
  }
  writer.close();
}

/**
 * Begin a netCDF-4 file that is written part by part.
 *
 * @throws {ArgumentError} if the layout does not fit together
 */
export async function createNetcdf(path: string, layout: NetcdfLayout): Promise<NetcdfWriter> {
  const live = await engine();
  const temporary = `${path}.${process.pid}-${threadId}.part`;
  const descriptor = openForWriting(path, temporary);
  const mounted = mount(live, backing(descriptor, path));
  const id = guarded(live, path, (m) => m.open(mounted, m.H5F_ACC_TRUNC, true, -1, -1));
  const target: Hdf5Target = { engine: live, id, path };
  let open = true;
  function release(): void {
    if (!open) return;
    open = false;
    try {
      if (!live.broken) guarded(live, path, (m) => m.close_file(id));
    } finally {
      unmount(live, mounted);
      fsyncSync(descriptor);
      closeSync(descriptor);
    }
  }
  function abort(): void {
    try {
      release();
    } finally {
      rmSync(temporary, { force: true });
    }
  }
  try {
    const lengths = defineFile(target, layout);
    return {
      write: (name, data, selection) =>
        writePart(target, { layout, lengths, name }, data, selection),
      close() {
        try {
          release();
        } catch (error) {
          rmSync(temporary, { force: true });
          throw error;
        }
        renameSync(temporary, path);
      },
      abort,
    };
  } catch (error) {
    abort();
    throw error;
  }
}

/** Make dimensions, variables and attributes; returns the present length of each dimension. */
function defineFile(target: Hdf5Target, layout: NetcdfLayout): Map<string, number> {
  const dimensions = Object.entries(layout.dimensions).map(([name, d], id) => ({
    name,
    id,
    length: typeof d === "number" ? d : d.length,
    unlimited: typeof d !== "number",
  }));
  const known = new Map(dimensions.map((d) => [d.name, d]));
  createAttributes(target, "/", {
    _NCProperties: "version=2,carbonbook=0.1.0,hdf5=2.0.0",
    Conventions: "CF-1.11",
    ...layout.attributes,
  });
  for (const [name, variable] of Object.entries(layout.variables)) {
    const found = variable.dimensions.map((d) => known.get(d));
    const missing = variable.dimensions.find((_, i) => found[i] === undefined);
    if (missing !== undefined) {
      throw new ArgumentError({
        where: target.path,
        what: `dimension "${missing}" of variable "${name}"`,
        wanted: `one of ${[...known.keys()].join(", ")}`,
      });
    }
  }
  createVariable(target, layout.variables, dimensions);
  return new Map(dimensions.map((d) => [d.name, d.length]));
}

function writePart(
  target: Hdf5Target,
  at: { layout: NetcdfLayout; lengths: Map<string, number>; name: string },
  data: StoredNumbers | readonly number[],
  selection: Selection | undefined,
): void {
  const { layout, lengths, name } = at;
  const variable = layout.variables[name];
  if (variable === undefined) {
    throw new ArgumentError({
      where: target.path,
      what: `variable "${name}"`,
      wanted: "one of the layout",
    });
  }
  const { dimensions } = variable;
  for (const d of dimensions) {
    const pick = selection?.[d];
    const end = typeof pick === "number" ? pick + 1 : (pick?.[1] ?? 0);
    if (typeof layout.dimensions[d] !== "number" && end > lengths.get(d)!) lengths.set(d, end);
  }
  const shape = dimensions.map((d) => lengths.get(d)!);
  const { ranges } = select({ dimensions, shape }, selection, `${target.path}:${name}`);
  const counts = ranges.map((r) => r.stop - r.start);
  if (data.length !== sizeOf(counts)) throw shapeError(`values of ${name}`, counts, [data.length]);
  writeBlock(target, { name, shape, ranges }, asType(data, variable.type));
}

/** Texts as characters: one dimension more, as long as the longest text in UTF-8. */
function textAsBytes(name: string, variable: NetcdfVariable) {
  const { data, ...rest } = variable;
  if (!isTexts(data)) {
    const type = rest.type ?? guessType(data);
    return { name, data, shape: { ...rest, type } as NetcdfShape, dimension: undefined };
  }
  const texts = data.map((text) => Buffer.from(text, "utf8"));
  const width = Math.max(1, ...texts.map((t) => t.length));
  const bytes = new Uint8Array(width * texts.length);
  for (const [i, text] of texts.entries()) bytes.set(text, i * width);
  const dimension = `string${width}`;
  const shape: NetcdfShape = {
    ...rest,
    type: "char",
    dimensions: [...rest.dimensions, dimension],
    attributes: { ...rest.attributes, _Encoding: "utf-8" },
  };
  return { name, data: bytes, shape, dimension: [[dimension, width] as const] };
}

function isTexts(data: NetcdfVariable["data"]): data is readonly string[] {
  return Array.isArray(data) && typeof data[0] === "string";
}

function guessType(data: StoredNumbers | readonly number[]): NetcdfShape["type"] {
  if (data instanceof Float32Array) return "f32";
  if (data instanceof Int32Array) return "i32";
  if (data instanceof Uint32Array) return "u32";
  if (data instanceof Int16Array) return "i16";
  if (data instanceof Uint16Array) return "u16";
  if (data instanceof Int8Array) return "i8";
  if (data instanceof Uint8Array) return "u8";
  if (data instanceof BigInt64Array) return "i64";
  if (data instanceof BigUint64Array) return "u64";
  return "f64";
}

/** The bytes of numbers in a stored type; a fraction or an overflow is refused. */
export function asType(data: StoredNumbers | readonly number[], type: StorageType): Uint8Array {
  if (ArrayBuffer.isView(data) && guessType(data) === (type === "char" ? "u8" : type)) {
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  }
  const out = viewNumbers(new Uint8Array(data.length * bytesOf(type)), type);
  const big = out instanceof BigInt64Array || out instanceof BigUint64Array;
  for (let i = 0; i < data.length; i++) {
    const x = Number(data[i]);
    if (big) out[i] = BigInt(x);
    else (out as Float64Array)[i] = x;
    const kept = Number(out[i]);
    const float = type === "f32" || type === "f64";
    if (float || kept === x) continue;
    throw new ArgumentError({
      what: "value",
      wanted: `one that ${type} holds exactly`,
      got: `${x}`,
    });
  }
  return new Uint8Array(out.buffer);
}
