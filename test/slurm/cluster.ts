/** A real Slurm of two nodes on this machine, for the tests. */

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../environment/slurm/cluster.sh", import.meta.url));

/** Whether Slurm can be started here. */
export const hasSlurm =
  process.getuid?.() === 0 &&
  ["slurmctld", "slurmd", "munged"].every(
    (program) => spawnSync("bash", ["-c", `command -v ${program}`]).status === 0,
  );

/** A running cluster. */
export interface Cluster {
  /** variables that commands need to find it */
  readonly env: NodeJS.ProcessEnv;
  /** Run the cluster's script: `act("node", "node2", "kill")`. */
  act(what: string, ...more: readonly string[]): void;
  /** Run a command of Slurm; its stdout. */
  ask(program: string, ...args: readonly string[]): string;
  /** Write a cluster file for it with some options as yaml lines. */
  file(...lines: readonly string[]): string;
  stop(): void;
}

/** Start a cluster. */
export function startCluster(port: number): Cluster {
  const folder = mkdtempSync(join(tmpdir(), "carbonbook-slurm-"));
  const env = {
    ...process.env,
    SLURM_CONF: join(folder, "slurm.conf"),
    CARBONBOOK_SLURM_PORT: String(port),
  };
  const act = (what: string, ...more: readonly string[]) => {
    execFileSync(SCRIPT, [what, folder, ...more], { env, stdio: ["ignore", "ignore", "inherit"] });
  };
  act("start");
  let files = 0;
  return {
    env,
    act,
    ask: (program, ...args) => execFileSync(program, args, { env, encoding: "utf8" }),
    file: (...lines) => {
      const path = join(folder, `cluster-${files++}.yaml`);
      const common = ["memory: 1000", "pollSeconds: 0.5", "probeSeconds: 0", "packMinutes: 0"];
      const own = lines.map((line) => line.split(":")[0]!);
      const kept = common.filter((line) => !own.includes(line.split(":")[0]!));
      writeFileSync(path, [...kept, ...lines].join("\n"));
      return path;
    },
    stop: () => {
      act("stop");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
