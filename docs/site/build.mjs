// Builds the documentation as a static site that works offline: `npm run docs`, into runs/docs/.
//
// Pages are the Markdown files of docs/, one page per notebook (as it ran last, else as written), and
// a reference made from the docstrings of every room.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, posix, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { notebookToHtml } from "../../lib/dist/notebook/html.js";
import { markdownToHtml } from "../../lib/dist/notebook/html-markup.js";
import { NOTEBOOK_STYLE, PAGE_STYLE } from "../../lib/dist/notebook/html-style.js";
import { referencePages } from "./reference.mjs";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const require = createRequire(import.meta.url);

const SECTIONS = [
  ["Begin", ["index.md", "start.md", "widgets.md", "workshop.md"]],
  ["How to", "howto"],
  ["Twins", "twins"],
  ["Measured", "benchmarks"],
  ["About", ["scaling.md", "limits.md", "cite.md"]],
];

const STYLE = `${PAGE_STYLE}
body{display:grid;grid-template-columns:15rem minmax(0,1fr);max-width:84rem;margin:0 auto}
nav{padding:1rem;font-size:.92rem;border-right:1px solid var(--line);overflow:auto;max-height:100vh;position:sticky;top:0}
nav h2{font-size:1rem;border:0;margin:1rem 0 .25rem}
nav ul{list-style:none;margin:0;padding:0}
nav [aria-current]{font-weight:700}
main{min-width:0;width:100%;max-width:56rem}
table{display:block;overflow-x:auto}
.signature{white-space:pre-wrap}
dt{font-weight:600}
@media (max-width:50rem){body{display:block}nav{position:static;max-height:none;border:0}}
`;

/** One page of the site: where it lies, its title, its content as HTML. */
const pageOf = (path, title, body) => ({ path, title, body });

function markdownPages(folder = "") {
  const here = join(ROOT, "docs", folder);
  return readdirSync(here, { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "site" ? [] : markdownPages(path);
    if (extname(entry.name) !== ".md" || entry.name === "README.md") return [];
    const text = readFileSync(join(here, entry.name), "utf8");
    const title = /^# (.+)$/m.exec(text)?.[1] ?? basename(entry.name, ".md");
    const html = withAnchors(markdownToHtml(text, 1)).replace(
      /(href="(?!https?:)[^"#]*)\.md(?=["#])/g,
      "$1.html",
    );
    return [pageOf(path.replace(/\.md$/, ".html"), title, html)];
  });
}

/** Headings get the anchors that links name, as GitHub makes them. */
function withAnchors(html) {
  return html.replace(
    /<h([1-4])>(.*?)<\/h\1>/gs,
    (_, level, text) => `<h${level} id="${anchorOf(text)}">${text}</h${level}>`,
  );
}

/** The anchor of a heading. */
export function anchorOf(text) {
  const words = text
    .replace(/<[^>]*>/g, "")
    .replace(/&[a-z#0-9]+;/g, "")
    .toLowerCase();
  return words
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");
}

function notebookPages(out) {
  const folder = join(ROOT, "notebooks");
  const names = readdirSync(folder).filter((name) => /^\d\d-.*\.ipynb$/.test(name));
  return names.map((name) => {
    const ran = join(ROOT, "runs", "quick", "notebooks", name);
    const file = existsSync(ran) ? ran : join(folder, name);
    const notebook = joined(JSON.parse(readFileSync(file, "utf8")));
    const heading = /^# (.+)$/m.exec(notebook.cells[0]?.source ?? "")?.[1] ?? name;
    const path = `notebooks/${name.replace(/\.ipynb$/, ".html")}`;
    const whole = notebookToHtml(notebook, {
      title: heading,
      plotter: "../assets/plotly.min.js",
      gallery: "../index.html",
    });
    const state = existsSync(ran)
      ? ""
      : `<p class="note" role="note">As written: it has not been run here. <code>npm run reproduce</code> runs it.</p>`;
    const html = whole
      .replace(">Gallery</a>", ">Documentation</a>")
      .replace('<main id="main">', `<main id="main">${state}`);
    write(join(out, path), html);
    return { path, title: heading };
  });
}

/** Texts of a notebook in one piece: a file may hold them as lists of lines. */
function joined(notebook) {
  const text = (value) => (Array.isArray(value) ? value.join("") : value);
  const cells = notebook.cells.map((cell) => ({
    ...cell,
    source: text(cell.source),
    ...(cell.outputs && {
      outputs: cell.outputs.map((o) => (o.text === undefined ? o : { ...o, text: text(o.text) })),
    }),
  }));
  return { ...notebook, cells };
}

function navigation(pages, notebooks, rooms) {
  const titleOf = (path) => pages.find((page) => page.path === path)?.title;
  const sections = SECTIONS.map(([name, of]) => {
    const paths = Array.isArray(of)
      ? of.map((file) => file.replace(/\.md$/, ".html"))
      : pages
          .map((page) => page.path)
          .filter((path) => path.startsWith(`${of}/`))
          .sort();
    return [name, paths.filter(titleOf).map((path) => [path, titleOf(path)])];
  });
  sections.splice(1, 0, [
    "Notebooks",
    notebooks.map(({ path, title }) => [path, title.split(/[:?]/)[0]]),
  ]);
  sections.push(["Reference", rooms.map(({ path, title }) => [path, title])]);
  return (from) => {
    const link = ([path, title]) => {
      const current = path === from ? ' aria-current="page"' : "";
      return `<li><a href="${posix.relative(posix.dirname(from), path)}"${current}>${title}</a></li>`;
    };
    return sections
      .map(([name, links]) => `<h2>${name}</h2><ul>${links.map(link).join("")}</ul>`)
      .join("");
  };
}

function write(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}

/** Build the site into a folder; the paths of its pages. */
export function buildSite(out) {
  const rooms = referencePages(ROOT, markdownToHtml);
  const pages = [...markdownPages(), ...rooms];
  const notebooks = notebookPages(out);
  const navigate = navigation(pages, notebooks, rooms);
  for (const { path, title, body } of pages) {
    write(
      join(out, path),
      `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title.replace(/`/g, "")} · carbonbook</title><style>${STYLE}${NOTEBOOK_STYLE}</style></head>
<body><a class="skip" href="#main">To the text</a><nav aria-label="Pages">${navigate(path)}</nav>
<main id="main">${body}</main></body></html>
`,
    );
  }
  for (const picture of readdirSync(join(ROOT, "docs")).filter((name) =>
    /\.(png|svg)$/.test(name),
  )) {
    copyFileSync(join(ROOT, "docs", picture), join(out, picture));
  }
  mkdirSync(join(out, "assets"), { recursive: true });
  const plotter = require.resolve("plotly.js-cartesian-dist-min/plotly-cartesian.min.js");
  copyFileSync(plotter, join(out, "assets", "plotly.min.js"));
  return [...pages, ...notebooks].map(({ path }) => path);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const out = process.argv[2] ?? join(ROOT, "runs", "docs");
  const pages = buildSite(out);
  console.log(`${pages.length} pages; open ${relative(process.cwd(), join(out, "index.html"))}`);
}
