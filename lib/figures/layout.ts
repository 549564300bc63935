/**
 * Where everything goes on the page. All places are worked out here in pixels, from measured text,
 * and handed to Plotly as fractions of a page without margins, so that nothing is left to a
 * browser's font metrics.
 */

import { type DrawnPanel, drawPanels, type UsedScale } from "./draw.js";
import type { FigureData, FigureOptions } from "./figure.js";
import { FONT_STACK, textWidth, wrapText } from "./font.js";
import type { Piece } from "./layer.js";
import { axisTitle, panelProportion, plotlyAxis } from "./panel.js";
import { INK, TEXT } from "./theme.js";

/** A rectangle on the page [px], y downwards. */
interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Room around a panel's axes for its labels [px]. */
interface Room {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly tilt: "flat" | "tilted";
}

const EDGE = 16;
const BAR = { gap: 14, thickness: 15, ticks: 46, title: 26 } as const;
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
  const whole = around(grid.boxes);
  const bars =
    shared === undefined
      ? drawn.flatMap((panel, i) => panelBars(panel, grid.boxes[i]!, page))
      : [colourAxis(shared, 0, whole, page)];
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

interface Placement {
  readonly columns: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bars: "own" | "shared";
  readonly panelHeight: number;
}

function placePanels(drawn: readonly DrawnPanel[], placement: Placement) {
  const boxes: Box[] = [];
  const rooms: Room[] = [];
  let top = placement.top;
  for (let first = 0; first < drawn.length; first += placement.columns) {
    const row = drawn.slice(first, first + placement.columns);
    const cells = cellsOf(row, placement);
    const own = row.map((panel, i) => roomOf(panel, cells[i]!.width, placement.bars));
    const titleRoom = Math.max(...own.map((room) => room.top));
    const bottomRoom = Math.max(...own.map((room) => room.bottom));
    const inner = cells.map((cell, i) => cell.width - own[i]!.left - own[i]!.right);
    const height = rowHeight(row, inner, placement.panelHeight);
    row.forEach((panel, i) => {
      const wanted = panelProportion(panel.panel);
      const width = wanted === undefined ? inner[i]! : Math.min(inner[i]!, height / wanted);
      const drawnHeight = wanted === undefined ? height : Math.min(height, width * wanted);
      const left = cells[i]!.left + own[i]!.left + (inner[i]! - width) / 2;
      boxes.push({ left, top: top + titleRoom, width, height: drawnHeight });
      rooms.push(own[i]!);
    });
    top += titleRoom + height + bottomRoom;
  }
  return { boxes, rooms, bottom: top };
}

function cellsOf(row: readonly DrawnPanel[], { columns, left, right }: Placement) {
  const shares = Array.from({ length: columns }, (_, i) => row[i]?.panel.share ?? 1);
  const total = shares.reduce((a, b) => a + b, 0);
  let at = left;
  return row.map((_, i) => {
    const width = ((right - left) * shares[i]!) / total;
    const cell = { left: at, width };
    at += width;
    return cell;
  });
}

function rowHeight(row: readonly DrawnPanel[], inner: readonly number[], free: number): number {
  const wanted = row.flatMap((panel, i) => {
    const proportion = panelProportion(panel.panel);
    return proportion === undefined ? [] : [inner[i]! * proportion];
  });
  return wanted.length === 0 ? free : Math.min(Math.max(...wanted), 1.9 * free);
}

function roomOf(panel: DrawnPanel, cellWidth: number, bars: "own" | "shared"): Room {
  if (panel.panel.frame === "hidden") {
    const top = panel.panel.title === undefined ? 0 : 34;
    return { left: 0, right: 0, top, bottom: 0, tilt: "flat" };
  }
  const size = { size: TEXT.tick };
  const widest = (labels: readonly string[]) =>
    Math.max(0, ...labels.map((label) => textWidth(label, size)));
  const names = { x: panel.names.x, y: widest(panel.names.y) };
  const left = Math.max(names.y + 18, 46) + (panel.panel.y.label === "" ? 0 : 30);
  const barRoom = panel.scales.reduce((sum, scale) => sum + barWidth(scale), 0);
  const right = bars === "own" && panel.scales.length > 0 ? barRoom : 20;
  const each = (cellWidth - left - right) / Math.max(1, names.x.length);
  const tilted = names.x.length > 0 && widest(names.x) > each - 8;
  const tickRoom = tilted ? widest(names.x) * 0.66 + 22 : 28;
  const bottom = tickRoom + (axisTitle(panel.panel.x) === "" ? 8 : 34);
  const top = panel.panel.title === undefined ? 10 : 34;
  return { left, right, top, bottom, tilt: tilted ? "tilted" : "flat" };
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

interface Page {
  readonly width: number;
  readonly height: number;
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

function sharedScale(drawn: readonly DrawnPanel[]): UsedScale | undefined {
  const scales = drawn.flatMap((panel) => panel.scales);
  const names = new Set(scales.map((scale) => scale.coloraxis));
  return scales.length > 1 && names.size === 1 ? scales[0] : undefined;
}

function barWidth({ scale }: UsedScale): number {
  const labels = scale.ticks?.labels ?? [];
  const ticks = Math.max(BAR.ticks, ...labels.map((l) => textWidth(l, { size: TEXT.tick }) + 12));
  const beside = scale.label !== "" && scale.ticks === undefined;
  return BAR.gap + BAR.thickness + ticks + (beside ? BAR.title : 0);
}

function panelBars(panel: DrawnPanel, box: Box, page: Page): Piece[] {
  let offset = 0;
  return panel.scales.map((used) => {
    const bar = colourAxis(used, offset, box, page);
    offset += barWidth(used);
    return bar;
  });
}

function colourAxis({ scale, coloraxis }: UsedScale, offset: number, box: Box, page: Page): Piece {
  return {
    [coloraxis]: {
      cmin: scale.min,
      cmax: scale.max,
      colorscale: scale.stops.map(([place, colour]) => [place, colour]),
      colorbar: {
        x: (box.left + box.width + BAR.gap + offset) / page.width,
        xanchor: "left",
        xpad: 0,
        ypad: 0,
        y: 1 - (box.top + box.height / 2) / page.height,
        yanchor: "middle",
        len: box.height / page.height,
        lenmode: "fraction",
        thickness: BAR.thickness,
        outlinecolor: INK.axis,
        outlinewidth: 1,
        ticks: "outside",
        ticklen: 4,
        tickfont: { size: TEXT.tick },
        title: {
          text: axisTitle(scale),
          side: scale.ticks === undefined ? "right" : "top",
          font: { size: TEXT.axis },
        },
        ...(scale.ticks === undefined
          ? { nticks: 6 }
          : { tickvals: [...scale.ticks.values], ticktext: [...scale.ticks.labels] }),
      },
    },
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

function around(boxes: readonly Box[]): Box {
  const left = Math.min(...boxes.map((b) => b.left));
  const top = Math.min(...boxes.map((b) => b.top));
  const right = Math.max(...boxes.map((b) => b.left + b.width));
  const bottom = Math.max(...boxes.map((b) => b.top + b.height));
  return { left, top, width: right - left, height: bottom - top };
}
