/** Inertial eddies and rotation: closed forms (Fabbroni 2009; TRACMASS; Parcels). */

import {
  backtrack,
  EULER,
  RK2,
  RK4,
  RK45,
  releasePatch,
  type Tableau,
} from "carbonbook/lagrangian";
import {
  closedFormOcean,
  decayingEddy,
  type Flow,
  movingEddy,
  radialRotation,
  stationaryEddy,
} from "carbonbook/ocean";
import { type Case, near } from "./case.js";

const HOUR = 3600;
const POINT = { side: 0, across: 1, times: [0] };

/** Follow one particle through a flow that is the same everywhere, with fields every minute. */
async function follow(flow: Flow, from: [number, number], hours: number, scheme: Tableau) {
  const times = Array.from({ length: hours * 60 + 1 }, (_, n) => 60 * n);
  const ocean = closedFormOcean(flow, { nx: 26, ny: 26, dx: 1000, times });
  const trap = { east: from[0], north: from[1], depth: 50 };
  const { origin } = await backtrack(ocean, releasePatch(ocean, trap, POINT), {
    duration: hours * HOUR,
    direction: "forward",
    timeStep: 180,
    scheme,
    tolerance: 0.01,
  });
  return [origin.east[0]!, origin.north[0]!] as const;
}

function eddyCase(
  flow: Flow,
  from: [number, number],
  hours: number,
  expected: [number, number],
  tolerances: readonly (readonly [Tableau, number])[],
): Case {
  return {
    name: `${flow.name}, ${hours} h`,
    quick: true,
    async run() {
      const checks = [];
      for (const [scheme, relative] of tolerances) {
        const got = await follow(flow, from, hours, scheme);
        checks.push(...near(scheme.name, [...got], expected, relative));
      }
      return checks;
    },
  };
}

/** An eddy that turns in a vertical plane: x or y, and height above 20 km of depth. */
function verticalEddy(axis: "x" | "y"): Case {
  const flat = stationaryEddy();
  const along = (t: number) => flat.u(t, 0, 0, 0);
  const none = () => 0;
  const flow: Flow = {
    name: `stationary eddy in the ${axis}–z plane`,
    u: axis === "x" ? along : none,
    v: axis === "y" ? along : none,
    w: (t) => flat.v(t, 0, 0, 0),
  };
  return {
    name: `${flow.name}, 6 h`,
    quick: true,
    async run() {
      const times = Array.from({ length: 361 }, (_, n) => 60 * n);
      const heights = [-20e3, -15e3, -11e3, -8e3, -4e3, 0];
      const ocean = closedFormOcean(flow, { nx: 26, ny: 26, dx: 1000, heights, times });
      const trap = { east: 12000, north: 12000, depth: 20e3 - 12500 };
      const options = { duration: 6 * HOUR, direction: "forward", timeStep: 180 } as const;
      const { origin } = await backtrack(ocean, releasePatch(ocean, trap, POINT), options);
      const got = [axis === "x" ? origin.east[0]! : origin.north[0]!, 20e3 - origin.depth[0]!];
      return near("RK4", got as [number, number], [14494.15, 7832.903], 1e-5);
    },
  };
}

const rotation: Case = {
  name: "radial rotation, 17 h",
  quick: true,
  async run() {
    const flow = radialRotation({ x: 30, y: 30 }, 24 * HOUR);
    const ocean = closedFormOcean(flow, { nx: 62, ny: 62, dx: 1 });
    const traps = [50, 30].map((north) => ({ east: 30, north, depth: 50 }));
    const options = { duration: 17 * HOUR, direction: "forward", timeStep: 300 } as const;
    const { origin } = await backtrack(ocean, releasePatch(ocean, traps, POINT), options);
    const [x, y] = [origin.east, origin.north];
    return [
      ...near("RK4", [x[0]!, y[0]!], [10.68148, 24.82362], 1e-5),
      { name: "centre, x", expected: 30, got: x[1]!, tolerance: 0, unit: "m" },
      { name: "centre, y", expected: 30, got: y[1]!, tolerance: 0, unit: "m" },
    ];
  },
};

const circle: Case = {
  name: "radial rotation at 4 km, 25 h",
  quick: true,
  async run() {
    const flow = radialRotation({ x: 30e3, y: 30e3 }, 24 * HOUR);
    const ocean = closedFormOcean(flow, { nx: 61, ny: 61, dx: 1000 });
    const trap = { east: 30e3, north: 34e3, depth: 50 };
    const options = { duration: 25 * HOUR, direction: "forward", timeStep: 300 } as const;
    const { origin } = await backtrack(ocean, releasePatch(ocean, trap, POINT), options);
    const radius = Math.hypot(origin.east[0]! - 30e3, origin.north[0]! - 30e3);
    return [
      { name: "change of radius", expected: 0, got: radius - 4000, tolerance: 2.28, unit: "m" },
    ];
  },
};

const start: [number, number] = [12000, 12500];

/** All cases of this file. */
export const EDDY_CASES: readonly Case[] = [
  eddyCase(
    stationaryEddy(),
    start,
    6,
    [14494.15, 7832.903],
    [
      [RK4, 1e-5],
      [RK45, 1e-5],
      [RK2, 1e-5],
      [EULER, 1e-2],
    ],
  ),
  verticalEddy("x"),
  verticalEddy("y"),
  eddyCase(
    movingEddy(),
    start,
    6,
    [15025.597, 8455.182],
    [
      [RK4, 1e-5],
      [RK45, 1e-5],
      [EULER, 1e-2],
    ],
  ),
  eddyCase(movingEddy(), start, 1, [13059.913, 12333.332], [[RK4, 1e-5]]),
  eddyCase(
    decayingEddy(),
    start,
    6,
    [14996.509, 8660.466],
    [
      [RK4, 1e-5],
      [RK45, 1e-4],
      [EULER, 1e-2],
    ],
  ),
  eddyCase(
    decayingEddy(),
    [10000, 10000],
    24,
    [14850.722, 6156.699],
    [
      [RK4, 1e-5],
      [RK45, 1e-4],
    ],
  ),
  rotation,
  circle,
];
