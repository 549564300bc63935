/** What is kept of a notebook's last run: what went in, what came out and how it ended. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "./atomic.js";
import type { FileDigest } from "./digest.js";
import type { Failure } from "./engine.js";
import type { Fingerprint } from "./fingerprint.js";
import type { Origin } from "./provenance.js";
import type { Value } from "./value.js";

/** The record of a run of one notebook. */
export interface RunRecord {
  readonly version: 2;
  readonly notebook: string;
  readonly status: "completed" | "failed";
  readonly fingerprint: Fingerprint;
  readonly parameters: Readonly<Record<string, Value>>;
  /** the code it ran with, and where */
  readonly origin: Origin;
  /** ISO 8601, UTC */
  readonly start: string;
  readonly end: string;
  /** [s] */
  readonly seconds: number;
  /** what it wrote, by path below the run's folder */
  readonly outputs: Readonly<Record<string, FileDigest>>;
  readonly failure?: Failure;
}

/** Where the record of a notebook is kept. */
export function recordPath(runFolder: string, name: string): string {
  return join(runFolder, ".state", `${name}.json`);
}

/** Read the record of a notebook; undefined if it has none that can be read. */
export async function readRecord(runFolder: string, name: string): Promise<RunRecord | undefined> {
  const text = await readFile(recordPath(runFolder, name), "utf8").catch(() => "");
  try {
    const record = JSON.parse(text) as RunRecord;
    return record.version === 2 ? record : undefined;
  } catch {
    return undefined; // absent or damaged: the notebook runs again
  }
}

/** Keep the record of a notebook. */
export async function writeRecord(runFolder: string, record: RunRecord): Promise<void> {
  await writeWhole(recordPath(runFolder, record.notebook), `${JSON.stringify(record, null, 1)}\n`);
}
