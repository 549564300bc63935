/** Running a notebook in a test. */

import { join } from "node:path";
import {
  type CodeCell,
  type Given,
  type Metadata,
  type RunOptions,
  readNotebook,
  runNotebook,
} from "carbonbook/notebook";
import { makeFolder } from "./samples.js";

/** Run a notebook and read what was written. */
export async function run(input: string, options: Partial<RunOptions> = {}) {
  const output = join(makeFolder(), "out.ipynb");
  const result = await runNotebook({ input, output, kernel: "python3", ...options });
  const { cells, metadata } = await readNotebook(output);
  const papermill = metadata.papermill as Metadata;
  const code = cells.filter((cell): cell is CodeCell => cell.cell_type === "code");
  return { ...result, cells, code, papermill, output };
}

/** Parameters as typed on a command line. */
export function given(values: Record<string, string>): Map<string, Given> {
  return new Map(Object.entries(values).map(([name, text]) => [name, { text }]));
}
