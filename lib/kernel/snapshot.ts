/**
 * Making the kernel's start-up snapshot: a file from which V8 starts with TypeScript loaded and its
 * declarations parsed (`shelf.ts` finds them), where a bare process takes over a second for that.
 * `bin/kernel-snapshot.cjs` says what is in it, `bin/carbonbook-kernel.sh` when it is used. It
 * belongs to one Node on one kind of processor; any other starts without it.
 */
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { DIST, PACKAGE } from "./installation.js";

const BLOB = join(DIST, ".kernel.blob");
/** What a kernel needs first: a thread that signs. */
const TRIAL =
  'new (require("node:worker_threads").Worker)("require(\'node:crypto\')", { eval: true })';
const KEY = `${BLOB}.key`;

/**
 * Make the snapshot, unless the one that is there fits.
 *
 * @returns why there is none, where it cannot be made; kernels then start without it
 */
export function makeSnapshot(): string | undefined {
  const require = createRequire(join(PACKAGE, "package.json"));
  const typescript = require.resolve("@tslab/typescript-for-tslab");
  const types = dirname(dirname(require.resolve("@types/node/package.json")));
  const script = join(PACKAGE, "bin", "kernel-snapshot.cjs");
  const key = keyOf([script, typescript, require.resolve("@types/node/package.json")]);
  if (key === undefined) return "the processor is not known";
  if (existsSync(BLOB) && existsSync(KEY) && readFileSync(KEY, "utf8") === key) return undefined;
  const draft = `${BLOB}.${process.pid}.tmp`;
  const run = (args: readonly string[]) => {
    const { NODE_OPTIONS: _, ...env } = process.env; // V8 options would stick to the snapshot
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
    return status === 0 ? undefined : (stderr.trim().split("\n").at(-1) ?? `exit code ${status}`);
  };
  try {
    const fault =
      run(["--snapshot-blob", draft, "--build-snapshot", script, typescript, types]) ??
      run(["--snapshot-blob", draft, "-e", TRIAL]); // on Node 24 this aborts
    if (fault !== undefined) return fault;
    rmSync(KEY, { force: true });
    renameSync(draft, BLOB);
    writeFileSync(KEY, key);
    return undefined;
  } catch (error) {
    return (error as Error).message; // a folder that cannot be written
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Line by line: the Node, the processor (both are compared at each start), and what it holds. */
function keyOf(files: readonly string[]): string | undefined {
  const processor = /^(flags|Features).*$/m.exec(readIfThere("/proc/cpuinfo"))?.[0];
  if (processor === undefined) return undefined;
  const stamps = [process.execPath, ...files].map((path) => {
    const { size, mtimeMs } = statSync(path);
    return `${path} ${size} ${mtimeMs}`;
  });
  return `${[process.execPath, processor, ...stamps].join("\n")}\n`;
}

function readIfThere(path: string): string {
  return existsSync(path) ? readFileSync(path, "utf8") : "";
}
