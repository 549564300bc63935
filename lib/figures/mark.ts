/** Layers that mark places: the trap's star, boxes, polygons, arrows, words. */

import {
  checkLengths,
  type Layer,
  type Numbers,
  type Piece,
  plainNumber,
  pointsExtent,
} from "./layer.js";
import { INK } from "./theme.js";

/** A rectangle [axis units]; on a map, degrees east and north. */
export interface Bounds {
  readonly west: number;
  readonly east: number;
  readonly south: number;
  readonly north: number;
}

/** A place with a name. */
export interface StarOptions {
  readonly x: number;
  readonly y: number;
  readonly name?: string;
  /** symbol size [px], 20 by default */
  readonly size?: number;
}

/** Mark a place, a trap or a tower, with a star that stands out on any colour. */
export function star({ x, y, name = "", size = 20 }: StarOptions): Layer {
  return {
    ...(name === "" ? {} : { name }),
    style: "own",
    draw: () => ({
      traces: [
        {
          type: "scatter",
          mode: "markers",
          x: [x],
          y: [y],
          cliponaxis: false,
          marker: {
            symbol: "star",
            size,
            color: "#ffd400",
            line: { color: "#000000", width: 1.6 },
          },
        },
      ],
    }),
  };
}

/** A closed line. */
export interface PolygonOptions {
  readonly x: Numbers;
  readonly y: Numbers;
  readonly name?: string;
  readonly colour?: string;
  readonly fill?: string;
  /** line width [px], 2 by default */
  readonly width?: number;
}

/** Draw a closed line around a region. */
export function polygon({ x, y, name, colour, fill, width = 2 }: PolygonOptions): Layer {
  checkLengths("y", x.length, y.length);
  const closed = (row: Numbers) => [...Array.from(row), row[0]!].map(plainNumber);
  const extent = pointsExtent(x, y);
  return {
    ...(name === undefined ? {} : { name }),
    ...(extent === undefined ? {} : { extent }),
    ...(colour === undefined ? {} : { style: "own" }),
    draw: (pen) => ({
      traces: [
        {
          type: "scatter",
          mode: "lines",
          x: closed(x),
          y: closed(y),
          line: {
            color: colour ?? pen.colour,
            width,
            dash: colour === undefined ? pen.dash : "solid",
          },
          ...(fill === undefined ? {} : { fill: "toself", fillcolor: fill }),
          hoverinfo: name === undefined ? "skip" : "name",
        },
      ],
    }),
  };
}

/** Draw a rectangle, such as a domain or the patch a network sees. */
export function region(bounds: Bounds, options: Omit<PolygonOptions, "x" | "y"> = {}): Layer {
  const { west, east, south, north } = bounds;
  return polygon({ ...options, x: [west, east, east, west], y: [south, south, north, north] });
}

/** Arrows on points. */
export interface VectorOptions {
  readonly x: Numbers;
  readonly y: Numbers;
  /** component along x [units] */
  readonly u: Numbers;
  /** component along y [units] */
  readonly v: Numbers;
  /** length of one unit of speed [axis units of x] */
  readonly unitLength: number;
  /** y units on screen for one x unit, 1 by default; on a map 1 / cos φ */
  readonly aspect?: number;
  /** an arrow of this speed is drawn at a place of its own as the key, its label above it */
  readonly key: {
    readonly speed: number;
    readonly label: string;
    readonly x: number;
    readonly y: number;
  };
  readonly colour?: string;
}

/** Draw arrows from their points, and one of known length with its label as a key. */
export function vectors(options: VectorOptions): Layer {
  const { x, y, u, v, unitLength, aspect = 1, key, colour = INK.text } = options;
  for (const row of [y, u, v]) checkLengths("vectors", x.length, row.length);
  const xs: (number | null)[] = [];
  const ys: (number | null)[] = [];
  const add = (x0: number, y0: number, dx: number, dy: number) => {
    if (!Number.isFinite(dx + dy) || (dx === 0 && dy === 0)) return;
    for (const [ox, oy] of arrow(dx, dy)) {
      xs.push(plainNumber(x0 + ox));
      ys.push(plainNumber(y0 + oy / aspect));
    }
    xs.push(null);
    ys.push(null);
  };
  for (let i = 0; i < x.length; i++) add(x[i]!, y[i]!, u[i]! * unitLength, v[i]! * unitLength);
  add(key.x, key.y, key.speed * unitLength, 0);
  const extent = pointsExtent(x, y);
  return {
    ...(extent === undefined ? {} : { extent }),
    draw: () => ({
      traces: [
        keyGround(options),
        {
          type: "scatter",
          mode: "lines",
          x: xs,
          y: ys,
          line: { color: colour, width: 1.3 },
          hoverinfo: "skip",
        },
      ],
      annotations: [keyLabel(key.x + (key.speed * unitLength) / 2, key.y, key.label)],
    }),
  };
}

/** Words at a place in a panel. */
export interface WordsOptions {
  readonly x: number | string;
  readonly y: number | string;
  readonly text: string;
  readonly colour?: string;
  readonly anchor?: "left" | "center" | "right";
}

/** Write words at a place. */
export function words({ x, y, text, colour = INK.text, anchor = "center" }: WordsOptions): Layer {
  const place = { x, y, text, xanchor: anchor, showarrow: false };
  return { draw: () => ({ traces: [], annotations: [{ ...place, font: { color: colour } }] }) };
}

/** Clear ground under the key's arrow. */
function keyGround({ key, unitLength, aspect = 1 }: VectorOptions): Piece {
  const length = key.speed * unitLength;
  const [west, east] = [key.x - 0.2 * length, key.x + 1.2 * length].map(plainNumber);
  const [south, north] = [-0.35, 0.35].map((h) => plainNumber(key.y + (h * length) / aspect));
  return {
    type: "scatter",
    mode: "lines",
    x: [west, east, east, west, west],
    y: [south, south, north, north, south],
    fill: "toself",
    fillcolor: "rgba(255,255,255,0.85)",
    line: { width: 0 },
    meta: "decoration",
    hoverinfo: "skip",
  };
}

function keyLabel(x: number, y: number, text: string): Piece {
  const box = { bgcolor: "rgba(255,255,255,0.85)", borderpad: 2 };
  return { x, y, text, xanchor: "center", yanchor: "bottom", yshift: 9, showarrow: false, ...box };
}

/** Points of an arrow from the origin: shaft, then both sides of its head. */
function arrow(dx: number, dy: number): [number, number][] {
  const side = (turn: number): [number, number] => {
    const [c, s] = [Math.cos(turn), Math.sin(turn)];
    return [dx - 0.28 * (dx * c - dy * s), dy - 0.28 * (dx * s + dy * c)];
  };
  return [[0, 0], [dx, dy], side(0.45), [dx, dy], side(-0.45)];
}
