/**
 * An executed notebook as one HTML page that needs no kernel: prose, code, outputs, errors. Nothing
 * that a cell put out can run; Plotly figures show their picture and are drawn on demand by the
 * plotter that lies beside the page.
 */

import { createHash } from "node:crypto";
import { escapeHtml } from "../figures/index.js";
import { stripAnsi } from "./html-ansi.js";
import { codeToHtml, markdownToHtml } from "./html-markup.js";
import { FRAMES, outputToHtml, PLOTLY } from "./html-output.js";
import { NOTEBOOK_STYLE, PAGE_STYLE } from "./html-style.js";
import type { Cell, CodeCell, Notebook } from "./nbformat.js";

/** What a page of a notebook is told. */
export interface NotebookPageOptions {
  readonly title: string;
  /** address of the plotter's script, as seen from the page; figures stay pictures without it */
  readonly plotter?: string;
  /** address of the gallery, as seen from the page */
  readonly gallery?: string;
  /** address of the notebook file, as seen from the page */
  readonly source?: string;
}

/** Write a notebook as an HTML page. */
export function notebookToHtml(notebook: Notebook, options: NotebookPageOptions): string {
  const language = languageOf(notebook);
  const cells = notebook.cells.map((cell, i) => {
    const own = i === 0 ? withoutHeading(cell, options.title) : cell;
    return cellToHtml(own, i, language);
  });
  const live = options.plotter !== undefined && hasType(notebook, PLOTLY);
  return htmlPage({
    title: options.title,
    style: PAGE_STYLE + NOTEBOOK_STYLE,
    scripts: [
      ...(live ? [exploreScript(options.plotter)] : []),
      ...(hasType(notebook, FRAMES) ? [FRAMES_SCRIPT] : []),
    ],
    body: `<a class="skip" href="#main">To the notebook</a>
<header><h1>${escapeHtml(options.title)}</h1>${linksOf(options)}</header>
<main id="main">
${failureBanner(notebook)}
${cells.join("\n")}
</main>`,
  });
}

/** What every page is made of. */
export interface PageParts {
  readonly title: string;
  readonly style: string;
  readonly body: string;
  /** scripts at the end of the body; no other inline script may run */
  readonly scripts: readonly string[];
}

/** Put a page together; its policy lets it load only what lies beside it. */
export function htmlPage({ title, style, body, scripts }: PageParts): string {
  const hashes = scripts.map(
    (script) => `'sha256-${createHash("sha256").update(script).digest("base64")}'`,
  );
  const policy = [
    "default-src 'none'",
    "img-src 'self' file: data: blob:",
    "style-src 'unsafe-inline'",
    `script-src 'self' file: ${hashes.join(" ")}`.trim(),
    "frame-src 'self' file:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join("; ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
${scripts.map((script) => `<script>${script}</script>`).join("\n")}
</body>
</html>
`;
}

function cellToHtml(cell: Cell, index: number, language: string): string {
  const id = `cell-${index + 1}`;
  if (cell.cell_type !== "code") {
    const raw = cell.cell_type === "raw";
    const prose = raw
      ? `<pre tabindex="0">${escapeHtml(cell.source)}</pre>`
      : markdownToHtml(cell.source, 2, cell.attachments);
    return `<section class="cell prose" id="${id}">${prose}</section>`;
  }
  const place = `cell ${index + 1}`;
  const outputs = cell.outputs.map((output) => outputToHtml(output, place)).join("\n");
  const source =
    cell.source.trim() === ""
      ? ""
      : `<pre tabindex="0" role="region" aria-label="Code of ${place}"><code>${codeToHtml(cell.source, language)}</code></pre>`;
  const tags = tagsOf(cell);
  const kinds = [
    "cell",
    "code",
    failed(cell) ? "failed" : "",
    tags.has("injected-parameters") ? "injected" : "",
  ];
  const note = tags.has("injected-parameters") ? ", parameters of this run" : "";
  return (
    `<section class="${kinds.filter(Boolean).join(" ")}" id="${id}" aria-label="Cell ${index + 1}">` +
    `<p class="count">Cell ${index + 1} [${cell.execution_count ?? " "}]${note}</p>${source}${outputs}</section>`
  );
}

/** The first cell without a heading that only says the page's title again. */
function withoutHeading(cell: Cell, title: string): Cell {
  const [heading, ...rest] = cell.source.split("\n");
  const repeats = cell.cell_type === "markdown" && heading?.replace(/^#\s+/, "").trim() === title;
  return repeats ? { ...cell, source: rest.join("\n") } : cell;
}

function failureBanner(notebook: Notebook): string {
  const index = notebook.cells.findIndex((cell) => cell.cell_type === "code" && failed(cell));
  if (index < 0) return "";
  const cell = notebook.cells[index] as CodeCell;
  const error = cell.outputs.find((output) => output.output_type === "error");
  const message = error?.output_type === "error" ? `${error.ename}: ${error.evalue}` : "";
  return (
    `<p class="banner" role="alert"><strong>This run failed</strong> in ` +
    `<a href="#cell-${index + 1}">cell ${index + 1}</a>: ${escapeHtml(stripAnsi(message))}</p>`
  );
}

function linksOf({ gallery, source }: NotebookPageOptions): string {
  const links = [
    gallery === undefined ? "" : `<a href="${escapeHtml(gallery)}">Gallery</a>`,
    source === undefined ? "" : `<a href="${escapeHtml(source)}" download>Notebook file</a>`,
  ].filter((link) => link !== "");
  return links.length === 0 ? "" : `<p>${links.join(" · ")}</p>`;
}

function failed(cell: CodeCell): boolean {
  const expected = tagsOf(cell).has("raises-exception");
  return !expected && cell.outputs.some((output) => output.output_type === "error");
}

function tagsOf(cell: Cell): ReadonlySet<unknown> {
  return new Set(Array.isArray(cell.metadata.tags) ? cell.metadata.tags : []);
}

function hasType({ cells }: Notebook, type: string): boolean {
  return cells.some(
    (cell) =>
      cell.cell_type === "code" &&
      cell.outputs.some((output) => "data" in output && type in output.data),
  );
}

function languageOf({ metadata }: Notebook): string {
  const info = (metadata.language_info ?? metadata.kernelspec ?? {}) as Record<string, unknown>;
  const name = info.language ?? info.name;
  return typeof name === "string" ? name.toLowerCase() : "";
}

/** On demand, load the plotter once and draw a figure over its picture. */
function exploreScript(plotter = ""): string {
  return `
let loading;
const load = () => loading ??= new Promise((done, failed) => {
  const script = document.createElement("script");
  script.src = ${JSON.stringify(plotter)};
  script.onload = done;
  script.onerror = () => { loading = undefined; failed(); };
  document.head.append(script);
});
for (const button of document.querySelectorAll(".explore")) button.addEventListener("click", async () => {
  const box = button.closest(".plotly");
  button.disabled = true;
  try {
    await load();
  } catch {
    button.disabled = false;
    button.textContent = "The plotter is not beside this page";
    return;
  }
  const { data, layout, config } = JSON.parse(box.querySelector("script").textContent);
  const plot = document.createElement("div");
  plot.className = "plot";
  plot.tabIndex = 0;
  plot.setAttribute("role", "region");
  plot.setAttribute("aria-label", "Interactive figure");
  box.querySelector(".still").replaceChildren(plot);
  await Plotly.newPlot(plot, data, layout, config);
  button.remove();
});
`;
}

/** Show the picture that a slider stands at. */
const FRAMES_SCRIPT = `
for (const box of document.querySelectorAll(".frames")) {
  const { title, frames } = JSON.parse(box.querySelector("script").textContent);
  box.querySelector("input").addEventListener("input", ({ target }) => {
    const { label, image } = frames[target.value];
    box.querySelector("output").textContent = label;
    Object.assign(box.querySelector("img"), { src: "data:image/png;base64," + image, alt: title + " " + label });
  });
}
`;
