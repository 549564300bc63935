import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { followRecord, predictDates, saveSpeedForecaster } from "carbonbook/catchment";
import { readCatchments } from "carbonbook/flux";
import { writeNetcdf } from "carbonbook/io";
import { initialise, unet } from "carbonbook/learn";
import type { TaskInput } from "carbonbook/parallel";
import { beforeAll, describe, expect, test } from "vitest";
import { carbonbook } from "./bin.js";

const folder = mkdtempSync(join(tmpdir(), "ask-"));
const models = join(folder, "models");
const [ssh, later, sst] = ["ssh.nc", "ssh-later.nc", "sst.nc"].map((name) => join(folder, name));
const week = ["--longitude", "-16.5", "--latitude", "49", "--end", "1970-03-02"];
const maps = ["--ssh", later!, ssh!, "--sst", sst!];

/** Maps of a quarter degree, one every ten days; longitudes east of Greenwich, so that the seam is near. */
async function writeMaps(path: string, name: string, days: readonly number[]) {
  const longitude = Array.from({ length: 1440 }, (_, i) => 0.125 + 0.25 * i);
  const latitude = Array.from({ length: 80 }, (_, j) => 40.125 + 0.25 * j);
  const value = (k: number) => Math.sin(k / 300) + (name === "adt" ? 0 : 285.15);
  await writeNetcdf(path, {
    dimensions: { time: days.length, latitude: 80, longitude: 1440 },
    variables: {
      time: {
        dimensions: ["time"],
        data: [...days],
        attributes: { units: "days since 1970-01-01" },
      },
      latitude: { dimensions: ["latitude"], data: latitude },
      longitude: { dimensions: ["longitude"], data: longitude },
      [name]: {
        dimensions: ["time", "latitude", "longitude"],
        data: Float32Array.from({ length: days.length * 80 * 1440 }, (_, k) => value(k)),
        attributes: { units: name === "adt" ? "m" : "kelvin" },
      },
    },
  });
}

beforeAll(async () => {
  await writeMaps(ssh!, "adt", [20, 30]);
  await writeMaps(later!, "adt", [40, 50, 60]);
  await writeMaps(sst!, "analysed_sst", [20, 30, 40, 50, 60]);
  const network = unet({ channels: 13, size: [16, 16], maps: 2, widths: [4, 8], kernel: 3 });
  saveSpeedForecaster(models, {
    ...{ name: "sst-ssh", kind: "sst-ssh", network, histories: [], tuned: new Map(), maps: 2 },
    ...{ speeds: [100], grid: { n: 16, dx: 16e3 }, trainedOn: "twin (synthetic): two kernels" },
    normalisation: {
      mean: Float64Array.from({ length: 13 }, (_, c) => (c < 10 && c % 2 === 0 ? 12 : 0)),
      sd: new Float64Array(13).fill(1),
    },
    ranges: Array.from({ length: 10 }, (_, c) => (c % 2 === 0 ? [10, 14] : [-1.5, 1.5])),
    members: [1, 2].map((seed) => ({ network, weights: initialise(network, seed) })),
  });
});

describe("carbonbook ask", () => {
  test("answers from files, says what it looked at and what the network was trained on", async () => {
    const [output, figures] = [join(folder, "out", "map.nc"), join(folder, "figures")];
    const kept = ["--output", output, "--figures", figures];
    const { code, stdout, stderr } = await carbonbook([
      ...["ask", ...week, ...maps, "--models", models, ...kept],
    ]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(stdout).toMatch(/their centre was \d+ km from the trap/);
    expect(stdout).toContain("height: 1970-01-21, 1970-01-31, 1970-02-10, 1970-02-20, 1970-03-02");
    expect(stdout).toContain("2 members, trained on twin (synthetic): two kernels");
    expect(existsSync(join(figures, "ask", "catchment.png"))).toBe(true);
    const record = await readCatchments(output, 100);
    expect(record.maps.reduce((sum, share) => sum + share)).toBeCloseTo(1, 4);
  });

  test("one document with the map, and nothing else on stdout", async () => {
    const { code, stdout } = await carbonbook([
      ...["ask", ...week, ...maps, "--models", models, "--json"],
    ]);
    const document = JSON.parse(stdout) as { pdf: number[]; members: number; warnings: string[] };
    expect([code, document.members, document.pdf.length]).toEqual([0, 2, 256]);
    expect(document.pdf.reduce((sum, share) => sum + share)).toBeCloseTo(1, 4);
  });

  test("notebook 03 makes its record from the same files, and no truth", async () => {
    const files = { sshFiles: [later, ssh], sstFiles: [sst], longitude: -16.5, latitude: 49 };
    const sizes = { size: "quick", mapCount: 9, places: 1, seed: 1, firstDate: "1970-02-20" };
    const input = {
      ...{ index: 0, count: 1, runFolder: folder, parameters: { ...sizes, ...files } },
      ...{ signal: new AbortController().signal, report: () => undefined },
    } as unknown as TaskInput;
    const [part] = await predictDates(input);
    expect([part!.speed, ...part!.ends]).toEqual([100, 60 * 86400]);
    const pdf = part!.median.data;
    expect(pdf.reduce((sum, share) => sum + share)).toBeCloseTo(1, 4);
    expect(part!.undisturbed.data).toHaveLength(0);
    expect(await followRecord(input)).toEqual([]);
    const one = { ...input, parameters: { ...input.parameters, sstFiles: [] } };
    await expect(predictDates(one)).rejects.toThrow(/files of both/);
  });

  test.each([
    [["--end", "1975-03-02"], 3, /a map within 5 d/],
    [["--end", "soon"], 3, /--end.*YYYY-MM-DD/],
    [["--latitude", "-20"], 2, /cover the trap/],
    [["--speed", "120"], 2, /sst-ssh and 120 m\/d/],
    [["--latitude", "north"], 2, /digits, as -16.5/],
    [["--models", join(folder, "none")], 3, /train it first/],
    [["--ssh-name", "sla"], 3, /sla/],
  ])("%j is refused", async (wrong, code, message) => {
    const ended = await carbonbook(["ask", ...week, ...maps, "--models", models, ...wrong]);
    expect(ended.stderr).toMatch(message);
    expect(ended.code).toBe(code);
  });
});
