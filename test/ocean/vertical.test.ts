import {
  columnOf,
  heightOfLevel,
  levelOfHeight,
  makeVertical,
  rhoHeights,
  stretched,
  wHeights,
} from "carbonbook/ocean";
import { describe, expect, test } from "vitest";

describe.each([1, 2, 3, 4] as const)("Vstretching %i", (kind) => {
  const parameters = { kind, thetaS: kind === 3 ? 1 : 6, thetaB: kind === 3 ? 1 : 0.5 };

  test("rises from −1 at the bottom to 0 at the surface", () => {
    expect(stretched(parameters, -1)).toBeCloseTo(-1, 12);
    expect(stretched(parameters, 0)).toBeCloseTo(0, 12);
    for (let n = 0; n < 50; n++) {
      expect(stretched(parameters, (n + 1) / 50 - 1)).toBeGreaterThan(
        stretched(parameters, n / 50 - 1),
      );
    }
  });

  test.each([1, 2] as const)("levels fill the column with Vtransform %i", (transform) => {
    const vertical = makeVertical(12, transform, 20, parameters);
    for (const [h, zeta] of [
      [30, 0.4],
      [500, -0.6],
      [4500, 1.1],
    ] as const) {
      const w = wHeights(vertical, h, zeta);
      expect(w[0]).toBeCloseTo(-h, 9);
      expect(w[12]).toBeCloseTo(zeta, 9);
      const rho = rhoHeights(vertical, h, zeta);
      expect(rho.every((z, k) => z > w[k]! && z < w[k + 1]!)).toBe(true);
      const column = columnOf(vertical, h, zeta);
      for (const level of [0, 0.3, 5, 7.75, 12]) {
        const z = heightOfLevel(vertical, column, level);
        expect(levelOfHeight(vertical, column, z)).toBeCloseTo(level, 9);
      }
      expect(levelOfHeight(vertical, column, zeta + 0.01)).toBeNaN();
      expect(levelOfHeight(vertical, column, -h - 0.01)).toBeNaN();
    }
  });
});

test("Vstretching 1 gives the curve that ROMS wrote into Nordic_subset.nc (θs 6, θb 0.1)", () => {
  const parameters = { kind: 1, thetaS: 6, thetaB: 0.1 } as const;
  const written = [-0.85809986, -0.73850943, -0.6376732]; // Cs_w[1 … 3]
  for (const [k, value] of written.entries()) {
    expect(Math.abs(stretched(parameters, (k + 1) / 35 - 1) - value)).toBeLessThan(1.526e-5); // one step of its packing
  }
});

test("parameters out of range are refused", () => {
  const parameters = { kind: 1, thetaS: 6, thetaB: 0.5 } as const;
  expect(() => makeVertical(0, 2, 20, parameters)).toThrow(/nz/);
  expect(() => makeVertical(5, 2, -1, parameters)).toThrow(/hc/);
  expect(() => stretched({ ...parameters, kind: 9 as 1 }, -0.5)).toThrow(/Vstretching/);
});
