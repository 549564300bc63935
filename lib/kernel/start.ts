/** Starting a kernel by hand, as `carbonbook kernel start` does. */
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { EnvironmentError, type Problem } from "../core/index.js";
import { reserveConnection, writeConnectionFile } from "../jupyter/index.js";
import type { KernelOptions } from "./main.js";

/**
 * Turn this process into a kernel, which ends when it is told to shut down.
 *
 * @param options `connectionFile` where a client has written one; else a fresh one is made
 * @returns the path of the connection file, for clients to connect with
 * @throws {EnvironmentError} where no connection file can be written
 */
export async function startKernel(options: Partial<KernelOptions> = {}): Promise<string> {
  const connectionFile = options.connectionFile ?? (await freshConnectionFile());
  const { runKernel } = await import("./main.js"); // loads the compiler
  runKernel({ connectionFile, strict: options.strict ?? false });
  return connectionFile;
}

async function freshConnectionFile(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `carbonbook-kernel-${process.pid}-`)).catch(refuse);
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "connection.json");
  await makeConnectionFile(path);
  return path;
}

/**
 * Write a connection file for a kernel that is to be started by hand.
 *
 * @throws {EnvironmentError} where its folder is missing or cannot be written to
 */
export async function makeConnectionFile(path: string): Promise<void> {
  const connection = await reserveConnection("carbonbook");
  await writeConnectionFile(path, connection).catch((cause: unknown) => {
    throw unwritable({
      where: dirname(path),
      remedy: "start it in a folder that can be written to, or name a connection file",
      cause,
    });
  });
}

function refuse(cause: unknown): never {
  const remedy = "set TMPDIR to a folder that can be written to";
  throw unwritable({ where: tmpdir(), remedy, cause });
}

function unwritable(problem: Pick<Problem, "where" | "remedy" | "cause">): EnvironmentError {
  const { code, message } = problem.cause as NodeJS.ErrnoException;
  const wanted = "a folder to write it to";
  return new EnvironmentError({
    what: "connection file",
    wanted,
    got: code ?? message,
    ...problem,
  });
}
