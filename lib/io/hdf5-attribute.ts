/** Write attributes of an HDF5 object in the types that netCDF-4 and CF want. */

import type { StorageType, StoredNumbers } from "./dataset.js";
import { withMemory } from "./hdf5-engine.js";
import { check, type Hdf5Target, hdf5Type } from "./hdf5-target.js";
import { type AttributeInput, asType } from "./writer.js";

type NewAttribute = Parameters<Hdf5Target["engine"]["module"]["create_attribute"]>[4];

/** Attributes that CF wants in the type of their variable. */
const OF_VARIABLE_TYPE = new Set([
  "_FillValue",
  "missing_value",
  "valid_min",
  "valid_max",
  "valid_range",
  "flag_values",
  "flag_masks",
]);

/** Write attributes of an object; plain numbers become doubles, or the type given for a name. */
export function createAttributes(
  target: Hdf5Target,
  path: string,
  attributes: Readonly<Record<string, AttributeInput>>,
  variableType?: StorageType,
): void {
  for (const [name, value] of Object.entries(attributes)) {
    const asVariable = variableType !== undefined && OF_VARIABLE_TYPE.has(name);
    createAttribute(target, path, { name, value, type: asVariable ? variableType : undefined });
  }
}

function createAttribute(
  target: Hdf5Target,
  path: string,
  attribute: { name: string; value: AttributeInput; type: StorageType | undefined },
): void {
  const { name, value, type } = attribute;
  if (typeof value === "string" || (Array.isArray(value) && typeof value[0] === "string")) {
    createText(
      target,
      path,
      name,
      typeof value === "string" ? value : (value as string[]).join(" "),
    );
    return;
  }
  const numbers =
    typeof value === "number" ? [value] : (value as StoredNumbers | readonly number[]);
  const stored = ArrayBuffer.isView(numbers) ? nativeType(numbers) : (type ?? "f64");
  const bytes = asType(numbers, stored);
  createRaw(target, path, name, {
    bytes,
    metadata: {
      ...hdf5Type(stored),
      shape: [BigInt(numbers.length)],
      maxshape: [BigInt(numbers.length)],
    },
  });
}

function createText(target: Hdf5Target, path: string, name: string, text: string): void {
  const bytes = text === "" ? Buffer.from([0]) : Buffer.from(text, "utf8");
  const ascii = bytes.every((b) => b < 128);
  const metadata = {
    ...hdf5Type("char"),
    size: bytes.length,
    cset: ascii ? 0 : 1,
    shape: [],
    maxshape: [],
  };
  createRaw(target, path, name, { bytes, metadata });
}

function createRaw(
  target: Hdf5Target,
  path: string,
  name: string,
  raw: { bytes: Uint8Array; metadata: NewAttribute },
): void {
  check(target, `${path}@${name}`, (m) =>
    withMemory(m, raw.bytes.length, (pointer) => {
      m.HEAPU8.set(raw.bytes, pointer);
      return m.create_attribute(target.id, path, name, BigInt(pointer), raw.metadata);
    }),
  );
}

function nativeType(numbers: ArrayBufferView): StorageType {
  const names: Record<string, StorageType> = {
    Float64Array: "f64",
    Float32Array: "f32",
    Int32Array: "i32",
    Uint32Array: "u32",
    Int16Array: "i16",
    Uint16Array: "u16",
    Int8Array: "i8",
    Uint8Array: "u8",
    BigInt64Array: "i64",
    BigUint64Array: "u64",
  };
  return names[numbers.constructor.name] ?? "f64";
}
