/** Whether a process of this machine runs, and since when. */

import { readFile } from "node:fs/promises";
import { uptime } from "node:os";

/** Linux counts the age of processes in hundredths of a second, whatever the machine [ms]. */
const TICK = 10;

/** Whether a process of this number runs. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The boot and the moment in it at which a process was born; undefined where the system has no /proc. */
export async function birthOf(pid: number): Promise<string | undefined> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    return `${boot.trim()} ${await ticksOf(pid)}`;
  } catch {
    return undefined;
  }
}

/** The time at which a process was born [ms since 1970]; undefined where the system has no /proc. */
export async function bornAt(pid: number): Promise<number | undefined> {
  try {
    return Date.now() - uptime() * 1000 + Number(await ticksOf(pid)) * TICK;
  } catch {
    return undefined;
  }
}

/** Ticks from the boot to the birth of a process. */
async function ticksOf(pid: number): Promise<string> {
  const fields = await readFile(`/proc/${pid}/stat`, "utf8");
  return fields.slice(fields.lastIndexOf(")") + 2).split(" ")[19]!;
}
