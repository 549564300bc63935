/** `carbonbook reproduce --executor slurm`: the graph as jobs of a cluster. */

import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { UsageError } from "../core/index.js";
import type { ClusterProfile, SlurmEvent } from "../notebook/index.js";
import type { Console } from "./console.js";
import { EXIT } from "./exit.js";
import type { Interruption } from "./interrupt.js";
import { conclude } from "./reproducecommand.js";

interface Options {
  readonly profile: string;
  readonly only: readonly string[];
  readonly force: boolean;
  readonly cluster?: string;
  readonly dryRun: boolean;
  readonly cancel: boolean;
  readonly root: string;
}

/** How often progress is told where nobody watches a bar [tasks]. */
const TELLING = 100;

/** Run, plan or cancel on Slurm; the exit code. */
export async function runOnSlurm(
  options: Options,
  console: Console,
  interruption: Interruption,
): Promise<number> {
  const { cancelOnSlurm, planOnSlurm, reproduceOnSlurm } = await import("../notebook/index.js");
  const { root, profile, only, force } = options;
  if (options.cancel) {
    const jobs = await cancelOnSlurm(join(root, "runs", profile));
    console.print(jobs.length === 0 ? "no jobs to end" : `ended jobs ${jobs.join(", ")}`);
    console.document({ cancelled: jobs });
    return EXIT.done;
  }
  if (force) {
    const remedy = "delete runs/<profile> (carbonbook clean) to run all anew";
    throw new UsageError({ what: "--force", wanted: "--executor local", got: "slurm", remedy });
  }
  const start = new Date();
  const cluster = await readCluster(options.cluster);
  const entry = fileURLToPath(new URL("./taskmain.js", import.meta.url));
  const common = { root, profile, only, cluster, entry };
  if (options.dryRun) {
    const scripts = await planOnSlurm(common);
    console.print(scripts.trimEnd());
    console.document({ scripts });
    return EXIT.done;
  }
  await provideData(cluster, options, console);
  const ended = await reproduceOnSlurm({
    ...common,
    signal: interruption.signal,
    onSlurm: makeReporter(console),
  });
  if (ended.left === null) {
    return conclude(ended.result, { profile, root, start, console, interruption });
  }
  const again = `carbonbook reproduce --executor slurm --profile ${profile}`;
  console.print(
    `left with jobs ${ended.left.join(", ")} going on; come back with: ${again}; end them with: ${again} --cancel`,
  );
  console.document({ left: ended.left });
  return interruption.code() ?? EXIT.done;
}

/** Options that only the Slurm executor takes were given to another. */
export function slurmOnly(): UsageError {
  return new UsageError({
    what: "--cluster, --dry-run and --cancel",
    wanted: "--executor slurm",
    got: "the local executor",
  });
}

async function readCluster(path: string | undefined): Promise<ClusterProfile> {
  const { CLUSTER_DEFAULTS, readClusterProfile } = await import("../notebook/index.js");
  return path === undefined ? CLUSTER_DEFAULTS : readClusterProfile(path);
}

/** Bring the data sets that notebooks declare here, as nodes may have no network; or say what is not here. */
async function provideData(cluster: ClusterProfile, options: Options, console: Console) {
  const { listDeclaredData } = await import("../notebook/index.js");
  const { fetchData, locate } = await import("../data/index.js");
  const absent = (await listDeclaredData(options.root, options.only)).filter(
    (id) => locate(id) === undefined,
  );
  if (absent.length === 0) return;
  if (cluster.data === "here") {
    console.note(`not here, so the notebooks do without: ${absent.join(", ")}`);
    return;
  }
  const report = await fetchData(absent, {
    jobs: 4,
    onProgress: (done, total) => console.bar("data", done, total),
  });
  for (const { path } of report.failed) console.note(`could not be fetched: ${path}`);
  for (const { id, byHand } of report.byHand) console.note(`${id}: by hand: ${byHand?.how}`);
}

/** Lines where the output is kept, a bar where it is watched. */
function makeReporter(console: Console): (event: SlurmEvent) => void {
  let told = 0;
  return (event) => {
    switch (event.kind) {
      case "submitted":
        return console.note(`submitted ${event.tasks} tasks as jobs ${event.jobs.join(", ")}`);
      case "back":
        return console.note(`back with jobs ${event.jobs.join(", ")}`);
      case "progress":
        console.bar("tasks", event.done, event.total);
        if (event.done - told < TELLING) return;
        told = event.done;
        return console.note(`${event.done} of ${event.total} tasks done`);
      case "again":
        return console.note(`${event.task}: ${event.why}; tried again with ${event.how}`);
      case "failed":
        return console.note(`${event.task}: ${event.why}`);
      case "silent":
        return console.note(`Slurm's controller does not answer for ${event.seconds} s; waiting`);
    }
  };
}
