// Builds the documentation as a static site that works offline: `npm run docs`, into runs/docs/.
//
// TypeDoc makes the pages of the Markdown files of docs/ and the reference from the docstrings; what is
// told to it stands in typedoc.json. The notebooks (as they ran last, else as written) are added here.

import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import {
  Application,
  CommentTag,
  Converter,
  PageEvent,
  ReflectionKind,
  StructureRouter,
} from "typedoc";
import { notebookToHtml } from "../../lib/dist/notebook/html.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const require = createRequire(import.meta.url);

/** The heading under which the navigation lists a text, by the start of its path below docs/. */
const GROUPS = [
  ["howto/", "How to"],
  ["twins/", "Twins"],
  ["benchmarks/", "Measured"],
  [/^(scaling|limits|cite)$/, "About"],
  ["", "Begin"],
];

/** Texts keep their paths; the docstrings' pages lie below reference/. */
class Router extends StructureRouter {
  static paths = new Map();

  getIdealBaseName(reflection) {
    const path = Router.paths.get(reflection);
    return path ?? `reference/${super.getIdealBaseName(reflection)}`;
  }
}

/** Give a text its first heading as a title, and its place in the navigation. */
function settle(document) {
  const path = document.name;
  Router.paths.set(document, path);
  document.name = document.content[0]?.text.match(/^# (.+)$/m)?.[1] ?? path;
  document.frontmatter.group = GROUPS.find(([start]) => path.match(start))[1];
}

/** Give a name the sources that the head of its file cites, where it cites none of its own. */
function cite(context, reflection) {
  const owner = reflection.isSignature() ? reflection.parent : reflection;
  const { comment } = reflection;
  if (!owner.parent?.kindOf(ReflectionKind.Module) || !comment || comment.getTag("@see")) return;
  const file =
    context.getSymbolFromReflection(owner)?.declarations?.[0]?.getSourceFile().text ?? "";
  const head = /^\/\*\*([\s\S]*?)\*\/\n(?=\n|import)/.exec(file)?.[1] ?? "";
  for (const [, text] of head.replace(/^ \* ?/gm, "").matchAll(/@see\s+([\s\S]*?)(?=\n@|$)/g)) {
    comment.blockTags.push(new CommentTag("@see", [{ kind: "text", text: text.trim() }]));
  }
}

/** Write a page for each notebook. */
function writeNotebooks(out) {
  const folder = join(ROOT, "notebooks");
  mkdirSync(join(out, "notebooks"), { recursive: true });
  for (const name of readdirSync(folder).filter((file) => /^\d\d-.*\.ipynb$/.test(file))) {
    const ran = join(ROOT, "runs", "quick", "notebooks", name);
    const notebook = joined(
      JSON.parse(readFileSync(existsSync(ran) ? ran : join(folder, name), "utf8")),
    );
    const title = /^# (.+)$/m.exec(notebook.cells[0]?.source ?? "")?.[1] ?? name;
    const places = { plotter: "../assets/plotly.min.js", gallery: "../index.html" };
    const state = existsSync(ran)
      ? ""
      : `<p class="note" role="note">As written: it has not been run here. <code>npm run reproduce</code> runs it.</p>`;
    const html = notebookToHtml(notebook, { title, ...places })
      .replace(">Gallery</a>", ">Documentation</a>")
      .replace('<main id="main">', `<main id="main">${state}`);
    writeFileSync(join(out, "notebooks", name.replace(/ipynb$/, "html")), html);
  }
  const plotter = require.resolve("plotly.js-cartesian-dist-min/plotly-cartesian.min.js");
  copyFileSync(plotter, join(out, "assets", "plotly.min.js"));
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

const out = process.argv[2] ?? join(ROOT, "runs", "docs");
const app = await Application.bootstrap({
  options: fileURLToPath(new URL("typedoc.json", import.meta.url)),
});
app.renderer.defineRouter("docs", Router);
app.converter.on(Converter.EVENT_CREATE_DOCUMENT, (_, document) => settle(document));
app.converter.on(Converter.EVENT_CREATE_DECLARATION, cite);
app.converter.on(Converter.EVENT_CREATE_SIGNATURE, cite);
// a link to a notebook leads to its page here
app.renderer.on(PageEvent.END, (page) => {
  page.contents = page.contents.replace(/media\/(\d\d-[\w-]+)\.ipynb/g, "notebooks/$1.html");
});
const project = await app.convert();
if (project === undefined) process.exit(1);
app.validate(project);
await app.generateDocs(project, out);
writeNotebooks(out);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exit(1);
console.log(`open ${relative(process.cwd(), join(out, "index.html"))}`);
