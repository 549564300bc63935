/**
 * What is made of a run of the graph once its notebooks ended: `claims.json`, `run.json`,
 * `ro-crate-metadata.json` and the gallery. Made again only when something it shows changed.
 */

import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "./atomic.js";
import { gatherClaims } from "./claims.js";
import { describeCrate } from "./crate.js";
import { FIGURE_FORMS, filesOf, type GraphNode, TABLE_FORMS } from "./declaration.js";
import { sha256 } from "./digest.js";
import type { GalleryFigure, GalleryNotebook } from "./gallery-entry.js";
import { type FigureManifest, nameOf, readFigureManifest } from "./manifest.js";
import { collectProvenance } from "./provenance.js";
import { readRecord } from "./record.js";
import { type NodeResult, openGraph, type ReproduceResult } from "./reproduce.js";

/** A run that ended, and when. */
export interface PublishOptions {
  readonly root: string;
  readonly profile: string;
  readonly start: Date;
  readonly end: Date;
}

/**
 * Publish a run. What an earlier run of the same folder made stays in view, also where this one was
 * asked for some notebooks only.
 *
 * @returns the path of the gallery
 * @throws {DataError} if the manifest or a finding is not sound
 * @throws {BusyError} if the disk is full
 */
export async function publish(run: ReproduceResult, options: PublishOptions): Promise<string> {
  const result = await withEarlier(run, options.root);
  const { runFolder } = result;
  const page = join(runFolder, "index.html");
  const manifest = await readFigureManifest(options.root);
  const claims = await gatherClaims(runFolder, manifest);
  const stamp = stampOf(result, { manifest, claims });
  const stampFile = join(runFolder, ".state", "published");
  const published = await readFile(stampFile, "utf8").catch(() => "");
  if (published === stamp && existsSync(page)) return page;
  const provenance = await collectProvenance(options.root, options.profile, { result, ...options });
  await writeJson(join(runFolder, "claims.json"), claims);
  await writeJson(join(runFolder, "run.json"), provenance);
  await writeJson(join(runFolder, "ro-crate-metadata.json"), describeCrate(provenance));
  const { writeGallery } = await import("./gallery.js");
  await writeGallery({
    folder: runFolder,
    title: `Figures and claims, ${options.profile} run`,
    studies: manifest.studies,
    figures: await figuresOf(result, manifest),
    claims,
    notebooks: result.results.map((node) => notebookOf(node, result.nodes)),
    provenance: provenance as unknown as Record<string, unknown>,
  });
  await writeWhole(stampFile, stamp);
  return page;
}

/** The run with the notebooks that it was not asked for, as far as an earlier one left them whole. */
async function withEarlier(run: ReproduceResult, root: string): Promise<ReproduceResult> {
  const { runFolder } = run;
  const { nodes } = await openGraph(root);
  const results = nodes.map(async (node): Promise<NodeResult | undefined> => {
    const own = run.results.find(({ notebook }) => notebook === node.name);
    const record = own === undefined ? await readRecord(runFolder, node.name) : undefined;
    if (record === undefined) return own;
    const executed = join(runFolder, "notebooks", `${node.name}.ipynb`);
    const files = filesOf(node).map((file) => join(runFolder, file));
    const isWhole = record.status === "failed" || files.every((file) => existsSync(file));
    if (!isWhole || !existsSync(executed)) return undefined;
    const about = { notebook: node.name, executed, record, reasons: [] };
    if (record.failure === undefined) return { ...about, status: "earlier" };
    return { ...about, status: "failed", failure: record.failure };
  });
  const known = (await Promise.all(results)).filter((entry) => entry !== undefined);
  const names = new Set(known.map(({ notebook }) => notebook));
  return { runFolder, nodes: nodes.filter(({ name }) => names.has(name)), results: known };
}

/** A hash of all that the published files show, but for the time. */
function stampOf(result: ReproduceResult, more: Record<string, unknown>): string {
  const nodes = result.results.map(({ notebook, status, record }) => [
    notebook,
    ["current", "earlier"].includes(status) ? "completed" : status,
    record,
  ]);
  return sha256(JSON.stringify({ nodes, ...more }));
}

/** The figures and tables that were drawn whole, in the order of the manifest, then of the notebooks. */
async function figuresOf(
  { runFolder, nodes }: ReproduceResult,
  manifest: FigureManifest,
): Promise<GalleryFigure[]> {
  const order = new Map(manifest.figures.map((figure, index) => [nameOf(figure), index]));
  const place = (name: string) => order.get(name) ?? manifest.figures.length;
  const drawn = nodes.flatMap((node) => [
    ...node.figures.map((name) => ({ name, kind: "figure" as const, notebook: node.name })),
    ...node.tables.map((name) => ({ name, kind: "table" as const, notebook: node.name })),
  ]);
  const formsOf = (kind: "figure" | "table") => (kind === "table" ? TABLE_FORMS : FIGURE_FORMS);
  const found = drawn.filter(({ name, kind }) =>
    formsOf(kind).every((form) => existsSync(join(runFolder, "figures", `${name}.${form}`))),
  );
  found.sort((a, b) => place(a.name) - place(b.name));
  return Promise.all(
    found.map(async ({ name, kind, notebook }) => {
      const base = join(runFolder, "figures", name);
      const text = await readFile(`${base}.json`, "utf8");
      const { id, study, title, caption, dataLabel } = JSON.parse(text) as GalleryFigure;
      const number = manifest.figures.find((figure) => nameOf(figure) === name)?.number ?? "";
      const files = Object.fromEntries(formsOf(kind).map((form) => [form, `${base}.${form}`]));
      const about = { id, study, number, kind, title, caption, dataLabel, notebook };
      return { ...about, files: files as GalleryFigure["files"] };
    }),
  );
}

function notebookOf(result: NodeResult, nodes: readonly GraphNode[]): GalleryNotebook {
  const node = nodes.find(({ name }) => name === result.notebook)!;
  const heading = node.notebook.cells
    .filter((cell) => cell.cell_type === "markdown")
    .map((cell) => /^#\s+(.+)$/m.exec(cell.source)?.[1])
    .find((text) => text !== undefined);
  const ended = ["current", "earlier", "completed"].includes(result.status);
  const began = result.status === "failed" && existsSync(result.executed);
  const status = ended ? "completed" : began ? "failed" : "skipped";
  return {
    name: node.name,
    title: heading ?? node.name,
    path: result.executed,
    status,
    ...(result.record && { seconds: result.record.seconds }),
  };
}

async function writeJson(path: string, content: unknown): Promise<void> {
  await writeWhole(path, `${JSON.stringify(content, null, 2)}\n`);
}
