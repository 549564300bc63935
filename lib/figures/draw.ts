/** Layers become Plotly pieces: series get their styles, scales their colour axes, pieces their axes. */

import type { Layer, Pen, Piece } from "./layer.js";
import type { Panel } from "./panel.js";
import type { ColourScale } from "./scale.js";
import { seriesStyle } from "./theme.js";

/** A colour scale and the layout's name for it. */
export interface UsedScale {
  readonly scale: ColourScale;
  readonly coloraxis: string;
}

/** A panel drawn: its pieces on their axes. */
export interface DrawnPanel {
  readonly panel: Panel;
  /** "" for the first pair of axes, then "2", "3", … */
  readonly suffix: string;
  readonly traces: readonly Piece[];
  readonly shapes: readonly Piece[];
  readonly annotations: readonly Piece[];
  readonly scales: readonly UsedScale[];
  /** names of this panel that the figure's legend shows and no panel before showed */
  readonly legend: readonly string[];
  /** category names along each axis */
  readonly names: { readonly x: readonly string[]; readonly y: readonly string[] };
}

/** Draw all panels; a series keeps its style, and equal scales share a bar, through the figure. */
export function drawPanels(panels: readonly Panel[]): DrawnPanel[] {
  const slots = new Map<string, number>();
  const coloraxes = new Map<string, string>();
  const inLegend = new Set<string>();
  return panels.map((panel, index) => {
    const suffix = index === 0 ? "" : String(index + 1);
    const scales = new Map<string, UsedScale>();
    const pieces = panel.layers.map((layer) => {
      const coloraxis = layer.scale ? useScale(layer.scale, coloraxes, scales) : "";
      return { layer, drawing: layer.draw(penOf(layer, slots, coloraxis)) };
    });
    const legend: string[] = [];
    const traces = pieces.flatMap(({ layer, drawing }) =>
      drawing.traces.map((trace) => onAxes(trace, layer, suffix)),
    );
    const shown = traces.map((trace) => inTheLegend(trace, traces, inLegend, legend));
    return {
      panel,
      suffix,
      traces: shown,
      shapes: pieces.flatMap(({ drawing }) => drawing.shapes ?? []).map((s) => onRefs(s, suffix)),
      annotations: pieces
        .flatMap(({ drawing }) => drawing.annotations ?? [])
        .map((a) => onRefs(a, suffix)),
      scales: [...scales.values()],
      legend,
      names: { x: categoriesOf(traces, "x", panel), y: categoriesOf(traces, "y", panel) },
    };
  });
}

function penOf(layer: Layer, slots: Map<string, number>, coloraxis: string): Pen {
  if (layer.name === undefined || layer.style === "own") return { ...seriesStyle(0), coloraxis };
  const slot = slots.get(layer.name) ?? slots.size;
  slots.set(layer.name, slot);
  return { ...seriesStyle(slot), coloraxis };
}

function useScale(
  scale: ColourScale,
  coloraxes: Map<string, string>,
  scales: Map<string, UsedScale>,
): string {
  const key = JSON.stringify(scale);
  const number = coloraxes.size + 1;
  const coloraxis = coloraxes.get(key) ?? (number === 1 ? "coloraxis" : `coloraxis${number}`);
  coloraxes.set(key, coloraxis);
  scales.set(key, { scale, coloraxis });
  return coloraxis;
}

function onAxes(trace: Piece, { name }: Layer, suffix: string): Piece {
  const series = name === undefined ? { showlegend: false } : { name, legendgroup: name };
  return { ...trace, ...series, xaxis: `x${suffix}`, yaxis: `y${suffix}` };
}

/** Show each name once: on its line or symbol, and on its band only where it has nothing else. */
function inTheLegend(
  trace: Piece,
  panelTraces: readonly Piece[],
  shown: Set<string>,
  legend: string[],
): Piece {
  const name = trace.legendgroup;
  if (typeof name !== "string") return trace;
  const own = panelTraces.filter((other) => other.legendgroup === name);
  const best = own.find((other) => other.meta === undefined) ?? own.at(-1);
  if (best !== trace || shown.has(name)) return { ...trace, showlegend: false };
  shown.add(name);
  legend.push(name);
  return { ...trace, showlegend: true };
}

/** `domain` and no reference mean this panel; `paper` stays the page. */
function onRefs(piece: Piece, suffix: string): Piece {
  const ref = (axis: "x" | "y") => {
    const own = piece[`${axis}ref`];
    if (own === "paper") return own;
    return own === "domain" ? `${axis}${suffix} domain` : `${axis}${suffix}`;
  };
  return { ...piece, xref: ref("x"), yref: ref("y") };
}

function categoriesOf(traces: readonly Piece[], axis: "x" | "y", panel: Panel): string[] {
  const ticks = panel[axis].ticks?.labels;
  if (ticks !== undefined) return [...ticks];
  if (panel[axis].kind !== undefined && panel[axis].kind !== "category") return [];
  const names = traces.flatMap((trace) => {
    const values = trace[axis];
    return Array.isArray(values) ? values.filter(isCategory) : [];
  });
  return [...new Set(names)];
}

function isCategory(value: unknown): value is string {
  return typeof value === "string" && !/^\d{4}-\d{2}/.test(value);
}
