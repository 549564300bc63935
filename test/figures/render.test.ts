import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createCanvas, loadImage } from "@napi-rs/canvas";
import { type FigureData, rasterise, renderPng, renderSvg, saveFigure } from "carbonbook/figures";
import { afterEach, beforeAll, expect, test } from "vitest";
import { textWidth, wrapText } from "../../lib/figures/font.js";
import { pathPoints } from "../../lib/figures/measure.js";
import { demo } from "./demo.js";

const folders: string[] = [];
// loading the plotter takes a while where many tests run at once
beforeAll(async () => {
  await renderSvg(demo());
});
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

test("equal figures give equal bytes, whatever was drawn between", async () => {
  const first = await renderSvg(demo());
  await renderSvg(demo({ title: "Another" }));
  expect(await renderSvg(demo())).toBe(first);
  expect(Buffer.compare(rasterise(first), rasterise(first))).toBe(0);
});

test("a figure that is drawn again as it was is not drawn twice, and one that has changed is", async () => {
  const made = demo();
  const picture = await renderPng(made);
  expect(await renderPng({ ...made })).toBe(picture);
  const renamed = { ...made, caption: "Another caption" };
  expect(await renderSvg(renamed)).toContain("Another caption");
  Object.assign(made.layout, { paper_bgcolor: "#ff0000" });
  expect(await renderSvg(made)).not.toBe(await renderSvg(demo()));
  expect(Buffer.compare(await renderPng(demo()), picture)).toBe(0);
});

test("the SVG holds title, data label, series and units as text", async () => {
  const svg = await renderSvg(demo());
  for (const words of [
    "Waves are high in the north",
    "Data: closed form",
    "trap",
    "Speed (m d⁻¹)",
  ]) {
    expect(svg).toContain(words);
  }
  expect(svg).toContain("<title>Waves are high in the north</title>");
  expect(svg).toContain("&lt;b&gt;signs");
  expect(svg).not.toContain("undefined");
});

test("the PNG has twice the figure's pixels, and the star and the bars are in it", async () => {
  const made = demo();
  const image = await loadImage(Buffer.from(await renderPng(made)));
  expect([image.width, image.height]).toEqual([2 * made.width, 2 * made.height]);
  const context = createCanvas(image.width, image.height).getContext("2d");
  context.drawImage(image, 0, 0);
  const { data } = context.getImageData(0, 0, image.width, image.height);
  const seen = new Set<number>();
  for (let i = 0; i < data.length; i += 4)
    seen.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!);
  expect(seen.has(0xffd400)).toBe(true);
  expect(seen.has(0x0b4f8a)).toBe(true);
});

test("four files appear whole, with nothing half-written beside them", async () => {
  const folder = await mkdtemp(join(tmpdir(), "figures-"));
  folders.push(folder);
  const files = await saveFigure(demo(), folder);
  expect((await readdir(join(folder, "tests"))).sort()).toEqual([
    "demo.html",
    "demo.json",
    "demo.png",
    "demo.svg",
  ]);
  const json = JSON.parse(await readFile(files.json, "utf8"));
  expect(json).toMatchObject({ schema: 1, id: "demo", study: "tests", dataLabel: "closed form" });
  expect(json.data).toEqual(demo().data);
  const html = await readFile(files.html, "utf8");
  expect(html).toContain("default-src 'none'");
  expect(html).toContain("A wave with &quot;quotes&quot; &amp; &lt;b&gt;signs&lt;/b&gt;.");
  expect(html).not.toMatch(/<(script|link|img|iframe)[^>]+(src|href)="https?:/);
});

test("a notebook gets Plotly JSON, a PNG and HTML", async () => {
  const bundle = await demo().toMimeBundle();
  expect(Object.keys(bundle).sort()).toEqual([
    "application/vnd.plotly.v1+json",
    "image/png",
    "text/html",
    "text/plain",
  ]);
  const png = Buffer.from(bundle["image/png"] as string, "base64");
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  // its long rows are packed, and Plotly draws the same from them
  const packed = bundle["application/vnd.plotly.v1+json"] as Pick<FigureData, "data" | "layout">;
  expect(packed.data[0]!.z).toMatchObject({ dtype: "f4", shape: "18, 24" });
  expect(await renderSvg({ ...demo(), ...packed })).toBe(await renderSvg(demo()));
});

test("text is measured with the metrics of the font, and wrapped by them", () => {
  const style = { size: 100 };
  // advance widths of Inter Regular: i 490, m 1800 of 2048 units
  expect(textWidth("m", style) / textWidth("i", style)).toBeGreaterThan(3);
  expect(textWidth("mm", style)).toBeCloseTo(2 * textWidth("m", style), 0);
  expect(textWidth("m", { size: 100, weight: "bold" })).toBeGreaterThan(textWidth("m", style));
  const lines = wrapText("one two three four five", 200, { size: 30 });
  expect(lines.join(" ")).toBe("one two three four five");
  for (const line of lines) expect(textWidth(line, { size: 30 })).toBeLessThanOrEqual(200);
});

test("paths are read as their corner points", () => {
  expect(pathPoints("M1,2L3,4H5V6Z")).toEqual([
    [1, 2],
    [3, 4],
    [5, 4],
    [5, 6],
  ]);
  expect(pathPoints("M1,1l2,0v3h-1")).toEqual([
    [1, 1],
    [3, 1],
    [3, 4],
    [2, 4],
  ]);
});
