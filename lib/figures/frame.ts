/**
 * Tables through danfojs, the data frames of JavaScript, for what its users know from pandas. The
 * only file that touches it; it loads when first asked for, since that takes a second. Its own CSV
 * does not quote, so CSV is written in `table`.
 */

import { ArgumentError } from "../core/index.js";
import type { Cell, Column, TableData } from "./table.js";

/** The part of a danfojs data frame that this library promises. */
export interface Frame {
  readonly columns: string[];
  readonly values: unknown;
  readonly shape: number[];
  readonly print: () => void;
}

/** How groups are summed up. */
export type Aggregate = "mean" | "sum" | "count" | "min" | "max" | "std";

/** A danfojs data frame of a table; cast it to `DataFrame` of "danfojs-node" for all its methods. */
export async function dataFrameOf({ columns }: Pick<TableData, "columns">): Promise<Frame> {
  const { DataFrame } = await import("danfojs-node");
  const record = Object.fromEntries(columns.map(({ name, values }) => [name, [...values]]));
  return new DataFrame(record) as unknown as Frame;
}

/** Columns of a danfojs data frame; their units are given by name. */
export function columnsOf(frame: Frame, units: Readonly<Record<string, string>> = {}): Column[] {
  const rows = frame.values as Cell[][];
  return frame.columns.map((name, c) => ({
    name,
    units: units[name] ?? "",
    values: rows.map((row) => row[c] ?? null),
  }));
}

/**
 * Sum up numbers of rows that share a name, as pandas' `groupby(by).agg()`.
 *
 * @throws {ArgumentError} if a column is missing
 */
export async function groupColumns(
  { columns }: Pick<TableData, "columns">,
  by: string,
  aggregate: Readonly<Record<string, Aggregate>>,
): Promise<Column[]> {
  const units = Object.fromEntries(columns.map(({ name, units: own }) => [name, own]));
  for (const name of [by, ...Object.keys(aggregate)]) {
    if (name in units) continue;
    const wanted = `one of ${Object.keys(units).join(", ")}`;
    throw new ArgumentError({ what: "column", wanted, got: `"${name}"` });
  }
  const { DataFrame } = await import("danfojs-node");
  const frame = (await dataFrameOf({ columns })) as unknown as InstanceType<typeof DataFrame>;
  const grouped = frame.groupby([by]).agg({ ...aggregate }) as unknown as Frame;
  const counted = (name: string) => name.endsWith("_count");
  const unitsOf = (name: string) => units[name.replace(/_[a-z]+$/, "")] ?? "";
  return columnsOf(
    grouped,
    Object.fromEntries(
      grouped.columns.map((name) => [
        name,
        name === by ? units[by]! : counted(name) ? "1" : unitsOf(name),
      ]),
    ),
  );
}
