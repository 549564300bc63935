/**
 * The limit of a kernel's memory. V8 reads it when its process starts and never again, so a kernel
 * that is asked for another one starts itself once more.
 */
import { spawn } from "node:child_process";

/** Environment variable that limits the memory of a kernel [MB]. */
export const MEMORY_VARIABLE = "CARBONBOOK_KERNEL_MEMORY_MB";

/**
 * Start this process's program again with the memory that the environment names, unless it runs
 * with it already. This process then only waits, and ends as that one does.
 *
 * @returns whether it did: the caller has nothing more to do
 */
export function restartsWithMemory(): boolean {
  const megabytes = Number(process.env[MEMORY_VARIABLE] ?? 0);
  const flag = `--max-old-space-size=${megabytes}`;
  if (!(megabytes > 0) || process.execArgv.includes(flag)) return false;
  const args = [...process.execArgv, flag, ...process.argv.slice(1)];
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  child.once("exit", (code, signal) => {
    if (signal === null) process.exit(code ?? 1);
    process.kill(process.pid, signal);
  });
  process.on("SIGINT", () => undefined); // reaches the group, so the kernel too
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => child.kill(signal));
  child.once("exit", () => process.removeAllListeners("SIGTERM").removeAllListeners("SIGHUP"));
  return true;
}
