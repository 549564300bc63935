/** The gallery's page: figures by study with their claims, notebooks, and where the run came from. */

import type { Verdict } from "../figures/index.js";
import { type Column, escapeHtml, parseDataLabel, tableHtml } from "../figures/index.js";
import type {
  GalleryClaim,
  GalleryFigure,
  GalleryNotebook,
  GalleryOptions,
  GalleryStudy,
} from "./gallery-entry.js";
import { provenanceHtml } from "./gallery-provenance.js";
import { GALLERY_SCRIPT, GALLERY_STYLE } from "./gallery-style.js";
import { htmlPage } from "./html.js";
import { PAGE_STYLE } from "./html-style.js";

/** A figure with its files as the page addresses them, and its size [px]. */
export interface FigureCard extends Omit<GalleryFigure, "files"> {
  readonly files: GalleryFigure["files"] & { readonly csv: string };
  readonly width: number;
  readonly height: number;
  /** columns of a table */
  readonly columns?: readonly Column[];
}

/** A notebook with its page and file as the gallery addresses them. */
export interface NotebookLink extends GalleryNotebook {
  readonly page?: string;
  readonly file?: string;
}

/** All the page is made from. */
export interface GalleryPageOptions extends GalleryOptions {
  readonly cards: readonly FigureCard[];
  readonly links: readonly NotebookLink[];
}

const SIGNS: Readonly<Record<Verdict, string>> = {
  reproduced: "✓",
  holds: "✓",
  differs: "✗",
  "not comparable": "○",
  "by construction": "○",
  "not judged": "○",
};

/** Where the data of a figure come from, by the kind of its label. */
const KINDS: Readonly<Record<string, string>> = {
  real: "from real data",
  twin: "from twins",
  form: "schematic or closed form",
};

/** Write the page. */
export function galleryPage(options: GalleryPageOptions): string {
  const { cards, claims, links, provenance } = options;
  const title = options.title ?? "Gallery";
  const studies = studiesOf(options);
  const sections = studies.map((study) => {
    const own = cards.filter((card) => card.study === study.id);
    return `<section id="study-${slug(study.id)}">${studyHead(study, own)}<div class="cards">
${own.map((card) => figureHtml(card, options)).join("\n")}
</div></section>`;
  });
  const entries = [
    ...(claims.length > 0 ? [["claims", "Claims"]] : []),
    ...studies.map((study) => [`study-${slug(study.id)}`, citationOf(study)]),
    ["notebooks", "Notebooks"],
    ["provenance", "Provenance"],
  ];
  const nav = entries.map(([id, text]) => `<li><a href="#${id}">${escapeHtml(text!)}</a></li>`);
  return htmlPage({
    title,
    style: PAGE_STYLE + GALLERY_STYLE,
    scripts: [GALLERY_SCRIPT],
    body: `<a class="skip" href="#main">To the figures</a>
<header><h1>${escapeHtml(title)}</h1><p>${summary(options)}</p>
<nav aria-label="Contents"><ul>${nav.join("")}</ul></nav></header>
<main id="main">
${claims.length > 0 ? claimsHtml(claims, cards) : ""}
${sections.join("\n")}
<section id="notebooks"><h2>Notebooks</h2>${notebooksHtml(links)}</section>
<section id="provenance"><h2>Provenance</h2>${provenanceHtml(provenance)}</section>
</main>`,
  });
}

/** Title, authors and paper of a study, and its figures by number. */
function studyHead(study: GalleryStudy, cards: readonly FigureCard[]): string {
  const { title, authors = [], reference = "" } = study;
  const names = authors.map(({ name }) => escapeHtml(name)).join(", ");
  const paper = /^https:\/\//.test(reference)
    ? `<a href="${escapeHtml(reference)}">${escapeHtml(reference.replace(/^https:\/\/(doi\.org\/)?/, ""))}</a>`
    : "";
  const about = [names, paper].filter((part) => part !== "").join(" · ");
  const jumps = cards.map(
    (card) =>
      `<li><a href="#${cardId(card)}" title="${escapeHtml(card.title)}">${escapeHtml(nameOf(card))}</a></li>`,
  );
  return `<h2>${escapeHtml(title)}</h2>${about === "" ? "" : `<p class="note">${about}</p>`}
<nav aria-label="${escapeHtml(`Figures of ${citationOf(study)}`)}"><ul class="jumps">${jumps.join("")}</ul></nav>`;
}

/** A study as one cites it, such as `Upton et al. 2024`; its title where the authors are not known. */
function citationOf({ id, title, authors = [] }: GalleryStudy): string {
  const [first, second] = authors.map(({ name }) => name.trim().split(/\s+/).at(-1)!);
  if (first === undefined) return title;
  const others = authors.length > 2 ? " et al." : second === undefined ? "" : ` and ${second}`;
  return `${first}${others} ${/\d{4}/.exec(id)?.[0] ?? ""}`.trim();
}

function studiesOf({ studies = [], cards }: GalleryPageOptions): GalleryStudy[] {
  const named = new Set(studies.map((study) => study.id));
  const others = [...new Set(cards.map((card) => card.study))].filter((id) => !named.has(id));
  const all: GalleryStudy[] = [...studies, ...others.map((id) => ({ id, title: id }))];
  return all.filter((study) => cards.some((card) => card.study === study.id));
}

function summary({ cards, claims, links }: GalleryPageOptions): string {
  const count = (n: number, one: string) => `${n} ${one}${n === 1 ? "" : "s"}`;
  const tables = cards.filter((card) => card.kind === "table").length;
  const kinds = Object.entries(KINDS).flatMap(([kind, from]) => {
    const number = cards.filter((card) => labelKind(card.dataLabel) === kind).length;
    return number === 0 ? [] : [`${number} ${from}`];
  });
  const failed = links.filter((link) => link.status === "failed").length;
  const verdicts = [...new Set(claims.map((claim) => claim.verdict))].map(
    (verdict) => `${claims.filter((claim) => claim.verdict === verdict).length} ${verdict}`,
  );
  return escapeHtml(
    [
      `${count(cards.length - tables, "figure")}, ${count(tables, "table")}`,
      kinds.length > 1 ? kinds.join(", ") : "",
      `${count(links.length, "notebook")}${failed > 0 ? ` (${failed} failed)` : ""}`,
      claims.length > 0 ? `${count(claims.length, "claim")}: ${verdicts.join(", ")}` : "",
    ]
      .filter((part) => part !== "")
      .join(" · "),
  );
}

function figureHtml(card: FigureCard, { claims, links }: GalleryPageOptions): string {
  const id = cardId(card);
  const own = claims.filter((c) => c.study === card.study && c.figures.includes(card.id));
  const notebook = links.find((link) => link.name === card.notebook);
  const wide = card.width >= 1000 || card.kind === "table" ? " wide" : "";
  return `<article class="card${wide}" id="${id}" aria-labelledby="${id}-title">
<h3 id="${id}-title">${escapeHtml(`${nameOf(card)}. ${card.title}`)}</h3>
<p class="label ${labelKind(card.dataLabel)}">${escapeHtml(labelText(card.dataLabel))}</p>
<div class="view">${card.kind === "table" ? tableView(card) : pictureView(card)}</div>
<p>${escapeHtml(card.caption)}</p>
${own.length > 0 ? claimTable(own, `Claims about ${nameOf(card)}`) : ""}
<p class="links">${linksHtml(card, notebook)}</p>
</article>`;
}

/** What a figure is called, such as `Figure 3`. */
function nameOf({ kind, number }: FigureCard): string {
  return `${kind === "table" ? "Table" : "Figure"} ${number}`.trim();
}

function pictureView({ files, width, height, title }: FigureCard): string {
  const source = files.png ?? files.svg;
  if (source === undefined) return `<p class="note">No picture was drawn.</p>`;
  const picture = `<img loading="lazy" decoding="async" width="${width}" height="${height}" alt="${escapeHtml(title)}" src="${escapeHtml(source)}">`;
  return files.html === undefined ? picture : `<a href="${escapeHtml(files.html)}">${picture}</a>`;
}

function tableView({ columns = [], title, id, study, dataLabel }: FigureCard): string {
  const made = { id, study, title, caption: "", dataLabel: parseDataLabel(dataLabel), columns };
  return `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(title)}">${tableHtml(made)}</div>`;
}

function linksHtml(card: FigureCard, notebook: NotebookLink | undefined): string {
  const { files, kind, height } = card;
  const name = nameOf(card);
  const link = (address: string | undefined, text: string, what: string) =>
    address === undefined
      ? ""
      : `<a href="${escapeHtml(address)}">${text}<span class="hidden"> ${escapeHtml(what)}</span></a>`;
  const explore =
    kind === "figure" && files.html !== undefined
      ? `<button type="button" class="explore" data-page="${escapeHtml(files.html)}" data-height="${height}" aria-expanded="false">Explore<span class="hidden"> ${escapeHtml(name)}</span></button>`
      : "";
  return [
    explore,
    link(files.csv, "Numbers (CSV)", `of ${name}`),
    link(files.svg, "SVG", `of ${name}`),
    link(files.png, "PNG", `of ${name}`),
    link(files.json, "JSON", `of ${name}`),
    link(notebook?.page, `Notebook ${escapeHtml(card.notebook)}`, `that made ${name}`),
  ]
    .filter((part) => part !== "")
    .join(" ");
}

function claimsHtml(claims: readonly GalleryClaim[], cards: readonly FigureCard[]): string {
  const judged = claims.filter(({ verdict }) => verdict !== "not judged");
  const others = claims.filter(({ verdict }) => verdict === "not judged");
  return `<section id="claims"><h2>Claims</h2>
<p>What the papers say, what this run gives, and whether the two agree. Numbers of a synthetic twin are never compared with numbers of a paper.</p>
${judged.length > 0 ? claimTable(judged, "Claims judged in this run", cards) : ""}
${others.length > 0 ? `<details><summary>${others.length === 1 ? "A claim" : `${others.length} claims`} that this run does not judge</summary>${claimTable(others, "Claims not judged", cards)}</details>` : ""}</section>`;
}

function claimTable(
  claims: readonly GalleryClaim[],
  caption: string,
  cards?: readonly FigureCard[],
): string {
  const rows = claims.map((claim) => {
    const bearers = cards?.filter((c) => c.study === claim.study && claim.figures.includes(c.id));
    const links = bearers?.map(
      (card) => `<a href="#${cardId(card)}">${escapeHtml(`${card.study} ${card.number}`)}</a>`,
    );
    const note = claim.note === undefined ? "" : `<br><small>${escapeHtml(claim.note)}</small>`;
    return `<tr><th scope="row">${escapeHtml(claim.claim)}</th><td data-label="Paper says">${escapeHtml(claim.paper)}</td><td data-label="We get">${escapeHtml(claim.ours)}</td><td data-label="Verdict">${verdictHtml(claim.verdict)}${note}</td>${links === undefined ? "" : `<td data-label="Shown in">${links.join(", ")}</td>`}</tr>`;
  });
  const label = escapeHtml(caption);
  return `<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table class="claims"><caption>${label}</caption>
<thead><tr><th scope="col">Claim</th><th scope="col">Paper says</th><th scope="col">We get</th><th scope="col">Verdict</th>${cards ? '<th scope="col">Shown in</th>' : ""}</tr></thead>
<tbody>${rows.join("")}</tbody></table></div>`;
}

function verdictHtml(verdict: Verdict): string {
  const sign = SIGNS[verdict] ?? "○";
  const kind = sign === "✓" ? "good" : sign === "✗" ? "bad" : "other";
  return `<span class="verdict ${kind}"><span aria-hidden="true">${sign}</span> ${escapeHtml(verdict)}</span>`;
}

function notebooksHtml(links: readonly NotebookLink[]): string {
  const rows = links.map(({ title, name, status, seconds, page, file }) => {
    const read =
      page === undefined
        ? escapeHtml(title)
        : `<a href="${escapeHtml(page)}">${escapeHtml(title)}</a>`;
    const get =
      file === undefined
        ? ""
        : `<a href="${escapeHtml(file)}" download>${escapeHtml(name)}.ipynb</a>`;
    const time = seconds === undefined ? "" : `${seconds.toFixed(1)} s`;
    const kind = status === "failed" ? "bad" : status === "completed" ? "good" : "other";
    return `<tr><th scope="row">${read}</th><td><span class="verdict ${kind}">${escapeHtml(status)}</span></td><td>${time}</td><td>${get}</td></tr>`;
  });
  return `<div class="scroll" tabindex="0" role="region" aria-label="Notebooks of this run"><table><thead><tr><th scope="col">Notebook</th><th scope="col">Status</th><th scope="col">Time</th><th scope="col">File</th></tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

function labelKind(label: string): string {
  if (label.startsWith("real")) return "real";
  return label.startsWith("twin") ? "twin" : "form";
}

function labelText(label: string): string {
  return /^(real data:|published numbers:|schematic$)/.test(label)
    ? label[0]!.toUpperCase() + label.slice(1)
    : `Data: ${label}`;
}

function cardId({ study, id }: { readonly study: string; readonly id: string }): string {
  return `figure-${slug(study)}-${slug(id)}`;
}

function slug(text: string): string {
  return text.replace(/[^A-Za-z0-9_-]+/g, "-");
}
