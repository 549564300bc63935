import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { countries } from "carbonbook/figures";
import { writeNetcdf } from "carbonbook/io";
import {
  cellArea,
  makeLandGrid,
  REGIONS,
  readRegionMask,
  regionNumber,
  regionOfCountry,
  regionSums,
  sumColumns,
  UNASSIGNED,
} from "carbonbook/nee";
import { expect, test } from "vitest";

const folder = mkdtempSync(join(tmpdir(), "nee-grid-"));

test("a half-degree cell at the equator has 3,091 km²", () => {
  expect(cellArea(0.25, 0.5) / 1e6).toBeCloseTo(3091, 0);
  const gram = 1 * cellArea(0.25, 0.5) * 30;
  expect(gram / 1e12).toBeCloseTo(0.0927, 4); // 1 gC m⁻² d⁻¹ for 30 days, in TgC
});

test("every country is in one region or named as left out", () => {
  const regions = regionOfCountry();
  const missing = countries().filter(({ name }) => !regions.has(name));
  expect(missing.map(({ name }) => name).sort()).toEqual([...UNASSIGNED].sort());
  const all = REGIONS.flatMap((region) => region.countries);
  expect(new Set(all).size).toBe(all.length);
});

test("land has its area, and known places lie in their regions", () => {
  const grid = makeLandGrid(4);
  const total = grid.area.reduce((sum, a) => sum + a, 0);
  expect(total / 1e12).toBeGreaterThan(129); // 149 less Antarctica 14 and Greenland 2, in 10¹² m²
  expect(total / 1e12).toBeLessThan(137);
  const at = (latitude: number, longitude: number) => {
    const row = Math.floor((latitude + 90) / 4);
    const cell = grid.place.indexOf(row * 90 + Math.floor((longitude + 180) / 4));
    return REGIONS[grid.region[cell]!]!.code;
  };
  expect(at(-10, -55)).toBe("BRA");
  expect(at(62, 100)).toBe("RUS");
  expect(at(66, 178)).toBe("RUS");
  expect(at(0, 22)).toBe("EQAF");
  expect(at(22, 78)).toBe("SAS");
  const row = Math.floor((-17 + 90) / 4);
  const ocean = [-150, -120, -100, -20, 0, 70, 100]; // beside Fiji, which lies on both sides of 180°
  for (const east of ocean) {
    expect(grid.place.includes(row * 90 + Math.floor((east + 180) / 4))).toBe(false);
  }
});

test("regions add up to the globe", () => {
  const grid = makeLandGrid(10);
  const cells = grid.area.length;
  const field = Float64Array.from({ length: 2 * cells }, (_, p) => Math.sin(p));
  const globe = sumColumns(regionSums(grid, field, [31, 28]), REGIONS.length);
  for (const [m, days] of [31, 28].entries()) {
    let sum = 0;
    for (let c = 0; c < cells; c++) sum += field[m * cells + c]! * grid.area[c]! * days * 1e-15;
    expect(globe[m]).toBeCloseTo(sum, 12);
  }
});

async function writeMask(name: string, change: (mask: Float32Array) => void): Promise<string> {
  const [rows, columns] = [18, 36];
  const mask = new Float32Array(REGIONS.length * rows * columns);
  const grid = makeLandGrid(10, 4);
  for (const [c, place] of grid.place.entries()) {
    // the file runs from north to south
    const row = rows - 1 - Math.floor(place / columns);
    mask[(grid.region[c]! * rows + row) * columns + (place % columns)] = 1;
  }
  change(mask);
  const path = join(folder, name);
  await writeNetcdf(path, {
    dimensions: { region: REGIONS.length, lat: rows, lon: columns },
    variables: {
      lat: {
        dimensions: ["lat"],
        data: Float64Array.from({ length: rows }, (_, i) => 85 - 10 * i),
      },
      MASK: { dimensions: ["region", "lat", "lon"], data: mask },
    },
  });
  return path;
}

test("a mask file gives its regions, from north to south too, and counts land it leaves out", async () => {
  const brazil = regionNumber("BRA");
  const path = await writeMask("mask.nc", (mask) => {
    const own = mask.subarray(brazil * 648, (brazil + 1) * 648);
    own[own.indexOf(1)] = 0;
  });
  const { grid, leftOut } = await readRegionMask(path);
  const ours = makeLandGrid(10, 4);
  expect(grid.place.length).toBe(ours.place.length - 1);
  expect(leftOut.Brazil ?? 0).toBeLessThanOrEqual(1);
});

test("a mask whose regions overlap, or one of which is empty, is refused by name", async () => {
  const overlap = await writeMask("overlap.nc", (mask) => {
    const place = mask.subarray(0, 648).indexOf(1);
    mask[648 + place] = 1;
  });
  await expect(readRegionMask(overlap)).rejects.toThrow(/USA and Canada/);
  const empty = await writeMask("empty.nc", (mask) => mask.fill(0, 14 * 648, 15 * 648));
  await expect(readRegionMask(empty)).rejects.toThrow(/Korea and Japan/);
});
