/**
 * Options with two values, `-p NAME VALUE`, which the parser has not: they are taken together
 * into one word before it sees them, so that a value may also begin with a dash. Papermill's own
 * spelling of options is understood, too.
 */

import { UsageError } from "../core/index.js";

const PAIRS: Readonly<Record<string, string>> = {
  "-p": "--parameters",
  "--parameters": "--parameters",
  "-r": "--parameters-raw",
  "--parameters-raw": "--parameters-raw",
};

/** Options as papermill spells them; `-` and `_` mean the same there. */
const PAPERMILL = new Set([
  ...["--parameters_raw", "--parameters_file", "--parameters_yaml", "--parameters_base64"],
  "--start_timeout",
]);

function hyphened(arg: string): string {
  const [name, ...value] = arg.split("=");
  return [name!.replaceAll("_", "-"), ...value].join("=");
}

/**
 * Join each option of two values and its values into one word.
 *
 * @throws {UsageError} if a value is missing
 */
export function joinPairs(args: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = PAPERMILL.has(args[i]!.replace(/=.*/s, "")) ? hyphened(args[i]!) : args[i]!;
    const option = PAIRS[arg];
    if (option === undefined) {
      joined.push(arg);
      continue;
    }
    const [name, value] = args.slice(i + 1, i + 3);
    if (name === undefined || value === undefined) {
      throw new UsageError({ what: args[i]!, wanted: "NAME VALUE", got: name ?? "nothing" });
    }
    joined.push(`${option}=${JSON.stringify([name, value])}`);
    i += 2;
  }
  return joined;
}

/** Read a joined pair back and add it to those before. */
export function collectPair(
  word: string,
  before: readonly (readonly [string, string])[],
): (readonly [string, string])[] {
  return [...before, JSON.parse(word) as [string, string]];
}
