/**
 * The manifest of figures, tables and claims, `notebooks/figures.json`:
 *
 * ```json
 * {
 *   "version": 1,
 *   "studies": [{ "id": "picard2024", "title": "…", "reference": "https://doi.org/…",
 *                 "authors": [{ "name": "…", "orcid": "0000-…" }] }],
 *   "figures": [{ "id": "sources-shelf", "study": "picard2024", "number": "2", "kind": "figure",
 *                 "notebook": "01-backtrack", "shows": "…", "data": "either", "claims": ["…"],
 *                 "tolerance": { "relative": 1e-6, "absolute": 0, "pixels": 0.004 } }],
 *   "claims": [{ "id": "…", "study": "picard2024", "claim": "…", "paper": "…" }]
 * }
 * ```
 *
 * What is listed and not drawn fails the run.
 */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/index.js";
import type { Tolerance } from "../figures/index.js";
import type { GraphNode } from "./declaration.js";

/** A study: one published paper. */
export interface Study {
  readonly id: string;
  readonly title: string;
  /** address of the paper, a DOI where there is one */
  readonly reference?: string;
  readonly authors?: readonly { readonly name: string; readonly orcid?: string }[];
}

/** A figure or table that the notebooks draw. */
export interface FigureEntry {
  readonly id: string;
  readonly study: string;
  /** as the paper counts it */
  readonly number: string;
  readonly kind: "figure" | "table";
  readonly notebook: string;
  /** what it shows, in one line */
  readonly shows: string;
  readonly data: "twin" | "real" | "either";
  /** ids of the claims it bears */
  readonly claims?: readonly string[];
  readonly tolerance?: Partial<Tolerance>;
}

/** A published claim. */
export interface ClaimEntry {
  readonly id: string;
  readonly study: string;
  /** the claim in words */
  readonly claim: string;
  /** what the paper gives for it */
  readonly paper: string;
}

/** The whole manifest. */
export interface FigureManifest {
  readonly version: 1;
  readonly studies: readonly Study[];
  readonly figures: readonly FigureEntry[];
  readonly claims: readonly ClaimEntry[];
}

const EMPTY: FigureManifest = { version: 1, studies: [], figures: [], claims: [] };

const FIELDS: Readonly<Record<"studies" | "figures" | "claims", readonly string[]>> = {
  studies: ["id", "title"],
  figures: ["id", "study", "number", "kind", "notebook", "shows", "data"],
  claims: ["id", "study", "claim", "paper"],
};

/**
 * Read `<root>/notebooks/figures.json`; empty if there is none.
 *
 * @throws {DataError} if it is no JSON, lacks something, names an id twice or one that is unknown
 */
export async function readFigureManifest(root: string): Promise<FigureManifest> {
  const where = join(root, "notebooks", "figures.json");
  const text = await readFile(where, "utf8").catch(() => undefined);
  if (text === undefined) return EMPTY;
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw fault(where, "JSON", (cause as Error).message);
  }
  const manifest = { ...EMPTY, ...(raw as Partial<FigureManifest>) };
  for (const [list, fields] of Object.entries(FIELDS)) {
    checkList(manifest[list as keyof typeof FIELDS], { list, fields, where });
  }
  checkReferences(manifest, where);
  return manifest;
}

/**
 * Add to each notebook the figures and tables that the manifest expects of it.
 *
 * @throws {DataError} if the manifest names a notebook that is not there
 */
export function expectFigures(
  nodes: readonly GraphNode[],
  manifest: FigureManifest,
  where: string,
): GraphNode[] {
  const names = new Set(nodes.map((node) => node.name));
  const lost = manifest.figures.find((figure) => !names.has(figure.notebook));
  if (lost !== undefined) {
    const notebooks = [...names].join(", ");
    throw fault(where, `a notebook for ${nameOf(lost)}: ${notebooks}`, `"${lost.notebook}"`);
  }
  return nodes.map((node) => {
    const own = manifest.figures.filter((figure) => figure.notebook === node.name);
    const named = (kind: FigureEntry["kind"]) => own.filter((f) => f.kind === kind).map(nameOf);
    return {
      ...node,
      figures: [...new Set([...node.figures, ...named("figure")])],
      tables: [...new Set([...node.tables, ...named("table")])],
    };
  });
}

/** A figure by its study and id, as `picard2024/sources-shelf`. */
export function nameOf(figure: { readonly study: string; readonly id: string }): string {
  return `${figure.study}/${figure.id}`;
}

function checkList(
  entries: unknown,
  rule: { readonly list: string; readonly fields: readonly string[]; readonly where: string },
): void {
  const { list, fields, where } = rule;
  if (!Array.isArray(entries)) throw fault(where, `a list in ${list}`, JSON.stringify(entries));
  const seen = new Set<string>();
  for (const entry of entries as Record<string, unknown>[]) {
    const lacking = fields.filter((field) => typeof entry[field] !== "string");
    if (lacking.length > 0) {
      throw fault(where, `texts in ${lacking.join(", ")} of ${list}`, JSON.stringify(entry));
    }
    const name = list === "figures" ? `${entry.study}/${entry.id}` : String(entry.id);
    if (seen.has(name)) throw fault(where, `each id of ${list} once`, `${name} twice`);
    seen.add(name);
  }
}

function checkReferences({ studies, figures, claims }: FigureManifest, where: string): void {
  const studyIds = new Set(studies.map(({ id }) => id));
  const claimIds = new Set(claims.map(({ id }) => id));
  for (const entry of [...figures, ...claims]) {
    if (!studyIds.has(entry.study)) throw fault(where, "a known study", `"${entry.study}"`);
  }
  for (const figure of figures) {
    const lost = (figure.claims ?? []).find((claim) => !claimIds.has(claim));
    if (lost !== undefined) throw fault(where, `a known claim in ${nameOf(figure)}`, `"${lost}"`);
    if (figure.kind !== "figure" && figure.kind !== "table") {
      throw fault(where, `kind figure or table in ${nameOf(figure)}`, `"${figure.kind}"`);
    }
  }
}

function fault(where: string, wanted: string, got: string): DataError {
  return new DataError({ where, what: "figure manifest", wanted, got, remedy: "correct it" });
}
