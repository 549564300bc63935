/** The process of a kernel: started in its own group, watched, interrupted and ended. */

import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { EnvironmentError } from "../core/index.js";
import {
  type ConnectionInfo,
  reserveConnection,
  socketConnection,
  writeConnectionFile,
} from "../jupyter/index.js";
import type { KernelSpec } from "./kernelspec.js";
import { makeTemporary } from "./temporary.js";

/** How a kernel process ended. */
export interface Death {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** whether it ran out of memory */
  readonly memory: boolean;
  /** the end of what it wrote on stderr */
  readonly stderr: string;
}

/** A running kernel process. */
export interface KernelProcess {
  readonly pid: number;
  readonly connection: ConnectionInfo;
  /** resolves when the process is gone */
  readonly death: Promise<Death>;
  /** Send a signal to the kernel and its children; nothing happens once it is gone. */
  signal(name: NodeJS.Signals): void;
}

/** What V8 writes when its heap is full. */
const HEAP_FULL = /JavaScript heap out of memory|Reached heap limit|Allocation failed/;

/** Whether a process wrote that its heap is full. */
export function isHeapFull(stderr: string): boolean {
  return HEAP_FULL.test(stderr);
}

/** Name of the connection file in its folder. */
const CONNECTION = "connection.json";

/** How much of stderr is kept [characters]. */
const STDERR_KEPT = 4000;

/** Processes of kernels that still run; ended when this process exits. */
const running = new Set<number>();

function endAll(): void {
  for (const pid of running) signalGroup(pid, "SIGKILL");
}

/**
 * Start the process of a kernel in a folder.
 *
 * @throws {EnvironmentError} if its program cannot be started, or temporary files cannot be written
 * @throws {BusyError} if the disk of temporary files is full
 */
export async function startProcess(
  spec: KernelSpec,
  options: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<KernelProcess> {
  const { folder, filled: connection } = await makeTemporary("kernel", (made) =>
    connect(spec, join(made, CONNECTION)),
  );
  const [program, ...args] = commandOf(spec, join(folder, CONNECTION));
  const oomBefore = memoryKills();
  const child = spawn(program!, args, {
    cwd: options.cwd,
    env: {
      ...process.env,
      ...expand(spec.env),
      ...options.env,
      JPY_PARENT_PID: String(process.pid),
    },
    detached: true,
    stdio: ["ignore", "ignore", "pipe"],
  });
  await started(child, spec, program!).catch(async (error: unknown) => {
    await rm(folder, { recursive: true, force: true });
    throw error;
  });
  const pid = child.pid!;
  if (running.size === 0) process.once("exit", endAll);
  running.add(pid);
  const death = watch(child, oomBefore).finally(() => {
    signalGroup(pid, "SIGKILL"); // children it left behind
    running.delete(pid);
    if (running.size === 0) process.off("exit", endAll);
    return rm(folder, { recursive: true, force: true });
  });
  return {
    pid,
    connection,
    death,
    signal: (name) => {
      if (running.has(pid)) signalGroup(pid, name);
    },
  };
}

/** The command of a kernel; IPython keeps its history in memory, not among what its user typed. */
function commandOf(spec: KernelSpec, file: string): string[] {
  return [
    ...spec.argv.map((part) =>
      part.replaceAll("{connection_file}", file).replaceAll("{resource_dir}", spec.folder),
    ),
    ...(isIpython(spec) ? ["--HistoryManager.hist_file=:memory:"] : []),
  ];
}

function isIpython({ argv }: KernelSpec): boolean {
  return argv.some((part) => /^ipykernel(_launcher)?$/.test(part));
}

/** Write the connection file: sockets beside it for a kernel that takes them, ports for others. */
async function connect(spec: KernelSpec, file: string): Promise<ConnectionInfo> {
  const takes = spec.sockets || isIpython(spec);
  const sockets = takes ? socketConnection(dirname(file), spec.name) : undefined;
  const connection = sockets ?? (await reserveConnection(spec.name));
  await writeConnectionFile(file, connection);
  return connection;
}

function started(child: ChildProcess, spec: KernelSpec, program: string): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (cause) =>
      reject(
        new EnvironmentError({
          where: join(spec.folder, "kernel.json"),
          what: `kernel "${spec.name}"`,
          wanted: `to start ${program}`,
          got: cause.message,
          remedy: "install that program, or choose another kernel with -k",
          cause,
        }),
      ),
    );
  });
}

function watch(child: ChildProcess, oomBefore: number): Promise<Death> {
  let stderr = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    stderr = (stderr + text).slice(-STDERR_KEPT);
  });
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      // its children may hold stderr open, so "close" may never come
      setTimeout(() => {
        const killed = signal === "SIGKILL" && memoryKills() > oomBefore;
        resolve({ code, signal, memory: killed || HEAP_FULL.test(stderr), stderr });
      }, 50);
    });
  });
}

/** How often the kernel of the machine has killed for memory. */
function memoryKills(): number {
  for (const file of ["/sys/fs/cgroup/memory.events", "/proc/vmstat"]) {
    try {
      const count = /^oom_kill (\d+)$/m.exec(readFileSync(file, "utf8"));
      if (count !== null) return Number(count[1]);
    } catch {
      // not on this system
    }
  }
  return 0;
}

/** Values of kernel.json's env may name variables of ours as `${NAME}`. */
function expand(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [
      name,
      value.replace(/\$\{(\w+)\}/g, (_match, other: string) => process.env[other] ?? ""),
    ]),
  );
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // already gone
  }
}
