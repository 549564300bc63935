import { backtrack, RK4, releasePatch } from "carbonbook/lagrangian";
import {
  closedFormOcean,
  decayingEddy,
  type Flow,
  movingEddy,
  radialRotation,
  stationaryEddy,
  stillWater,
} from "carbonbook/ocean";
import { describe, expect, test } from "vitest";

const HOUR = 3600;
const start = { east: 12000, north: 12500, depth: 50 };

/** Every whole minute up to a time, as the published cases have their fields. */
function minutes(hours: number): number[] {
  return Array.from({ length: hours * 60 + 1 }, (_, n) => 60 * n);
}

async function follow(flow: Flow, from: typeof start, hours: number, dt: number) {
  const grid = { nx: 41, ny: 41, dx: 1000, times: minutes(hours) };
  const ocean = closedFormOcean(flow, grid);
  const release = releasePatch(ocean, from, { side: 0, across: 1, times: [0] });
  const tracks = await backtrack(ocean, release, {
    duration: hours * HOUR,
    direction: "forward",
    timeStep: dt,
    scheme: RK4,
  });
  return { east: tracks.origin.east[0]!, north: tracks.origin.north[0]!, tracks };
}

describe("published closed-form cases, RK4", () => {
  test.each([
    { name: "stationary eddy, 6 h", flow: stationaryEddy(), hours: 6, at: [14494.15, 7832.903] },
    { name: "moving eddy, 6 h", flow: movingEddy(), hours: 6, at: [15025.597, 8455.182] },
    { name: "moving eddy, 1 h", flow: movingEddy(), hours: 1, at: [13059.913, 12333.332] },
    { name: "decaying eddy, 6 h", flow: decayingEddy(), hours: 6, at: [14996.509, 8660.466] },
  ])("$name ends where published, to 1e-5", async ({ flow, hours, at }) => {
    const exact = flow.path!(hours * HOUR, start.east, start.north);
    expect(exact.x).toBeCloseTo(at[0]!, 2);
    expect(exact.y).toBeCloseTo(at[1]!, 2);
    const { east, north } = await follow(flow, start, hours, 180);
    expect(Math.abs(east / at[0]! - 1)).toBeLessThan(1e-5);
    expect(Math.abs(north / at[1]! - 1)).toBeLessThan(1e-5);
  });

  test("decaying eddy, 24 h with steps of 1 h, to 1e-5", async () => {
    const from = { east: 10000, north: 10000, depth: 50 };
    const { east, north } = await follow(decayingEddy(), from, 24, HOUR);
    expect(Math.abs(east / 14850.722 - 1)).toBeLessThan(1e-5);
    expect(Math.abs(north / 6156.699 - 1)).toBeLessThan(1e-5);
  });

  test("radial rotation, 17 h, to 1e-5, with its centre at rest", async () => {
    const flow = radialRotation({ x: 30, y: 30 }, 24 * HOUR);
    const ocean = closedFormOcean(flow, { nx: 62, ny: 62, dx: 1 });
    const release = releasePatch(
      ocean,
      [
        { east: 30, north: 50, depth: 50 },
        { east: 30, north: 30, depth: 50 },
      ],
      { side: 0, across: 1, times: [0] },
    );
    const options = { duration: 17 * HOUR, direction: "forward", timeStep: 300 } as const;
    const { origin } = await backtrack(ocean, release, options);
    expect(Math.abs(origin.east[0]! / 10.68148 - 1)).toBeLessThan(1e-5);
    expect(Math.abs(origin.north[0]! / 24.82362 - 1)).toBeLessThan(1e-5);
    expect([origin.east[1], origin.north[1]]).toEqual([30, 30]);
  });
});

describe("still water", () => {
  const heights = [-1500, -1100, -800, -650, -500, -370, -260, -170, -90, -30, 0];
  const speed = 50 / 86400;
  const trap = { east: 10e3, north: 10e3, depth: 1000 };

  test("a particle sinking at 50 m/d rises backward from 1000 to 200 m in 16 days", async () => {
    const ocean = closedFormOcean(stillWater(), { nx: 11, ny: 11, dx: 2000, heights });
    const release = releasePatch(ocean, trap, { side: 0, across: 1, times: [0] });
    const options = { sinkingSpeed: speed, duration: 60 * 86400, levels: [900, 500, 200] };
    const { crossings, origin, ends } = await backtrack(ocean, release, options);
    expect(crossings.map((c) => c.level)).toEqual([900, 500, 200]);
    const days = crossings.map((c) => c.age[0]! / 86400);
    expect(days[0]).toBeCloseTo(2, 9);
    expect(days[1]).toBeCloseTo(10, 9);
    expect(days[2]).toBeCloseTo(16, 9);
    expect(origin.depth[0]).toBeCloseTo(200, 6);
    expect(ends).toEqual({ "crossed every level": 1 });
  });

  test("it reaches the surface after 20 days, and sinks back forward to where it was", async () => {
    const ocean = closedFormOcean(stillWater(), { nx: 11, ny: 11, dx: 2000, heights });
    const release = releasePatch(ocean, trap, { side: 0, across: 1, times: [0] });
    const up = await backtrack(ocean, release, { sinkingSpeed: speed, duration: 60 * 86400 });
    expect(up.ends).toEqual({ "reached the surface": 1 });
    expect(up.origin.time[0]! / 86400).toBeCloseTo(-20, 9);
    const surface = { ...trap, depth: 0 };
    const again = releasePatch(ocean, surface, { side: 0, across: 1, times: up.origin.time });
    const down = await backtrack(ocean, again, {
      sinkingSpeed: speed,
      duration: 20 * 86400,
      direction: "forward",
    });
    expect(down.origin.depth[0]).toBeCloseTo(1000, 6);
  });
});
