/**
 * Figures to SVG and PNG without a browser: Plotly's cartesian bundle in a DOM without a screen,
 * text measured with the bundled font, then resvg. One such DOM lives for the process, and draws one
 * figure after the other, each with the same seed, so that equal figures give equal bytes.
 */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Script } from "node:vm";
import { type Canvas, createCanvas } from "@napi-rs/canvas";
import { Resvg } from "@resvg/resvg-js";
import { makeRandom } from "../core/index.js";
import { escapeHtml } from "./escape.js";
import type { FigureData } from "./figure.js";
import { FONT_FAMILY, FONT_FILES } from "./font.js";
import { boxOf, pathPoints, transformed } from "./measure.js";
import { isScene, stillOf } from "./scene-still.js";

interface Plotly {
  readonly toImage: (figure: unknown, options: unknown) => Promise<string>;
}

interface Stage {
  readonly plotly: Plotly;
  readonly seed: () => void;
}

const require = createRequire(import.meta.url);

let stage: Stage | undefined;
let queue: Promise<unknown> = Promise.resolve();

/** A drawn figure. */
interface Picture {
  /** all that it was drawn from, as JSON */
  readonly source: string;
  readonly svg: string;
  /** at scale 2, once it has been asked for */
  png?: Uint8Array;
}

/** The figure drawn last: notebooks save a figure and then show it, and to draw one takes up to a second. */
let last: Picture | undefined;

/** Draw a figure as SVG, with its title and caption as the picture's accessible name. */
export async function renderSvg(figure: FigureData): Promise<string> {
  return (await pictureOf(figure)).svg;
}

/**
 * Draw a figure as PNG.
 *
 * @param scale pixels of the picture for one of the figure, 2 by default
 */
export async function renderPng(figure: FigureData, scale = 2): Promise<Uint8Array> {
  const picture = await pictureOf(figure);
  if (scale !== 2) return rasterise(picture.svg, scale);
  picture.png ??= rasterise(picture.svg);
  return picture.png;
}

function pictureOf(figure: FigureData): Promise<Picture> {
  const drawn = queue.then(() => draw(figure));
  queue = drawn.catch(() => undefined);
  return drawn;
}

/** Turn an SVG into a PNG with the bundled font; `scale` pixels for one unit. */
export function rasterise(svg: string, scale = 2): Uint8Array {
  // "pixelated" is CSS; SVG 1.1, which resvg reads, says "optimizeSpeed"
  const resvg = new Resvg(
    svg.replaceAll("image-rendering: pixelated", "image-rendering: optimizeSpeed"),
    {
      font: {
        loadSystemFonts: false,
        fontFiles: [...FONT_FILES],
        defaultFontFamily: FONT_FAMILY,
        sansSerifFamily: FONT_FAMILY,
      },
      fitTo: { mode: "zoom", value: scale },
    },
  );
  return resvg.render().asPng();
}

async function draw(figure: FigureData): Promise<Picture> {
  const { width, height, title, caption, dataLabel } = figure;
  const { data, layout } = isScene(figure) ? stillOf(figure) : figure;
  const source = JSON.stringify({ data, layout, width, height, title, caption, dataLabel });
  if (last?.source === source) return last;
  stage ??= await makeStage();
  stage.seed();
  const copy = JSON.parse(source) as FigureData; // Plotly fills in what it is given
  const options = { format: "svg", width, height, imageDataOnly: true };
  const svg = await stage.plotly.toImage({ data: copy.data, layout: copy.layout }, options);
  last = { source, svg: named(svg, figure) };
  return last;
}

/** Give the picture a name and a description for those who cannot see it. */
function named(svg: string, { title, caption, dataLabel }: FigureData): string {
  const words = `<title>${escapeHtml(title)}</title><desc>${escapeHtml(`${caption} Data: ${dataLabel}.`)}</desc>`;
  return svg.replace(/^<svg ([^>]*)>/, `<svg role="img" $1>${words}`);
}

async function makeStage(): Promise<Stage> {
  // loaded when first drawn with: it takes longer than all else in this room together
  const { JSDOM } = await import("jsdom");
  const dom = new JSDOM("<!doctype html><html><body></body></html>", {
    runScripts: "outside-only",
    pretendToBeVisual: true,
  });
  const { window } = dom;
  prepare(window as unknown as Record<string, unknown>);
  lendMetrics(window as unknown as DomWindow);
  lendCanvas(window.HTMLCanvasElement.prototype);
  const file = require.resolve("plotly.js-cartesian-dist-min/plotly-cartesian.min.js");
  new Script(readFileSync(file, "utf8"), { filename: file }).runInContext(
    dom.getInternalVMContext(),
  );
  const { Plotly, Math: itsMath } = window as unknown as { Plotly: Plotly; Math: Math };
  const seed = () => {
    itsMath.random = makeRandom(1).uniform;
  };
  return { plotly: Plotly, seed };
}

/** What Plotly asks of a browser's window and a DOM without a screen lacks. */
function prepare(window: Record<string, unknown>): void {
  const nothing = () => undefined;
  (window.URL as Record<string, unknown>).createObjectURL = () => "";
  window.matchMedia = () => ({
    matches: false,
    addListener: nothing,
    addEventListener: nothing,
  });
  window.CSS = { supports: (property: string) => property === "image-rendering" };
}

interface DomWindow {
  readonly Element: { readonly prototype: Element };
  readonly SVGElement: { readonly prototype: SVGElement };
}

function lendMetrics({ Element, SVGElement }: DomWindow): void {
  Object.assign(SVGElement.prototype, {
    getBBox(this: Element) {
      return boxOf(this);
    },
    getComputedTextLength(this: Element) {
      return boxOf(this).width;
    },
    getTotalLength(this: Element) {
      return alongPath(this).total;
    },
    getPointAtLength(this: Element, at: number) {
      return alongPath(this).pointAt(at);
    },
  });
  Element.prototype.getBoundingClientRect = function (this: Element) {
    const { x, y, width, height } = transformed(this);
    const sides = { left: x, top: y, right: x + width, bottom: y + height };
    return { x, y, width, height, ...sides, toJSON: () => sides };
  };
}

/** Length of a path and the point at a length along it, its curves taken as straight. */
function alongPath(path: Element) {
  const points = pathPoints(path.getAttribute("d") ?? "");
  const lengths = points.map((p, i) => {
    const before = points[i - 1] ?? p;
    return Math.hypot(p[0] - before[0], p[1] - before[1]);
  });
  const total = lengths.reduce((a, b) => a + b, 0);
  const pointAt = (at: number) => {
    let left = Math.min(Math.max(at, 0), total);
    for (let i = 1; i < points.length; i++) {
      const [a, b, length] = [points[i - 1]!, points[i]!, lengths[i]!];
      if (left <= length && length > 0) {
        const share = left / length;
        return { x: a[0] + share * (b[0] - a[0]), y: a[1] + share * (b[1] - a[1]) };
      }
      left -= length;
    }
    const last = points.at(-1) ?? [0, 0];
    return { x: last[0], y: last[1] };
  };
  return { total, pointAt };
}

/** Heat maps are drawn on a canvas; a real one stands behind each that Plotly makes. */
function lendCanvas(prototype: HTMLCanvasElement): void {
  const behind = new WeakMap<HTMLCanvasElement, Canvas>();
  const lend = (element: HTMLCanvasElement): Canvas => {
    const { width, height } = element;
    const own = behind.get(element);
    if (own !== undefined && own.width === width && own.height === height) return own;
    const canvas = createCanvas(width, height);
    behind.set(element, canvas);
    return canvas;
  };
  Object.assign(prototype, {
    getContext(this: HTMLCanvasElement, kind: string) {
      return kind === "2d" ? lend(this).getContext("2d") : null;
    },
    toDataURL(this: HTMLCanvasElement) {
      return lend(this).toDataURL("image/png");
    },
  });
}
