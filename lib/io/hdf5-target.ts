/** A file being written: its place, its types as the library names them, and what failed in it. */

import { DataError } from "../core/index.js";
import { bytesOf } from "./bytes.js";
import type { StorageType } from "./dataset.js";
import { type Engine, guarded } from "./hdf5-engine.js";

/** A file being written. */
export interface Hdf5Target {
  readonly engine: Engine;
  readonly id: bigint;
  readonly path: string;
}

/** What h5wasm wants to know of a type. */
export function hdf5Type(type: StorageType) {
  const size = bytesOf(type);
  const plain = { vlen: false, littleEndian: true, total_size: 0, size };
  if (type === "char") return { ...plain, type: 3, signed: false, cset: 0 };
  const float = type === "f32" || type === "f64";
  return { ...plain, type: float ? 1 : 0, signed: type.startsWith("i") };
}

/** Call into the library and look at the status it gives back. */
export function check(
  target: Hdf5Target,
  name: string,
  work: (module: Engine["module"]) => number,
): void {
  const status = guarded(target.engine, `${target.path}:${name}`, work);
  if (status < 0) throw notWritten(target, name);
}

/** The error of an object that the library did not write. */
export function notWritten(target: Hdf5Target, name: string): DataError {
  return new DataError({
    where: target.path,
    what: `"${name}"`,
    wanted: "to write it",
    got: "an error of the HDF5 library",
  });
}
