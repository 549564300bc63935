/**
 * Published claims and how they came out. A notebook writes what it found as
 * `<runFolder>/claims/<its name>.json`, a list of `{ id, ours, verdict, note? }`; the run gathers
 * these beside what the manifest says of each claim. A claim that no notebook spoke of is
 * `not judged`.
 */

import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { DataError } from "../core/index.js";
import type { Finding, Verdict } from "../figures/index.js";
import type { GalleryClaim } from "./gallery-entry.js";
import type { FigureManifest } from "./manifest.js";

const VERDICTS: readonly string[] = [
  "reproduced",
  "holds",
  "differs",
  "not comparable",
  "by construction",
  "not judged",
] satisfies Verdict[];

/**
 * Gather the findings of a run beside the claims of the manifest.
 *
 * @throws {DataError} if a finding cannot be read, or is of no known claim or verdict
 */
export async function gatherClaims(
  runFolder: string,
  manifest: FigureManifest,
): Promise<GalleryClaim[]> {
  const findings = await readFindings(join(runFolder, "claims"), manifest);
  return manifest.claims.map((claim) => {
    const figures = manifest.figures.filter((figure) => figure.claims?.includes(claim.id));
    const finding = findings.get(claim.id) ?? { ours: "", verdict: "not judged" as const };
    return { ...claim, figures: figures.map((figure) => figure.id), ...finding };
  });
}

async function readFindings(
  folder: string,
  manifest: FigureManifest,
): Promise<Map<string, Finding>> {
  const known = new Set(manifest.claims.map((claim) => claim.id));
  const findings = new Map<string, Finding>();
  const names = await readdir(folder).catch(() => [] as string[]);
  for (const name of names.filter((file) => file.endsWith(".json")).sort()) {
    const where = join(folder, name);
    for (const finding of parse(await readFile(where, "utf8"), where)) {
      if (!known.has(finding.id)) throw fault(where, `one of ${[...known].join(", ")}`, finding.id);
      if (!VERDICTS.includes(finding.verdict)) {
        throw fault(where, `a verdict: ${VERDICTS.join(", ")}`, `"${finding.verdict}"`);
      }
      findings.set(finding.id, finding);
    }
  }
  return findings;
}

function parse(text: string, where: string): Finding[] {
  try {
    const list: unknown = JSON.parse(text);
    if (Array.isArray(list)) return list as Finding[];
  } catch {
    // said below
  }
  throw fault(where, "a JSON list of { id, ours, verdict }", text.slice(0, 40));
}

function fault(where: string, wanted: string, got: string): DataError {
  return new DataError({ where, what: "claims", wanted, got });
}
