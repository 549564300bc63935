/**
 * Where everything goes on the page. All places are worked out here in pixels, from measured text,
 * and handed to Plotly as fractions of a page without margins, so that nothing is left to a
 * browser's font metrics.
 */

import { barWidth, colourBars, sharedScale } from "./colourbar.js";
import { type DrawnPanel, drawPanels } from "./draw.js";
import type { FigureData, FigureOptions } from "./figure.js";
import { FONT_STACK, textWidth, wrapText } from "./font.js";
import type { Piece } from "./layer.js";
import { plotlyAxis } from "./panel.js";
import { type Box, type Page, placePanels, type Room } from "./placement.js";
import { INK, TEXT } from "./theme.js";

const EDGE = 16;
const LEGEND_LINE = 24;

/** Draw the panels and place them. */
export function layOut(
  options: FigureOptions,
): Pick<FigureData, "width" | "height" | "data" | "layout"> {
  const columns = Math.min(options.columns ?? 1, options.panels.length);
  const width = options.width ?? (columns === 1 ? 800 : columns === 2 ? 1100 : 1400);
  const drawn = drawPanels(options.panels);
  const shared = sharedScale(drawn);
  const head = titleBlock(options, width);
  const barRoom = shared === undefined ? 0 : barWidth(shared);
  const grid = placePanels(drawn, {
    columns,
    left: EDGE,
    right: width - EDGE - barRoom,
    top: head.height,
    bars: shared === undefined ? "own" : "shared",
    panelHeight: options.panelHeight ?? [420, 320, 280][Math.min(columns, 3) - 1]!,
  });
  const legend = legendHeight(drawn, width - 2 * EDGE);
  const height = Math.round(grid.bottom + legend + EDGE / 2);
  const page = { width, height };
  const axes = drawn.map((panel, i) => panelAxes(panel, grid.boxes[i]!, grid.rooms[i]!, page));
  const bars = colourBars(drawn, grid.boxes, page);
  return {
    ...page,
    data: drawn.flatMap((panel) => panel.traces),
    layout: {
      ...page,
      ...baseLayout(options.barMode ?? "group"),
      ...Object.assign({}, ...axes, ...bars),
      shapes: drawn.flatMap((panel) => panel.shapes),
      annotations: [
        ...head.annotations.map((a) => onPage(a, page)),
        ...drawn.flatMap((panel, i) => panelTitle(panel, i, drawn.length, grid.boxes[i]!, page)),
        ...drawn.flatMap((panel) => panel.annotations),
      ],
    },
  };
}

function baseLayout(barmode: string): Piece {
  return {
    margin: { l: 0, r: 0, t: 0, b: 0, pad: 0, autoexpand: false },
    font: { family: FONT_STACK, size: TEXT.label, color: INK.text },
    paper_bgcolor: INK.paper,
    plot_bgcolor: INK.paper,
    barmode,
    boxmode: "group",
    boxgap: 0.25,
    boxgroupgap: 0.15,
    bargap: 0.25,
    hovermode: "closest",
    dragmode: "zoom",
    legend: {
      orientation: "h",
      x: 0.5,
      xanchor: "center",
      xref: "container",
      y: 0.006,
      yanchor: "bottom",
      yref: "container",
      font: { size: TEXT.label },
      traceorder: "normal",
      itemwidth: 40,
    },
  };
}

/** Title over the panels and the data label under it, both at the left. */
function titleBlock(options: FigureOptions, width: number) {
  const style = { size: TEXT.title, weight: "bold" } as const;
  const lines = wrapText(options.title, width - 2 * EDGE, style);
  const labelTop = 14 + lines.length * (TEXT.title * 1.3);
  const text = labelText(options.dataLabel);
  const label = wrapText(text, width - 2 * EDGE, { size: TEXT.label });
  return {
    height: labelTop + label.length * (TEXT.label * 1.35) + 12,
    annotations: [
      {
        text: `<b>${lines.join("<br>")}</b>`,
        left: EDGE,
        top: 12,
        font: { size: TEXT.title, color: INK.text },
      },
      {
        text: label.join("<br>"),
        left: EDGE,
        top: labelTop,
        font: { size: TEXT.label, color: INK.muted },
      },
    ],
  };
}

/** The data label as a line of its own. */
function labelText(label: string): string {
  const named = /^(real data:|published numbers:|schematic$)/.test(label);
  return named ? label[0]!.toUpperCase() + label.slice(1) : `Data: ${label}`;
}

function panelAxes(panel: DrawnPanel, box: Box, room: Room, page: Page): Piece {
  const [x, y] = [`x${panel.suffix}`, `y${panel.suffix}`];
  const across = [box.left / page.width, (box.left + box.width) / page.width] as const;
  const up = [1 - (box.top + box.height) / page.height, 1 - box.top / page.height] as const;
  const { panel: spec } = panel;
  const drawn = spec.frame === "hidden" ? { visible: false } : {};
  const few = box.width < 260 ? { nticks: 5 } : {};
  const tilt = room.tilt === "tilted" ? { tickangle: -40 } : { tickangle: 0 };
  const locked = spec.aspect === undefined ? {} : { scaleanchor: x, scaleratio: spec.aspect };
  return {
    [`xaxis${panel.suffix}`]: {
      ...plotlyAxis(spec.x, { anchor: y, domain: across }),
      ...(panel.names.x.length > 0 && !spec.x.ticks ? { type: "category" } : {}),
      ...(spec.x.ticks ? {} : few),
      ...tilt,
      ...drawn,
    },
    [`yaxis${panel.suffix}`]: {
      ...plotlyAxis(spec.y, { anchor: x, domain: up }),
      ...(panel.names.y.length > 0 && !spec.y.ticks ? { type: "category" } : {}),
      ...locked,
      ...(spec.aspect === undefined ? {} : { constrain: "domain" }),
      ...drawn,
    },
  };
}

function panelTitle(
  { panel }: DrawnPanel,
  index: number,
  count: number,
  box: Box,
  page: Page,
): Piece[] {
  if (panel.title === undefined) return [];
  const letter = count > 1 ? `<b>${String.fromCharCode(97 + index)}</b>  ` : "";
  const text = `${letter}${panel.title}`;
  const font = { size: TEXT.panel, color: INK.text };
  return [onPage({ text, left: box.left, top: box.top - 28, font }, page)];
}

interface PlacedText {
  readonly text: string;
  readonly left: number;
  readonly top: number;
  readonly font: Piece;
}

function onPage({ text, left, top, font }: PlacedText, page: Page): Piece {
  return {
    text,
    font,
    xref: "paper",
    yref: "paper",
    x: left / page.width,
    y: 1 - top / page.height,
    xanchor: "left",
    yanchor: "top",
    align: "left",
    showarrow: false,
    borderpad: 0,
  };
}

/** Plotly sets a legend in one row if it fits, else in columns as wide as the widest entry. */
function legendHeight(drawn: readonly DrawnPanel[], width: number): number {
  const names = drawn.flatMap((panel) => panel.legend);
  if (names.length === 0) return 0;
  const widths = names.map((name) => textWidth(name, { size: TEXT.label }) + 60);
  const total = widths.reduce((a, b) => a + b, 0);
  const columns = Math.max(1, Math.floor(width / Math.max(...widths)));
  const rows = total <= width ? 1 : Math.ceil(names.length / columns);
  return rows * LEGEND_LINE + 8;
}
