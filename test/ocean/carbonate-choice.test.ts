import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import {
  BEST_PRACTICE,
  type CarbonateChoice,
  type CarbonateParameter,
  equilibriumOf,
  fugacityField,
  solveCarbonate,
} from "carbonbook/ocean";
import { describe, expect, test } from "vitest";

/** DIC 2100 and alkalinity 2300 µmol kg⁻¹ in three waters, and in one with nutrients and at depth. */
const WATERS = [
  { temperature: 25, salinity: 35 },
  { temperature: 5, salinity: 33 },
  { temperature: 15, salinity: 20, silicate: 40, phosphate: 2 },
  { temperature: 15, salinity: 20, silicate: 40, phosphate: 2, pressure: 2000 },
];

// CO2SYS for MATLAB 2.0.5, as PyCO2SYS keeps it unchanged: K1K2CONSTANTS 10, 4, 14; KSO4CONSTANTS 1
const FCO2 = {
  lueker2000: [663.6371463216449, 272.9165849929767, 299.5272985181541, 288.7695969111604],
  mehrbach1973: [664.1214663707871, 272.2377283268742, 299.8822395582456, 289.1115090806626],
  millero2010: [664.5047048918296, 278.1909545733201, 305.2834904485764, 294.20682282978305],
};

test.each(Object.entries(FCO2))("with %s fCO2 is that of CO2SYS", (carbonicAcid, wanted) => {
  const choice = {
    ...BEST_PRACTICE,
    carbonicAcid: carbonicAcid as CarbonateChoice["carbonicAcid"],
    hydrogenFluoride: "dickson1979",
    water: "millero1995",
  } as const;
  const miss = WATERS.map((water, i) => {
    const { fco2 } = solveCarbonate(water, { alkalinity: 2300, dic: 2100 }, choice);
    return Math.abs(fco2 / wanted[i]! - 1);
  });
  expect(Math.max(...miss.slice(0, 2))).toBeLessThan(1e-11);
  // it stops at a step of 1e-4 in pH with nutrients, and its gas constant is an older one at depth
  expect(Math.max(...miss.slice(2))).toBeLessThan(3e-6);
});

test("Millero 2010 goes to the thermodynamic constants of Harned in fresh water", () => {
  const choice = { ...BEST_PRACTICE, carbonicAcid: "millero2010" } as const;
  const k = equilibriumOf({ temperature: 25, salinity: 0 }, choice);
  // Harned & Davis 1943: pK1 6.352; Harned & Scholes 1941: pK2 10.329
  expect(-Math.log10(k.k1)).toBeCloseTo(6.352, 2);
  expect(-Math.log10(k.k2)).toBeCloseTo(10.329, 2);
});

test("a constant that is not known by its name is refused, not replaced", () => {
  const misspelt = { ...BEST_PRACTICE, boron: "lee" } as unknown as CarbonateChoice;
  const part = { boron: "lee2010" } as unknown as CarbonateChoice;
  const water = { temperature: 18, salinity: 35 };
  const known = { alkalinity: 2300, dic: 2000 };
  expect(() => solveCarbonate(water, known, misspelt)).toThrow(
    /boron.*uppstrom1974, lee2010.*lee.*BEST_PRACTICE/,
  );
  expect(() => solveCarbonate(water, known, part)).toThrow(/carbonicAcid.*lueker2000/);
  const sea = { dic: [2000], alkalinity: [2300], temperature: [18], salinity: [35] };
  expect(() => fugacityField(sea, misspelt)).toThrow(/boron/);
  expect(() => fugacityField({ ...sea, silicate: [1] }, misspelt)).toThrow(/boron/);
});

const folder = join(process.env.CARBONBOOK_DATA_MIRROR ?? "", "ocean-carbon/co2sys_reference");
const absent = !process.env.CARBONBOOK_DATA_MIRROR || !existsSync(folder);

/** seacarb's numbers of the pairs it takes. */
const PAIRS: Record<string, readonly [CarbonateParameter, CarbonateParameter]> = {
  1: ["pH", "co2"],
  2: ["co2", "bicarbonate"],
  3: ["co2", "carbonate"],
  4: ["co2", "alkalinity"],
  5: ["co2", "dic"],
  6: ["pH", "bicarbonate"],
  7: ["pH", "carbonate"],
  8: ["pH", "alkalinity"],
  9: ["pH", "dic"],
  10: ["bicarbonate", "carbonate"],
  11: ["bicarbonate", "alkalinity"],
  12: ["bicarbonate", "dic"],
  13: ["carbonate", "alkalinity"],
  14: ["carbonate", "dic"],
  15: ["alkalinity", "dic"],
  21: ["pco2", "pH"],
  22: ["pco2", "bicarbonate"],
  23: ["pco2", "carbonate"],
  24: ["pco2", "alkalinity"],
  25: ["pco2", "dic"],
};

describe.skipIf(absent)("seacarb's own test data", () => {
  test("each of its 20 pairs gives the same water, to the digits of its CO2 (7.41)", () => {
    const text = gunzipSync(readFileSync(join(folder, "seacarb_test_P0.txt.gz"))).toString();
    const rows = text.trim().split("\n").slice(1);
    const wanted = { dic: 2000, alkalinity: 2400, co2: 7.41, bicarbonate: 1715.038 };
    const all = { ...wanted, carbonate: 277.5481, pco2: 229.5277 };
    for (const row of rows) {
      const [flag, a, b, salinity, temperature] = row.trim().split(/\s+/).map(Number);
      const [first, second] = PAIRS[flag!]!;
      const given = { [first]: micromoles(first, a!), [second]: micromoles(second, b!) };
      const water = { temperature: temperature!, salinity: salinity! };
      const found = solveCarbonate(water, given, { ...BEST_PRACTICE, boron: "lee2010" });
      expect(Math.abs(found.pH - 8.255611), row).toBeLessThan(3e-4);
      for (const [name, value] of Object.entries(all)) {
        expect(Math.abs(found[name as "dic"] / value - 1), `${row}: ${name}`).toBeLessThan(1e-3);
      }
    }
    expect(rows).toHaveLength(20);
  });
});

/** seacarb's units (mol kg⁻¹, µatm, pH) in ours. */
function micromoles(name: CarbonateParameter, value: number): number {
  return name === "pH" || name === "pco2" ? value : value * 1e6;
}
