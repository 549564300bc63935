import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCanvas } from "@napi-rs/canvas";
import {
  compareFigures,
  compareNumbers,
  comparePictures,
  figure,
  isSame,
  line,
  saveFigure,
} from "carbonbook/figures";
import { afterAll, beforeAll, expect, test } from "vitest";

const drawn = (id: string, y: number[], colour = "#0b4f8a", dataLabel = "closed form") =>
  figure({
    id,
    study: "tests",
    title: "A line rises",
    caption: "A line.",
    dataLabel,
    width: 300,
    panelHeight: 150,
    panels: [
      {
        x: { label: "x", units: "m" },
        y: { label: "y", units: "m" },
        layers: [line({ x: [1, 2, 3], y, name: "rise", colour })],
      },
    ],
  });

let folder = "";
let [right, checked] = ["", ""];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "compare-"));
  right = join(folder, "right");
  checked = join(folder, "checked");
  for (const id of ["equal", "repainted", "moved", "lost"]) {
    await saveFigure(drawn(id, [1, 2, 4]), right);
  }
  await saveFigure(drawn("equal", [1, 2, 4]), checked);
  await saveFigure(drawn("repainted", [1, 2, 4], "#d55e00"), checked);
  await saveFigure(drawn("moved", [1, 2, 4.04]), checked);
  await saveFigure(drawn("added", [1, 2, 4]), checked);
});

afterAll(() => rm(folder, { recursive: true }));

test("each figure gets its outcome: numbers decide, then looks", async () => {
  const checks = await compareFigures({ expected: right, actual: checked });
  expect(checks.map(({ id, outcome }) => [id, outcome])).toEqual([
    ["added", "new"],
    ["equal", "same"],
    ["lost", "missing"],
    ["moved", "numbers differ"],
    ["repainted", "looks differ"],
  ]);
  expect(isSame(checks)).toBe(false);
  expect(isSame(checks.filter(({ id }) => id === "equal" || id === "repainted"))).toBe(true);
  const moved = checks.find(({ id }) => id === "moved")!.numbers!;
  expect(moved.differing).toBe(1);
  expect(moved.largestAbsolute).toBeCloseTo(0.04, 12);
  expect(moved.largestRelative).toBeCloseTo(0.01, 12);
  expect(moved.differences).toEqual([
    { place: "trace 1 (rise) y[2]", expected: "4", actual: "4.04" },
  ]);
});

test("a figure's own tolerance lets its numbers pass", async () => {
  const toleranceOf = (_: string, id: string) =>
    id === "moved" ? { relative: 0.011, pixels: 1 } : {};
  const checks = await compareFigures({ expected: right, actual: checked, toleranceOf });
  expect(checks.find(({ id }) => id === "moved")!.outcome).toBe("same");
});

test("the report shows expected, actual and difference of what is not the same", async () => {
  const report = join(folder, "report.html");
  await compareFigures({ expected: right, actual: checked, report });
  const html = await readFile(report, "utf8");
  expect(html).toContain("1 numbers differ · 1 missing · 1 looks differ · 1 new · 1 same");
  expect(html).toContain("tests/moved: numbers differ");
  expect(html).not.toContain("tests/equal: same");
  expect(html.match(/alt="Difference"/g)).toHaveLength(2);
  expect(html.match(/alt="Expected"/g)).toHaveLength(3);
});

test("another number of traces or values, and another data label, are differences", () => {
  const one = drawn("a", [1, 2, 4]);
  expect(
    compareNumbers(one, drawn("a", [1, 2, 4], "#0b4f8a", "twin (synthetic)")).differences,
  ).toEqual([{ place: "data label", expected: "closed form", actual: "twin (synthetic)" }]);
  expect(compareNumbers(one, { ...one, data: [] }).differences[0]!.place).toBe("traces");
  const longer = { ...one, data: [{ ...one.data[0], y: [1, 2] }] };
  expect(compareNumbers(one, longer).differences[0]).toEqual({
    place: "trace 1 (rise) y",
    expected: "3 values",
    actual: "2 values",
  });
  const gap = { ...one, data: [{ ...one.data[0], y: [1, null, 4] }] };
  expect(compareNumbers(one, gap).differing).toBe(1);
});

test("pixel RMS is that of its definition", async () => {
  const png = (shade: number) => {
    const canvas = createCanvas(10, 10);
    const context = canvas.getContext("2d");
    context.fillStyle = "#ffffff";
    context.fillRect(0, 0, 10, 10);
    context.fillStyle = `rgb(${shade},${shade},${shade})`;
    context.fillRect(0, 0, 5, 5);
    return canvas.toBuffer("image/png");
  };
  const { rms, share } = await comparePictures(png(255), png(204));
  expect(share).toBe(0.25);
  expect(rms).toBeCloseTo(Math.sqrt(0.25) * 0.2, 12);
  expect((await comparePictures(png(0), png(0))).rms).toBe(0);
});

test("a damaged or absent folder is refused by name", async () => {
  await expect(compareFigures({ expected: join(folder, "no"), actual: right })).rejects.toThrow(
    /folder of figures: expected a folder, got none/,
  );
  await writeFile(join(folder, "right/tests/equal.json"), "{");
  await expect(compareFigures({ expected: right, actual: checked })).rejects.toThrow(
    /a damaged file/,
  );
});
