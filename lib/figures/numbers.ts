/**
 * The numbers drawn in a figure, as one tidy CSV: a line for each point, bar or cell, with the panel
 * and the series it belongs to. What is no data (land, frames, keys) is left out.
 */

import type { FigureData } from "./figure.js";
import type { Piece } from "./layer.js";
import { csvCell } from "./table.js";

type Entry = string | number | null;

interface Row {
  readonly part: string;
  readonly x: Entry;
  readonly y: Entry;
  readonly z?: Entry;
  readonly value?: Entry;
}

/**
 * Write a figure's numbers as CSV. Lines that start with # say what is seen, what it was drawn from
 * and what the columns mean in each panel.
 */
export function figureCsv(figure: FigureData): string {
  const lines = comments(figure).map((line) => `# ${line.replace(/\s+/g, " ")}`);
  lines.push("panel,series,part,x,y,z,value");
  const seen = new Set<string>();
  for (const trace of figure.data) {
    if (isRepeated(trace, seen)) continue;
    const name = typeof trace.name === "string" ? trace.name : "";
    const start = `${letterOf(trace)},${csvCell(name)}`;
    for (const { part, x, y, z = "", value = "" } of rowsOf(trace)) {
      lines.push(`${start},${csvCell(part)},${entry(x)},${entry(y)},${entry(z)},${entry(value)}`);
    }
  }
  return `${lines.join("\r\n")}\r\n`;
}

/** Whether a contour's grid was written before: each level of it carries the whole grid. */
function isRepeated(trace: Piece, seen: Set<string>): boolean {
  if (trace.type !== "contour") return false;
  const key = JSON.stringify([trace.xaxis, trace.x, trace.y, trace.z]);
  const repeated = seen.has(key);
  seen.add(key);
  return repeated;
}

/** The rows of numbers of one trace; empty for what is only decoration. */
function rowsOf(trace: Piece): Row[] {
  const part = typeof trace.meta === "string" ? trace.meta : "";
  if (part === "decoration") return [];
  if (trace.type === "heatmap" || trace.type === "contour" || trace.type === "surface") {
    return gridRows(trace, trace.type === "contour" ? "grid of contours" : part);
  }
  if (trace.type === "box") return boxRows(trace);
  const [x, y, z] = [listOf(trace.x), listOf(trace.y), listOf(trace.z)];
  const value = listOf((trace.marker as Piece | undefined)?.color);
  return x.flatMap((at, i) => {
    const gap = at === null && (y[i] ?? null) === null;
    return gap ? [] : [{ part, x: at, y: y[i] ?? null, z: z[i] ?? "", value: value[i] ?? "" }];
  });
}

function gridRows(trace: Piece, part: string): Row[] {
  const [x, y] = [listOf(trace.x), listOf(trace.y)];
  const rows = trace.z as (Entry[] | undefined)[];
  return rows.flatMap((row, j) =>
    (row ?? []).flatMap((value, i) => {
      return value === null ? [] : [{ part, x: x[i] ?? i, y: y[j] ?? j, value }];
    }),
  );
}

function boxRows(trace: Piece): Row[] {
  const parts = ["lowerfence", "q1", "median", "q3", "upperfence", "mean"];
  return listOf(trace.x).flatMap((x, i) =>
    parts.map((part) => ({ part, x, y: listOf(trace[part])[i] ?? null })),
  );
}

function listOf(value: unknown): Entry[] {
  return Array.isArray(value) ? (value as Entry[]) : [];
}

function entry(value: Entry): string {
  if (value === null) return "";
  return typeof value === "number" ? String(value) : csvCell(value);
}

/** Letter of the panel a trace is in: axes x, x2, x3 … are panels a, b, c … */
function letterOf(trace: Piece): string {
  const axis = typeof trace.xaxis === "string" ? trace.xaxis : "x";
  return String.fromCharCode(96 + Number(axis.slice(1) || 1));
}

function comments({ title, caption, dataLabel, layout }: FigureData): string[] {
  const axes = Object.keys(layout).filter((key) => key.startsWith("xaxis"));
  const panels = axes.map((key) => {
    const y = layout[key.replace("xaxis", "yaxis")];
    const letter = letterOf({ xaxis: key.replace("axis", "") });
    return `panel ${letter}: x is ${axisName(layout[key])}; y is ${axisName(y)}`;
  });
  const scales = Object.keys(layout).filter((key) => key.startsWith("coloraxis"));
  const values = scales.map((key) => {
    const bar = (layout[key] as { colorbar?: unknown }).colorbar;
    return `value (${key}) is ${axisName(bar)}`;
  });
  return [title, caption, `data: ${dataLabel}`, ...panels, ...values];
}

function axisName(axis: unknown): string {
  const text = (axis as { title?: { text?: string } } | undefined)?.title?.text;
  return text === undefined || text === "" ? "without units" : text;
}
