/** Coastlines from Natural Earth (public domain), through the world-atlas package. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { feature } from "topojson-client";
import { type Layer, plainNumber } from "./layer.js";
import type { Bounds } from "./mark.js";
import { INK } from "./theme.js";

/** How much of the coast is drawn: 1 to 110, 50 or 10 million. */
export type CoastDetail = "110m" | "50m" | "10m";

type Point = readonly [number, number];
type Ring = readonly Point[];

const require = createRequire(import.meta.url);

/**
 * Draw the land within bounds in grey with its coast.
 *
 * @param bounds degrees east (may go beyond 180) and north
 * @param detail 1 to 50 million by default; use 110m for the globe
 * @param land   "outline" draws the coast alone, over data on land; "filled" by default
 */
export function coast(
  bounds: Bounds,
  detail: CoastDetail = "50m",
  land: "filled" | "outline" = "filled",
): Layer {
  const x: (number | null)[] = [];
  const y: (number | null)[] = [];
  for (const ring of landRings(detail).map(unwrapRing)) {
    for (const shift of [-360, 0, 360]) {
      const inside = clipRing(
        ring.map(([lon, lat]) => [lon + shift, lat] as const),
        bounds,
      );
      if (inside.length < 3) continue;
      for (const [lon, lat] of [...inside, inside[0]!]) {
        x.push(plainNumber(lon));
        y.push(plainNumber(lat));
      }
      x.push(null);
      y.push(null);
    }
  }
  const trace = {
    type: "scatter",
    mode: "lines",
    x,
    y,
    ...(land === "filled" ? { fill: "toself", fillcolor: INK.land } : {}),
    line: { color: INK.coast, width: 1 },
    hoverinfo: "skip",
    meta: "decoration",
    name: "land",
    showlegend: false,
  };
  return { draw: () => ({ traces: x.length === 0 ? [] : [trace] }) };
}

/** Outer rings of all land, as longitude and latitude [degrees]. */
function landRings(detail: CoastDetail): Ring[] {
  const atlas = JSON.parse(
    readFileSync(require.resolve(`world-atlas/land-${detail}.json`), "utf8"),
  );
  const land = feature(atlas, atlas.objects.land) as unknown as {
    features: { geometry: { coordinates: Point[][][] } }[];
  };
  return land.features.flatMap((f) => f.geometry.coordinates.map((rings) => rings[0]!));
}

/** A ring whose longitudes run on over 180°; one that goes round a pole is closed over it. */
function unwrapRing(ring: Ring): Ring {
  let turns = 0;
  const points = ring.map(([lon, lat], i): Point => {
    const step = lon - (ring[i - 1]?.[0] ?? lon);
    if (step > 180) turns -= 360;
    else if (step < -180) turns += 360;
    return [lon + turns, lat];
  });
  if (turns === 0) return points;
  const pole = points[0]![1] < 0 ? -90 : 90;
  return [...points, [points.at(-1)![0], pole], [points[0]![0], pole]];
}

/**
 * The part of a ring within bounds.
 *
 * @see Sutherland & Hodgman (1974), Reentrant polygon clipping, CACM 17, 32
 */
export function clipRing(ring: Ring, { west, east, south, north }: Bounds): Ring {
  const sides: [axis: 0 | 1, limit: number, sign: 1 | -1][] = [
    [0, west, 1],
    [0, east, -1],
    [1, south, 1],
    [1, north, -1],
  ];
  return sides.reduce<Ring>((kept, [axis, limit, sign]) => {
    const inside = (p: Point) => sign * (p[axis] - limit) >= 0;
    return kept.flatMap((point, i) => {
      const before = kept[(i + kept.length - 1) % kept.length]!;
      const crossing =
        inside(point) === inside(before) ? [] : [crossAt(before, point, axis, limit)];
      return inside(point) ? [...crossing, point] : crossing;
    });
  }, ring);
}

function crossAt(a: Point, b: Point, axis: 0 | 1, limit: number): Point {
  const share = (limit - a[axis]) / (b[axis] - a[axis]);
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
}
