/** Orders of convergence, return after a long journey, and the sampling of a PDF. */

import {
  type BacktrackOptions,
  backtrack,
  EULER,
  originMap,
  type Places,
  RK2,
  RK4,
  RK45,
  releasePatch,
  type Tableau,
} from "carbonbook/lagrangian";
import {
  closedFormOcean,
  type Flow,
  makeVertical,
  type Ocean,
  radialRotation,
} from "carbonbook/ocean";
import { atMost, type Case } from "./case.js";

const DAY = 86400;

/** How far a particle misses after most of a turn in `steps` steps [m]; the flow is linear in x, y. */
async function miss(scheme: Tableau, steps: number): Promise<number> {
  const { embedded: _, ...fixed } = scheme; // with steps of one length
  const flow = radialRotation({ x: 56, y: 56 }, 24 * 3600);
  const ocean = closedFormOcean(flow, { nx: 8, ny: 8, dx: 16 });
  const release = releasePatch(ocean, { east: 56, north: 74, depth: 50 }, { side: 0, across: 1 });
  const duration = 16 * 3600;
  const { origin } = await backtrack(ocean, release, {
    ...{ duration, direction: "forward", timeStep: duration / steps, scheme: fixed },
  });
  const exact = flow.path!(duration, 56, 74);
  return Math.hypot(origin.east[0]! - exact.x, origin.north[0]! - exact.y);
}

function orderCase(scheme: Tableau, order: number, steps: number): Case {
  return {
    name: `${scheme.name}, order of convergence`,
    quick: true,
    async run() {
      const got = Math.log2((await miss(scheme, steps)) / (await miss(scheme, 2 * steps)));
      return [
        { name: `${steps} to ${2 * steps} steps`, expected: order, got, tolerance: 0.2, unit: "1" },
      ];
    },
  };
}

/** Drifting eddies of 60 to 150 km in layers over relief, daily or half-daily fields. */
export function eddyOcean(days: number): Ocean {
  const [nx, ny, nz, dx] = [102, 102, 12, 8000];
  const wave = (2 * Math.PI) / (100 * dx);
  const fade = (z: number) => 0.3 + 0.7 * Math.exp(z / 700);
  const flow: Flow = {
    name: "drifting eddies",
    u: (t, x, y, z) =>
      0.15 * fade(z) * (Math.sin(5 * wave * y + t / 6e5) + Math.cos(7 * wave * y - 2 * wave * x)),
    v: (t, x, y, z) =>
      0.15 * fade(z) * (Math.cos(6 * wave * x - t / 5e5) + Math.sin(4 * wave * x + 3 * wave * y)),
    w: (t, x, _y, z) => 1e-4 * Math.sin(6 * wave * x - t / 5e5) * Math.sin((Math.PI * z) / 4000),
  };
  const heights = Array.from({ length: nz + 1 }, (_, k) => 4000 * (k / nz - 1));
  const times = Array.from({ length: 2 * days + 1 }, (_, n) => (n * DAY) / 2);
  const flat = closedFormOcean(flow, { nx, ny, dx, heights, times });
  const h = flat.grid.h.map((_, o) => 4000 - 600 * Math.sin((o % nx) / 12) ** 2);
  const vertical = makeVertical(nz, 2, 200, { kind: 4, thetaS: 5, thetaB: 1 });
  return { ...flat, grid: { ...flat.grid, h }, vertical };
}

const trap = { east: 400e3, north: 400e3, depth: 1000 };

const returnCase: Case = {
  name: "60 d backward and forward again in drifting eddies, 12-h fields",
  quick: false,
  async run() {
    const ocean = eddyOcean(60);
    const start = releasePatch(ocean, trap, { side: 100e3, across: 20 });
    const options = { duration: 60 * DAY, timeStep: 600, surface: "stay", bottom: "stay" } as const;
    const there = await backtrack(ocean, start, options);
    const stayed = there.origin.age.map((age) => Number(age === 60 * DAY));
    const turned = { ...start, ...there.origin };
    const back = await backtrack(ocean, turned, { ...options, direction: "forward" });
    const misses = Array.from(
      back.origin.x,
      (x, p) => 8000 * Math.hypot(x - start.x[p]!, back.origin.y[p]! - start.y[p]!),
    ).filter((_, p) => stayed[p] === 1);
    misses.sort((a, b) => a - b);
    return [
      atMost("median miss", misses[Math.floor(misses.length / 2)]!, 1, "m"),
      atMost("share of particles lost", 1 - misses.length / start.count, 0.5, "1"),
    ];
  },
};

/** Bhattacharyya-like distance of the published scores, 1 − Σ√(PQ). */
function distance(p: Float64Array, q: Float64Array): number {
  return 1 - p.reduce((sum, value, n) => sum + Math.sqrt(value * q[n]!), 0);
}

async function pdf(ocean: Ocean, across: number, side: number): Promise<Places> {
  const times = Array.from({ length: 20 }, (_, n) => (60 - n / 2) * DAY);
  const release = releasePatch(ocean, trap, { side, across, times });
  const options: BacktrackOptions = {
    ...{ sinkingSpeed: 50 / DAY, duration: 30 * DAY, timeStep: 900 },
    levels: [200],
  };
  return (await backtrack(ocean, release, options)).crossings[0]!;
}

function halves(places: Places): [Places, Places] {
  const pick = (rest: number): Places => {
    const keep = (values: Float64Array) => values.filter((_, p) => p % 2 === rest);
    return Object.fromEntries(
      Object.entries(places).map(([key, v]) => [key, v instanceof Float64Array ? keep(v) : v]),
    ) as unknown as Places;
  };
  return [pick(0), pick(1)];
}

/**
 * The published test of the number of particles. The published one of the patch's size is no check
 * here: in this smooth flow patches of 5 and 20 km change the PDF by 0.089 and 0.105, beyond the
 * sampling floor of 0.036.
 */
const samplingCase: Case = {
  name: "PDF at 200 m against the sampling floor",
  quick: false,
  async run() {
    const ocean = eddyOcean(60);
    const map = (places: Places) => originMap(places, 8e3, 400e3).density;
    const base = await pdf(ocean, 6, 10e3);
    const [even, odd] = halves(base);
    const floor = distance(map(even), map(odd));
    const checks = [];
    for (const [name, across, side] of [
      ["× ½ particles", 4, 10e3],
      ["× 2 particles", 9, 10e3],
      ["× 4 particles", 12, 10e3],
    ] as const) {
      const other = await pdf(ocean, across, side);
      checks.push(atMost(name, distance(map(base), map(other)), floor, "BL"));
    }
    return checks;
  },
};

/** All cases of this file. */
export const SCHEME_CASES: readonly Case[] = [
  orderCase(EULER, 1, 400),
  orderCase(RK2, 2, 40),
  orderCase(RK4, 4, 20),
  orderCase(RK45, 5, 15),
  returnCase,
  samplingCase,
];
