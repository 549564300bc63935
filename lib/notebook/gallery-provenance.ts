/** Provenance of a run as HTML: plain data of any depth, all text escaped. */

import { escapeHtml } from "../figures/index.js";

/** Write a record as a list of terms; what is nested folds away. */
export function provenanceHtml(record: Readonly<Record<string, unknown>>): string {
  const rows = Object.entries(record).map(
    ([key, value]) => `<dt>${escapeHtml(key)}</dt><dd>${valueHtml(value, key)}</dd>`,
  );
  return `<dl>${rows.join("")}</dl>`;
}

function valueHtml(value: unknown, key: string): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return "none";
    const items = value.map((item, i) => `<li>${valueHtml(item, `${key} ${i + 1}`)}</li>`);
    return folded(`${value.length} entries`, `<ol>${items.join("")}</ol>`);
  }
  if (typeof value === "object" && value !== null) {
    const names = Object.keys(value);
    if (names.length === 0) return "none";
    const name = (value as Record<string, unknown>).name;
    const head = typeof name === "string" ? name : `${names.length} entries`;
    return folded(head, provenanceHtml(value as Record<string, unknown>));
  }
  return escapeHtml(String(value ?? "unknown"));
}

function folded(head: string, body: string): string {
  return `<details><summary>${escapeHtml(head)}</summary>${body}</details>`;
}
