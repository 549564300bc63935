/** What a notebook found on published claims, written where the run gathers them. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "./save.js";

/** How a published claim came out. */
export type Verdict =
  | "reproduced"
  | "holds"
  | "differs"
  | "not comparable"
  | "by construction"
  | "not judged";

/** What a notebook found on one claim of the manifest `notebooks/figures.json`. */
export interface Finding {
  /** the claim's id in the manifest */
  readonly id: string;
  /** what we get, in words or numbers */
  readonly ours: string;
  readonly verdict: Verdict;
  /** why, where it needs saying */
  readonly note?: string;
}

/**
 * Save a notebook's findings as `<runFolder>/claims/<notebook>.json`.
 *
 * @throws {BusyError} if the disk is full
 */
export async function saveFindings(
  runFolder: string,
  notebook: string,
  findings: readonly Finding[],
): Promise<void> {
  const folder = join(runFolder, "claims");
  await mkdir(folder, { recursive: true });
  await writeWhole(join(folder, `${notebook}.json`), `${JSON.stringify(findings, null, 2)}\n`);
}
