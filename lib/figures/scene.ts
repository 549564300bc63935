/**
 * Figures with three axes: paths of particles, points, surfaces. Interactive they turn; their still
 * picture is drawn from the same view without a graphics card (see `scene-still`).
 */

import { type Figure, type FigureOptions, makeFigure } from "./figure.js";
import {
  checkLengths,
  type Layer,
  type Numbers,
  type Piece,
  plainNumber,
  plainNumbers,
  plainRows,
} from "./layer.js";
import { layOut } from "./layout.js";
import { type Axis, axisTitle } from "./panel.js";
import { type ColourScale, colourScale, type ScaleOptions } from "./scale.js";
import { type Camera, makeView } from "./scene-view.js";
import { INK, TEXT } from "./theme.js";

/** An axis of a scene: its range must be said. */
export type SceneAxis = Axis & { readonly range: readonly [number, number] };

/** What a scene is made from. */
export interface SceneOptions extends Omit<FigureOptions, "panels" | "columns" | "barMode"> {
  readonly x: SceneAxis;
  readonly y: SceneAxis;
  /** vertical; `direction: "down"` for depths that count downwards */
  readonly z: SceneAxis;
  readonly layers: readonly Layer[];
  /** from the south-west and above unless given */
  readonly camera?: Camera;
  /** lengths of the box's sides along x, y and z; 1, 1 and 0.7 unless given */
  readonly proportions?: readonly [number, number, number];
}

/** Points in space. */
export interface PathOptions {
  readonly x: Numbers;
  readonly y: Numbers;
  readonly z: Numbers;
  readonly name?: string;
  readonly colour?: string;
  /** value at each point, drawn as its colour */
  readonly value?: Numbers;
  readonly scale?: ColourScale | ScaleOptions;
  /** line width or symbol size [px] */
  readonly width?: number;
}

/**
 * Draw lines through space; NaN breaks them, so that one layer holds many paths.
 *
 * @throws {ArgumentError} if x, y, z and value differ in length
 */
export function path3d(options: PathOptions): Layer {
  return spaceLayer(options, ({ colour, paint }) => ({
    mode: "lines",
    connectgaps: false,
    line: { width: options.width ?? 3, ...(paint ?? { color: options.colour ?? colour }) },
  }));
}

/**
 * Draw points in space.
 *
 * @throws {ArgumentError} if x, y, z and value differ in length
 */
export function points3d(options: PathOptions & { readonly symbol?: string }): Layer {
  return spaceLayer(options, ({ colour, paint }) => ({
    mode: "markers",
    marker: {
      size: options.width ?? 4,
      symbol: options.symbol ?? "circle",
      line: { width: 0 },
      ...(paint ?? { color: options.colour ?? colour }),
    },
  }));
}

/** A sheet over a rectangle. */
export interface SurfaceOptions {
  readonly x: Numbers;
  readonly y: Numbers;
  /** height, one for all or row-major with shape (y.length, x.length) */
  readonly z: number | Numbers;
  /** value drawn as colour, row-major; NaN leaves a hole */
  readonly value: Numbers;
  readonly scale: ColourScale | ScaleOptions;
  /** 0 clear to 1 opaque, 0.9 by default */
  readonly opacity?: number;
}

/**
 * Draw a coloured sheet: a map at a depth, or the sea bed.
 *
 * @throws {ShapeError} if z or value does not hold y.length rows of x.length values
 */
export function surface({ x, y, z, value, scale, opacity = 0.9 }: SurfaceOptions): Layer {
  const heights = typeof z === "number" ? new Float64Array(value.length).fill(z) : z;
  const rows = plainRows({ x, y, z: heights });
  const colours = plainRows({ x, y, z: value });
  const holed = rows.map((row, j) => row.map((v, i) => (colours[j]![i] === null ? null : v)));
  const made = "stops" in scale ? scale : colourScale(Array.from(value), scale);
  return {
    scale: made,
    draw: ({ coloraxis }) => ({
      traces: [
        {
          type: "surface",
          x: plainNumbers(x),
          y: plainNumbers(y),
          z: holed,
          surfacecolor: colours,
          coloraxis,
          opacity,
          name: made.label,
        },
      ],
    }),
  };
}

/**
 * Put layers into a box with three axes.
 *
 * @throws {ArgumentError} as `figure` does
 */
export function sceneFigure(options: SceneOptions): Figure {
  const { id, study, title, caption, dataLabel, layers } = options;
  const hidden = { label: "", units: "" };
  const frame = layOut({
    ...options,
    panels: [{ x: hidden, y: hidden, layers }],
    width: options.width ?? 1000,
    panelHeight: options.panelHeight ?? 560,
  });
  const { xaxis, yaxis, ...layout } = frame.layout as Record<string, { domain: number[] }>;
  const data = frame.data.map(({ xaxis: _x, yaxis: _y, ...trace }) => trace);
  const domain = { x: xaxis!.domain, y: yaxis!.domain };
  const scene = { ...sceneLayout(options), domain };
  return makeFigure({
    ...{ id, study, title, caption, dataLabel },
    ...{ width: frame.width, height: frame.height },
    data,
    layout: { ...layout, scene },
  });
}

interface Brush {
  readonly colour: string;
  /** colours by value, where there are values */
  readonly paint?: Piece;
}

function spaceLayer(options: PathOptions, style: (brush: Brush) => Piece): Layer {
  const { x, y, z, name, colour, value } = options;
  for (const row of [y, z, ...(value === undefined ? [] : [value])]) {
    checkLengths("positions", x.length, row.length);
  }
  const given = options.scale ?? { label: "", units: "" };
  const made = "stops" in given ? given : colourScale(Array.from(value ?? [0, 1]), given);
  return {
    ...(name === undefined ? {} : { name }),
    ...(colour === undefined ? {} : { style: "own" }),
    ...(value === undefined ? {} : { scale: made }),
    draw: (pen) => {
      const paint = value && { color: plainNumbers(value), coloraxis: pen.coloraxis };
      const places = { x: plainNumbers(x), y: plainNumbers(y), z: plainNumbers(z) };
      const brush = { colour: pen.colour, ...(paint === undefined ? {} : { paint }) };
      return { traces: [{ type: "scatter3d", ...places, ...style(brush) }] };
    },
  };
}

/** How large Plotly draws a box whose sides are 1: it fills its place as the still picture does. */
const SIZE = 1.45;

/** How far away the viewer is; without perspective it matters to nothing but Plotly's clipping. */
const DISTANCE = 2;

function sceneLayout(options: SceneOptions): Piece {
  const { x, y, z, camera = { azimuth: -125, elevation: 25 } } = options;
  const [ax, ay, az] = options.proportions ?? [1, 1, 0.7];
  const [ex, ey, ez] = makeView(camera).eye.map((c) => plainNumber(DISTANCE * c));
  return {
    xaxis: sceneAxis(x),
    yaxis: sceneAxis(y),
    zaxis: sceneAxis(z),
    aspectmode: "manual",
    aspectratio: { x: SIZE * ax, y: SIZE * ay, z: SIZE * az },
    camera: {
      eye: { x: ex, y: ey, z: ez },
      center: { x: 0, y: 0, z: 0 },
      up: { x: 0, y: 0, z: 1 },
      projection: { type: "orthographic" },
    },
  };
}

function sceneAxis(axis: SceneAxis): Piece {
  const range = axis.direction === "down" ? axis.range.toReversed() : [...axis.range];
  return {
    title: { text: axisTitle(axis), font: { size: TEXT.axis } },
    range,
    tickfont: { size: TEXT.tick - 1 },
    nticks: 6,
    gridcolor: INK.grid,
    linecolor: INK.axis,
    showbackground: true,
    backgroundcolor: "#f7f9fa",
    zeroline: false,
  };
}
