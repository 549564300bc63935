/** Traces of a scene cut into pieces that can be painted from far to near. */

import { createCanvas } from "@napi-rs/canvas";
import type { FigureData } from "./figure.js";
import type { Piece } from "./layer.js";
import { colourBetween } from "./palette.js";
import type { Frame } from "./scene-frame.js";
import type { Paint } from "./scene-still.js";
import type { Triple } from "./scene-view.js";

/** A piece and where it is: what is further away is painted first. */
export interface ScenePiece {
  readonly nearness: number;
  /** height in the box */
  readonly height: number;
  /** a clear sheet parts what lies under it from what lies over it */
  readonly parts?: "heights";
  readonly paint: Paint;
}

/**
 * Order pieces from far to near. Clear sheets come first: each is painted after all that lies on its
 * far side, however near that is, since one number cannot tell how near a whole sheet is.
 */
export function farToNear(pieces: readonly ScenePiece[], { view }: Frame): ScenePiece[] {
  const up = view.eye[2] < 0 ? -1 : 1;
  const sheets = pieces.filter((piece) => piece.parts === "heights");
  const rank = ({ height }: ScenePiece) =>
    sheets.filter((sheet) => up * (height - sheet.height) >= -1e-9).length;
  const ranked = pieces.map((piece) => ({ piece, rank: rank(piece) }));
  const clear = (piece: ScenePiece) => (piece.parts === "heights" ? 0 : 1);
  ranked.sort(
    (a, b) =>
      a.rank - b.rank || clear(a.piece) - clear(b.piece) || a.piece.nearness - b.piece.nearness,
  );
  return ranked.map(({ piece }) => piece);
}

type Value = number | null;

/** Cut all traces of a scene into pieces. */
export function scenePieces({ data, layout }: FigureData, frame: Frame): ScenePiece[] {
  return data.flatMap((trace) => {
    if (trace.type === "surface") return sheet(trace, layout, frame);
    return trace.mode === "lines" ? segments(trace, layout, frame) : symbols(trace, layout, frame);
  });
}

function segments(trace: Piece, layout: Piece, frame: Frame): ScenePiece[] {
  const places = placesOf(trace, frame);
  const style = trace.line as Piece;
  const colour = colourOf(style, layout);
  const width = Number(style.width) * 0.55;
  return places.slice(1).flatMap((to, i) => {
    const from = places[i];
    if (from === undefined || to === undefined) return [];
    const [a, b] = [frame.toPixel(from), frame.toPixel(to)];
    const paint: Paint = (context) => {
      context.strokeStyle = colour(i + 1);
      context.lineWidth = width;
      context.beginPath();
      context.moveTo(a[0], a[1]);
      context.lineTo(b[0], b[1]);
      context.stroke();
    };
    const nearness = (frame.view.nearness(from) + frame.view.nearness(to)) / 2;
    return [{ nearness, height: (from[2] + to[2]) / 2, paint }];
  });
}

function symbols(trace: Piece, layout: Piece, frame: Frame): ScenePiece[] {
  const style = trace.marker as Piece;
  const colour = colourOf(style, layout);
  const radius = Number(style.size) / 2;
  return placesOf(trace, frame).flatMap((place, i) => {
    if (place === undefined) return [];
    const [x, y] = frame.toPixel(place);
    const paint: Paint = (context) => {
      context.fillStyle = colour(i);
      context.beginPath();
      if (style.symbol === "diamond") {
        context.moveTo(x, y - 1.4 * radius);
        context.lineTo(x + radius, y);
        context.lineTo(x, y + 1.4 * radius);
        context.lineTo(x - radius, y);
      } else context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    };
    return [{ nearness: frame.view.nearness(place), height: place[2], paint }];
  });
}

/** A sheet as its four-cornered cells, each in the mean colour of its corners. */
function sheet(trace: Piece, layout: Piece, frame: Frame): ScenePiece[] {
  const [x, y] = [trace.x as number[], trace.y as number[]];
  const [z, colours] = [trace.z as Value[][], trace.surfacecolor as Value[][]];
  const paintOf = valueColour(layout[trace.coloraxis as string] as Piece);
  const pieces: ScenePiece[] = [];
  for (let j = 0; j + 1 < y.length; j++) {
    for (let i = 0; i + 1 < x.length; i++) {
      const corners = [
        [j, i],
        [j, i + 1],
        [j + 1, i + 1],
        [j + 1, i],
      ] as const;
      if (corners.some(([r, c]) => z[r]![c] == null || colours[r]![c] == null)) continue;
      const places = corners.map(([r, c]) => frame.place([x[c]!, y[r]!, z[r]![c]!]));
      const mean = corners.reduce((sum, [r, c]) => sum + colours[r]![c]! / 4, 0);
      const nearness = places.reduce((sum, place) => sum + frame.view.nearness(place) / 4, 0);
      const spots = places.map(frame.toPixel);
      const height = places.reduce((sum, place) => sum + place[2] / 4, 0);
      pieces.push({ nearness, height, paint: cell(spots, paintOf(mean)) });
    }
  }
  const opacity = Number(trace.opacity ?? 1);
  return opacity < 1 && pieces.length > 0 ? [veil(pieces, opacity, frame)] : pieces;
}

function cell(spots: readonly (readonly [number, number])[], colour: string): Paint {
  return (context) => {
    context.fillStyle = colour;
    context.strokeStyle = colour;
    context.lineWidth = 0.4; // closes the hairline between neighbours
    context.beginPath();
    for (const [x, y] of spots) context.lineTo(x, y);
    context.closePath();
    context.fill();
    context.stroke();
  };
}

/** A clear sheet is painted whole, so that its cells do not show through each other's edges. */
function veil(cells: readonly ScenePiece[], opacity: number, { width, height }: Frame): ScenePiece {
  const sorted = [...cells].sort((a, b) => a.nearness - b.nearness);
  const mean = (key: "nearness" | "height") =>
    sorted.reduce((sum, piece) => sum + piece[key] / sorted.length, 0);
  const paint: Paint = (context) => {
    const { a: density } = context.getTransform();
    const sheetCanvas = createCanvas(Math.ceil(width * density), Math.ceil(height * density));
    const own = sheetCanvas.getContext("2d");
    own.scale(density, density);
    for (const piece of sorted) piece.paint(own);
    context.globalAlpha = opacity;
    context.drawImage(sheetCanvas, 0, 0, sheetCanvas.width / density, sheetCanvas.height / density);
    context.globalAlpha = 1;
  };
  return { nearness: mean("nearness"), height: mean("height"), parts: "heights", paint };
}

/** Places in the box of a trace's points; undefined at gaps and outside the box. */
function placesOf(trace: Piece, frame: Frame): (Triple | undefined)[] {
  const [x, y, z] = [trace.x as Value[], trace.y as Value[], trace.z as Value[]];
  return x.map((value, i) => {
    const [a, b, c] = [value, y[i], z[i]];
    if (a == null || b == null || c == null) return undefined;
    const place = frame.place([a, b, c]);
    return place.some((p, d) => Math.abs(p) > frame.sides[d]! / 2 + 1e-9) ? undefined : place;
  });
}

function colourOf(style: Piece, layout: Piece): (index: number) => string {
  const { color, coloraxis } = style;
  if (!Array.isArray(color)) return () => String(color);
  const paint = valueColour(layout[coloraxis as string] as Piece);
  return (index) => paint(color[index] as Value);
}

function valueColour(axis: Piece): (value: Value) => string {
  const { cmin, cmax, colorscale } = axis as { cmin: number; cmax: number; colorscale: Stops };
  return (value) => {
    if (value === null) return "#999999";
    return colourBetween(colorscale, (value - cmin) / (cmax - cmin || 1));
  };
}

type Stops = readonly (readonly [number, string])[];
