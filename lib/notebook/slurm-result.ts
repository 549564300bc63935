/** What became of a run on a cluster, as the local run tells it. */

import { join } from "node:path";
import { type RunRecord, readRecord } from "./record.js";
import type { NodeResult, ReproduceResult } from "./reproduce.js";
import type { Watch } from "./slurm-watch.js";

/**
 * The result of a run whose jobs have all ended.
 *
 * @param start tasks that were done before it
 */
export async function resultOf(watch: Watch, start: ReadonlySet<string>): Promise<ReproduceResult> {
  const { units, context } = watch;
  const nodes = units.filter(({ loop }) => loop === undefined).map(({ node }) => node);
  const results = nodes.map(async (node): Promise<NodeResult> => {
    const executed = join(context.runFolder, "notebooks", `${node.name}.ipynb`);
    const record = await readRecord(context.runFolder, node.name);
    const ended = endOf(watch, { name: node.name, start, record });
    return { notebook: node.name, executed, reasons: [], ...ended };
  });
  return { runFolder: context.runFolder, nodes, results: await Promise.all(results) };
}

function endOf(
  { failed, progress }: Watch,
  about: {
    readonly name: string;
    readonly start: ReadonlySet<string>;
    readonly record: RunRecord | undefined;
  },
): Pick<NodeResult, "status" | "record" | "failure"> {
  const { name, start, record } = about;
  if (progress.done.has(name)) {
    return { status: start.has(name) ? "current" : "completed", record: record! };
  }
  const fault = [...failed].find(([task]) => task === name || task.startsWith(`${name}/`));
  if (fault === undefined) return { status: "blocked" };
  const [task, { kind, message }] = fault;
  const evalue = `${task}: ${message}`;
  const told = { kind, cell: 0, ename: "TaskError", evalue, traceback: [] };
  const own = task === name && kind === "error" ? record?.failure : undefined;
  return { status: "failed", failure: own ?? told };
}
