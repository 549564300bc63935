import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parseTable, readTable, writeTable } from "carbonbook/io";
import { describe, expect, test } from "vitest";

const mirror = process.env.CARBONBOOK_DATA_MIRROR ?? "";
const real = (path: string) => ({
  path: join(mirror, path),
  skip: !existsSync(join(mirror, path)),
});
const folder = mkdtempSync(join(tmpdir(), "carbonbook-table-"));

test.each([
  ["LF", "a,b\n1,2\n3,4\n"],
  ["CRLF", "a,b\r\n1,2\r\n3,4\r\n"],
  ["CR only", "a,b\r1,2\r3,4\r"],
  ["no last newline", "a,b\n1,2\n3,4"],
  ["a byte-order mark", "\uFEFFa,b\n1,2\n3,4\n"],
  ["tabs", "a\tb\n1\t2\n3\t4\n"],
  ["blank lines", "a,b\n\n1,2\n\n\n3,4\n"],
  ["quotes", '"a","b"\n"1","2"\n3,"4"\n'],
  ["semicolons", "a;b\n1;2\n3;4\n"],
])("the same table comes out of %s", (_, text) => {
  const path = join(folder, "t.csv");
  writeFileSync(path, text);
  const table = readTable(path);
  expect([table.names, table.count]).toEqual([["a", "b"], 2]);
  expect([...table.numbers("b")]).toEqual([2, 4]);
});

test("quoted cells hold delimiters, quotes and line ends", () => {
  const table = parseTable('name,x\n"PAP, ""deep""\nmooring",1\n', "t.csv");
  expect(table.texts("name")).toEqual(['PAP, "deep"\nmooring']);
});

test("nothing, NA, NaN and -9999 in any spelling are missing; other sentinels when named", () => {
  const text = "x\n1\nNA\nNaN\n-9999\n-9999.00\n-9.99\n";
  expect([...parseTable(text, "t").numbers("x")]).toEqual([1, NaN, NaN, NaN, NaN, -9.99]);
  const named = parseTable(text.replace("NA\nNaN\n", ""), "t", { missing: [-9.99] });
  expect([...named.numbers("x")]).toEqual([1, -9999, -9999, NaN]);
});

test.each([
  [
    "a header with too few names",
    "a,b\n1,2,3\n",
    "t:2: row: expected 2 cells, as many as there are names, got 3; give all the names",
  ],
  [
    "a row that is cut off",
    "a,b\n1,2\n3",
    "t:3: row: expected 2 cells, as many as there are names, got 1; the file may be cut off",
  ],
  ["text among numbers", "a\n1\nx\n", 't:3: column "a": expected a number, got "x"'],
  ["a decimal comma", "a;b\n1,5;2\n", 't:2: column "a": expected a number, got "1,5"'],
  [
    "a units row that was not named",
    "a\nmol\n1\n",
    'if this row holds units, read it with `units: "row"`',
  ],
  ["a hexadecimal number", "a\n0x10\n", 'expected a number, got "0x10"'],
  ["a quote that is never closed", 'a\n"1\n2\n', "t:2: quoted cell: expected a closing quote"],
])("%s is refused with its line and the remedy", (_, text, message) => {
  expect(() => parseTable(text, "t").numbers("a")).toThrow(message);
});

test("binary data, a missing file and an unknown column are refused", () => {
  const path = join(folder, "binary");
  writeFileSync(path, Buffer.from([1, 0, 2]));
  expect(() => readTable(path)).toThrow("expected text");
  expect(() => readTable(join(folder, "none"))).toThrow("ENOENT");
  expect(() => parseTable("a,a\n1,2\n", "t").numbers("a")).toThrow(
    "places 0, 1; name it by its place",
  );
  expect(() => parseTable("a,b\n1,2\n", "t").numbers("c")).toThrow("got a, b");
  expect([...parseTable("a,a\n1,2\n", "t").numbers(1)]).toEqual([2]);
});

test("a gzipped table reads like a plain one", () => {
  const path = join(folder, "t.csv.gz");
  writeFileSync(path, gzipSync("a\n1\n"));
  expect([...readTable(path).numbers("a")]).toEqual([1]);
});

test("units come out of brackets, and what is written is read back", () => {
  const path = join(folder, "w.csv");
  const columns = { depth: Float64Array.of(10, NaN), site: ['a, "b"', "c"] };
  writeTable(path, columns, { depth: "m" });
  expect(readFileSync(path, "utf8")).toBe('depth [m],site\n10,"a, ""b"""\n,c\n');
  const table = readTable(path);
  expect([table.names, table.units]).toEqual([
    ["depth", "site"],
    ["m", ""],
  ]);
  expect(table.numbers("depth")).toEqual(columns.depth);
  expect(table.texts("site")).toEqual(columns.site);
});

describe("real files", () => {
  const traps = real("sediment-trap/mouw2016/GO_flux.tab");
  test.skipIf(traps.skip)("Mouw et al. (2016): 15,792 rows, 14,055 of them with carbon", () => {
    const table = readTable(traps.path);
    const flux = table.names.findIndex((n) => n.startsWith("POC flux"));
    const carbon = table.numbers(flux);
    expect([table.count, table.names.length]).toEqual([15792, 41]);
    expect(carbon.filter((x) => !Number.isNaN(x))).toHaveLength(14055);
    expect(table.comment).toMatch(/^DATA DESCRIPTION:/);
    expect(table.units[table.names.indexOf("Latitude")]).toBe("");
    expect(table.units[flux]).toBe("mg/m**2/day");
  });

  const tower = real("eddy-covariance/reddyproc/Example_DETha98.txt");
  test.skipIf(tower.skip)("DE-Tha 1998: CR only, a units row, -9999", () => {
    const table = readTable(tower.path, { units: "row" });
    expect(table.count).toBe(17520);
    expect([table.names[3], table.units[3]]).toEqual(["NEE", "umolm-2s-1"]);
    expect([...table.numbers("NEE").slice(0, 3)]).toEqual([-1.21, 1.72, NaN]);
  });

  const mauna = real("carbon-budget/co2_ppm/co2-mm-mlo.csv");
  test.skipIf(mauna.skip)("Mauna Loa: seven fields under six names are refused until named", () => {
    expect(() => readTable(mauna.path)).toThrow("expected 6 cells");
    const names = ["date", "year", "mean", "filled", "days", "sd", "uncertainty"];
    const table = readTable(mauna.path, { names, missing: [-9.99, -0.99] });
    expect([...table.numbers("sd").slice(0, 2)]).toEqual([NaN, NaN]);
    expect(table.numbers("mean")[0]).toBe(315.71);
  });

  const globe = real("carbon-budget/co2_ppm/co2-mm-gl.csv");
  test.skipIf(globe.skip)("the globe's CO₂: six fields under four names likewise", () => {
    expect(() => readTable(globe.path)).toThrow("expected 4 cells");
    const names = ["date", "year", "mean", "meanSd", "trend", "trendSd"];
    expect(readTable(globe.path, { names }).numbers("trend")[0]).toBe(335.92);
  });

  const budget = real("carbon-budget/gcb2019/global-carbon-budget.csv");
  test.skipIf(budget.skip)("GCB 2019: the budget closes to 0.002 GtC/yr in all sixty years", () => {
    const table = readTable(budget.path);
    const [, fossil, landUse, growth, ocean, land, imbalance] = table.names.map((_, i) =>
      table.numbers(i),
    );
    const left = fossil!.map(
      (f, y) => f + landUse![y]! - growth![y]! - ocean![y]! - land![y]! - imbalance![y]!,
    );
    expect(left).toHaveLength(60);
    expect(Math.max(...left.map(Math.abs))).toBeLessThan(0.0025);
  });

  const puechabon = real(
    "eddy-covariance/fluxnet2015/FLX_FR-Pue_FLUXNET2015_FULLSET_YY_2007-2014_2-3.csv",
  );
  test.skipIf(puechabon.skip)("FR-Pue: eight years behind CR-only line ends", () => {
    const table = readTable(puechabon.path);
    expect([...table.numbers("TIMESTAMP")]).toEqual([
      2007, 2008, 2009, 2010, 2011, 2012, 2013, 2014,
    ]);
  });

  const rufas = real("sediment-trap/rufas2024/dataset_s1_figureS3.csv");
  test.skipIf(rufas.skip)("Rufas et al. (2024): three header rows in one name", () => {
    const table = readTable(rufas.path, { headerRows: 3 });
    expect(table.names[1]).toMatch(/^Martin_b \| Mean of monthly fits \| /);
  });

  const cores = real(
    "soil/ccrcn/Nahlik_Fennessy_2016/derivative/Nahlik_Fennessy_2016_depthseries.csv",
  );
  test.skipIf(cores.skip)("soil cores: quoted text and NA", () => {
    const table = readTable(cores.path);
    expect(table.numbers("fraction_carbon")[0]).toBe(0.0345);
    expect(table.texts("depth_interval_notes")[0]).toBe("");
  });
});
