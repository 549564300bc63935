/** Prose and foreign HTML made safe: nothing of it may run, load or leave its place on the page. */

import hljs from "highlight.js/lib/core";
import bash from "highlight.js/lib/languages/bash";
import json from "highlight.js/lib/languages/json";
import python from "highlight.js/lib/languages/python";
import typescript from "highlight.js/lib/languages/typescript";
import { Marked } from "marked";
import sanitizeHtml from "sanitize-html";
import { escapeHtml } from "../figures/index.js";
import type { Metadata } from "./nbformat.js";

hljs.registerLanguage("typescript", typescript);
hljs.registerLanguage("python", python);
hljs.registerLanguage("json", json);
hljs.registerLanguage("bash", bash);

const ALIASES: Readonly<Record<string, string>> = {
  javascript: "typescript",
  ipython3: "python",
  python3: "python",
  jslab: "typescript",
  tslab: "typescript",
  sh: "bash",
};

/** Colour source code; in a language not known it is only escaped. */
export function codeToHtml(source: string, language: string): string {
  const name = ALIASES[language] ?? language;
  if (hljs.getLanguage(name) === undefined) return escapeHtml(source);
  return hljs.highlight(source, { language: name, ignoreIllegals: true }).value;
}

const marked = new Marked({
  gfm: true,
  async: false,
  renderer: {
    code: ({ text, lang }) =>
      `<pre tabindex="0"><code>${codeToHtml(text, (lang ?? "").split(/\s/)[0] ?? "")}</code></pre>`,
  },
});

/** Most that a table, a styled frame or a figure of another library needs. */
const ALLOWED: sanitizeHtml.IOptions = {
  allowedTags: [
    ...sanitizeHtml.defaults.allowedTags,
    ...["img", "del", "ins", "details", "summary", "figure", "figcaption", "input", "center"],
  ],
  allowedAttributes: {
    "*": ["class", "title", "align", "lang", "dir"],
    a: ["href", "name"],
    code: ["class"],
    details: ["open"],
    img: ["src", "alt", "width", "height"],
    input: ["type", "checked", "disabled"],
    ol: ["start"],
    pre: ["tabindex"],
    td: ["colspan", "rowspan", "style"],
    th: ["colspan", "rowspan", "scope", "style"],
  },
  allowedStyles: { "*": { "text-align": [/^(left|right|center)$/] } },
  allowedSchemes: ["http", "https", "mailto"],
  allowedSchemesByTag: { img: ["data"] },
  allowProtocolRelative: false,
  disallowedTagsMode: "discard",
  transformTags: {
    input: (tagName, attribs) =>
      attribs.type === "checkbox"
        ? { tagName, attribs: { ...attribs, disabled: "", title: "task" } }
        : { tagName: "span", attribs: {} },
    img: (tagName, attribs) => ({ tagName, attribs: { ...attribs, alt: attribs.alt ?? "" } }),
    a: (tagName, attribs) => ({ tagName, attribs: { ...attribs, rel: "noreferrer" } }),
  },
};

/** Keep of foreign HTML what can only be looked at. Pictures must be `data:` or lie beside the page. */
export function cleanHtml(html: string): string {
  return sanitizeHtml(html, {
    ...ALLOWED,
    allowedAttributes: {
      ...(ALLOWED.allowedAttributes as Record<string, string[]>),
      a: ["href", "name", "rel"],
    },
  });
}

/**
 * Turn Markdown into safe HTML.
 *
 * @param level       what the first heading level becomes, so that a page has one outline
 * @param attachments pictures of a notebook cell, which the text names `attachment:…`
 */
export function markdownToHtml(text: string, level = 1, attachments: Metadata = {}): string {
  const inline = text.replace(/attachment:([^\s)"']+)/g, (whole, name: string) => {
    return attachmentUrl(attachments[decodeURIComponent(name)]) ?? whole;
  });
  const html = cleanHtml(marked.parse(inline) as string);
  return html.replace(/<(\/?)h([1-6])/g, (_, slash: string, own: string) => {
    return `<${slash}h${Math.min(Number(own) + level - 1, 6)}`;
  });
}

function attachmentUrl(bundle: unknown): string | undefined {
  for (const [type, content] of Object.entries((bundle ?? {}) as Metadata)) {
    if (!/^image\/(png|jpeg|gif|webp)$/.test(type)) continue;
    return `data:${type};base64,${[content].flat().join("").replace(/\s/g, "")}`;
  }
  return undefined;
}
