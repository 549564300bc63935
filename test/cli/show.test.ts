import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeNetcdf } from "carbonbook/io";
import { beforeAll, describe, expect, test } from "vitest";
import { terminalLine, terminalMap } from "../../lib/cli/terminal.js";
import { carbonbook } from "./bin.js";

const folder = mkdtempSync(join(tmpdir(), "show-"));
const file = join(folder, "small.nc");

beforeAll(async () => {
  const nan = Number.NaN;
  await writeNetcdf(file, {
    dimensions: { time: 2, lat: 3, lon: 4 },
    attributes: { title: "Made by hand", source: "twin (synthetic): by hand" },
    variables: {
      lat: { dimensions: ["lat"], data: [40, 50, 60], attributes: { units: "degrees_north" } },
      sst: {
        dimensions: ["time", "lat", "lon"],
        data: [...Array.from({ length: 12 }, (_, i) => i), 1, 2, 3, 4, 5, 6, 7, 8, 9, nan, nan, 12],
        attributes: { units: "degC", long_name: "temperature" },
      },
    },
  });
});

describe("carbonbook show", () => {
  test("lists variables with shape, units and meaning", async () => {
    const { code, stdout } = await carbonbook(["show", file]);
    expect(code).toBe(0);
    expect(stdout).toContain("netcdf4, Made by hand");
    expect(stdout).toMatch(/sst +\(time 2, lat 3, lon 4\) +f64 +degC +temperature/);
  });

  test("draws the first map where no index is given, and says what it left out", async () => {
    const { stdout } = await carbonbook(["show", file, "sst"]);
    expect(stdout).toContain("sst, temperature, at time 0");
    expect(stdout).toContain("0 to 11, mean 5.5 [degC], 12 values, 0 missing");
    expect(stdout).toContain("up: lat 40 to 60 [degrees_north]");
  });

  test("an index from the end, counted missing values, one document", async () => {
    const { stdout } = await carbonbook(["show", file, "sst", "--at", "time=-1", "--json"]);
    expect(JSON.parse(stdout)).toMatchObject({
      at: { time: 1 },
      shape: [3, 4],
      min: 1,
      max: 12,
      mean: 5.7,
      missing: 2,
    });
  });

  test.each([
    { given: ["sst", "--at", "time=1"], size: 2 },
    { given: ["sst", "--at", "time=1", "--at", "lat=0"], size: 1 },
  ])("draws a slice of $size dimensions as a picture", async ({ given, size }) => {
    const png = join(folder, `slice-${size}.png`);
    const { code, stderr } = await carbonbook(["show", file, ...given, "--png", png]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(readFileSync(png).subarray(1, 4).toString()).toBe("PNG");
  });

  test.each([
    { given: ["sst", "--at", "depth=0"], code: 2, says: "dimensions out of time, lat, lon" },
    { given: ["sst", "--at", "time=2"], code: 2, says: "an index below 2, got time=2" },
    { given: ["sst", "--at", "first"], code: 2, says: "dimension=index" },
    { given: ["--png", "x.png"], code: 2, says: "the name of the variable to draw" },
    { given: ["salt"], code: 3, says: "lat, sst" },
  ])("$given is refused with the remedy", async ({ given, code, says }) => {
    const ended = await carbonbook(["show", file, ...given]);
    expect(ended.code).toBe(code);
    expect(ended.stderr).toContain(says);
  });
});

describe("pictures in a terminal", () => {
  const scale = { min: 0, max: 1, stops: [], label: "", units: "" };
  const map = { values: [0, 1, 1, Number.NaN], rows: 2, columns: 2, scale };

  test("one sign holds two rows, and their mean is drawn", () => {
    const drawn = terminalMap({ ...map, first: "top" }, { width: 2, paint: "shades" });
    expect(drawn).toEqual(["▓█"]);
  });

  test("in colour each sign holds two values, the first row where it belongs", () => {
    const stops = [[0, "#000000"] as const, [1, "#ffffff"] as const];
    const options = { width: 2, paint: "colour" } as const;
    const [line] = terminalMap({ ...map, scale: { ...scale, stops }, first: "top" }, options);
    expect(line).toContain("38;2;0;0;0;48;2;255;255;255m▀");
    expect(line).toContain("38;2;255;255;255m▀");
    const [turned] = terminalMap({ ...map, scale: { ...scale, stops }, first: "bottom" }, options);
    expect(turned).toContain("38;2;255;255;255;48;2;0;0;0m▀");
  });

  test("a line of bars rises with its values and leaves gaps where they are missing", () => {
    expect(terminalLine([0, 1, Number.NaN, 7], 80)).toBe("▁▂ █");
  });
});
