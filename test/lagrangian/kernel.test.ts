import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { backtrack, EULER, RK2, RK4, RK45, releasePatch } from "carbonbook/lagrangian";
import { closedFormOcean, type Flow, makeVertical, type Ocean } from "carbonbook/ocean";
import { describe, expect, test } from "vitest";
import { CRUISE_SOURCE_SHA256 } from "../../lib/lagrangian/cruise-wasm.js";

const DAY = 86400;
/** Eddies that overturn, over two instants. */
const cells: Flow = {
  name: "overturning cells",
  u: (t, _x, y, z) => 0.3 * Math.sin(y / 9e3 + t / 2e5) * Math.cos(z / 300),
  v: (t, x, y) => 0.2 * Math.cos(x / 7e3 - t / 3e5 + y / 4e4),
  w: (_t, x, _y, z) => 1e-3 * Math.sin(x / 8e3) * Math.sin((Math.PI * z) / 1000),
};

function makeOcean(): Ocean {
  const heights = [-1000, -800, -630, -480, -350, -240, -150, -80, -30, 0];
  const times = [0, 1, 2, 3, 4, 5, 6].map((n) => (n * DAY) / 2);
  const flat = closedFormOcean(cells, { nx: 42, ny: 37, dx: 2000, heights, times });
  const h = flat.grid.h.map((_, o) => 1000 - 300 * Math.sin((o % 42) / 9));
  const mask = flat.grid.mask.map((_, o) => Number(o % 42 < 36 || Math.floor(o / 42) < 20));
  const vertical = makeVertical(9, 2, 80, { kind: 4, thetaS: 5, thetaB: 1 });
  return { ...flat, grid: { ...flat.grid, h, mask }, vertical };
}

async function run(extra: object) {
  const ocean = makeOcean();
  const trap = { east: 40e3, north: 36e3, depth: 600 };
  const release = releasePatch(ocean, trap, {
    side: 50e3,
    across: 12,
    times: [3 * DAY, 2.3 * DAY],
  });
  return backtrack(ocean, release, {
    sinkingSpeed: 200 / DAY,
    duration: 2 * DAY,
    levels: [500, 400, 300, 200],
    timeStep: 600,
    ...extra,
  });
}

/** The same scheme with a stage more that has no weight; twice padded the kernel refuses it. */
function padded(scheme: typeof RK4): typeof RK4 {
  const zeros = scheme.b.map(() => 0);
  return {
    ...scheme,
    a: [...scheme.a, [1, ...zeros.slice(1)]],
    b: [...scheme.b, 0],
    c: [...scheme.c, 1],
  };
}

describe("the WebAssembly kernel", () => {
  test.each([EULER, RK2, RK4])("follows the plain stepper, $name", async (scheme) => {
    const fast = await run({ scheme });
    const plain = await run({ scheme: padded(padded(scheme)) });
    expect([...fast.end]).toEqual([...plain.end]);
    expect(new Set(fast.end).size).toBeGreaterThan(1);
    let worst = 0;
    for (const [l, crossing] of fast.crossings.entries()) {
      const other = plain.crossings[l]!;
      for (let p = 0; p < fast.count; p++) {
        if (Number.isNaN(crossing.east[p]!)) continue;
        const [dx, dy] = [crossing.east[p]! - other.east[p]!, crossing.north[p]! - other.north[p]!];
        worst = Math.max(worst, Math.hypot(dx, dy), Math.abs(crossing.age[p]! - other.age[p]!));
      }
    }
    expect(worst).toBeGreaterThan(0); // or the kernel was not used
    expect(worst).toBeLessThan(1); // m and s
  });

  test("was compiled from the source that lies beside it", () => {
    const source = readFileSync(new URL("../../lib/lagrangian/cruise.as", import.meta.url));
    expect(createHash("sha256").update(source).digest("hex")).toBe(CRUISE_SOURCE_SHA256);
  });
});

describe("the number of workers", () => {
  test.each([
    { name: "RK4", extra: { scheme: RK4 } },
    { name: "RK45", extra: { scheme: RK45, tolerance: 1 } },
    { name: "diffusion", extra: { diffusivity: { horizontal: 10, vertical: 1e-3 }, seed: 7 } },
  ])("changes no byte, $name", async ({ extra }) => {
    const [one, two, five] = [
      await run({ ...extra, workers: 1 }),
      await run({ ...extra, workers: 2 }),
      await run({ ...extra, workers: 5 }),
    ];
    for (const other of [two, five]) {
      expect(other.end).toEqual(one.end);
      expect(other.origin).toEqual(one.origin);
      expect(other.crossings).toEqual(one.crossings);
    }
  });
});
