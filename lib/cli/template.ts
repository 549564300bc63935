/** Paths as templates: `out/{alpha}.ipynb`, `{pm[run_uuid]}`. */

import { randomUUID } from "node:crypto";
import { UsageError } from "../core/index.js";
import { describeValue, type Given } from "../notebook/index.js";

/** Paths of a run; the output may be absent. */
export interface RunPaths {
  readonly input: string;
  readonly output?: string;
}

/**
 * Fill the parameters into both paths; `{{` and `}}` stand for braces.
 *
 * @throws {UsageError} if a path names a parameter that is not given
 */
export function fillTemplate(paths: RunPaths, parameters: ReadonlyMap<string, Given>): RunPaths {
  const now = new Date();
  const local = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  const builtIn: Readonly<Record<string, string>> = {
    run_uuid: randomUUID(),
    current_datetime_utc: now.toISOString().slice(0, -1),
    current_datetime_local: local.toISOString().slice(0, -1),
  };
  const fill = (path: string) =>
    path.replace(/\{\{|\}\}|\{([^{}]*)\}/g, (match, name: string | undefined) => {
      if (name === undefined) return match[0]!;
      const own = /^pm\[(\w+)\]$/.exec(name)?.[1];
      const given = parameters.get(name);
      const value = own === undefined ? given && textOf(given) : builtIn[own];
      if (value !== undefined) return value;
      const known = [...parameters.keys(), ...Object.keys(builtIn).map((key) => `pm[${key}]`)];
      throw new UsageError({
        where: path,
        what: `path template {${name}}`,
        wanted: `one of ${known.join(", ")}`,
        got: "a name that is not given",
        remedy: `pass it with -p ${name} VALUE, or write {{ and }} for braces`,
      });
    });
  const input = fill(paths.input);
  return paths.output === undefined ? { input } : { input, output: fill(paths.output) };
}

function textOf(given: Given): string {
  if ("text" in given) return given.text;
  return typeof given.value === "string" ? given.value : describeValue(given.value);
}
