/**
 * Programs that code of a cell waits for without running itself, as `execSync` does: while they go
 * on, no JavaScript runs that could be stopped, so they are ended instead.
 */
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** What is sent to programs that hold up an interrupted cell, and how long after the first [ms]. */
const SIGNALS = [
  ["SIGINT", 0],
  ["SIGTERM", 200],
  ["SIGKILL", 400],
] as const;

/**
 * End the programs that the computing thread of this process waits for, and those that they have
 * started: they are asked to stop, as by Ctrl+C, then told, then killed.
 *
 * @param isStuck whether that thread still waits; nothing is sent once it does not
 */
export function endPrograms(isStuck: () => boolean): void {
  for (const [signal, after] of SIGNALS) {
    setTimeout(() => {
      if (isStuck()) for (const pid of programs()) send(pid, signal);
    }, after);
  }
}

/** The ids of what the first thread of this process has started, the youngest last. */
function programs(): number[] {
  const own = `/proc/${process.pid}/task/${process.pid}/children`;
  const found = process.platform === "linux" ? idsIn(() => readFileSync(own, "utf8")) : [];
  if (found.length === 0) found.push(...childrenOf(process.pid));
  for (const pid of found) found.push(...childrenOf(pid));
  return found;
}

function childrenOf(pid: number): number[] {
  if (process.platform !== "linux") {
    return idsIn(() => spawnSync("pgrep", ["-P", `${pid}`], { encoding: "utf8" }).stdout);
  }
  const threads = `/proc/${pid}/task`;
  return idsIn(() =>
    readdirSync(threads)
      .map((thread) => readFileSync(`${threads}/${thread}/children`, "utf8"))
      .join(" "),
  );
}

/** The ids in a text; none where it is not to be had, as of a process that has just ended. */
function idsIn(read: () => string): number[] {
  try {
    return (read().match(/\d+/g) ?? []).map(Number);
  } catch {
    return [];
  }
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // it has ended by itself
  }
}
