/**
 * The still picture of a scene: everything in the box is painted from far to near on a canvas, which
 * goes as one picture into a flat figure with the scene's own title, legend and colour bars.
 */

import { createCanvas, type SKRSContext2D } from "@napi-rs/canvas";
import type { FigureData } from "./figure.js";
import type { Piece } from "./layer.js";
import { boxPieces, type Frame, makeFrame } from "./scene-frame.js";
import { farToNear, scenePieces } from "./scene-pieces.js";

/** Pixels of the painted picture for one of the figure. */
const DENSITY = 3;

/** Whether a figure has three axes. */
export function isScene({ layout }: Pick<FigureData, "layout">): boolean {
  return "scene" in layout;
}

/** The flat figure that shows a scene from its camera. */
export function stillOf(figure: FigureData): FigureData {
  const { scene: _, ...layout } = figure.layout;
  const frame = makeFrame(figure);
  const box = boxPieces(frame);
  const annotations = [...(layout.annotations as Piece[]), ...box.annotations];
  const hidden = { visible: false, range: [0, 1], fixedrange: true };
  return {
    ...figure,
    data: figure.data.flatMap(standIns),
    layout: {
      ...layout,
      annotations,
      images: [picture(figure, frame, box.lines)],
      xaxis: {
        ...hidden,
        domain: [frame.left / figure.width, (frame.left + frame.width) / figure.width],
      },
      yaxis: {
        ...hidden,
        domain: [1 - (frame.top + frame.height) / figure.height, 1 - frame.top / figure.height],
      },
    },
  };
}

function picture(figure: FigureData, frame: Frame, lines: Paint[]): Piece {
  const canvas = createCanvas(Math.ceil(frame.width * DENSITY), Math.ceil(frame.height * DENSITY));
  const context = canvas.getContext("2d");
  context.scale(DENSITY, DENSITY);
  context.lineJoin = "round";
  context.lineCap = "round";
  for (const paint of lines) paint(context);
  for (const piece of farToNear(scenePieces(figure, frame), frame)) piece.paint(context);
  return {
    source: canvas.toDataURL("image/png"),
    xref: "paper",
    yref: "paper",
    x: frame.left / figure.width,
    y: 1 - frame.top / figure.height,
    sizex: frame.width / figure.width,
    sizey: frame.height / figure.height,
    xanchor: "left",
    yanchor: "top",
    sizing: "stretch",
    layer: "below",
  };
}

/** Something that paints itself. */
export type Paint = (context: SKRSContext2D) => void;

/** Empty flat traces that give a scene's trace its place in the legend and its colour bar. */
function standIns(trace: Piece): Piece[] {
  const { name, legendgroup, mode = "markers", line, marker } = trace as Record<string, Piece>;
  const nowhere = { type: "scatter", x: [null], y: [null], xaxis: "x", yaxis: "y" };
  const pieces: Piece[] = [];
  const coloraxis = trace.coloraxis ?? line?.coloraxis ?? marker?.coloraxis;
  if (coloraxis !== undefined) {
    const colours = { color: [0], coloraxis };
    pieces.push({ ...nowhere, mode: "markers", marker: colours, showlegend: false });
  }
  if (trace.showlegend === true) {
    const plain = (style: Piece | undefined) =>
      Array.isArray(style?.color) ? { ...style, color: "#444444", coloraxis: undefined } : style;
    const shown = { name, legendgroup, mode, line: plain(line), marker: plain(marker) };
    pieces.push({ ...nowhere, ...shown, showlegend: true });
  }
  return pieces;
}
