/**
 * Python's format strings, as far as paths need them: what `str.format` makes of a value with a
 * conversion and a format specification.
 *
 * @see https://docs.python.org/3/library/string.html#format-specification-mini-language
 */

import { UsageError } from "../core/index.js";
import { Float, printFloat, type Value } from "../notebook/index.js";

/** A moment, as the wall clock shows it in some zone. */
export interface Moment {
  /** ISO 8601 without a zone, to the millisecond */
  readonly wall: string;
  /** what Python prints after it, such as `+00:00` */
  readonly zone: string;
}

/** What may stand in a format string. */
export type Formattable = Value | Moment;

const SPECIFICATION =
  /^(?:(?<fill>.)?(?<align>[<>^=]))?(?<sign>[+\- ])?(?<zero>0)?(?<width>\d+)?(?<group>[,_])?(?:\.(?<precision>\d+))?(?<type>[sdfFeE%xXob])?$/su;

/** Print a value as Python's `str` does. */
export function printValue(value: Formattable): string {
  return typeof value === "string" ? value : represent(value);
}

/** Print a value as Python's `repr` does, a moment as its `str`. */
export function represent(value: Formattable): string {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value === "string") return quote(value);
  if (typeof value === "bigint" || Number.isInteger(value)) return String(value);
  if (typeof value === "number") return printFloat(value);
  if (value instanceof Float) return printFloat(value.number);
  if (Array.isArray(value)) return `[${value.map(represent).join(", ")}]`;
  if (isMoment(value)) return `${value.wall.replace("T", " ")}000${value.zone}`;
  const entries = Object.entries(value as Record<string, Value>);
  return `{${entries.map(([key, item]) => `${quote(key)}: ${represent(item)}`).join(", ")}}`;
}

/**
 * Print a value by a specification, such as `03d`, `.2f`, `>8` or, for a moment, `%Y-%m-%d`.
 *
 * @throws {UsageError} if it is none, or not one for such a value
 */
export function formatValue(value: Formattable, specification: string): string {
  if (specification === "") return printValue(value);
  if (isMoment(value)) return formatMoment(value, specification);
  const groups = SPECIFICATION.exec(specification)?.groups;
  if (groups === undefined) throw unfit(value, specification);
  const { fill, align, sign = "", zero, width = "0", group, precision, type } = groups;
  const number = numberOf(value);
  if (number === undefined && /[dfFeE%xXob]/.test(type ?? "")) throw unfit(value, specification);
  if (number !== undefined && type === "s") throw unfit(value, specification);
  if (number === undefined || type === "s") {
    return pad(
      printValue(value).slice(0, precision === undefined ? undefined : Number(precision)),
      {
        fill: fill ?? (zero === undefined ? " " : "0"),
        align: align ?? "<",
        width: Number(width),
      },
    );
  }
  const whole = Number.isInteger(number) && !(value instanceof Float);
  if (!whole && /[dxXob]/.test(type ?? "")) throw unfit(value, specification);
  const digits = digitsOf(value, Math.abs(number), type, precision);
  const mark = number < 0 || Object.is(number, -0) ? "-" : sign.replace("-", "");
  const grouped = group === undefined ? digits : digits.replace(/\d+/, (d) => split(d, group));
  const filled = zero !== undefined && align === undefined;
  return pad(grouped, {
    fill: fill ?? (zero === undefined ? " " : "0"),
    align: filled ? "=" : (align ?? ">"),
    width: Number(width),
    mark,
  });
}

function numberOf(value: Formattable): number | undefined {
  if (value instanceof Float) return value.number;
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" ? value : undefined;
}

function digitsOf(value: Formattable, size: number, type = "", precision?: string): string {
  const places = Number(precision ?? 6);
  switch (type) {
    case "f":
    case "F":
      return size.toFixed(places);
    case "%":
      return `${(100 * size).toFixed(places)}%`;
    case "e":
    case "E": {
      const text = size.toExponential(places).replace(/e([+-])(\d)$/, "e$10$2");
      return type === "E" ? text.toUpperCase() : text;
    }
    case "x":
      return size.toString(16);
    case "X":
      return size.toString(16).toUpperCase();
    case "o":
      return size.toString(8);
    case "b":
      return size.toString(2);
    default:
      if (type === "" && precision !== undefined) throw unfit(value, `.${precision}`);
      return printValue(value).replace(/^-/, "");
  }
}

function pad(
  text: string,
  how: {
    readonly fill: string;
    readonly align: string;
    readonly width: number;
    readonly mark?: string;
  },
): string {
  const { fill, align, width, mark = "" } = how;
  const gap = Math.max(0, width - [...mark, ...text].length);
  if (align === "=") return mark + fill.repeat(gap) + text;
  const before = align === ">" ? gap : align === "^" ? Math.floor(gap / 2) : 0;
  return fill.repeat(before) + mark + text + fill.repeat(gap - before);
}

function split(digits: string, sign: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, sign);
}

function formatMoment(moment: Moment, specification: string): string {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d+)-(\d+)-(\d+)T(\d+):(\d+):(\d+)\.(\d+)/.exec(moment.wall) as unknown as string[];
  const start = Date.parse(`${year}-01-01T00:00:00Z`);
  const dayOfYear = Math.floor((Date.parse(`${moment.wall}Z`) - start) / 86_400_000) + 1;
  const parts: Readonly<Record<string, string>> = {
    "%Y": year!,
    "%y": year!.slice(-2),
    "%m": month!,
    "%d": day!,
    "%j": String(dayOfYear).padStart(3, "0"),
    "%H": hour!,
    "%M": minute!,
    "%S": second!,
    "%f": `${ms}000`,
    "%%": "%",
  };
  return specification.replace(/%./g, (code) => {
    const part = parts[code];
    if (part === undefined) throw unfit(moment, specification);
    return part;
  });
}

function isMoment(value: Formattable): value is Moment {
  return typeof value === "object" && value !== null && "wall" in value && "zone" in value;
}

function quote(text: string): string {
  const sign = text.includes("'") && !text.includes('"') ? '"' : "'";
  const plain = text.replaceAll("\\", "\\\\").replaceAll(sign, `\\${sign}`);
  return sign + plain.replaceAll("\n", "\\n").replaceAll("\t", "\\t") + sign;
}

function unfit(value: Formattable, specification: string): UsageError {
  return new UsageError({
    what: "format in a path template",
    wanted: "one of Python's for such a value, as 03d, .2f, >8 or %Y-%m-%d",
    got: `"${specification}" for ${represent(value)}`,
  });
}
