/**
 * The look of every figure: sizes that stay legible at half size, and series that differ in
 * lightness, dash and symbol, so that they can be told apart without colour.
 */

/** Colours of everything that is not data. */
export const INK = {
  text: "#16222c",
  muted: "#4a5a67",
  grid: "#e4e9ed",
  axis: "#6b7a86",
  paper: "#ffffff",
  land: "#dcd7ca",
  coast: "#5f5a4e",
} as const;

/** Font sizes [px] at a figure width of 800 px. */
export const TEXT = { title: 20, panel: 16, axis: 15, tick: 14, label: 14 } as const;

/** How one series is drawn everywhere in a figure. */
export interface SeriesStyle {
  readonly colour: string;
  readonly dash: "solid" | "dash" | "dot" | "dashdot" | "longdash";
  readonly symbol: string;
}

/** Okabe and Ito's colours (2008), ordered so that neighbours differ in lightness too. */
export const SERIES: readonly SeriesStyle[] = [
  { colour: "#0b4f8a", dash: "solid", symbol: "circle" },
  { colour: "#d55e00", dash: "dash", symbol: "square" },
  { colour: "#009e73", dash: "dot", symbol: "diamond" },
  { colour: "#a3327f", dash: "dashdot", symbol: "triangle-up" },
  { colour: "#e69f00", dash: "longdash", symbol: "cross" },
  { colour: "#3aa7e0", dash: "solid", symbol: "x" },
  { colour: "#222222", dash: "dash", symbol: "triangle-down" },
  { colour: "#8c6d46", dash: "dot", symbol: "pentagon" },
];

/** The style of the series in a slot; past the last, colours start over with other dashes, open symbols. */
export function seriesStyle(slot: number): SeriesStyle {
  const turn = Math.floor(slot / SERIES.length);
  const { colour, dash, symbol } = SERIES[slot % SERIES.length]!;
  if (turn === 0) return { colour, dash, symbol };
  const other = SERIES[(slot + turn) % SERIES.length]!;
  return { colour, dash: other.dash, symbol: `${other.symbol}-open` };
}

/** A colour with an opacity, as CSS writes it. */
export function withOpacity(hex: string, opacity: number): string {
  const n = Number.parseInt(hex.slice(1), 16);
  return `rgba(${n >> 16}, ${(n >> 8) & 255}, ${n & 255}, ${opacity})`;
}
