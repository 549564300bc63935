/** Flows along streamlines: peninsula, Stommel gyre, drifting Gaussian eddies, cell crossings. */

import { backtrack, RK4, RK45, releasePatch, type Tableau } from "carbonbook/lagrangian";
import {
  closedFormOcean,
  type Flow,
  gaussianEddies,
  linearShear,
  peninsula,
  stommelGyre,
  uniformFlow,
} from "carbonbook/ocean";
import { atMost, type Case } from "./case.js";

const DAY = 86400;
const POINT = { side: 0, across: 1, times: [0] };

const peninsulaCase: Case = {
  name: "peninsula, 24 h",
  quick: true,
  async run() {
    const flow = peninsula();
    const ocean = closedFormOcean(flow, { nx: 101, ny: 51, dx: 1000 });
    const traps = Array.from({ length: 10 }, (_, n) => {
      return { east: 3000, north: 3000 + (44000 * n) / 9, depth: 50 };
    });
    const release = releasePatch(ocean, traps, POINT);
    const options = { duration: DAY, direction: "forward", timeStep: 300 } as const;
    const { origin } = await backtrack(ocean, release, options);
    const psi = (x: number, y: number) => flow.streamfunction!(x, y) / 1000;
    const drift = traps.map((trap, p) =>
      Math.abs(psi(origin.east[p]!, origin.north[p]!) - psi(trap.east, trap.north)),
    );
    return [atMost("largest change of ψ", Math.max(...drift), 1e-3, "10³ m² s⁻¹")];
  },
};

const stommelCase: Case = {
  name: "Stommel gyre, 600 d",
  quick: false,
  async run() {
    const flow = stommelGyre();
    const side = 1e7;
    const ocean = closedFormOcean(flow, { nx: 202, ny: 202, dx: 5e4, east: -2.5e4, north: -2.5e4 });
    const traps = Array.from({ length: 10 }, (_, n) => {
      return { east: 1e4 * (n + 1), north: 5e6, depth: 50 };
    });
    const release = releasePatch(ocean, traps, POINT);
    const run = async (scheme: Tableau) => {
      const options = { duration: 600 * DAY, direction: "forward", timeStep: 600 } as const;
      return (await backtrack(ocean, release, { ...options, scheme, tolerance: 1 })).origin;
    };
    const [fixed, adaptive] = [await run(RK4), await run(RK45)];
    const drift = traps.map((trap, p) =>
      Math.abs(
        flow.streamfunction!(fixed.east[p]!, fixed.north[p]!) -
          flow.streamfunction!(trap.east, trap.north),
      ),
    );
    const apart = traps.map((_, p) =>
      Math.hypot(fixed.east[p]! - adaptive.east[p]!, fixed.north[p]! - adaptive.north[p]!),
    );
    return [
      atMost("largest change of ψ/side", Math.max(...drift) / side, 0.1, "m s⁻¹"),
      atMost("RK4 from RK45, by the side", Math.max(...apart) / side, 1e-3, "1"),
    ];
  },
};

/**
 * The published grid and fields: daily, from one-sided differences that are put half a cell to the
 * south-west of where they hold.
 */
function eddiesOcean() {
  const [dx, dy] = [4e5 / 199, 7e5 / 349];
  const flow = gaussianEddies({
    east: 150 * dx,
    north: [50 * dy, 150 * dy],
    reach: [25 * dx, 25 * dy],
  });
  const shifted: Flow = {
    name: flow.name,
    u: (t, x, y, z) => flow.u(t, x, y + dy / 2, z),
    v: (t, x, y, z) => flow.v(t, x + dx / 2, y, z),
  };
  const times = Array.from({ length: 9 }, (_, n) => n * DAY);
  return closedFormOcean(shifted, { nx: 200, ny: 350, dx, dy, times });
}

const eddyStarts = [1e5, 2.8e5].map((north) => ({ east: 3.3e5, north, depth: 50 }));

const returnCase: Case = {
  name: "moving Gaussian eddies, 1 d and back",
  quick: true,
  async run() {
    const ocean = eddiesOcean();
    const there = releasePatch(ocean, eddyStarts, POINT);
    const options = { duration: DAY, timeStep: 300 };
    const out = await backtrack(ocean, there, { ...options, direction: "forward" });
    const turned = { ...there, x: out.origin.x, y: out.origin.y, time: out.origin.time };
    const back = await backtrack(ocean, turned, options);
    const miss = eddyStarts.map((start, p) =>
      Math.max(
        Math.abs(back.origin.east[p]! / start.east - 1),
        Math.abs(back.origin.north[p]! / start.north - 1),
      ),
    );
    return [atMost("relative miss", Math.max(...miss), 1e-5, "1")];
  },
};

const driftCase: Case = {
  name: "moving Gaussian eddies, 7 d",
  quick: true,
  async run() {
    const ocean = eddiesOcean();
    const release = releasePatch(ocean, eddyStarts, POINT);
    const options = { duration: 7 * DAY, direction: "forward", timeStep: 600 } as const;
    const { origin } = await backtrack(ocean, release, options);
    const [x, y] = [origin.east, origin.north];
    return [
      atMost("x of the first", x[0]!, 2.2e5, "m"),
      atMost("x of the second", x[1]!, 2.2e5, "m"),
      { name: "y of the first", expected: 1.15e5, got: y[0]!, tolerance: 5e3, unit: "m" },
      { name: "y of the second", expected: 3.75e5, got: y[1]!, tolerance: 5e3, unit: "m" },
    ];
  },
};

const shearCase: Case = {
  name: "linear shear, 2 h",
  quick: true,
  async run() {
    const heights = [-100, -61, -37, -20, -8, 0];
    const ocean = closedFormOcean(linearShear(0.01), { nx: 30, ny: 12, dx: 1000, heights });
    const traps = [7, 33.3, 88].map((depth) => ({ east: 20e3, north: 6e3, depth }));
    const options = { duration: 7200, direction: "forward", timeStep: 300 } as const;
    const release = releasePatch(ocean, traps, POINT);
    const { origin } = await backtrack(ocean, release, options);
    return traps.map(({ depth }, p) => ({
      name: `from ${depth} m`,
      expected: -depth * 0.01 * 7200,
      got: origin.eastward[p]!,
      tolerance: 0.1,
      unit: "m",
    }));
  },
};

function uniformCase(direction: "forward" | "backward"): Case {
  return {
    name: `uniform u, v, w, 4 steps ${direction}`,
    quick: true,
    async run() {
      const heights = [-100, -70, -40, -10, 0];
      const flow = uniformFlow(0.5, -0.25, 0.001);
      const ocean = closedFormOcean(flow, { nx: 33, ny: 33, dx: 1024, heights });
      const trap = { east: 15e3, north: 15e3, depth: 50 };
      const release = releasePatch(ocean, trap, POINT);
      const { origin } = await backtrack(ocean, release, {
        duration: 4096,
        timeStep: 1024,
        direction,
      });
      const t = direction === "forward" ? 4096 : -4096;
      const check = (name: string, expected: number, got: number, tolerance: number) => {
        return { name, expected, got, tolerance, unit: "m" };
      };
      return [
        check("x", 15e3 + 0.5 * t, origin.east[0]!, 1e-6 * 15e3),
        check("y", 15e3 - 0.25 * t, origin.north[0]!, 1e-6 * 15e3),
        check("z", -50 + 0.001 * t, -origin.depth[0]!, 1e-4),
      ];
    },
  };
}

/** Half a cell: with u = 1 cell a second in half a second, with u = 1 + x in ln 1.5 (TRACMASS). */
function crossingCase(name: string, u: Flow["u"], duration: number): Case {
  return {
    name: `half a cell with ${name}`,
    quick: true,
    async run() {
      const ocean = closedFormOcean({ name, u, v: () => 0 }, { nx: 12, ny: 12, dx: 1 });
      const release = releasePatch(ocean, { east: 5.5, north: 5, depth: 50 }, POINT);
      const options = { duration, direction: "forward", timeStep: 0.01 } as const;
      const { origin } = await backtrack(ocean, release, options);
      const got = origin.eastward[0]!;
      return [{ name: "way", expected: 0.5, got, tolerance: 1e-7, unit: "m" }];
    },
  };
}

/** All cases of this file. */
export const GYRE_CASES: readonly Case[] = [
  peninsulaCase,
  stommelCase,
  returnCase,
  driftCase,
  shearCase,
  uniformCase("forward"),
  uniformCase("backward"),
  crossingCase("u = 1", () => 1, 0.5),
  crossingCase("u = 1 + x", (_, x) => 1 + (x - 5.5), Math.log(1.5)),
];
