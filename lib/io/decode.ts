/**
 * From stored to physical values by the rules of the NetCDF Users Guide and CF (sections 2.5.1
 * and 8.1): what counts as missing becomes NaN, packed values are unpacked.
 *
 * A fill value that the stored type cannot hold (1e37 on shorts, as ROMS tools write it) marks
 * nothing and is ignored. A valid range applies to packed values, unless its type is wider than
 * theirs: then it is meant for unpacked ones.
 */

import type { StorageType, StoredAttribute, StoredNumbers, StoredVariable } from "./dataset.js";

/** How to decode one variable. */
export interface Encoding {
  readonly type: StorageType;
  /** stored values that mean missing */
  readonly missing: readonly number[];
  /** stored values outside are missing */
  readonly storedRange: readonly [number, number];
  /** unpacked values outside are missing */
  readonly range: readonly [number, number];
  readonly scale: number;
  readonly offset: number;
  readonly result: "f32" | "f64";
  /** whether signed bytes are to be read as unsigned (`_Unsigned`) */
  readonly unsigned: boolean;
}

const ALL: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const LIMITS: Partial<Record<StorageType, readonly [number, number]>> = {
  i8: [-128, 127],
  u8: [0, 255],
  i16: [-32768, 32767],
  u16: [0, 65535],
  i32: [-2147483648, 2147483647],
  u32: [0, 4294967295],
  i64: [-(2 ** 63), 2 ** 63],
  u64: [0, 2 ** 64],
};
const SMALL = new Set<StorageType>(["i8", "u8", "i16", "u16", "f32"]);

/** Read the decoding rules out of a variable's attributes. */
export function encodingOf(
  variable: Pick<StoredVariable, "type" | "attributes" | "defaultFill">,
): Encoding {
  const { type, attributes, defaultFill } = variable;
  const unsigned =
    `${attributes.get("_Unsigned")?.value}`.toLowerCase() === "true" && type.startsWith("i");
  const seen = unsigned ? (type.replace("i", "u") as StorageType) : type;
  const scale = firstNumber(attributes.get("scale_factor")) ?? 1;
  const offset = firstNumber(attributes.get("add_offset")) ?? 0;
  const fills = numbersOf(attributes.get("_FillValue"));
  const stated = [...fills, ...numbersOf(attributes.get("missing_value"))];
  const candidates = attributes.has("_FillValue") ? stated : [...stated, defaultFill ?? Number.NaN];
  const { inner, outer } = validRanges(attributes, { type, seen }, Math.abs(scale) / 2);
  return {
    type: seen,
    missing: candidates.flatMap((value) => asStored(value, type, seen)),
    storedRange: inner,
    range: outer,
    scale,
    offset,
    result: resultType(seen, attributes),
    unsigned,
  };
}

/** Decode stored numbers; the result is a new array, except for float ones that need no change. */
export function decode(stored: StoredNumbers, encoding: Encoding): Float32Array | Float64Array {
  const raw = encoding.unsigned ? asUnsigned(stored) : stored;
  const { missing, scale, offset, storedRange, range } = encoding;
  const plain =
    scale === 1 && offset === 0 && missing.length === 0 && storedRange === ALL && range === ALL;
  if (plain && (raw instanceof Float32Array || raw instanceof Float64Array)) return raw;
  const out =
    encoding.result === "f32" ? new Float32Array(raw.length) : new Float64Array(raw.length);
  const [first = Number.NaN, second = Number.NaN] = missing;
  const more = missing.length > 2 ? new Set(missing) : undefined;
  const [low, high] = storedRange;
  const [lowest, highest] = range;
  for (let i = 0; i < raw.length; i++) {
    const x = Number(raw[i]);
    const y = x * scale + offset;
    const gone = x === first || x === second || x < low || x > high || y < lowest || y > highest;
    out[i] = gone || more?.has(x) === true ? Number.NaN : y;
  }
  return out;
}

/** The range attributes, split by whether they speak of stored or of unpacked values. */
function validRanges(
  attributes: StoredVariable["attributes"],
  types: { readonly type: StorageType; readonly seen: StorageType },
  halfStep: number,
): { inner: readonly [number, number]; outer: readonly [number, number] } {
  const { type, seen } = types;
  const pair = attributes.get("valid_range");
  const [low, high] = numbersOf(pair);
  const ends = [
    { value: low, attribute: pair, end: 0 },
    { value: high, attribute: pair, end: 1 },
    {
      value: firstNumber(attributes.get("valid_min")),
      attribute: attributes.get("valid_min"),
      end: 0,
    },
    {
      value: firstNumber(attributes.get("valid_max")),
      attribute: attributes.get("valid_max"),
      end: 1,
    },
  ];
  const packed = attributes.has("scale_factor") || attributes.has("add_offset");
  const inner: [number, number] = [...ALL];
  const outer: [number, number] = [...ALL];
  for (const { value, attribute, end } of ends) {
    if (value === undefined || Number.isNaN(value)) continue;
    const wide = packed && isFloat(attribute!.type) && !isFloat(type);
    if (wide) outer[end] = value + (end === 0 ? -halfStep : halfStep);
    else inner[end] = type === "f32" ? Math.fround(value) : wrap(value, type, seen);
  }
  return { inner: isAll(inner) ? ALL : inner, outer: isAll(outer) ? ALL : outer };
}

/** What a stated missing value is in the stored type; nothing if it does not fit there. */
function asStored(value: number, type: StorageType, seen: StorageType): number[] {
  if (Number.isNaN(value)) return [];
  if (type === "f32") return [Math.fround(value)];
  const limits = LIMITS[seen];
  if (limits === undefined) return [value];
  if (!Number.isInteger(value)) return [];
  const wrapped = wrap(value, type, seen);
  return wrapped >= limits[0] && wrapped <= limits[1] ? [wrapped] : [];
}

/** A signed attribute of a variable that is to be seen as unsigned. */
function wrap(value: number, type: StorageType, seen: StorageType): number {
  return seen !== type && value < 0 ? value + (LIMITS[seen]?.[1] ?? 0) + 1 : value;
}

/** CF: unpacked values have the type of the packing attributes, others their own. */
function resultType(type: StorageType, attributes: StoredVariable["attributes"]): "f32" | "f64" {
  const packing = [attributes.get("scale_factor"), attributes.get("add_offset")].filter(
    (a) => a !== undefined,
  );
  if (!SMALL.has(type)) return "f64";
  return packing.every((a) => SMALL.has(a.type)) ? "f32" : "f64";
}

function numbersOf(attribute: StoredAttribute | undefined): number[] {
  if (attribute === undefined || attribute.type === "char" || attribute.type === "string") {
    return [];
  }
  const { value } = attribute;
  if (typeof value === "number") return [value];
  return Array.isArray(value) ? value.filter((x): x is number => typeof x === "number") : [];
}

function firstNumber(attribute: StoredAttribute | undefined): number | undefined {
  return numbersOf(attribute)[0];
}

function isFloat(type: StorageType): boolean {
  return type === "f32" || type === "f64";
}

function isAll(range: readonly [number, number]): boolean {
  return range[0] === ALL[0] && range[1] === ALL[1];
}

function asUnsigned(data: StoredNumbers): StoredNumbers {
  const { buffer, byteOffset, length } = data;
  if (data instanceof Int8Array) return new Uint8Array(buffer, byteOffset, length);
  if (data instanceof Int16Array) return new Uint16Array(buffer, byteOffset, length);
  if (data instanceof Int32Array) return new Uint32Array(buffer, byteOffset, length);
  if (data instanceof BigInt64Array) return new BigUint64Array(buffer, byteOffset, length);
  return data;
}
