/** Parameters from the command line, merged in papermill's order: the later wins. */

import { readFileSync } from "node:fs";
import { parse, Scalar, type ScalarTag, type Tags } from "yaml";
import { UsageError } from "../core/index.js";
import { describeValue, Float, floatOf, type Given, type Value } from "../notebook/index.js";

/** What the command line says about parameters, each list in the order given. */
export interface ParameterOptions {
  /** `-b`: base64 of YAML */
  readonly parametersBase64: readonly string[];
  /** `-f`: YAML files */
  readonly parametersFile: readonly string[];
  /** `-y`: YAML */
  readonly parametersYaml: readonly string[];
  /** `-p`: names and texts to coerce */
  readonly parameters: readonly (readonly [name: string, text: string])[];
  /** `-r`: names and texts to keep */
  readonly parametersRaw: readonly (readonly [name: string, text: string])[];
  readonly injectInputPath: boolean;
  readonly injectOutputPath: boolean;
  readonly injectPaths: boolean;
}

/**
 * Merge the parameters: paths, then -b, -f, -y, -p and -r.
 *
 * @throws {UsageError} if YAML cannot be read or is no mapping, or a file is missing
 */
export function mergeParameters(
  options: ParameterOptions,
  paths: { readonly input: string; readonly output: string },
): Map<string, Given> {
  const merged = new Map<string, Given>();
  const put = (entries: Readonly<Record<string, Value>>) => {
    for (const [name, value] of Object.entries(entries)) merged.set(name, { value });
  };
  if (options.injectPaths || options.injectInputPath) put({ PAPERMILL_INPUT_PATH: paths.input });
  if (options.injectPaths || options.injectOutputPath) put({ PAPERMILL_OUTPUT_PATH: paths.output });
  for (const text of options.parametersBase64) {
    put(readYaml(Buffer.from(text, "base64").toString("utf8"), "-b"));
  }
  for (const file of options.parametersFile) put(readYaml(readText(file), file));
  for (const text of options.parametersYaml) put(readYaml(text, "-y"));
  for (const [name, text] of options.parameters) merged.set(name, { text });
  for (const [name, text] of options.parametersRaw) merged.set(name, { value: text });
  return merged;
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new UsageError({
      what: "parameters file",
      wanted: "a YAML or JSON file",
      got: `${file} (${(cause as Error).message})`,
      cause,
    });
  }
}

/** Read a mapping; timestamps stay texts, as in papermill. */
function readYaml(text: string, where: string): Record<string, Value> {
  let content: unknown;
  try {
    content = parse(text, { intAsBigInt: true, schema: "yaml-1.1", customTags: asPythonReads });
  } catch (cause) {
    throw new UsageError({
      where,
      what: "parameters",
      wanted: "YAML",
      got: (cause as Error).message,
      cause,
    });
  }
  if (content === null || content === undefined) return {};
  if (typeof content !== "object" || Array.isArray(content)) {
    throw new UsageError({
      where,
      what: "parameters",
      wanted: "name: value pairs",
      got: describeValue(plain(content)),
    });
  }
  return plain(content) as Record<string, Value>;
}

const YES = /^(?:[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/;
const NO = /^(?:[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/;

/** The tags as PyYAML has them: no timestamps, `y` and `n` are names, and floats stay floats. */
function asPythonReads(tags: Tags): Tags {
  return tags.flatMap((tag): Tags => {
    if (typeof tag === "string") return tag === "timestamp" ? [] : [tag];
    const sort = tag.tag.replace("tag:yaml.org,2002:", "");
    if (sort === "timestamp") return [];
    if (sort === "float") return [keepFloat(tag as ScalarTag)];
    return sort === "bool" ? [withoutLetters(tag as ScalarTag)] : [tag];
  });
}

function withoutLetters(tag: ScalarTag): ScalarTag {
  return { ...tag, test: tag.test?.test("yes") ? YES : NO };
}

function keepFloat(tag: ScalarTag): ScalarTag {
  return {
    ...tag,
    resolve(text, onError, options) {
      const read = tag.resolve(text, onError, options) as number | { readonly value: number };
      return new Scalar(floatOf(typeof read === "number" ? read : read.value));
    },
  };
}

/** Integers come as bigint so that none loses digits; those that fit become numbers again. */
function plain(value: unknown): Value {
  if (typeof value === "bigint") {
    const small = Number(value);
    return Number.isSafeInteger(small) ? small : value;
  }
  if (value instanceof Float) return value;
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
  }
  return value as Value;
}
