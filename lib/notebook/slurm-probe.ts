/** Before anything is submitted: do the nodes see this folder, have they Node, and is their clock right? */

import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { BusyError, EnvironmentError } from "../core/index.js";
import { writeWhole } from "./atomic.js";
import { ask } from "./slurm-command.js";
import { quote } from "./slurm-plan.js";
import type { ClusterProfile } from "./slurm-profile.js";

/** Of how many idle nodes a proof is wanted at most. */
const MOST_NODES = 16;

/** What one node answered. */
interface Answer {
  readonly node: string;
  readonly token: string;
  /** [s since 1970] */
  readonly clock: number;
  readonly version: string;
}

/**
 * Write a token into a folder and have nodes of the partition read it back.
 *
 * @throws {BusyError} if no node is free in time
 * @throws {EnvironmentError} if a node does not see the token, has no Node or a wrong clock
 */
export async function probeNodes(folder: string, cluster: ClusterProfile): Promise<void> {
  if (cluster.probeSeconds === 0) return;
  const token = randomUUID();
  const file = join(folder, `token-${token}`);
  await writeWhole(file, token);
  const before = Date.now() / 1000;
  try {
    const { code, stdout, stderr } = await ask(
      "srun",
      await probeArguments(file, cluster),
      1000 * (cluster.probeSeconds + 60),
    );
    const after = Date.now() / 1000;
    if (code !== 0 && !stdout.includes("probe:")) throw refused(stderr, cluster);
    const answers = stdout.split("\n").flatMap(readAnswer);
    for (const answer of answers) judge(answer, { token, before, after, file, cluster });
  } finally {
    await rm(file, { force: true });
  }
}

async function probeArguments(file: string, cluster: ClusterProfile): Promise<string[]> {
  const where = cluster.partition === "" ? [] : [`--partition=${cluster.partition}`];
  const idle = await ask("sinfo", ["--noheader", "--states=idle", "--format=%D", ...where]);
  const nodes = idle.stdout.split(/\s+/).reduce((sum, count) => sum + Number(count), 0);
  const named = (["account", "qos", "constraint"] as const).filter((key) => cluster[key] !== "");
  const script = [
    ...cluster.setup,
    `echo "probe:\${SLURMD_NODENAME:-?}|$(cat ${quote(file)} 2>/dev/null)|$(date +%s.%N)|$(node --version 2>/dev/null)"`,
  ];
  return [
    "--quiet",
    `--nodes=${Math.max(1, Math.min(nodes, MOST_NODES))}`,
    "--ntasks-per-node=1",
    "--mem=100M",
    "--time=2",
    `--immediate=${Math.ceil(cluster.probeSeconds)}`,
    "--chdir=/",
    ...where,
    ...named.map((key) => `--${key}=${cluster[key]}`),
    "bash",
    "-c",
    script.join("\n"),
  ];
}

function readAnswer(line: string): Answer[] {
  const match = /^probe:([^|]*)\|([^|]*)\|([^|]*)\|(.*)$/.exec(line);
  if (match === null) return [];
  const [, node = "", token = "", clock = "", version = ""] = match;
  return [{ node, token, clock: Number(clock), version }];
}

function judge(
  answer: Answer,
  told: {
    readonly token: string;
    readonly before: number;
    readonly after: number;
    readonly file: string;
    readonly cluster: ClusterProfile;
  },
): void {
  const { node, token, clock, version } = answer;
  const what = `node ${node}`;
  if (token !== told.token) {
    throw new EnvironmentError({
      where: told.file,
      what,
      wanted: "to read the token written there",
      got: "nothing",
      remedy: "nothing was submitted; put the project on a file system that all nodes share",
    });
  }
  const skew = Math.max(told.before - clock, clock - told.after, 0);
  if (!(skew <= told.cluster.skewSeconds)) {
    throw new EnvironmentError({
      what: `clock of ${what}`,
      wanted: `within ${told.cluster.skewSeconds} s of this machine's`,
      got: `${Math.round(skew)} s off`,
      remedy: "nothing was submitted; the site's time service needs a look, or raise skewSeconds",
    });
  }
  if (/^v\d/.test(version)) return;
  throw new EnvironmentError({
    what,
    wanted: "the program node",
    got: "none on its PATH",
    remedy: "nothing was submitted; load it in setup of the cluster file",
  });
}

function refused(stderr: string, cluster: ClusterProfile): Error {
  const full = /immediate|busy|allocat|Timed out|no answer/i.test(stderr);
  const what = "proof of the shared folder";
  if (!full) return new EnvironmentError({ what, wanted: "a node", got: stderr });
  return new BusyError({
    what,
    wanted: `a free node within ${cluster.probeSeconds} s`,
    got: "a full queue",
    remedy: "nothing was submitted; try later, or set probeSeconds: 0 to go without the proof",
  });
}
