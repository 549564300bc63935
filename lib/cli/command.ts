/** What commands have in common: how they are added, and options that several of them take. */

import { type Command, Option } from "commander";
import { UsageError } from "../core/index.js";

/** The profiles of runs. */
export const PROFILES = ["quick", "workshop", "paper"] as const;

/** Hands the exit code of a command over. */
export type Finish = (code: number) => void;

/** The options that a command on a run takes. */
export interface RunOptions {
  readonly profile: string;
  readonly root?: string;
  readonly json: boolean;
}

/** Add `--json`. */
export function addJson(command: Command): Command {
  return command.option("--json", "print one JSON document on stdout", false);
}

/** Add `--profile`, `--root` and `--json`. */
export function addRunOptions(command: Command): Command {
  return addJson(
    command
      .addOption(
        new Option("--profile <name>", "which run").choices([...PROFILES]).default("quick"),
      )
      .option("--root <folder>", "root of the project (the present folder, or this package's)"),
  );
}

/** Read seconds. */
export function seconds(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= 0) return value;
  throw new UsageError({ what: "a time", wanted: "seconds ≥ 0", got: `"${text}"` });
}

/** Read a whole number above zero. */
export function wholeNumber(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new UsageError({ what: "a count", wanted: "a whole number > 0", got: `"${text}"` });
}

/** Write a size in bytes for a reader. */
export function formatBytes(bytes: number | "unknown"): string {
  if (bytes === "unknown") return "?";
  const units = ["B", "kB", "MB", "GB", "TB"];
  const power = bytes < 1 ? 0 : Math.min(4, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** Lines with their cells under each other. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c]!))
      .join("  ")
      .trimEnd(),
  );
}
