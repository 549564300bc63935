/** A panel: layers over one pair of axes. */

import type { Extent, Layer, Piece } from "./layer.js";
import type { Bounds } from "./mark.js";
import { INK, TEXT } from "./theme.js";

/** An axis with what it measures. */
export interface Axis {
  readonly label: string;
  /** units as drawn, such as `m s⁻¹` or `°E`; "1" for pure numbers, "" for names and dates */
  readonly units: string;
  readonly kind?: "linear" | "log" | "date" | "category";
  /** drawn range, low to high; in powers of ten where the axis is logarithmic */
  readonly range?: readonly [number | string, number | string];
  /** "down" puts small values on top, as for depth */
  readonly direction?: "up" | "down";
  readonly ticks?: { readonly values: readonly number[]; readonly labels: readonly string[] };
}

/** Layers over one pair of axes. */
export interface Panel {
  readonly title?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly layers: readonly Layer[];
  /** length of one y unit on screen over that of one x unit; free unless given */
  readonly aspect?: number;
  /** "hidden" leaves out axes and their room, for drawings; "shown" by default */
  readonly frame?: "shown" | "hidden";
  /** how much of a row's width the panel takes, 1 by default */
  readonly share?: number;
}

/** What a map shows. */
export interface MapOptions {
  readonly bounds: Bounds;
  readonly title?: string;
  readonly layers: readonly Layer[];
}

/** A panel in degrees whose middle latitude keeps its true proportions. */
export function mapPanel({ bounds, title, layers }: MapOptions): Panel {
  const middle = ((bounds.south + bounds.north) / 2) * (Math.PI / 180);
  return {
    ...(title === undefined ? {} : { title }),
    x: { label: "Longitude", units: "°E", range: [bounds.west, bounds.east] },
    y: { label: "Latitude", units: "°N", range: [bounds.south, bounds.north] },
    layers,
    aspect: Math.min(1 / Math.cos(middle), 2),
  };
}

/** What an axis is called in a figure: its label with the units in brackets. */
export function axisTitle({ label, units }: Pick<Axis, "label" | "units">): string {
  return units === "" || units === "1" ? label : `${label} (${units})`;
}

/** The smallest box around all layers that have one. */
export function panelExtent(panel: Panel): Extent | undefined {
  const extents = panel.layers.flatMap((layer) => (layer.extent ? [layer.extent] : []));
  if (extents.length === 0) return undefined;
  const join = (key: "x" | "y"): [number, number] => [
    Math.min(...extents.map((e) => e[key][0])),
    Math.max(...extents.map((e) => e[key][1])),
  ];
  return { x: join("x"), y: join("y") };
}

/** Drawn height over width that a panel's aspect asks for; undefined where it is free. */
export function panelProportion(panel: Panel): number | undefined {
  if (panel.aspect === undefined) return undefined;
  const extent = panelExtent(panel);
  const span = (range: Axis["range"], own: readonly [number, number] | undefined) => {
    const [low, high] = range ?? own ?? [0, 1];
    return Math.abs(Number(high) - Number(low));
  };
  return (panel.aspect * span(panel.y.range, extent?.y)) / span(panel.x.range, extent?.x);
}

/** A Plotly axis; `anchor` names its partner and `domain` its place on the page, both 0 to 1. */
export function plotlyAxis(
  axis: Axis,
  { anchor, domain }: { readonly anchor: string; readonly domain: readonly [number, number] },
): Piece {
  const range = axis.direction === "down" ? axis.range?.toReversed() : axis.range;
  const reversed = axis.direction === "down" && range === undefined;
  return {
    ...(axis.kind === undefined ? {} : { type: axis.kind }),
    anchor,
    domain: [...domain],
    title: { text: axisTitle(axis), font: { size: TEXT.axis }, standoff: 8 },
    ...(range === undefined ? {} : { range: [...range] }),
    ...(reversed ? { autorange: "reversed" } : {}),
    ...(axis.ticks === undefined
      ? { nticks: 7 }
      : { tickvals: [...axis.ticks.values], ticktext: [...axis.ticks.labels] }),
    tickfont: { size: TEXT.tick },
    ticks: "outside",
    ticklen: 5,
    tickcolor: INK.axis,
    showline: true,
    mirror: true,
    linecolor: INK.axis,
    linewidth: 1,
    gridcolor: INK.grid,
    zeroline: false,
    automargin: false,
  };
}
