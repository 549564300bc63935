/** `carbonbook lab`: Jupyter on this machine, for this reader alone, with the notebooks open. */

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { EnvironmentError } from "../core/index.js";
import type { Finish } from "./command.js";
import { makeConsole } from "./console.js";
import { EXIT } from "./exit.js";
import { findRoot } from "./root.js";

interface LabOptions {
  readonly root?: string;
  readonly port: number;
  readonly browser: boolean;
  readonly page?: "lab" | "notebook";
}

/** Add the command to the program. */
export function addLab(program: Command, finish: Finish): void {
  program
    .command("lab")
    .description("open the notebooks in Jupyter, on this machine only")
    .argument("[folder]", "folder to open; notebooks/ by default")
    .option("--port <number>", "port, or the next that is free", readPort, 8888)
    .addOption(
      new Option("--page <kind>", "JupyterLab or the Notebook; the first that is here").choices([
        "lab",
        "notebook",
      ]),
    )
    .option("--no-browser", "print the address and open no browser")
    .option("--root <folder>", "root of the project (the present folder, or this package's)")
    .action(async (folder: string | undefined, options: LabOptions) =>
      finish(await lab(folder, options)),
    );
}

function readPort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65536) return port;
  throw new InvalidArgumentError("expected a port from 1 to 65535");
}

async function lab(named: string | undefined, options: LabOptions): Promise<number> {
  const console = makeConsole({ json: false });
  const { serverCommand } = await import("../kernel/index.js");
  const root = findRoot(options.root);
  const token = randomBytes(24).toString("hex");
  const port = await freePort(options.port);
  const { program, args, env } = serverCommand({
    folder: named ?? join(root, "notebooks"),
    token,
    port,
    browser: options.browser ? "open" : "none",
    prefix: join(root, ".cache", "jupyter"),
    page: options.page,
  });
  const child = spawn(program, args, { stdio: "inherit", env });
  const ended = new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? (signal ? EXIT.terminated : EXIT.failed)));
  });
  process.on("SIGINT", () => undefined); // reaches Jupyter too, which asks before it ends
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => child.kill(signal));
  }
  const address = `http://127.0.0.1:${port}/`;
  const answers = await Promise.race([untilAnswers(address), ended.then(() => false)]);
  if (answers) {
    console.print(`Jupyter is open at ${address}?token=${token}`);
    console.print("Who has this address can run code here. Ctrl-C twice ends it.");
  }
  return ended;
}

/** The first port from `first` on that nothing listens to on loopback. */
async function freePort(first: number): Promise<number> {
  for (let port = first; port < 65536; port++) {
    const isFree = await new Promise<boolean>((resolve) => {
      const server = createServer().once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
  throw new EnvironmentError({ what: "port", wanted: `a free one from ${first} on`, got: "none" });
}

/** Wait until the server answers, for a minute at most. */
async function untilAnswers(address: string): Promise<boolean> {
  for (let i = 0; i < 300; i++) {
    const isUp = await fetch(`${address}api`).then(
      () => true,
      () => false,
    );
    if (isUp) return true;
    await setTimeout(200);
  }
  return false;
}
