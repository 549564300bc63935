import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { figure, line, saveFigure } from "carbonbook/figures";
import { beforeAll, expect, test } from "vitest";
import { makeFolder } from "../notebook/samples.js";
import { carbonbook } from "./bin.js";

const root = makeFolder();
const run = join(root, "runs/quick/figures");
const earlier = join(root, "earlier");

const draw = (id: string, last: number, folder: string) =>
  saveFigure(
    figure({
      id,
      study: "s1",
      title: "A line rises",
      caption: "A line.",
      dataLabel: "closed form",
      width: 300,
      panelHeight: 150,
      panels: [
        {
          x: { label: "x", units: "m" },
          y: { label: "y", units: "m" },
          layers: [line({ x: [1, 2, 3], y: [1, 2, last], name: "rise" })],
        },
      ],
    }),
    folder,
  );

const listed = (id: string, more: object = {}) => ({
  ...{ id, study: "s1", number: id, kind: "figure", notebook: "01-a", shows: "x", data: "twin" },
  ...more,
});

beforeAll(async () => {
  mkdirSync(join(root, "notebooks"));
  const figures = [
    listed("equal"),
    listed("near", { tolerance: { relative: 0.01, pixels: 1 } }),
    listed("far"),
  ];
  const manifest = { version: 1, studies: [{ id: "s1", title: "S" }], figures, claims: [] };
  writeFileSync(join(root, "notebooks/figures.json"), JSON.stringify(manifest));
  for (const [id, last] of [
    ["equal", 4],
    ["near", 4.004],
  ] as const) {
    await draw(id, 4, join(earlier, "figures"));
    await draw(id, last, run);
  }
});

test("figures list says which are drawn", async () => {
  const { code, stdout } = await carbonbook(["figures", "list", "--root", root, "--json"]);
  const drawn = (JSON.parse(stdout) as { id: string; drawn: boolean }[]).map((f) => [
    f.id,
    f.drawn,
  ]);
  expect([code, drawn]).toEqual([
    0,
    [
      ["equal", true],
      ["near", true],
      ["far", false],
    ],
  ]);
});

test("figures check passes what is within the manifest's tolerance", async () => {
  const { code, stdout } = await carbonbook([
    "figures",
    "check",
    "--root",
    root,
    "--against",
    earlier,
  ]);
  expect([code, stdout]).toEqual([0, "2 of 2 figures are the same\n"]);
});

test("figures check ends with 1 where a number differs, and reports it in HTML", async () => {
  await draw("far", 4, join(earlier, "figures"));
  await draw("far", 5, run);
  const report = join(root, "report.html");
  const { code, stdout } = await carbonbook([
    ...["figures", "check", "--root", root, "--against", earlier, "--report", report],
  ]);
  expect([code, stdout]).toEqual([1, "numbers differ  s1/far\n2 of 3 figures are the same\n"]);
  const html = readFileSync(report, "utf8");
  for (const word of ["far", "xpected", "ctual", "ifference"]) expect(html).toContain(word);
});

test("figures check ends with 3 where there is nothing to compare with", async () => {
  const args = ["figures", "check", "--root", root, "--against", join(root, "nowhere")];
  expect((await carbonbook(args)).code).toBe(3);
  expect((await carbonbook(["figures", "check", "--root", root])).code).toBe(2);
});
