/**
 * How long a gallery of 70 figures takes to open in Chromium and how many pictures it loads, and how
 * long a figure takes to be saved as SVG, PNG, HTML and JSON without a browser.
 *
 *     npm run build && node bench/figures-gallery.mjs
 */
import { copyFile, mkdtemp, rm } from "node:fs/promises";
import { loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { figure, heatmap, line, saveFigure, star } from "../lib/dist/figures/index.js";
import { writeGallery } from "../lib/dist/notebook/gallery.js";

const FIGURES = 70;
const ROUNDS = 5;
const n = 100;
const x = Float64Array.from({ length: n }, (_, i) => 2 * i);
const panel = (phase) => ({
  x: { label: "East", units: "km" },
  y: { label: "North", units: "km" },
  aspect: 1,
  layers: [
    heatmap({
      x,
      y: x,
      z: Float32Array.from(
        { length: n * n },
        (_, k) => Math.sin((k % n) / 9 + phase) * Math.cos(k / n / 7),
      ),
      scale: { label: "ζ/f", units: "1" },
    }),
    star({ x: n, y: n, name: "trap" }),
    line({ x, y: x, name: "section" }),
  ],
});
const made = figure({
  id: "waves",
  study: "all",
  title: "A figure of four maps",
  caption: "Waves.",
  dataLabel: "closed form",
  columns: 2,
  panels: [0, 1, 2, 3].map(panel),
});

const folder = await mkdtemp(join(tmpdir(), "bench-gallery-"));
console.log(`load average ${loadavg()[0].toFixed(1)}`);
let files;
for (let round = 0; round < ROUNDS; round++) {
  const [before, start] = [process.cpuUsage(), performance.now()];
  files = await saveFigure(made, join(folder, "figures"));
  const { user, system } = process.cpuUsage(before);
  const wall = (performance.now() - start) / 1000;
  console.log(
    `save a figure of four maps: ${((user + system) / 1e6).toFixed(2)} s CPU, ${wall.toFixed(2)} s wall`,
  );
}

const figures = [];
for (let i = 0; i < FIGURES; i++) {
  const own = Object.fromEntries(
    Object.entries(files).map(([kind, path]) => [kind, path.replace("waves", `waves-${i}`)]),
  );
  for (const kind of Object.keys(files)) await copyFile(files[kind], own[kind]);
  const { title, caption, dataLabel } = made;
  figures.push({
    ...{ id: `waves-${i}`, study: `study-${i % 5}`, number: String(i), kind: "figure" },
    ...{ title, caption, dataLabel, notebook: "01", files: own },
  });
}
const start = performance.now();
const index = await writeGallery({ folder, figures, claims: [], notebooks: [], provenance: {} });
console.log(`write the gallery: ${((performance.now() - start) / 1000).toFixed(2)} s wall`);

for (let round = 0; round < ROUNDS; round++) {
  const profile = await mkdtemp(join(tmpdir(), "bench-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CARBONBOOK_CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"],
    viewport: { width: 1280, height: 800 },
  });
  const page = context.pages()[0];
  let pictures = 0;
  page.on("request", (request) => {
    if (request.url().endsWith(".png")) pictures++;
  });
  const opened = performance.now();
  await page.goto(pathToFileURL(index).href, { waitUntil: "load" });
  const loaded = performance.now() - opened;
  await page.evaluate(() => document.querySelector("article img").decode());
  const seen = performance.now() - opened;
  console.log(
    `open: load event ${loaded.toFixed(0)} ms, first figure drawn ${seen.toFixed(0)} ms, ${pictures} of ${FIGURES} pictures`,
  );
  await context.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}
await rm(folder, { recursive: true });
