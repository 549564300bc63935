/** Outputs of cells as HTML: the richest form that a page without a kernel can show. */

import { escapeHtml, scriptJson } from "../figures/index.js";
import { ansiToHtml, stripAnsi } from "./html-ansi.js";
import { cleanHtml, codeToHtml, markdownToHtml } from "./html-markup.js";
import type { MimeBundle, Output } from "./nbformat.js";

/** Media type of a Plotly figure. */
export const PLOTLY = "application/vnd.plotly.v1+json";

/** Media type of pictures behind a slider: `{title, chosen, frames: [{label, image}]}`. */
export const FRAMES = "application/vnd.carbonbook.frames+json";

/** Write one output of a cell. */
export function outputToHtml(output: Output, place: string): string {
  if (output.output_type === "stream") {
    const kind = output.name === "stderr" ? "stderr" : "stdout";
    return pre(`stream ${kind}`, `${kind} of ${place}`, ansiToHtml(output.text));
  }
  if (output.output_type === "error") {
    const trace = output.traceback.length > 0 ? output.traceback.join("\n") : "";
    const known = stripAnsi(trace).includes(output.evalue);
    const head = known ? "" : `${output.ename}: ${output.evalue}\n`;
    return pre("error", `error of ${place}`, ansiToHtml(`${head}${trace}`));
  }
  return `<div class="display">${bundleToHtml(output.data, place)}</div>`;
}

function bundleToHtml(data: MimeBundle, place: string): string {
  if (PLOTLY in data) return plotlyToHtml(data, place);
  if (FRAMES in data) return framesToHtml(data[FRAMES] as Frames) ?? plainest(data, place);
  const html = textOf(data["text/html"]);
  if (html !== undefined) return scroll(cleanHtml(html), place);
  return imageOf(data, place) ?? plainest(data, place);
}

/** A figure: its picture, and its data beside it for those who want to turn and zoom it. */
function plotlyToHtml(data: MimeBundle, place: string): string {
  const still = textOf(data["text/html"]);
  const shown = still === undefined ? (imageOf(data, place) ?? "") : cleanHtml(still);
  const json = scriptJson(data[PLOTLY]);
  return (
    `<div class="plotly"><div class="still">${shown}</div>` +
    `<p><button type="button" class="explore">Explore figure of ${escapeHtml(place)}</button></p>` +
    `<script type="application/json">${json}</script></div>`
  );
}

interface Frames {
  readonly title: string;
  readonly chosen: number;
  readonly frames: readonly { readonly label: string; readonly image: string }[];
}

/** Pictures one of which is seen: the page's script shows another when the slider is moved. */
function framesToHtml({ title, chosen, frames }: Frames): string | undefined {
  const first = frames[chosen];
  if (first === undefined || frames.some(({ image }) => !/^[A-Za-z0-9+/=]*$/.test(image))) return;
  const name = escapeHtml(title);
  return (
    `<div class="frames"><label>${name} <input type="range" min="0" max="${frames.length - 1}" value="${chosen}"> ` +
    `<output>${escapeHtml(first.label)}</output></label>` +
    `<img alt="${escapeHtml(`${title} ${first.label}`)}" src="data:image/png;base64,${first.image}">` +
    `<script type="application/json">${scriptJson({ title, frames })}</script></div>`
  );
}

function imageOf(data: MimeBundle, place: string): string | undefined {
  const alt = escapeHtml(textOf(data["text/plain"])?.slice(0, 200) ?? `Picture of ${place}`);
  const svg = textOf(data["image/svg+xml"]);
  if (svg !== undefined) {
    const content = Buffer.from(svg).toString("base64");
    return `<img alt="${alt}" src="data:image/svg+xml;base64,${content}">`;
  }
  for (const type of ["image/png", "image/jpeg", "image/gif", "image/webp"]) {
    const content = textOf(data[type])?.replace(/\s/g, "");
    if (content === undefined || !/^[A-Za-z0-9+/=]*$/.test(content)) continue;
    return `<img alt="${alt}" src="data:${type};base64,${content}">`;
  }
  return undefined;
}

function plainest(data: MimeBundle, place: string): string {
  const markdown = textOf(data["text/markdown"]);
  if (markdown !== undefined) return markdownToHtml(markdown, 3);
  const plain = textOf(data["text/plain"]) ?? textOf(data["text/latex"]);
  if (plain !== undefined) return pre("plain", `result of ${place}`, ansiToHtml(plain));
  if ("application/json" in data) {
    const text = JSON.stringify(data["application/json"], null, 2);
    return pre("plain", `result of ${place}`, codeToHtml(text, "json"));
  }
  const types = Object.keys(data).join(", ");
  return types === "" ? "" : `<p class="note">Not shown here: ${escapeHtml(types)}.</p>`;
}

function textOf(content: unknown): string | undefined {
  if (typeof content === "string") return content;
  return Array.isArray(content) && content.every((line) => typeof line === "string")
    ? content.join("")
    : undefined;
}

function pre(kind: string, label: string, html: string): string {
  return `<pre class="${kind}" tabindex="0" role="region" aria-label="${escapeHtml(label)}">${html}</pre>`;
}

function scroll(html: string, place: string): string {
  return `<div class="scroll" tabindex="0" role="region" aria-label="Result of ${escapeHtml(place)}">${html}</div>`;
}
