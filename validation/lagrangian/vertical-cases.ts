/** Terrain-following coordinates and sinking. */

import { backtrack, releasePatch } from "carbonbook/lagrangian";
import {
  closedFormOcean,
  columnOf,
  type Field,
  type Frame,
  heightOfLevel,
  levelOfHeight,
  makeField,
  makeVertical,
  type Ocean,
  stillWater,
  type VerticalCoordinate,
} from "carbonbook/ocean";
import { atMost, type Case, type Check } from "./case.js";

const DAY = 86400;
const POINT = { side: 0, across: 1, times: [0] };

/** CROCO's idealized slope: Vtransform 1, hc 20 m, its stretching curve at W levels. */
const CROCO_CS_W = [
  -1, -0.8734817, -0.7557055, -0.6454926, -0.54174006, -0.44340944, -0.3495166, -0.25912184,
  -0.17132045, -0.0852337, 0,
];
const CROCO_SLOPE = [180.4, 255.6, 370, 490, 610, 730, 850, 970, 1090, 1210, 1330, 1450];

function crocoVertical(): VerticalCoordinate {
  const even = makeVertical(10, 1, 20, { kind: 1, thetaS: 0, thetaB: 0 });
  return { ...even, csW: Float64Array.from(CROCO_CS_W) };
}

/** Heights that xroms gives for CROCO_idealized.nc at x 78 km, y 38 km, as Parcels' tests have them. */
const XROMS = [
  -126, -110.585846, -96.0985413, -82.4131317, -69.4126511, -56.9870148, -45.0318756, -33.4476166,
  -22.1383114, -11.0107975, 0.0262768921,
];

const heightsCase: Case = {
  name: "CROCO heights of W levels over 126 m",
  quick: true,
  async run() {
    const vertical = crocoVertical();
    const column = columnOf(vertical, 126, 0.0262768921);
    const worst = (values: number[]) => Math.max(...values.map(Math.abs));
    const heights = XROMS.map((z, k) => heightOfLevel(vertical, column, k) - z);
    const levels = XROMS.map((_, k) => {
      return levelOfHeight(vertical, column, heightOfLevel(vertical, column, k)) - k;
    });
    return [
      atMost("largest difference from xroms", worst(heights), 1e-3, "m"),
      atMost("level of height of level", worst(levels), 1e-9, "layers"),
    ];
  },
};

/** A uniform level current over CROCO's slope: ω = −u ∂z/∂x keeps the water level. */
function levelCurrent(speed: number): Ocean {
  const [nx, ny, dx] = [CROCO_SLOPE.length, 8, 4000];
  const flat = closedFormOcean(stillWater(), { nx, ny, dx, heights: [-1500, 0] });
  const h = flat.grid.h.map((_, o) => CROCO_SLOPE[o % nx]!);
  const grid = { ...flat.grid, h };
  const vertical = crocoVertical();
  const u = makeField("u", grid, 10);
  u.data.fill(speed);
  const omega: Field<"w"> = makeField("w", grid, 10);
  const z = (i: number, k: number) => heightOfLevel(vertical, columnOf(vertical, h[i]!, 0), k);
  for (let at = 0; at < omega.data.length; at++) {
    const i = Math.min(Math.max(at % nx, 1), nx - 2);
    const k = Math.floor(at / (nx * ny));
    omega.data[at] = (-speed * (z(i + 1, k) - z(i - 1, k))) / (2 * dx);
  }
  const v = makeField("v", grid, 10);
  const zeta = makeField("surface", grid, 10);
  const frame = async (): Promise<Frame> => ({ u, v, omega, zeta });
  return { ...flat, grid, vertical, frame };
}

const slopeCase: Case = {
  name: "CROCO slope, level current of 1 m/s, 1e4 s",
  quick: true,
  async run() {
    const ocean = levelCurrent(1);
    const traps = [10, 130].map((depth) => ({ east: 14e3, north: 16e3, depth }));
    const options = { duration: 1e4, direction: "forward" } as const;
    const { origin } = await backtrack(ocean, releasePatch(ocean, traps, POINT), options);
    return traps.flatMap(({ depth }, p): Check[] => [
      {
        name: `Δx at ${depth} m`,
        expected: 1e4,
        got: origin.eastward[p]!,
        tolerance: 1e-3,
        unit: "m",
      },
      {
        name: `depth at ${depth} m`,
        expected: depth,
        got: origin.depth[p]!,
        tolerance: 5,
        unit: "m",
      },
    ]);
  },
};

const sinkingCase: Case = {
  name: "still water, 50 m/d from 1000 m",
  quick: true,
  async run() {
    const flat = closedFormOcean(stillWater(), { nx: 11, ny: 11, dx: 2000, heights: [-4000, 0] });
    const vertical = makeVertical(40, 2, 200, { kind: 4, thetaS: 6, thetaB: 2 });
    const frame = async (): Promise<Frame> => ({
      u: makeField("u", flat.grid, 40),
      v: makeField("v", flat.grid, 40),
      omega: makeField("w", flat.grid, 40),
      zeta: makeField("surface", flat.grid, 40),
    });
    const ocean: Ocean = { ...flat, vertical, frame };
    const trap = { east: 10e3, north: 10e3, depth: 1000 };
    const release = releasePatch(ocean, trap, POINT);
    const levels = [900, 800, 700, 600, 500, 400, 300, 200];
    const options = { sinkingSpeed: 50 / DAY, duration: 60 * DAY, levels };
    const up = await backtrack(ocean, release, options);
    const saved = await backtrack(ocean, release, {
      ...options,
      levels: [190],
      crossing: "saved",
      saveEvery: DAY / 2,
    });
    const again = {
      ...release,
      depth: up.origin.depth,
      time: up.origin.time,
    };
    const down = await backtrack(ocean, again, {
      ...{ sinkingSpeed: 50 / DAY, duration: up.origin.age[0]! },
      direction: "forward",
    });
    const day = { unit: "d", tolerance: 1e-6 };
    return [
      { name: "to 200 m", expected: 16, got: up.crossings.at(-1)!.age[0]! / DAY, ...day },
      { name: "to 900 m", expected: 2, got: up.crossings[0]!.age[0]! / DAY, ...day },
      {
        name: "to 190 m by saved 12 h",
        expected: 16.5,
        got: saved.crossings.at(-1)!.age[0]! / DAY,
        ...day,
      },
      {
        name: "depth after return",
        expected: 1000,
        got: down.origin.depth[0]!,
        tolerance: 1e-4,
        unit: "m",
      },
    ];
  },
};

/** All cases of this file. */
export const VERTICAL_CASES: readonly Case[] = [heightsCase, slopeCase, sinkingCase];
