/** The places of panels on the page, with room around each for its marks, titles and colour bars. */

import { barWidth } from "./colourbar.js";
import type { DrawnPanel } from "./draw.js";
import { textWidth } from "./font.js";
import { axisTitle, panelProportion } from "./panel.js";
import { TEXT } from "./theme.js";

/** Size of the page [px]. */
export interface Page {
  readonly width: number;
  readonly height: number;
}

/** A rectangle on the page [px], y downwards. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** Room around a panel's axes for its labels [px]. */
export interface Room {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly tilt: "flat" | "tilted";
}

/** The part of the page that panels may take, and how. */
export interface Placement {
  readonly columns: number;
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bars: "own" | "shared";
  readonly panelHeight: number;
}

/** Place the panels row by row; panels of a row stand level. */
export function placePanels(drawn: readonly DrawnPanel[], placement: Placement) {
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
