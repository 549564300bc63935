/** `carbonbook kernel`: the kernelspec, and the kernel itself. */

import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { addJson, columns, type Finish } from "./command.js";
import { makeConsole } from "./console.js";
import { EXIT } from "./exit.js";

interface InstallOptions {
  readonly sysPrefix: boolean;
  readonly prefix?: string;
  readonly json: boolean;
}

/** Add the command to the program. */
export function addKernel(program: Command, finish: Finish): void {
  const kernel = program.command("kernel").description("the TypeScript kernel for Jupyter");
  addJson(kernel.command("install"))
    .description("put the kernelspec where Jupyter finds it")
    .option("--user", "for this user (default)")
    .option("--sys-prefix", "in the active Python environment", false)
    .option("--prefix <folder>", "below a folder, in share/jupyter/kernels")
    .action(async (options: InstallOptions) => finish(await install(options)));
  addJson(kernel.command("list"))
    .description("list the kernels that are installed")
    .action(async (options: { json: boolean }) => finish(await list(options.json)));
  kernel
    .command("start")
    .description("start the kernel by itself, for a client to connect to")
    .argument("[connection-file]", "file to read; by default one is made and its name printed")
    .action(async (file: string | undefined) => finish(await start(file)));
}

async function install(options: InstallOptions): Promise<number> {
  const console = makeConsole({ json: options.json });
  const { installKernel } = await import("../kernel/index.js");
  const place = options.prefix === undefined ? undefined : { prefix: options.prefix };
  const done = installKernel(place ?? (options.sysPrefix ? "sys-prefix" : "user"));
  console.print(`installed in ${done.folder}`);
  if (done.advice !== undefined) console.note(done.advice);
  console.document(done);
  return EXIT.done;
}

async function list(json: boolean): Promise<number> {
  const console = makeConsole({ json });
  const { listKernels } = await import("../notebook/index.js");
  const kernels = [...(await listKernels()).values()];
  for (const line of columns(kernels.map((k) => [k.name, k.language, k.displayName, k.folder]))) {
    console.print(line);
  }
  console.document(kernels);
  return EXIT.done;
}

async function start(named: string | undefined): Promise<number> {
  const { kernelCommand, makeConnectionFile } = await import("../kernel/index.js");
  const file = named ?? join(process.cwd(), `carbonbook-kernel-${process.pid}.json`);
  if (named === undefined) await makeConnectionFile(file);
  process.stderr.write(`connect with: jupyter console --existing ${file}\n`);
  const [program, ...args] = kernelCommand(file) as [string, ...string[]];
  const child = spawn(program, args, {
    stdio: "inherit",
    env: { ...process.env, JPY_PARENT_PID: String(process.pid) }, // ends when this command does
  });
  return new Promise((resolve) => {
    child.once("exit", (code, signal) => {
      if (named === undefined) rmSync(file, { force: true });
      resolve(code ?? (signal === "SIGINT" ? EXIT.interrupted : EXIT.failed));
    });
  });
}
