/** The command line as a user has it: the compiled bin in a process of its own. */

import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../lib/bin/carbonbook.js", import.meta.url));

/** How a command ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to start a command. */
export interface StartOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** a command to put in front, as `bash -c 'ulimit -f 4; exec "$@"' bash` */
  readonly before?: readonly string[];
}

/** A command that runs. */
export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Wait for a text on stderr. */
  said(text: string): Promise<void>;
  /** Wait for a text on stdout; what of it matched. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Start `carbonbook`. */
export function start(args: readonly string[], options: StartOptions = {}): Running {
  const [program, ...rest] = [...(options.before ?? []), process.execPath, BIN, ...args];
  const { NO_COLOR: _, ...env } = process.env;
  const child = spawn(program!, rest, {
    cwd: options.cwd,
    env: { ...env, ...options.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stdout = "";
  let stderr = "";
  const waiting: { text: string; resolve: () => void }[] = [];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
    for (const wait of waiting) if (stderr.includes(wait.text)) wait.resolve();
  });
  const ended = new Promise<Ended>((resolve) => {
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  const said = (text: string) =>
    new Promise<void>((resolve) => {
      if (stderr.includes(text)) resolve();
      else waiting.push({ text, resolve });
    });
  const printed = (pattern: RegExp) =>
    new Promise<RegExpExecArray>((resolve, reject) => {
      const look = () => {
        const found = pattern.exec(stdout);
        if (found !== null) resolve(found);
      };
      look();
      child.stdout.on("data", look);
      void ended.then(() => reject(new Error(`ended without ${pattern}: ${stderr}`)));
    });
  return { child, ended, said, printed };
}

/** Run `carbonbook` to its end. */
export function carbonbook(args: readonly string[], options?: StartOptions): Promise<Ended> {
  return start(args, options).ended;
}
