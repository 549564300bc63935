/** Starting a kernel by hand, as `carbonbook kernel start` does. */
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { reserveConnection, writeConnectionFile } from "../jupyter/index.js";
import type { KernelOptions } from "./main.js";

/**
 * Turn this process into a kernel, which ends when it is told to shut down.
 *
 * @param options `connectionFile` where a client has written one; else a fresh one is made
 * @returns the path of the connection file, for clients to connect with
 */
export async function startKernel(options: Partial<KernelOptions> = {}): Promise<string> {
  const connectionFile = options.connectionFile ?? (await freshConnectionFile());
  const { runKernel } = await import("./main.js"); // loads the compiler
  runKernel({ connectionFile, strict: options.strict ?? false });
  return connectionFile;
}

async function freshConnectionFile(): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), "carbonbook-kernel-")), "connection.json");
  await writeConnectionFile(path, await reserveConnection("carbonbook"));
  return path;
}
