/**
 * Boxes around SVG elements, which a DOM without a screen does not know: text by the metrics of the
 * bundled font, other shapes by their attributes, groups as the union of what they hold.
 */

import { textWidth } from "./font.js";

/** A rectangle [px], y downwards. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Ascent and descent of the font over its size, rounded up so that lines never touch. */
const ASCENT = 0.97;
const LINE = 1.22;

const EMPTY: Rect = { x: 0, y: 0, width: 0, height: 0 };

/** The box of an element in its own coordinates, transforms of its children included. */
export function boxOf(element: Element): Rect {
  if (hidden(element)) return EMPTY;
  switch (element.tagName.toLowerCase()) {
    case "text":
      return textBox(element);
    case "rect":
    case "image":
      return {
        x: attribute(element, "x"),
        y: attribute(element, "y"),
        width: attribute(element, "width"),
        height: attribute(element, "height"),
      };
    case "path":
      return pathBox(element.getAttribute("d") ?? "");
    default:
      return union([...element.children].map((child) => transformed(child)));
  }
}

/** The box of an element as its parent sees it. */
export function transformed(element: Element): Rect {
  const box = boxOf(element);
  const transform = element.getAttribute("transform");
  return transform === null || isEmpty(box) ? box : applyTransform(box, transform);
}

function textBox(element: Element): Rect {
  const size = fontSize(element);
  const weight = fontWeight(element);
  const lines = [...element.querySelectorAll("tspan.line")];
  const widths = (lines.length === 0 ? [element] : lines).map((line) =>
    lineWidth(line, size, weight),
  );
  const width = Math.max(...widths);
  const anchor = styleOf(element, "text-anchor") ?? "start";
  const shift = anchor === "middle" ? width / 2 : anchor === "end" ? width : 0;
  const spacing = 1.3 * size;
  return {
    x: attribute(element, "x") - shift,
    y: attribute(element, "y") - ASCENT * size,
    width,
    height: LINE * size + (widths.length - 1) * spacing,
  };
}

function lineWidth(line: Element, size: number, weight: "normal" | "bold"): number {
  let width = 0;
  for (const node of line.childNodes) {
    if (node.nodeType === 3) width += textWidth(node.textContent ?? "", { size, weight });
    else if (node.nodeType === 1) {
      const child = node as Element;
      width += lineWidth(child, fontSize(child, size), fontWeight(child, weight));
    }
  }
  return width;
}

function fontSize(element: Element, inherited?: number): number {
  const own =
    inherited === undefined ? styleOf(element, "font-size") : ownStyle(element, "font-size");
  if (own === undefined) return inherited ?? 12;
  const value = Number.parseFloat(own);
  if (own.endsWith("%")) return ((inherited ?? 12) * value) / 100;
  return Number.isFinite(value) ? value : (inherited ?? 12);
}

function fontWeight(element: Element, inherited: "normal" | "bold" = "normal"): "normal" | "bold" {
  const own = styleOf(element, "font-weight");
  if (own === undefined || own === "normal") return inherited;
  return own === "bold" || Number.parseInt(own, 10) >= 600 ? "bold" : inherited;
}

/** A property of an element or of the nearest ancestor that sets it. */
function styleOf(element: Element, property: string): string | undefined {
  let at: Element | null = element;
  while (at !== null) {
    const own = ownStyle(at, property);
    if (own !== undefined) return own;
    at = at.parentElement;
  }
  return undefined;
}

function ownStyle(element: Element, property: string): string | undefined {
  const styled = (element as SVGElement).style?.getPropertyValue(property);
  return styled || element.getAttribute(property) || undefined;
}

function hidden(element: Element): boolean {
  return ownStyle(element, "display") === "none";
}

function attribute(element: Element, name: string): number {
  const value = Number.parseFloat(element.getAttribute(name) ?? "0");
  return Number.isFinite(value) ? value : 0;
}

/** The box of a path's points; its commands are absolute, curves stay within their handles. */
function pathBox(d: string): Rect {
  const points = pathPoints(d);
  if (points.length === 0) return EMPTY;
  const xs = points.map(([x]) => x);
  const ys = points.map(([, y]) => y);
  const [x, y] = [min(xs), min(ys)];
  return { x, y, width: max(xs) - x, height: max(ys) - y };
}

/** Corner points of a path of absolute M, L, H, V, C, Q, S, T and Z commands. */
export function pathPoints(d: string): [number, number][] {
  const points: [number, number][] = [];
  let [x, y] = [0, 0];
  for (const [, command, rest] of d.matchAll(/([MLHVCQSTAZmlhv])([^MLHVCQSTAZmlhv]*)/g)) {
    const numbers = (rest ?? "").match(/-?\d*\.?\d+(?:e[-+]?\d+)?/gi)?.map(Number) ?? [];
    const relative = command === command?.toLowerCase();
    if (command === "H" || command === "h") {
      for (const n of numbers) {
        x = relative ? x + n : n;
        points.push([x, y]);
      }
    } else if (command === "V" || command === "v") {
      for (const n of numbers) {
        y = relative ? y + n : n;
        points.push([x, y]);
      }
    } else if (command !== "A") {
      for (let i = 0; i + 1 < numbers.length; i += 2) {
        x = numbers[i]! + (relative ? x : 0);
        y = numbers[i + 1]! + (relative ? y : 0);
        points.push([x, y]);
      }
    }
  }
  return points;
}

function applyTransform(box: Rect, transform: string): Rect {
  const corners: [number, number][] = [
    [box.x, box.y],
    [box.x + box.width, box.y],
    [box.x, box.y + box.height],
    [box.x + box.width, box.y + box.height],
  ];
  const steps = [...transform.matchAll(/(translate|rotate|scale)\(([^)]*)\)/g)].reverse();
  const moved = corners.map((corner) =>
    steps.reduce<[number, number]>((point, [, kind, list]) => {
      const numbers = (list ?? "")
        .split(/[\s,]+/)
        .filter(Boolean)
        .map(Number);
      return move(point, kind ?? "", numbers);
    }, corner),
  );
  const xs = moved.map(([x]) => x);
  const ys = moved.map(([, y]) => y);
  return { x: min(xs), y: min(ys), width: max(xs) - min(xs), height: max(ys) - min(ys) };
}

function move([x, y]: [number, number], kind: string, numbers: number[]): [number, number] {
  const [a = 0, b, c = 0] = numbers;
  if (kind === "translate") return [x + a, y + (b ?? 0)];
  if (kind === "scale") return [x * a, y * (b ?? a)];
  const turn = (a * Math.PI) / 180;
  const [dx, dy] = [x - (b ?? 0), y - c];
  return [
    (b ?? 0) + dx * Math.cos(turn) - dy * Math.sin(turn),
    c + dx * Math.sin(turn) + dy * Math.cos(turn),
  ];
}

function union(boxes: readonly Rect[]): Rect {
  const full = boxes.filter((box) => !isEmpty(box));
  if (full.length === 0) return EMPTY;
  const x = min(full.map((b) => b.x));
  const y = min(full.map((b) => b.y));
  const right = max(full.map((b) => b.x + b.width));
  const bottom = max(full.map((b) => b.y + b.height));
  return { x, y, width: right - x, height: bottom - y };
}

function isEmpty(box: Rect): boolean {
  return box.width === 0 && box.height === 0;
}

function min(values: readonly number[]): number {
  return values.reduce((a, b) => Math.min(b, a), Number.POSITIVE_INFINITY);
}

function max(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(b, a), Number.NEGATIVE_INFINITY);
}
