/** Paths as templates, in the way of Python's format strings: `out/{alpha}.ipynb`, `{n:03d}`, `{pm[run_uuid]}`. */

import { randomUUID } from "node:crypto";
import { UsageError } from "../core/index.js";
import { coerce, Float, type Given } from "../notebook/index.js";
import { type Formattable, formatValue, printValue, represent } from "./format.js";

/** Paths of a run; the output may be absent. */
export interface RunPaths {
  readonly input: string;
  readonly output?: string;
}

/** Braces: escaped, a field with its keys, conversion and format, or alone. */
const BRACES =
  /\{\{|\}\}|\{(?<name>[^{}[\]!:]*)(?<keys>(?:\[[^[\]{}]*\])*)(?:!(?<conversion>[rs]))?(?::(?<format>[^{}]*))?\}|[{}]/g;

/**
 * Fill the parameters into both paths; `{{` and `}}` stand for braces.
 *
 * @throws {UsageError} if a path names what is not given, or a brace or format is wrong
 */
export function fillTemplate(paths: RunPaths, parameters: ReadonlyMap<string, Given>): RunPaths {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  const values = new Map<string, unknown>([
    [
      "pm",
      {
        run_uuid: randomUUID(),
        current_datetime_utc: { wall: now.toISOString().slice(0, -1), zone: "+00:00" },
        current_datetime_local: { wall: local.toISOString().slice(0, -1), zone: "" },
      },
    ],
  ]);
  for (const [name, given] of parameters) {
    values.set(name, "text" in given ? coerce(given.text) : given.value);
  }
  const input = fill(paths.input, values);
  return paths.output === undefined ? { input } : { input, output: fill(paths.output, values) };
}

function fill(path: string, values: ReadonlyMap<string, unknown>): string {
  return path.replace(BRACES, (match, ...rest: unknown[]) => {
    if (match === "{{" || match === "}}") return match[0]!;
    const field = rest.at(-1) as Record<string, string | undefined>;
    if (field.name === undefined) throw loneBrace(path, match);
    const keys = [...field.keys!.matchAll(/\[([^\]]*)\]/g)].map((found) => found[1]!);
    let value = values.get(field.name);
    for (const key of keys) value = itemOf(value, key);
    if (value === undefined) throw unknown(path, match, values);
    const found = value as Formattable;
    if (field.conversion === "r") return formatValue(represent(found), field.format ?? "");
    if (field.conversion === "s") return formatValue(printValue(found), field.format ?? "");
    return formatValue(found, field.format ?? "");
  });
}

/** An own item of a list or an object. */
function itemOf(value: unknown, key: string): unknown {
  if (typeof value !== "object" || value === null || value instanceof Float) return undefined;
  return Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function unknown(path: string, field: string, values: ReadonlyMap<string, unknown>): UsageError {
  const builtIn = Object.keys(values.get("pm") ?? {}).map((key) => `pm[${key}]`);
  const known = [...[...values.keys()].filter((name) => name !== "pm"), ...builtIn];
  return new UsageError({
    where: path,
    what: `path template ${field}`,
    wanted: `one of ${known.join(", ")}`,
    got: "a name that is not given",
    remedy: "pass it with -p NAME VALUE, or write {{ and }} for braces",
  });
}

function loneBrace(path: string, brace: string): UsageError {
  return new UsageError({
    where: path,
    what: "path template",
    wanted: "braces in pairs",
    got: `a ${brace} alone`,
    remedy: "write {{ and }} for braces",
  });
}
