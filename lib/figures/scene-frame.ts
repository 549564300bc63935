/** The box around a scene on the page: where a place in space falls, its walls, marks and titles. */

import type { FigureData } from "./figure.js";
import type { Piece } from "./layer.js";
import type { Paint } from "./scene-still.js";
import { makeView, roundTicks, type Triple, type View } from "./scene-view.js";
import { INK, TEXT } from "./theme.js";

/** A scene's box on the page. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly view: View;
  /** lengths of the box's sides */
  readonly sides: Triple;
  readonly axes: readonly [SceneAxisLayout, SceneAxisLayout, SceneAxisLayout];
  readonly figure: { readonly width: number; readonly height: number };
  /** place in the box of values along the axes */
  readonly place: (values: Triple) => Triple;
  /** position of a place of the box within the frame [px] */
  readonly toPixel: (place: Triple) => readonly [x: number, y: number];
}

interface SceneAxisLayout {
  readonly range: readonly [number, number];
  readonly title: { readonly text: string };
}

/** Room for marks and titles around the box [px]. */
const ROOM = { left: 80, right: 30, top: 8, bottom: 50 } as const;

const SIGNS = [-0.5, 0.5] as const;

/** Read a scene's layout and fit its box into its part of the page. */
export function makeFrame({ layout, width, height }: FigureData): Frame {
  const scene = layout.scene as SceneLayout;
  const { domain, aspectratio, camera } = scene;
  const { x, y, z } = camera.eye;
  const distance = Math.hypot(x, y, z);
  const view = makeView({
    azimuth: (Math.atan2(y, x) * 180) / Math.PI,
    elevation: (Math.asin(z / distance) * 180) / Math.PI,
  });
  const sides: Triple = [aspectratio.x, aspectratio.y, aspectratio.z];
  const axes = [scene.xaxis, scene.yaxis, scene.zaxis] as const;
  const box = {
    left: domain.x[0] * width,
    top: (1 - domain.y[1]) * height,
    width: (domain.x[1] - domain.x[0]) * width,
    height: (domain.y[1] - domain.y[0]) * height,
  };
  const place = (values: Triple): Triple => {
    const [a, b, c] = values.map((value, d) => {
      const [low, high] = axes[d]!.range;
      return ((value - low) / (high - low) - 0.5) * sides[d]!;
    });
    return [a!, b!, c!];
  };
  const figure = { width, height };
  return { ...box, view, sides, axes, figure, place, toPixel: fit(view, sides, box) };
}

interface SceneLayout {
  readonly xaxis: SceneAxisLayout;
  readonly yaxis: SceneAxisLayout;
  readonly zaxis: SceneAxisLayout;
  readonly aspectratio: { readonly x: number; readonly y: number; readonly z: number };
  readonly camera: { readonly eye: { readonly x: number; readonly y: number; readonly z: number } };
  readonly domain: { readonly x: [number, number]; readonly y: [number, number] };
}

function fit(view: View, sides: Triple, box: { readonly width: number; readonly height: number }) {
  const corners = SIGNS.flatMap((a) =>
    SIGNS.flatMap((b) =>
      SIGNS.map((c) => view.project([a * sides[0], b * sides[1], c * sides[2]])),
    ),
  );
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const [west, east, north, south] = [
    Math.min(...xs),
    Math.max(...xs),
    Math.min(...ys),
    Math.max(...ys),
  ];
  const wide = box.width - ROOM.left - ROOM.right;
  const high = box.height - ROOM.top - ROOM.bottom;
  const scale = Math.min(wide / (east - west), high / (south - north));
  const originX = ROOM.left + (wide - scale * (east - west)) / 2 - scale * west;
  const originY = ROOM.top + (high - scale * (south - north)) / 2 - scale * north;
  return (place: Triple) => {
    const [x, y] = view.project(place);
    return [originX + scale * x, originY + scale * y] as const;
  };
}

/** The far walls with their grid, and the marks and titles of the axes. */
export function boxPieces(frame: Frame): { lines: Paint[]; annotations: Piece[] } {
  const { view, axes } = frame;
  const far = [0, 1, 2].map((d) => (view.eye[d]! > 0 ? -0.5 : 0.5)) as unknown as Triple;
  const ticks = axes.map(({ range }) => roundTicks(range));
  const lines = [0, 1, 2].flatMap((d) => wall(frame, d, far[d]!, ticks));
  const near = (d: number) => -far[d]!;
  const edges: [axis: number, at: (t: number) => Triple][] = [
    [0, (t) => [t, near(1), -0.5]],
    [1, (t) => [near(0), t, -0.5]],
    [2, verticalEdge(frame, near)],
  ];
  const annotations = edges.flatMap(([axis, at]) => edgeTexts(frame, axis, at, ticks[axis]!));
  return { lines, annotations };
}

/** The standing edge of the outline that is furthest left. */
function verticalEdge(frame: Frame, near: (d: number) => number): (t: number) => Triple {
  const corners = [
    [near(0), -near(1)],
    [-near(0), near(1)],
  ] as const;
  const leftmost = [...corners].sort((a, b) => {
    const at = ([x, y]: readonly [number, number]) => pixelOf(frame, [x, y, 0])[0];
    return at(a) - at(b);
  })[0]!;
  return (t) => [leftmost[0], leftmost[1], t];
}

/** One wall of the box: its ground, then a line for each mark of its two axes. */
function wall(frame: Frame, axis: number, at: number, ticks: readonly number[][]): Paint[] {
  const [u, v] = [0, 1, 2].filter((d) => d !== axis) as [number, number];
  const spot = (a: number, b: number) => {
    const place = [0, 0, 0];
    [place[axis], place[u], place[v]] = [at, a, b];
    return pixelOf(frame, place as unknown as Triple);
  };
  const outline = [spot(-0.5, -0.5), spot(0.5, -0.5), spot(0.5, 0.5), spot(-0.5, 0.5)];
  const grid = [
    ...ticks[u]!.map((tick) => shareOf(frame, u, tick)).map((t) => [spot(t, -0.5), spot(t, 0.5)]),
    ...ticks[v]!.map((tick) => shareOf(frame, v, tick)).map((t) => [spot(-0.5, t), spot(0.5, t)]),
  ];
  return [
    (context) => {
      context.beginPath();
      for (const [x, y] of outline) context.lineTo(x, y);
      context.closePath();
      context.fillStyle = "#f7f9fa";
      context.fill();
      context.lineWidth = 1;
      context.strokeStyle = INK.axis;
      context.stroke();
      context.strokeStyle = "#dde3e8";
      for (const [from, to] of grid) {
        context.beginPath();
        context.moveTo(from![0], from![1]);
        context.lineTo(to![0], to![1]);
        context.stroke();
      }
    },
  ];
}

function edgeTexts(
  frame: Frame,
  axis: number,
  at: (t: number) => Triple,
  ticks: readonly number[],
): Piece[] {
  const [ax, ay] = pixelOf(frame, at(-0.5));
  const [bx, by] = pixelOf(frame, at(0.5));
  const [cx, cy] = pixelOf(frame, [0, 0, 0]);
  const length = Math.hypot(bx - ax, by - ay) || 1;
  const across = [(by - ay) / length, (ax - bx) / length] as const;
  const [mx, my] = [(ax + bx) / 2, (ay + by) / 2];
  const side = (mx - cx) * across[0] + (my - cy) * across[1] < 0 ? -1 : 1;
  const beside = (x: number, y: number, far: number) =>
    [x + side * far * across[0], y + side * far * across[1]] as const;
  // two level axes meet in the near corner: their outermost marks would lie on each other
  const shown = ticks.filter((tick) => axis === 2 || Math.abs(shareOf(frame, axis, tick)) < 0.46);
  const marks = shown.map((tick) => {
    const [x, y] = pixelOf(frame, at(shareOf(frame, axis, tick)));
    const text = String(tick).replace("-", "−");
    return textAt(frame, text, beside(x, y, 20), { size: TEXT.tick - 1 });
  });
  const turn = (Math.atan2(by - ay, bx - ax) * 180) / Math.PI;
  const textangle = turn > 90 ? turn - 180 : turn <= -89.9 ? turn + 180 : turn;
  const place = beside(mx, my, axis === 2 ? 58 : 50);
  const title = textAt(frame, frame.axes[axis]!.title.text, place, { size: TEXT.axis });
  return [...marks, { ...title, textangle: axis === 2 ? -90 : textangle }];
}

function textAt(frame: Frame, text: string, [x, y]: readonly [number, number], font: Piece): Piece {
  return {
    text,
    xref: "paper",
    yref: "paper",
    x: (frame.left + x) / frame.figure.width,
    y: 1 - (frame.top + y) / frame.figure.height,
    xanchor: "center",
    yanchor: "middle",
    showarrow: false,
    font: { color: INK.text, ...font },
  };
}

/** Where a value lies along an axis, −0.5 to 0.5. */
function shareOf({ axes }: Frame, axis: number, value: number): number {
  const [low, high] = axes[axis]!.range;
  return (value - low) / (high - low) - 0.5;
}

/** Position in the frame of a place given in shares of the box's sides. */
function pixelOf({ sides, toPixel }: Frame, share: Triple): readonly [number, number] {
  return toPixel([share[0] * sides[0], share[1] * sides[1], share[2] * sides[2]]);
}
