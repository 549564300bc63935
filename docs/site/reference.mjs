// The reference: what every room exports, as its docstrings say it.

import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

const escaped = (text) => text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;");

/** Make a page for each room; `toHtml` turns Markdown into HTML. */
export function referencePages(root, toHtml) {
  const lib = join(root, "lib", "dist");
  const rooms = readdirSync(lib).filter(
    (name) => existsSync(join(lib, name, "index.d.ts")) && name !== "cli",
  );
  const files = rooms.map((room) => join(lib, room, "index.d.ts"));
  const options = {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2023.d.ts"],
    skipLibCheck: true,
    types: ["node"],
    noLib: false,
  };
  const program = ts.createProgram(files, options);
  const checker = program.getTypeChecker();
  return rooms.map((room, i) => {
    const source = program.getSourceFile(files[i]);
    const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
    const entries = symbols
      .map((symbol) => entryOf(symbol, checker))
      .sort((a, b) => a.name.localeCompare(b.name));
    const about =
      /\/\*\*([\s\S]*?)\*\//
        .exec(source.text)?.[1]
        ?.replace(/^\s*\* ?/gm, "")
        .trim() ?? "";
    const list = entries
      .map(({ name }) => `<a href="#${name}"><code>${name}</code></a>`)
      .join(" · ");
    const body = `<h1>carbonbook/${room}</h1>${toHtml(about.replace(/^\w+: /, ""))}<p>${list}</p>${entries.map((entry) => entryHtml(entry, toHtml)).join("\n")}`;
    return { path: `reference/${room}.html`, title: room, body };
  });
}

function entryOf(exported, checker) {
  const symbol =
    exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const declaration = symbol.declarations?.[0];
  return {
    name: exported.name,
    signature: declaration === undefined ? "" : signatureOf(declaration),
    words: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    tags: symbol
      .getJsDocTags(checker)
      .map(({ name, text }) => [name, ts.displayPartsToString(text)]),
  };
}

/** The declaration as it stands in the library's types, without its `export declare`. */
function signatureOf(declaration) {
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  const text = node
    .getText()
    .replace(/^export (declare )?/, "")
    .replace(/^declare /, "");
  const lines = text.split("\n");
  return lines.length > 60 ? `${lines.slice(0, 60).join("\n")}\n  …` : text;
}

function entryHtml({ name, signature, words, tags }, toHtml) {
  const of = (kind) => tags.filter(([tag]) => tag === kind).map(([, text]) => text.trim());
  const params = of("param").map((text) => {
    const [, parameter, rest] = /^(\S+)\s*([\s\S]*)$/.exec(text) ?? [];
    return `<dt><code>${escaped(parameter ?? "")}</code></dt><dd>${toHtml(rest ?? "")}</dd>`;
  });
  const list = params.length === 0 ? "" : `<dl>${params.join("")}</dl>`;
  const rest = [
    ["Returns", of("returns")],
    ["Throws", of("throws").map((text) => text.replace(/^\{(\w+)\}/, "`$1`"))],
    ["Source", of("see")],
  ]
    .filter(([, texts]) => texts.length > 0)
    .map(
      ([title, texts]) =>
        `<p><strong>${title}</strong></p>${texts.map((text) => toHtml(text)).join("")}`,
    );
  const examples = of("example").map((code) => `<pre><code>${escaped(code)}</code></pre>`);
  return `<section id="${name}"><h2><code>${name}</code></h2><pre class="signature"><code>${escaped(signature)}</code></pre>${toHtml(words)}${list}${rest.join("")}${examples.join("")}</section>`;
}
