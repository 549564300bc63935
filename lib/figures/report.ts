/** The report of a comparison: each figure expected, actual and their difference, side by side. */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { CheckOptions, FigureCheck, Outcome } from "./check.js";
import { escapeHtml } from "./escape.js";
import { FONT_STACK } from "./font.js";

const ORDER: readonly Outcome[] = ["numbers differ", "missing", "looks differ", "new", "same"];

const STYLE = `
body{font-family:${FONT_STACK};margin:1rem auto;max-width:100rem;padding:0 1rem;color:#16222c;background:#fff;line-height:1.5}
section{border-top:1px solid #c9d2d9;padding:.5rem 0}
.row{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,20rem),1fr));gap:1rem}
figure{margin:0}img{max-width:100%;border:1px solid #c9d2d9}
table{border-collapse:collapse}td,th{border:1px solid #c9d2d9;padding:.25rem .5rem;text-align:left}
`;

/** Write the report, worst first, whole in itself. Figures that are the same get one line. */
export async function reportPage(
  checks: readonly FigureCheck[],
  { expected, actual }: CheckOptions,
): Promise<string> {
  const sorted = [...checks].sort((a, b) => ORDER.indexOf(a.outcome) - ORDER.indexOf(b.outcome));
  const sections: string[] = [];
  for (const check of sorted.filter(({ outcome }) => outcome !== "same")) {
    sections.push(await sectionHtml(check, expected, actual));
  }
  const counts = ORDER.map((outcome) => {
    return `${checks.filter((check) => check.outcome === outcome).length} ${outcome}`;
  });
  const rows = sorted.map(rowHtml);
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>Comparison of figures</title><style>${STYLE}</style></head>
<body><main><h1>Comparison of figures</h1>
<p>${counts.join(" · ")}</p>
<table><thead><tr><th scope="col">Figure</th><th scope="col">Outcome</th><th scope="col">Numbers that differ</th><th scope="col">Largest |a−e|</th><th scope="col">Largest |a−e|/|e|</th><th scope="col">Pixel RMS</th></tr></thead>
<tbody>${rows.join("\n")}</tbody></table>
${sections.join("\n")}
</main></body></html>
`;
}

function rowHtml({ study, id, outcome, numbers, picture }: FigureCheck): string {
  const cells = [
    `${study}/${id}`,
    outcome,
    numbers === undefined ? "" : `${numbers.differing} of ${numbers.compared}`,
    numbers === undefined ? "" : numbers.largestAbsolute.toPrecision(3),
    numbers === undefined ? "" : numbers.largestRelative.toPrecision(3),
    picture === undefined ? "" : picture.rms.toPrecision(3),
  ];
  return `<tr>${cells.map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
}

async function sectionHtml(check: FigureCheck, expected: string, actual: string): Promise<string> {
  const { study, id, outcome, numbers, picture, tolerance } = check;
  const pictures = [
    ["Expected", await pngOf(join(expected, study, `${id}.png`))],
    ["Actual", await pngOf(join(actual, study, `${id}.png`))],
    ["Difference", picture?.difference],
  ] as const;
  const shown = pictures.flatMap(([name, png]) => {
    if (png === undefined) return [];
    const source = `data:image/png;base64,${Buffer.from(png).toString("base64")}`;
    return [`<figure><img alt="${name}" src="${source}"><figcaption>${name}</figcaption></figure>`];
  });
  const rows = numbers?.differences.map(({ place, expected: e, actual: a }) => {
    return `<tr>${[place, e, a].map((cell) => `<td>${escapeHtml(cell)}</td>`).join("")}</tr>`;
  });
  const table =
    rows === undefined || rows.length === 0
      ? ""
      : `<table><caption>First differences; allowed are ${tolerance.absolute} + ${tolerance.relative} |e|</caption><thead><tr><th scope="col">Place</th><th scope="col">Expected</th><th scope="col">Actual</th></tr></thead><tbody>${rows.join("")}</tbody></table>`;
  return `<section><h2>${escapeHtml(`${study}/${id}`)}: ${outcome}</h2>${table}<div class="row">${shown.join("")}</div></section>`;
}

async function pngOf(path: string): Promise<Uint8Array | undefined> {
  return existsSync(path) ? readFile(path) : undefined;
}
