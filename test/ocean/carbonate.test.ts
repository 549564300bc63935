import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { makeRandom } from "../../lib/core/index.js";
import { solveCarbonate } from "../../lib/ocean/carbonate.js";
import { equilibriumOf } from "../../lib/ocean/carbonate-constants.js";
import { BEST_PRACTICE, makeEquilibrium } from "../../lib/ocean/carbonate-equilibrium.js";
import { fugacityField, fugacitySensitivity } from "../../lib/ocean/carbonate-field.js";
import {
  alkalinityFromDic,
  findHydrogen,
  startHydrogen,
} from "../../lib/ocean/carbonate-hydrogen.js";

const folder = join(process.env.CARBONBOOK_DATA_MIRROR ?? "", "ocean-carbon/co2sys_reference");
const absent = !process.env.CARBONBOOK_DATA_MIRROR || !existsSync(folder);
const LEE = { ...BEST_PRACTICE, boron: "lee2010" } as const;
/** What CO2SYS and PyCO2SYS take where nothing else is asked for. */
const CO2SYS = {
  ...BEST_PRACTICE,
  hydrogenFluoride: "dickson1979",
  water: "millero1995",
} as const;
const CO2SYS_LEE = { ...CO2SYS, boron: "lee2010" } as const;

function rowsOf(name: string, separator = ","): string[][] {
  const text = readFileSync(join(folder, name), "utf8").replaceAll("\r", "");
  return text.split("\n").map((line) => line.split(separator).map((cell) => cell.trim()));
}

test("constants at S = 35 and 25 °C are those of Dickson, Sabine & Christian 2007", () => {
  const k = equilibriumOf({ temperature: 25, salinity: 35 });
  expect(Math.log(k.k0)).toBeCloseTo(-3.5617, 4);
  expect(Math.log10(k.k1)).toBeCloseTo(-5.8472, 4);
  expect(Math.log10(k.k2)).toBeCloseTo(-8.966, 4);
  expect(Math.log(k.kb)).toBeCloseTo(-19.7964, 4);
  expect(Math.log(k.kw)).toBeCloseTo(-30.434, 3);
  expect(Math.log(k.ks)).toBeCloseTo(-2.3, 2);
  expect(Math.log(k.kf * (1 + k.sulfate / k.ks))).toBeCloseTo(-6.09, 2);
});

test("mocsy's surface row is met to 2e-4", () => {
  const water = { temperature: 18, salinity: 35 };
  const found = solveCarbonate(water, { alkalinity: 2300, dic: 2058.185 });
  expect(found.pH).toBeCloseTo(8.0466, 3);
  const wanted = { pco2: 400.026, fco2: 398.653, co2: 13.6689, bicarbonate: 1870.99 };
  for (const [name, value] of Object.entries(wanted)) {
    expect(Math.abs(found[name as "fco2"] / value - 1), name).toBeLessThan(2e-4);
  }
  expect(Math.abs(found.carbonate / 173.528 - 1)).toBeLessThan(2e-4);
  expect(Math.abs(found.omegaAragonite / 2.67803 - 1)).toBeLessThan(2e-3);
  expect(Math.abs(found.revelle / 10.8793 - 1)).toBeLessThan(1e-3);
});

test("Lee's boron moves mocsy's row to 404.33 µatm", () => {
  const water = { temperature: 18, salinity: 35 };
  expect(solveCarbonate(water, { alkalinity: 2300, dic: 2058.185 }, LEE).fco2).toBeCloseTo(
    404.33,
    1,
  );
});

test.skipIf(absent)("mocsy's rows to 10,000 dbar are met to 2e-4", () => {
  const [head, ...rows] = rowsOf("DIC-Alk-P-vary-from-mocsy.csv").filter((row) => row.length > 3);
  const column = (row: string[], name: string) => Number(row[head!.indexOf(name)]);
  let worst = 0;
  for (const row of rows) {
    const water = {
      temperature: column(row, "T"),
      salinity: column(row, "S"),
      pressure: column(row, "P"),
    };
    const found = solveCarbonate(water, { alkalinity: 2300, dic: 2058.185 });
    worst = Math.max(
      worst,
      Math.abs(found.fco2 / column(row, "fCO2") - 1),
      Math.abs((found.carbonate * 1e-6) / column(row, "CO3") - 1),
      Math.abs((found.bicarbonate * 1e-6) / column(row, "HCO3") - 1),
    );
  }
  expect(rows).toHaveLength(21);
  expect(worst).toBeLessThan(2e-4);
});

describe("any pair gives the whole system back", () => {
  const water = { temperature: 22, salinity: 33, pressure: 1000 };
  const nutrients = { silicate: 10, phosphate: 1, ammonia: 2, sulfide: 3 };
  const system = solveCarbonate(
    { ...water, ...nutrients },
    { alkalinity: 2300, pH: 8.1 },
    CO2SYS_LEE,
  );
  test("PyCO2SYS's round robin starts from the same values", () => {
    expect(system.dic).toBeCloseTo(1982.2, 1);
    expect(system.pco2).toBeCloseTo(312, 1);
    expect(system.fco2).toBeCloseTo(311, 1);
    expect(system.carbonate).toBeCloseTo(218.1, 1);
    expect(system.bicarbonate).toBeCloseTo(1754.5, 1);
  });

  const names = ["alkalinity", "dic", "pH", "fco2", "bicarbonate", "carbonate"] as const;
  const pairs = names.flatMap((a, i) => names.slice(i + 1).map((b) => [a, b] as const));
  test.each(pairs)("%s and %s", (a, b) => {
    const known = { [a]: system[a], [b]: system[b] };
    const again = solveCarbonate({ ...water, ...nutrients }, known, CO2SYS_LEE);
    for (const name of names) {
      expect(Math.abs(again[name] / system[name] - 1), name).toBeLessThan(1e-9);
    }
  });
});

describe("seacarb's example 4 (S 35, 25 °C)", () => {
  const water = { temperature: 25, salinity: 35 };
  const wanted = { pH: 8.2, co2: 7.308171, bicarbonate: 1646.857, carbonate: 282.2957 };
  test.each([
    ["pH", "co2"],
    ["co2", "bicarbonate"],
    ["bicarbonate", "carbonate"],
    ["pH", "carbonate"],
  ] as const)("%s and %s give the others", (a, b) => {
    const found = solveCarbonate(water, { [a]: wanted[a], [b]: wanted[b] });
    expect(Math.abs(found.pH - wanted.pH)).toBeLessThan(1e-5);
    expect(Math.abs(found.dic / 1936.461 - 1)).toBeLessThan(1e-5);
    expect(Math.abs(found.pco2 / 258.2164 - 1)).toBeLessThan(5e-5);
  });
  // seacarb rounds Uppström's boron to 416.0 µmol kg⁻¹ (415.7 here), 0.08 µmol kg⁻¹ of alkalinity
  test("so do alkalinity and DIC, but for seacarb's rounded boron", () => {
    const found = solveCarbonate(water, { alkalinity: 2340 - 0.08, dic: 1936.461 });
    expect(Math.abs(found.pH - 8.2)).toBeLessThan(5e-5);
    expect(Math.abs(found.carbonate / wanted.carbonate - 1)).toBeLessThan(1e-4);
  });
});

test("seacarb's P = 0 data are met with Lee's boron", () => {
  const found = solveCarbonate(
    { temperature: 20, salinity: 35 },
    { alkalinity: 2400, dic: 2000 },
    LEE,
  );
  expect(Math.abs(found.pH - 8.255611)).toBeLessThan(2e-4);
  expect(Math.abs(found.pco2 / 229.5277 - 1)).toBeLessThan(1e-3);
  expect(Math.abs(found.carbonate / 277.5481 - 1)).toBeLessThan(1e-3);
});

test("driver sensitivities are Orr et al. 2018's", () => {
  const at = { alkalinity: 2300, dic: 2000, temperature: 18, salinity: 35 };
  const slope = fugacitySensitivity(at, CO2SYS_LEE);
  const pco2 = (t: number) =>
    solveCarbonate({ temperature: t, salinity: 35 }, { alkalinity: 2300, dic: 2000 }, CO2SYS_LEE);
  const factor = pco2(18).fco2 / pco2(18).pco2;
  expect(slope.alkalinity / factor).toBeCloseTo(-1.192, 2);
  expect(Math.abs(slope.alkalinity / factor / -1.192138 - 1)).toBeLessThan(2e-4);
  expect(Math.abs(slope.dic / factor / 1.461283 - 1)).toBeLessThan(2e-4);
  expect(Math.abs(slope.salinity / factor / 8.299996 - 1)).toBeLessThan(2e-4);
  expect(Math.abs((pco2(18.01).pco2 - pco2(17.99).pco2) / 0.02 / 12.5764 - 1)).toBeLessThan(2e-4);
});

test.skipIf(absent)("K0 is Weiss 1974's table III to its last digit", () => {
  const [head, ...rows] = rowsOf("weiss1974_tableIII.csv").filter((row) => row.length > 3);
  let cells = 0;
  for (const [t, ...values] of rows) {
    for (const [j, text] of values.entries()) {
      if (text === "") continue;
      cells++;
      const k = equilibriumOf({ temperature: Number(t), salinity: Number(head![j + 1]) });
      expect(Math.abs(k.k0 * 100 - Number(text))).toBeLessThan(6e-4);
    }
  }
  expect(cells).toBe(223);
});

test.skipIf(absent)("PyCO2SYS's rows from 0 to 5000 dbar are met to 1e-6", () => {
  const [head, ...rows] = rowsOf("test_pressured_kCO2_original.csv");
  const column = (row: string[], name: string) => Number(row[head!.indexOf(name)]);
  for (const row of rows.slice(0, 6)) {
    const water = { temperature: 25, salinity: 35, pressure: column(row, "pressure") };
    const found = solveCarbonate(water, { alkalinity: 2300, dic: 2100 }, CO2SYS);
    expect(Math.abs(found.fco2 / column(row, "fCO2") - 1)).toBeLessThan(1e-6);
    expect(Math.abs(found.pco2 / column(row, "pCO2") - 1)).toBeLessThan(1e-6);
    expect(Math.abs(found.pH - column(row, "pH"))).toBeLessThan(1e-6);
  }
});

test.skipIf(absent).each([
  { file: "Dickson-1981-pH-no_phosphate.dat", phosphate: 0, typos: [] as number[] },
  // three entries of Dickson's table 4 disagree with every program and are taken for misprints
  { file: "Dickson-1981-pH-with_phosphate.dat", phosphate: 10e-6, typos: [0.45, 0.6, 1.25] },
])(
  "the titration of Dickson 1981 is met to its sixth decimal: $file",
  ({ file, phosphate, typos }) => {
    const rows = rowsOf(file, "\t").filter((row) => row.length === 3 && row[0] !== "");
    expect(rows.length).toBeGreaterThan(45);
    for (const [grams, pH] of rows) {
      if (typos.includes(Number(grams))) continue;
      const acid = Number(grams) * 1e-3;
      const dilution = 0.2 / (0.2 + acid);
      const k = dicksonsWater(dilution);
      const alkalinity = (0.2 * 2450e-6 - 0.3 * acid) / (0.2 + acid);
      const minor = { phosphate: phosphate * dilution, silicate: 0, ammonia: 0, sulfide: 0 };
      const dic = 2200e-6 * dilution;
      const start = startHydrogen(k, dic, alkalinity);
      const h = findHydrogen(alkalinityFromDic(k, minor, dic), alkalinity, start);
      const free = h / (1 + k.sulfate / k.ks);
      expect(Math.abs(-Math.log10(free) - Number(pH)), `${grams} g`).toBeLessThan(1e-6);
    }
  },
);

/** The constants of Dickson 1981, free scale, brought to our total scale. */
function dicksonsWater(dilution: number) {
  const k = makeEquilibrium();
  k.ks = 1 / 12.3;
  k.kf = 1 / 408;
  k.boron = 420e-6 * dilution;
  k.fluoride = 70e-6 * dilution;
  k.sulfate = 28240e-6 * dilution;
  const scale = 1 + k.sulfate / k.ks;
  k.k1 = 1e-6 * scale;
  k.k2 = 8.2e-10 * scale;
  k.kb = 1.78e-9 * scale;
  k.kw = 4.32e-14 * scale;
  k.kp1 = scale / 56.8;
  k.kp2 = 8e-7 * scale;
  k.kp3 = 1.65e-9 * scale;
  return k;
}

test("the solver converges for every alkalinity, and the field agrees with the sample", () => {
  const random = makeRandom(20240517);
  for (let i = 0; i < 500; i++) {
    const [t, s] = [-2 + 40 * random.uniform(), 1 + 44 * random.uniform()];
    const dic = 10 ** (1.4 + 2.6 * random.uniform());
    const alkalinity = 4000 * random.uniform() + 25;
    const known = { alkalinity, dic };
    const found = solveCarbonate({ temperature: t, salinity: s }, known);
    expect(Math.abs(found.alkalinity / alkalinity - 1), JSON.stringify(known)).toBeLessThan(1e-9);
    const sea = { dic: [2000, dic], alkalinity: [2300, alkalinity], temperature: [t, t] };
    if (dic < 200 || alkalinity < 200) continue;
    const field = fugacityField({ ...sea, salinity: [s, s] });
    expect(Math.abs(field.fco2[1]! / found.fco2 - 1)).toBeLessThan(1e-9);
  }
});

describe("bad input", () => {
  const sea = { dic: [2000, Number.NaN, -1], alkalinity: [2300, 2300, 2300] };
  const rest = { temperature: [18, 18, 18], salinity: [35, 35, 35] };
  test("missing and impossible cells are counted, not guessed", () => {
    const field = fugacityField({ ...sea, ...rest });
    expect(field.missing).toBe(1);
    expect(field.refused).toBe(1);
    expect(Array.from(field.fco2, Number.isNaN)).toEqual([false, true, true]);
  });
  test("mol m⁻³ and kelvin are refused by name", () => {
    const molar = { ...rest, dic: [2.05, 2.06, 2.04], alkalinity: [2300, 2300, 2300] };
    expect(() => fugacityField(molar)).toThrow(/dic.*looks like mol m⁻³/);
    const kelvin = { ...sea, ...rest, temperature: [291, 291, 291] };
    expect(() => fugacityField(kelvin)).toThrow(/temperature.*kelvin/);
    expect(() =>
      solveCarbonate({ temperature: 18, salinity: 35 }, { alkalinity: 2.3, dic: 2.0 }),
    ).toThrow(/µmol kg⁻¹/);
  });
  test("fields of two lengths are refused", () => {
    expect(() => fugacityField({ ...sea, ...rest, salinity: [35] })).toThrow(/salinity.*shape/);
  });
  test("three parameters, or two of one thing, are refused", () => {
    const water = { temperature: 18, salinity: 35 };
    expect(() => solveCarbonate(water, { dic: 2000 })).toThrow(/two of/);
    expect(() => solveCarbonate(water, { pco2: 400, fco2: 399 })).toThrow(/two of/);
  });
  test("more carbonate than carbon has no solution", () => {
    const water = { temperature: 18, salinity: 35 };
    expect(() => solveCarbonate(water, { dic: 2000, carbonate: 2500 })).toThrow(/no pH/);
  });
});
