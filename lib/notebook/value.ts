/**
 * Values of parameters and the kinds they must be of. A kind is read from the declaration in the
 * parameters cell, by its annotation or else by its default.
 */

/** A whole number that was written as a float, as `1.0` or `1e3`: many languages tell it from an integer. */
export class Float {
  constructor(readonly number: number) {}

  toJSON(): number {
    return this.number;
  }
}

/** A value that may be handed to a notebook; a bigint is an integer beyond 2⁵³. */
export type Value =
  | null
  | boolean
  | number
  | bigint
  | Float
  | string
  | readonly Value[]
  | { readonly [key: string]: Value };

/** What values a parameter takes. */
export type Kind =
  | "any"
  | "null"
  | "boolean"
  | "integer"
  | "number"
  | "string"
  | "object"
  | { readonly list: Kind }
  | { readonly literal: string | number | boolean }
  | { readonly union: readonly Kind[] };

/** Whether a value is of a kind; an integer is also a number, and a whole float an integer. */
export function fits(value: Value, kind: Kind): boolean {
  if (value instanceof Float) return fits(value.number, kind);
  if (typeof kind === "object") {
    if ("union" in kind) return kind.union.some((member) => fits(value, member));
    if ("literal" in kind) return value === kind.literal;
    return Array.isArray(value) && value.every((item: Value) => fits(item, kind.list));
  }
  switch (kind) {
    case "any":
      return true;
    case "null":
      return value === null;
    case "integer":
      return typeof value === "bigint" || Number.isInteger(value);
    case "number":
      return typeof value === "number" || typeof value === "bigint";
    case "object":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    default:
      return typeof value === kind;
  }
}

/** Write a kind for a reader: `list of number`, `"a" or "b"`. */
export function describeKind(kind: Kind): string {
  if (typeof kind !== "object") return kind;
  if ("union" in kind) {
    const members = kind.union.map(describeKind);
    return members.filter((m) => m !== "integer" || !members.includes("number")).join(" or ");
  }
  if ("literal" in kind) return JSON.stringify(kind.literal);
  return kind.list === "any" ? "list" : `list of ${describeKind(kind.list)}`;
}

/**
 * Read a text as papermill's `-p` does: `True`, `False`, `None`, then an integer, then a float
 * (`nan`, `inf`, `1e3`, `1_000` are numbers), else the text. Lower-case `true` stays a text.
 */
export function coerce(text: string): Value {
  if (text === "True") return true;
  if (text === "False") return false;
  if (text === "None") return null;
  const trimmed = text.trim();
  if (/^[+-]?\d+(_\d+)*$/.test(trimmed)) return integerOf(trimmed.replaceAll("_", ""));
  if (/^[+-]?(nan|inf|infinity)$/i.test(trimmed)) {
    if (/nan/i.test(trimmed)) return Number.NaN;
    return trimmed.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const digits = String.raw`\d+(?:_\d+)*`;
  const float = new RegExp(
    `^[+-]?(?:${digits}\\.?(?:${digits})?|\\.${digits})(?:e[+-]?${digits})?$`,
    "i",
  );
  return float.test(trimmed) ? floatOf(Number(trimmed.replaceAll("_", ""))) : text;
}

/** A number that was written as a float. */
export function floatOf(value: number): number | Float {
  return Number.isInteger(value) ? new Float(value) : value;
}

/** A float as Python prints it: the shortest digits, with a point or an exponent of two digits. */
export function printFloat(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  const [digits, exponent] = value.toExponential().split("e") as [string, string];
  const power = Number(exponent);
  if (power < -4 || power >= 16) {
    return `${digits}e${power < 0 ? "-" : "+"}${String(Math.abs(power)).padStart(2, "0")}`;
  }
  const plain =
    power < 0 ? value.toFixed(digits.replace(/[-.]/g, "").length - 1 - power) : String(value);
  return plain.includes(".") ? plain : `${plain}.0`;
}

/**
 * Read a text for a parameter of a known kind: as `-p` does and, where that does not fit, as the
 * kind wants it (`007` for a string, `true` for a boolean).
 */
export function coerceTo(text: string, kind: Kind): Value {
  const value = coerce(text);
  if (fits(value, kind)) return value;
  if (fits(text, kind)) return text;
  if (text === "true" && fits(true, kind)) return true;
  if (text === "false" && fits(false, kind)) return false;
  if (text === "null" && fits(null, kind)) return null;
  return value;
}

/** A value as JSON has it: NaN, infinities and integers beyond 2⁵³ have no digits of their own there. */
export function jsonOf(value: Value): unknown {
  if (value instanceof Float) return value.number;
  if (typeof value === "bigint") return Number(value);
  if (typeof value === "number" && !Number.isFinite(value)) return String(value);
  if (Array.isArray(value)) return value.map(jsonOf);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, jsonOf(item)]));
}

/** Write a value for a message or as JSON; NaN and infinities by name, large integers in digits. */
export function describeValue(value: Value): string {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return String(value);
  return JSON.stringify(value, (_key, item: unknown) => {
    const isOdd = typeof item === "bigint" || (typeof item === "number" && !Number.isFinite(item));
    return isOdd ? String(item) : item;
  });
}

function integerOf(digits: string): number | bigint {
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : BigInt(digits.replace("+", ""));
}
