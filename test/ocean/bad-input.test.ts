import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isCarbonbookError } from "carbonbook/core";
import { type NetcdfContent, type NetcdfVariable, writeNetcdf } from "carbonbook/io";
import { backtrack, releasePatch } from "carbonbook/lagrangian";
import { openNodalOcean, openOcean, stretched } from "carbonbook/ocean";
import { afterAll, describe, expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "carbonbook-ocean-"));
afterAll(() => rmSync(folder, { recursive: true }));
const [nx, ny, nz] = [6, 5, 3];

function variable(dimensions: string[], data: number[]): NetcdfVariable {
  return { dimensions, data: Float64Array.from(data) };
}

/** A small CROCO file, with changes; a change to undefined takes a variable out. */
async function write(
  name: string,
  changes: Record<string, NetcdfVariable | undefined> = {},
  times: number[] = [0, 43200],
): Promise<string> {
  const path = join(folder, name);
  const rho = ["eta_rho", "xi_rho"];
  const fill = (n: number, value: number) => new Array<number>(n).fill(value);
  const size = nx * ny;
  const nt = times.length;
  const variables: Record<string, NetcdfVariable | undefined> = {
    time: { ...variable(["time"], times), attributes: { units: "second" } },
    h: variable(rho, fill(size, 1000)),
    pm: variable(rho, fill(size, 1e-3)),
    pn: variable(rho, fill(size, 1e-3)),
    mask_rho: variable(
      rho,
      fill(size, 1).map((_, o) => Number(o !== 8)),
    ),
    hc: variable([], [50]),
    theta_s: variable([], [5]),
    theta_b: variable([], [0.5]),
    Vtransform: variable([], [2]),
    zeta: variable(["time", ...rho], fill(nt * size, 0)),
    u: variable(["time", "s_rho", "eta_rho", "xi_u"], fill(nt * nz * ny * (nx - 1), 0.1)),
    v: variable(["time", "s_rho", "eta_v", "xi_rho"], fill(nt * nz * (ny - 1) * nx, 0)),
    ...changes,
  };
  const present = Object.entries(variables).filter((entry) => entry[1] !== undefined);
  const content = {
    dimensions: {
      ...{
        one: 1,
        time: times.length,
        s_rho: nz,
        eta_rho: ny,
        xi_rho: nx,
        xi_u: nx - 1,
        eta_v: ny - 1,
      },
    },
    variables: Object.fromEntries(present) as NetcdfContent["variables"],
  };
  await writeNetcdf(path, content);
  return path;
}

async function tagOf(run: () => Promise<unknown>): Promise<[string, string]> {
  try {
    await run();
  } catch (error) {
    if (isCarbonbookError(error)) return [error.tag, error.message];
    throw error;
  }
  throw new Error("nothing was thrown");
}

describe("files that cannot be used are refused with one clear message", () => {
  test("no such file, no netCDF, truncated", async () => {
    const [missing] = await tagOf(() => openOcean(join(folder, "none.nc")));
    expect(missing).toBe("data");
    const text = join(folder, "text.nc");
    writeFileSync(text, "no netCDF at all");
    expect((await tagOf(() => openOcean(text)))[0]).toBe("data");
  });

  test.each(["u", "v", "h", "pm", "pn"])("without %s", async (name) => {
    const path = await write(`without-${name}.nc`, { [name]: undefined });
    const [tag, message] = await tagOf(() => openOcean(path));
    expect(tag).toBe("missing-variable");
    expect(message).toContain(`"${name}"`);
    expect(message).toContain(path);
  });

  test("without a way to the vertical coordinate", async () => {
    const path = await write("flat.nc", { theta_s: undefined });
    expect(await tagOf(() => openOcean(path))).toEqual([
      "missing-variable",
      expect.stringContaining("theta_s"),
    ]);
  });

  test("times that do not increase, in one file and from file to file", async () => {
    const path = await write("times.nc", {}, [0, 43200, 43200]);
    const [tag, message] = await tagOf(() => openOcean(path));
    expect(tag).toBe("data");
    expect(message).toMatch(/times\.nc, time\[2\].*a time after/);
    const one = await write("one.nc");
    const two = await write("two.nc", {}, [43200, 86400]);
    expect((await tagOf(() => openOcean([one, two])))[1]).toMatch(/two\.nc: first time/);
  });

  test("a record that is missing from the axis, in one file and between two", async () => {
    const hole = await write("hole.nc", {}, [0, 43200, 86400, 172800]);
    const [tag, message] = await tagOf(() => openOcean(hole));
    expect(tag).toBe("data");
    expect(message).toMatch(/hole\.nc, time\[3\].*a record at .*43200 s apart/);
    const bridged = await openOcean(hole, { gaps: "bridge" });
    expect(bridged.times.length).toBe(4);
    bridged.close();
    const [early, late] = [await write("early.nc"), await write("late.nc", {}, [129600, 172800])];
    expect((await tagOf(() => openOcean([early, late])))[1]).toMatch(/late\.nc, time\[0\]/);
    const uneven = await openOcean(await write("uneven.nc", {}, [0, 2678400, 5097600, 7776000]));
    uneven.close(); // months
  });

  test("a field that lacks a time", async () => {
    const v = variable(["one", "s_rho", "eta_v", "xi_rho"], new Array(nz * (ny - 1) * nx).fill(0));
    const ocean = await openOcean(await write("short.nc", { v }));
    const [tag, message] = await tagOf(() => ocean.frame(1));
    ocean.close();
    expect(tag).toBe("data");
    expect(message).toMatch(/short\.nc, v: length of "one": expected 2 times, as u has, got 1/);
  });

  test("a missing value in water is named; on land it is no matter", async () => {
    const zeros = new Array<number>(2 * nz * (ny - 1) * nx).fill(0);
    const at = (k: number, j: number, i: number) => (nz + k) * (ny - 1) * nx + j * nx + i;
    const dry = zeros.map((_, n) => (n === at(1, 1, 2) ? Number.NaN : 0)); // beside land
    const wet = zeros.map((_, n) => (n === at(2, 3, 4) ? Number.NaN : 0));
    const dims = ["time", "s_rho", "eta_v", "xi_rho"];
    const good = await openOcean(await write("dry.nc", { v: variable(dims, dry) }));
    expect((await good.frame(1)).v.data.some(Number.isNaN)).toBe(false);
    good.close();
    const bad = await openOcean(await write("wet.nc", { v: variable(dims, wet) }));
    const [tag, message] = await tagOf(() => bad.frame(1));
    bad.close();
    expect(tag).toBe("data");
    expect(message).toMatch(/wet\.nc, v\[1, 2, 3, 4\]/);
  });

  test("a step in which water crosses a whole cell, with the largest one", async () => {
    const ocean = await openOcean(await write("fast.nc"));
    const release = releasePatch(
      ocean,
      { east: 2000, north: 2900, depth: 10 },
      { side: 0, across: 1 },
    );
    const run = () => backtrack(ocean, release, { duration: 43200, timeStep: 20000 });
    expect(await tagOf(run)).toEqual(["argument", expect.stringContaining("at most 10000 s")]);
    ocean.close();
  });
});

test("files that follow each other in time are one ocean", async () => {
  const one = await write("first.nc", {}, [0, 43200]);
  const two = await write("second.nc", {}, [86400, 129600]);
  const poor = await write("poor.nc", { zeta: undefined }, [172800]);
  const ocean = await openOcean([one, two, poor]);
  expect([...ocean.times]).toEqual([0, 43200, 86400, 129600, 172800]);
  expect((await ocean.frame(2)).u.data[0]).toBeCloseTo(0.1, 7);
  expect((await tagOf(() => ocean.frame(4)))[1]).toMatch(/poor\.nc: variable "zeta"/);
  ocean.close();
});

test("stretching curves are computed where the file has none", async () => {
  const ocean = await openOcean(await write("curves.nc"));
  const parameters = { kind: 4, thetaS: 5, thetaB: 0.5 } as const;
  expect(ocean.vertical.csW[1]).toBe(stretched(parameters, -2 / 3));
  expect(ocean.vertical.csW[0]).toBeCloseTo(-1, 12);
  expect(ocean.vertical.csW[nz]).toBeCloseTo(0, 12);
  ocean.close();
});

const mirror = `${process.env.CARBONBOOK_DATA_MIRROR ?? "data"}/ocean-model`;
const eddy = `${mirror}/parcels_DecayingMovingEddy/decaying_moving_eddy`;
const island = `${mirror}/parcels_Peninsula/peninsula`;

test.skipIf(!existsSync(`${eddy}U.nc`))(`published nodal fields, ${eddy}U.nc, 24 h`, async () => {
  const ocean = await openNodalOcean(`${eddy}U.nc`, `${eddy}V.nc`);
  const trap = { east: 10000, north: 10000, depth: 50 };
  const release = releasePatch(ocean, trap, { side: 0, across: 1, times: [0] });
  const options = { duration: 86400, direction: "forward", timeStep: 300 } as const;
  const { origin } = await backtrack(ocean, release, options);
  ocean.close();
  expect(Math.abs(origin.east[0]! / 14850.722 - 1)).toBeLessThan(1e-4); // fields every 300 s
  expect(Math.abs(origin.north[0]! / 6156.699 - 1)).toBeLessThan(1e-4);
});

test.skipIf(!existsSync(`${island}U.nc`))(
  `published nodal fields, ${island}U.nc, 24 h`,
  async () => {
    const ocean = await openNodalOcean(`${island}U.nc`, `${island}V.nc`);
    const traps = [3, 10, 20, 40].map((km) => ({ east: 3000, north: 1000 * km, depth: 50 }));
    const release = releasePatch(ocean, traps, { side: 0, across: 1, times: [0] });
    const options = { duration: 86400, direction: "forward", timeStep: 300 } as const;
    const { origin } = await backtrack(ocean, release, options);
    ocean.close();
    const psi = (x: number, y: number) => y * (16e3 ** 2 / ((x - 50e3) ** 2 + y * y) - 1);
    for (const [p, trap] of traps.entries()) {
      const drift = psi(origin.east[p]!, origin.north[p]!) - psi(trap.east, trap.north);
      expect(Math.abs(drift) / 1000).toBeLessThan(0.3);
    }
  },
);
