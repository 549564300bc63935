import { existsSync } from "node:fs";
import { locate, omegaFromContinuity, openOcean, positionOf } from "carbonbook/ocean";
import { describe, expect, test } from "vitest";

const mirror = process.env.CARBONBOOK_DATA_MIRROR ?? "data";
const croco = `${mirror}/ocean-model/croco_idealized/CROCO_idealized.nc`;
const nordic = `${mirror}/ocean-model/roms_nordic/Nordic_subset.nc`;
const benguela = `${mirror}/ocean-model/croco_benguela`;

describe.skipIf(!existsSync(croco))(`CROCO output (${croco})`, () => {
  test.each([
    { transform: 1 as const, agrees: true },
    { transform: 2 as const, agrees: false },
  ])("ω from continuity with Vtransform $transform against the file's ω", async (c) => {
    const ocean = await openOcean(croco);
    const { u, v, zeta, omega } = await ocean.frame(0);
    const vertical = { ...ocean.vertical, transform: c.transform };
    const own = omegaFromContinuity(ocean.grid, vertical, u, v, zeta);
    const { correlation, difference } = compareInside(own.data, omega.data, own.shape);
    ocean.close();
    // ran: 0.99999996 and 1.3e-8 m/s with transform 1; 0.989 with transform 2
    expect(correlation > 0.999999).toBe(c.agrees);
    expect(difference < 2e-8).toBe(c.agrees);
    if (!c.agrees) expect(correlation).toBeCloseTo(0.989, 3);
  });

  test("grid and coordinate are read as they stand", async () => {
    const ocean = await openOcean(croco);
    expect([ocean.grid.ny, ocean.grid.nx, ocean.vertical.sRho.length]).toEqual([52, 62, 10]);
    expect(ocean.vertical.transform).toBe(1);
    expect(ocean.vertical.hc).toBe(20);
    expect(ocean.grid.positions.kind).toBe("metres");
    expect(ocean.timeOrigin).toBe("run");
    expect([...ocean.times]).toEqual([19200]);
    ocean.close();
  });
});

describe.skipIf(!existsSync(nordic))(`ROMS output (${nordic})`, () => {
  test("packed, cut fields come out on the native C-grid with dry faces at rest", async () => {
    const ocean = await openOcean(nordic);
    const { u, v, omega } = await ocean.frame(1);
    expect(u.shape).toEqual([35, 21, 30]);
    expect(v.shape).toEqual([35, 20, 31]);
    expect(omega.shape).toEqual([36, 21, 31]);
    expect(ocean.vertical.transform).toBe(2);
    expect(ocean.timeOrigin).toBe("1970");
    expect([...ocean.times].map((t) => t - ocean.times[0]!)).toEqual([0, 86400, 172800]);
    const { mask, nx } = ocean.grid;
    const wet = u.data.findIndex((value) => value !== 0);
    expect(mask[Math.floor((wet % 630) / 30) * nx + (wet % 30)]).toBe(1);
    expect(Math.max(...omega.data.map(Math.abs))).toBeGreaterThan(1e-5);
    expect(Math.max(...omega.data.map(Math.abs))).toBeLessThan(1e-2);
    ocean.close();
  });

  test("positions and their indices are inverse", async () => {
    const ocean = await openOcean(nordic);
    const { east, north } = positionOf(ocean.grid, 12.3, 15.7);
    const found = locate(ocean.grid, { longitude: east, latitude: north });
    expect(found.x).toBeCloseTo(12.3, 7);
    expect(found.y).toBeCloseTo(15.7, 7);
    const dry = positionOf(ocean.grid, 12, 2);
    expect(() => locate(ocean.grid, { longitude: 0, latitude: 67 })).toThrow(/inside the grid/);
    expect(() => locate(ocean.grid, { longitude: dry.east, latitude: dry.north })).toThrow(/land/);
    ocean.close();
  });

  test("a variable that is not there is named", async () => {
    const ocean = await openOcean(nordic);
    await expect(ocean.tracer("oxygen", 0)).rejects.toThrow(/oxygen/);
    ocean.close();
  });
});

test.skipIf(!existsSync(benguela))(
  `a file with a part of its levels is refused (${benguela})`,
  async () => {
    const options = { grid: `${benguela}/croco_grd.nc` };
    await expect(openOcean(`${benguela}/croco_his.nc`, options)).rejects.toThrow(
      /vertical levels: expected 32 layers/,
    );
  },
);

/** Pearson correlation and largest difference of interior points. */
function compareInside(a: Float32Array, b: Float32Array, shape: readonly number[]) {
  const [levels, ny, nx] = shape as [number, number, number];
  let [n, sa, sb, saa, sbb, sab, difference] = [0, 0, 0, 0, 0, 0, 0];
  for (let k = 0; k < levels; k++) {
    for (let j = 1; j < ny - 1; j++) {
      for (let i = 1; i < nx - 1; i++) {
        const [x, y] = [a[(k * ny + j) * nx + i]!, b[(k * ny + j) * nx + i]!];
        n++;
        sa += x;
        sb += y;
        saa += x * x;
        sbb += y * y;
        sab += x * y;
        difference = Math.max(difference, Math.abs(x - y));
      }
    }
  }
  const covariance = sab / n - (sa / n) * (sb / n);
  const spread = Math.sqrt((saa / n - (sa / n) ** 2) * (sbb / n - (sb / n) ** 2));
  return { correlation: covariance / spread, difference };
}
