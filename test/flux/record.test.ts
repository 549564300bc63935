import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  describeExclusions,
  EARLY_YEARS,
  fluxFactor,
  makeTrapRecord,
  paperSamples,
  parseDate,
  pickSamples,
  readMouwFluxes,
  readPapFluxes,
  samplesWithout,
} from "carbonbook/flux";
import { expect, test } from "vitest";

const DAY = 86400;
const row = (open: number, close: number, poc = 1) => ({
  where: `row at ${open}`,
  open: open * DAY,
  close: close * DAY,
  fluxes: { poc },
});

function file(text: string, name = "pap.csv"): string {
  const path = join(mkdtempSync(join(tmpdir(), "flux-")), name);
  writeFileSync(path, text);
  return path;
}

const HEAD =
  "Open date,Mid date,Close date,Dry Weight [mg/m2/d],POC [mg/m2/d],PIC [mg/m2/d],TPN [mg/m2/d]";

test("an overlap of up to a day is cut off the earlier sample and counted", () => {
  const record = makeTrapRecord("test", [row(14, 28.5), row(0, 14.5), row(28, 42)]);
  expect([...record.close].map((t) => t / DAY)).toEqual([14, 28, 42]);
  expect([...record.mid].map((t) => t / DAY)).toEqual([7, 21, 35]);
  expect(record.exclusions).toEqual({ read: 3, means: 0, clipped: 2, overlapping: 0 });
});

test("a longer overlap is refused by name, or left out and counted", () => {
  const rows = [row(0, 14), row(10, 24), row(24, 38)];
  expect(() => makeTrapRecord("test", rows)).toThrow(/row at 10.*overlap: "exclude"/s);
  const record = makeTrapRecord("test", rows, { overlap: "exclude" });
  expect(record.mid.length).toBe(2);
  expect(record.exclusions.overlapping).toBe(1);
});

test("a mean over ten years is left out and counted", () => {
  const record = makeTrapRecord("test", [row(0, 3652), row(5, 19)]);
  expect(record.exclusions.means).toBe(1);
  expect(describeExclusions(record.exclusions)).toContain(
    "1 left out as a mean over more than a year",
  );
});

test("picked samples keep all their columns", () => {
  const record = pickSamples(makeTrapRecord("test", [row(0, 14, 1), row(14, 28, 2)]), [1]);
  expect([...record.fluxes.poc!]).toEqual([2]);
  expect(record.open[0]).toBe(14 * DAY);
});

test.each([
  ["2004-07-24", 1090627200],
  ["2004-07-24T12:00:00", 1090670400],
  ["24/07/2004", 1090627200],
])("%s is read as a date", (text, seconds) => {
  expect(parseDate(text, "here")).toBe(seconds);
});

test.each(["", "2004-13-01", "31/02/2004", "07-24-2004", "2001-02-29"])("%j is no date", (text) => {
  expect(() => parseDate(text, "row 7")).toThrow(/row 7/);
});

test("units are converted where they are known and refused where not", () => {
  expect(fluxFactor("mg/m2/d", "")).toBe(1);
  expect(fluxFactor("mg m^-2 d^-1", "")).toBe(1);
  expect(fluxFactor("mg/m**2/day", "")).toBe(1);
  expect(fluxFactor("µg/m**2/day", "")).toBe(1e-3);
  expect(() => fluxFactor("mmol/m2/d", 'column "POC"')).toThrow(/column "POC".*mmol/s);
  expect(() => fluxFactor("", "x")).toThrow(/none/);
});

test("the BODC layout is read, with both spellings of dates and missing cells", () => {
  const record = readPapFluxes(
    file(`${HEAD}\n01/06/2009,,15/06/2009,100.5,5.1,-9999,0.6\n2009-06-15,,2009-06-29,80,,2,0.5\n`),
  );
  expect([...record.fluxes.mass!]).toEqual([100.5, 80]);
  expect([...record.fluxes.poc!]).toEqual([5.1, Number.NaN]);
  expect([...record.fluxes.pic!]).toEqual([Number.NaN, 2]);
  expect(record.close[0]).toBe(record.open[1]);
});

test.each([
  [
    "swapped dates",
    `${HEAD}\n2009-06-15,,2009-06-01,1,1,1,1\n`,
    /row 1, columns "Open date" and "Close date".*closes after it opens/s,
  ],
  ["a bad date", `${HEAD}\n2009-06-31,,2009-07-14,1,1,1,1\n`, /row 1, column "Open date"/],
  ["a negative flux", `${HEAD}\n2009-06-01,,2009-06-14,1,-2,1,1\n`, /column "POC", row 1/],
  ["a word for a number", `${HEAD}\n2009-06-01,,2009-06-14,1,lost,1,1\n`, /:2.*POC/s],
  ["moles", `Open,Close,POC [mmol/m2/d]\n2009-06-01,2009-06-14,1\n`, /units.*mmol/s],
  ["no dates", `Start,End,POC [mg/m2/d]\n2009-06-01,2009-06-14,1\n`, /date a cup opened/],
  ["no flux", `Open,Close,Depth\n2009-06-01,2009-06-14,1\n`, /Dry Weight, POC/],
  [
    "an overlap of days",
    `${HEAD}\n2009-06-01,,2009-06-14,1,1,1,1\n2009-06-10,,2009-06-24,1,1,1,1\n`,
    /row 2, columns "Open date" and "Close date"/,
  ],
])("a file with %s says where and what to do", (_, text, message) => {
  expect(() => readPapFluxes(file(text))).toThrow(message);
});

test("the paper's samples close from 2009 to 2020, without the last two and the early years", () => {
  const rows = Array.from({ length: 40 }, (_, k) => {
    const open = Date.UTC(2008, 2 + 4 * k, 1) / 864e5;
    return row(open, open + 14, k);
  });
  const record = makeTrapRecord("test", rows);
  const years = (samples: number[]) =>
    samples.map((s) => new Date(record.close[s]! * 1000).getUTCFullYear());
  const all = paperSamples(record);
  expect(all).toHaveLength(35);
  expect([years(all)[0], years(all).at(-1)]).toEqual([2009, 2020]);
  const period = pickSamples(record, all);
  const regular = samplesWithout(period, EARLY_YEARS);
  expect(regular).toHaveLength(29);
  const left = years(all).filter((_, s) => !regular.includes(s));
  expect([...new Set(left)]).toEqual([2011, 2013]);
  expect(paperSamples(makeTrapRecord("test", rows.slice(0, 30)))).toHaveLength(25);
});

test("a compilation with a negative flux says in which row and column", () => {
  const head = [
    "Latitude",
    "Longitude",
    "Depth water [m]",
    "Date/Time",
    "Date/time end",
    "Flux tot [mg/m**2/day]",
    "POC flux [mg/m**2/day]",
    "PIC flux [mg/m**2/day]",
    "PON flux [mg/m**2/day]",
  ].join("\t");
  const line = (depth: number, poc: number) =>
    ["49", "-16.5", depth, "2004-06-01", "2004-06-15", 100, poc, 1, 1].join("\t");
  const path = file(`${head}\n${line(1000, -3)}\n${line(3000, 5)}\n`, "flux.tab");
  expect([...readMouwFluxes(path).fluxes.poc!]).toEqual([5]);
  const wrong = file(`${head}\n${line(3000, -5)}\n`, "flux.tab");
  expect(() => readMouwFluxes(wrong)).toThrow(/column "POC flux", row 1.*-5/s);
});

const mouw = `${process.env.CARBONBOOK_DATA_MIRROR}/sediment-trap/mouw2016/GO_flux.tab`;

test.skipIf(!existsSync(mouw))("PAP's samples of Mouw et al. (2016) are found and cleaned", () => {
  const record = readMouwFluxes(mouw);
  expect(record.exclusions.read).toBe(154);
  expect(record.exclusions.means).toBe(1);
  expect(record.exclusions.clipped).toBe(141);
  expect(record.mid.length).toBe(153 - record.exclusions.overlapping);
  expect(record.open[0]).toBeGreaterThan(parseDate("1989-01-01", ""));
  expect(Math.max(...record.close)).toBeLessThan(parseDate("2005-12-31", ""));
  expect(record.fluxes.poc!.every((value) => value >= 0)).toBe(true);
  for (let s = 1; s < record.mid.length; s++) {
    expect(record.open[s]! - record.close[s - 1]!).toBeGreaterThanOrEqual(0);
  }
  expect(() => readMouwFluxes(mouw, { latitude: [0, 1], longitude: [0, 1], depth: 1 })).toThrow(
    /widen the box/,
  );
});
