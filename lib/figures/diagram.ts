/** Boxes and arrows from a plain description: experiments, workflows, networks. */

import { ArgumentError } from "../core/index.js";
import { type Figure, type FigureOptions, figure } from "./figure.js";
import { textWidth, wrapText } from "./font.js";
import type { Drawing, Piece } from "./layer.js";
import { INK, TEXT } from "./theme.js";

/** Side of a box that an arrow leaves or meets. */
export type Side = "left" | "right" | "top" | "bottom";

/** A box; places and sizes in px from the top left of the drawing. */
export interface DiagramBox {
  readonly id: string;
  readonly text: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** "data" is round, "step" square, "result" has a heavy border, "words" has none */
  readonly kind?: "data" | "step" | "result" | "words";
  /** ground of the box; by its kind unless given */
  readonly colour?: string;
}

/** An arrow between two boxes. */
export interface DiagramArrow {
  readonly from: string;
  readonly to: string;
  readonly text?: string;
  /** the sides that face each other unless given */
  readonly sides?: readonly [from: Side, to: Side];
  readonly line?: "solid" | "dash";
}

/** Boxes and the arrows between them. */
export interface DiagramParts {
  readonly boxes: readonly DiagramBox[];
  readonly arrows: readonly DiagramArrow[];
}

/** What a diagram is made from. */
export interface DiagramOptions
  extends DiagramParts,
    Omit<FigureOptions, "panels" | "columns" | "width" | "panelHeight" | "barMode"> {}

const FILL = { data: "#e3eef7", step: "#f6efdc", result: "#e0f2ea", words: "#ffffff" } as const;
const LINE_HEIGHT = 1.3 * TEXT.label;
const MARGIN = 16;

/** Room around the drawing for half of a border's width [px]. */
const PAD = 3;

/**
 * Draw boxes and arrows.
 *
 * @throws {ArgumentError} if an arrow names a box that is not there, a text does not fit its box, or
 *         two boxes share an id
 */
export function diagram(options: DiagramOptions): Figure {
  const { boxes, arrows, ...facts } = options;
  const byId = new Map(boxes.map((box) => [box.id, box]));
  if (byId.size < boxes.length) {
    throw new ArgumentError({
      what: "boxes",
      wanted: "ids that differ",
      got: "two that are equal",
    });
  }
  const width = Math.max(...boxes.map((box) => box.x + box.width));
  const height = Math.max(...boxes.map((box) => box.y + box.height));
  const ends = arrows.map((arrow) => ({ arrow, ...endsOf(arrow, byId) }));
  const drawing: Drawing = {
    traces: [{ type: "scatter", mode: "markers", x: [null], y: [null], meta: "decoration" }],
    shapes: [
      ...ends.flatMap(({ arrow, from, to }) => arrowShapes(arrow, from, to)),
      ...boxes.map(boxShape),
    ],
    annotations: [
      ...boxes.map(boxText),
      ...ends.flatMap(({ arrow, from, to }) => arrowText(arrow, from, to)),
    ],
  };
  const axis = { label: "", units: "", kind: "linear" } as const;
  return figure({
    ...facts,
    width: Math.ceil(width) + 2 * (MARGIN + PAD),
    panelHeight: Math.ceil(height) + 2 * PAD,
    panels: [
      {
        frame: "hidden",
        x: { ...axis, range: [-PAD, Math.ceil(width) + PAD] },
        y: { ...axis, range: [-PAD, Math.ceil(height) + PAD], direction: "down" },
        layers: [{ draw: () => drawing }],
      },
    ],
  });
}

type Spot = readonly [x: number, y: number];

function endsOf(arrow: DiagramArrow, byId: ReadonlyMap<string, DiagramBox>) {
  const [from, to] = [arrow.from, arrow.to].map((id) => {
    const box = byId.get(id);
    if (box !== undefined) return box;
    const wanted = `one of ${[...byId.keys()].join(", ")}`;
    throw new ArgumentError({ what: "arrow", wanted, got: `"${id}"` });
  }) as [DiagramBox, DiagramBox];
  const sides = arrow.sides ?? facing(from, to);
  return { from: spotOf(from, sides[0]), to: spotOf(to, sides[1]) };
}

function facing(from: DiagramBox, to: DiagramBox): [Side, Side] {
  const dx = to.x + to.width / 2 - (from.x + from.width / 2);
  const dy = to.y + to.height / 2 - (from.y + from.height / 2);
  const gapX = Math.abs(dx) - (from.width + to.width) / 2;
  const gapY = Math.abs(dy) - (from.height + to.height) / 2;
  if (gapX >= gapY) return dx > 0 ? ["right", "left"] : ["left", "right"];
  return dy > 0 ? ["bottom", "top"] : ["top", "bottom"];
}

function spotOf({ x, y, width, height }: DiagramBox, side: Side): Spot {
  if (side === "left") return [x, y + height / 2];
  if (side === "right") return [x + width, y + height / 2];
  return [x + width / 2, side === "top" ? y : y + height];
}

function boxShape({ x, y, width, height, kind = "step", colour }: DiagramBox): Piece {
  const r = kind === "data" ? Math.min(12, height / 3) : 3;
  const [right, bottom] = [x + width, y + height];
  const path = `M${x + r},${y}L${right - r},${y}Q${right},${y},${right},${y + r}L${right},${bottom - r}Q${right},${bottom},${right - r},${bottom}L${x + r},${bottom}Q${x},${bottom},${x},${bottom - r}L${x},${y + r}Q${x},${y},${x + r},${y}Z`;
  const border = { data: 1.5, step: 1.5, result: 3, words: 0 }[kind];
  const line = { color: INK.text, width: border };
  return { type: "path", path, fillcolor: colour ?? FILL[kind], line, layer: "above" };
}

function boxText(box: DiagramBox): Piece {
  const lines = linesOf(box.text, box.width - 12);
  const widest = Math.max(...lines.map((line) => textWidth(bare(line), { size: TEXT.label })));
  if (lines.length * LINE_HEIGHT > box.height || widest > box.width) {
    throw new ArgumentError({
      what: `box "${box.id}"`,
      wanted: "room for its text",
      got: `${box.width} by ${box.height} px for ${Math.ceil(widest)} by ${Math.ceil(lines.length * LINE_HEIGHT)}`,
      remedy: "make it larger or say less",
    });
  }
  return textAt(lines.join("<br>"), [box.x + box.width / 2, box.y + box.height / 2]);
}

/** Lines of a text, which may break itself with `<br>`. */
function linesOf(text: string, width: number): string[] {
  return text.split("<br>").flatMap((line) => wrapText(line, width, { size: TEXT.label }));
}

function bare(text: string): string {
  return text.replace(/<[^>]*>/g, "");
}

function textAt(text: string, [x, y]: Spot): Piece {
  return { text, x, y, showarrow: false, xanchor: "center", yanchor: "middle", borderpad: 0 };
}

/** A line that stops where its head begins, and the head. */
function arrowShapes({ line = "solid" }: DiagramArrow, [x0, y0]: Spot, [x1, y1]: Spot): Piece[] {
  const length = Math.hypot(x1 - x0, y1 - y0) || 1;
  const [ux, uy] = [(x1 - x0) / length, (y1 - y0) / length];
  const [bx, by] = [x1 - 10 * ux, y1 - 10 * uy];
  const head = `M${x1},${y1}L${bx - 5 * uy},${by + 5 * ux}L${bx + 5 * uy},${by - 5 * ux}Z`;
  const ink = { color: INK.text, width: 1.8 };
  return [
    { type: "line", x0, y0, x1: bx, y1: by, line: { ...ink, dash: line }, layer: "above" },
    { type: "path", path: head, fillcolor: INK.text, line: { ...ink, width: 0 }, layer: "above" },
  ];
}

function arrowText({ text }: DiagramArrow, from: Spot, to: Spot): Piece[] {
  if (text === undefined) return [];
  const middle: Spot = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  const font = { size: TEXT.tick - 1, color: INK.muted };
  const apart = `\u00a0${text}\u00a0`; // so that no dash touches the words
  return [{ ...textAt(apart, middle), font, bgcolor: INK.paper, borderpad: 2 }];
}
