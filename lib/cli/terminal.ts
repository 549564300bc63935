/** Pictures in a terminal: maps of coloured half blocks or of shades, lines of bars. */

import { type ColourScale, colourBetween, type Numbers } from "../figures/index.js";

/** A map to draw: row-major values, the first row on top unless `flip`. */
export interface TerminalMap {
  readonly values: ArrayLike<number>;
  readonly rows: number;
  readonly columns: number;
  /** "up" puts the first row at the bottom, as for a latitude that rises */
  readonly first: "top" | "bottom";
  readonly scale: ColourScale;
}

/** How to draw. */
export interface TerminalOptions {
  /** signs in a line */
  readonly width: number;
  /** 24-bit colours, or shades of characters */
  readonly paint: "colour" | "shades";
}

const SHADES = " ░▒▓█";
const BARS = "▁▂▃▄▅▆▇█";
const RESET = "\u001b[0m";

/**
 * Draw a map as lines of text; a cell without a value is empty.
 *
 * A sign is about twice as high as wide: in colour each holds two values, one above the other.
 */
export function terminalMap(map: TerminalMap, { width, paint }: TerminalOptions): string[] {
  const across = Math.max(1, Math.min(width, map.columns));
  const tall = Math.max(1, Math.min(Math.round((across * map.rows) / map.columns), 60, map.rows));
  if (paint === "shades") {
    const down = Math.max(1, Math.round(tall / 2));
    return shrink(map, down, across).map((row) => row.map((v) => shadeOf(v, map.scale)).join(""));
  }
  const picture = shrink(map, tall + (tall % 2), across);
  return Array.from({ length: picture.length / 2 }, (_, i) => {
    const signs = picture[2 * i]!.map((top, c) => halves(top, picture[2 * i + 1]![c]!, map.scale));
    return `${signs.join("")}${RESET}`;
  });
}

/** Draw values along an axis as one line of bars, from their least to their greatest. */
export function terminalLine(values: Numbers, width: number): string {
  const count = Math.min(width, values.length);
  const one = shrink({ values, rows: 1, columns: values.length, first: "top" }, 1, count)[0]!;
  const finite = one.filter(Number.isFinite);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  return one
    .map((v) => {
      if (!Number.isFinite(v)) return " ";
      const place = high > low ? (v - low) / (high - low) : 0.5;
      return BARS[Math.min(BARS.length - 1, Math.floor(place * BARS.length))];
    })
    .join("");
}

/** Means over blocks, so that `down` rows of `across` values are left; NaN where a block is empty. */
function shrink(map: Omit<TerminalMap, "scale">, down: number, across: number): number[][] {
  const { values, rows, columns, first } = map;
  return Array.from({ length: down }, (_, r) => {
    const line = first === "top" ? r : down - 1 - r;
    const [top, bottom] = block(line, down, rows);
    return Array.from({ length: across }, (_, c) => {
      const [left, right] = block(c, across, columns);
      let [sum, count] = [0, 0];
      for (let i = top; i < bottom; i++) {
        for (let j = left; j < right; j++) {
          const v = values[i * columns + j]!;
          if (!Number.isFinite(v)) continue;
          sum += v;
          count++;
        }
      }
      return count === 0 ? Number.NaN : sum / count;
    });
  });
}

/** The indices start ≤ i < stop that make up block k of n; never none. */
function block(k: number, n: number, length: number): [number, number] {
  const start = Math.min(length - 1, Math.floor((k * length) / n));
  return [start, Math.max(start + 1, Math.floor(((k + 1) * length) / n))];
}

function placeOf(value: number, { min, max }: ColourScale): number {
  return Math.min(1, Math.max(0, (value - min) / (max - min)));
}

function shadeOf(value: number, scale: ColourScale): string {
  if (!Number.isFinite(value)) return " ";
  return SHADES[Math.min(4, 1 + Math.floor(placeOf(value, scale) * 4))]!;
}

function halves(top: number, bottom: number, scale: ColourScale): string {
  const [above, below] = [top, bottom].map((v) =>
    Number.isFinite(v) ? channels(colourBetween(scale.stops, placeOf(v, scale))) : undefined,
  );
  if (above === undefined && below === undefined) return `${RESET} `;
  if (below === undefined) return `${RESET}\u001b[38;2;${above}m▀`;
  if (above === undefined) return `${RESET}\u001b[38;2;${below}m▄`;
  return `\u001b[38;2;${above};48;2;${below}m▀`;
}

function channels(colour: string): string {
  const n = Number.parseInt(colour.slice(1), 16);
  return `${n >> 16};${(n >> 8) & 255};${n & 255}`;
}
