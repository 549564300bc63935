/** A figure as one HTML file: interactive, whole in itself, without a request to anywhere. */

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { escapeHtml, scriptJson } from "./escape.js";
import type { FigureData } from "./figure.js";
import { FONT_STACK } from "./font.js";
import { isScene } from "./scene-still.js";

const require = createRequire(import.meta.url);

/** The file of the plotter that a figure needs: with three axes the 3-D bundle, else the flat one. */
export function plotterFile(figure: Pick<FigureData, "layout">): string {
  return isScene(figure)
    ? require.resolve("plotly.js-gl3d-dist-min/plotly-gl3d.min.js")
    : require.resolve("plotly.js-cartesian-dist-min/plotly-cartesian.min.js");
}

/** Write a figure as an HTML page; `svg` is what shows where scripts, or a scene's WebGL, do not run. */
export function renderPage(figure: FigureData, svg: string): string {
  const { id, title, caption, dataLabel, width, height, data, layout, frames } = figure;
  const plotter = readFileSync(plotterFile(figure), "utf8").replace(/<\/script/gi, "<\\/script");
  const flat = !isScene(figure);
  const still = `data:image/svg+xml;base64,${Buffer.from(svg).toString("base64")}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data: blob:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${escapeHtml(title)}</title>
<style>
body{margin:0 auto;padding:1rem;max-width:${width + 40}px;font-family:${FONT_STACK};color:#16222c;background:#fff}
#plot{overflow-x:auto}
#plot img{max-width:100%;height:auto}
figure{margin:0}
figcaption{line-height:1.5;margin-top:.75rem}
.framed body{padding:0}
.framed figcaption{display:none}
</style>
</head>
<body>
<main>
<h1 style="position:absolute;left:-10000px">${escapeHtml(title)}</h1>
<figure>
<div id="plot" role="group" aria-label="${escapeHtml(title)}"><img width="${width}" height="${height}" alt="${escapeHtml(title)}" src="${still}"></div>
<figcaption>${escapeHtml(caption)} <em>Data: ${escapeHtml(dataLabel)}.</em></figcaption>
</figure>
</main>
<script>${plotter}</script>
<script>
if (self !== top) document.documentElement.className = "framed";
const still = document.querySelector("#plot img");
const plot = document.createElement("div");
const draws = ${flat} || document.createElement("canvas").getContext("webgl");
if (draws) {
  still.before(plot);
  const config = {displaylogo: false, toImageButtonOptions: {filename: ${scriptJson(id)}, scale: 2}};
  Plotly.newPlot(plot, {data: ${scriptJson(data)}, layout: ${scriptJson(layout)}, config${frames === undefined ? "" : `, frames: ${scriptJson(frames)}`}})
    .then(() => still.remove(), () => plot.remove());
}
</script>
</body>
</html>
`;
}
