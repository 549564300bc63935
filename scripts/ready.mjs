// Make this checkout ready to run: packages installed as the lockfile says, library built from the
// sources that lie here. Does nothing when both hold, so every command may call it first. It uses
// Node alone, because on a fresh clone there is nothing else.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const wanted = [20, 19];
const SNAPSHOT = 'import { makeSnapshot } from "./lib/dist/kernel/index.js"; makeSnapshot();';

checkNode();
install();
build();

function checkNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > wanted[0] || (major === wanted[0] && minor >= wanted[1])) return;
  stop(
    `Node ${wanted.join(".")} or newer is needed, this is ${process.versions.node}; see https://nodejs.org`,
    2,
  );
}

function install() {
  const stamp = join(root, "node_modules", ".carbonbook-installed");
  const hash = hashOf(["package-lock.json", "package.json", "lib/package.json"]);
  if (isStamped(stamp, hash)) return;
  say("installing packages (about a minute, once)");
  // Not `npm ci`: it refuses a lockfile that lacks the optional packages of other platforms, and
  // some registries do not carry those. Without saving, the lockfile stays as it is.
  const args = ["install", "--no-save", "--loglevel=error"];
  run("npm", args, "npm could not install the packages; is the registry reachable?");
  writeFileSync(stamp, hash);
}

function build() {
  const dist = join(root, "lib", "dist");
  const stamp = join(dist, ".built");
  const sources = sourcesIn(join(root, "lib"));
  const hash = hashOf([...sources, "lib/tsconfig.json", "tsconfig.base.json", "package-lock.json"]);
  if (isStamped(stamp, hash)) return;
  say("building the library");
  removeOrphans(dist, sources);
  rmSync(stamp, { force: true });
  const tsc = join("node_modules", "typescript", "bin", "tsc");
  run(process.execPath, [tsc, "-p", "lib"], "the library does not compile; the errors stand above");
  mkdirSync(dist, { recursive: true });
  writeFileSync(stamp, hash);
  run(process.execPath, ["--input-type=module", "-e", SNAPSHOT], "");
}

/** TypeScript sources below a folder, as sorted paths from the root. */
function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.ts$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath ?? entry.path, entry.name)))
    .filter((path) => !path.startsWith(join("lib", "dist")) && !path.includes("node_modules"))
    .sort();
}

/** Delete compiled files whose source is gone; they would still be importable. */
function removeOrphans(dist, sources) {
  if (!existsSync(dist)) return;
  const kept = new Set(sources.map((path) => path.slice("lib/".length).replace(/\.ts$/, "")));
  for (const entry of readdirSync(dist, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile() || entry.name.startsWith(".")) continue;
    const path = join(entry.parentPath ?? entry.path, entry.name);
    const stem = relative(dist, path).replace(/(\.d)?\.[a-z]+(\.map)?$/, "");
    if (!kept.has(stem)) rmSync(path);
  }
}

function hashOf(paths) {
  const hash = createHash("sha256");
  for (const path of paths) {
    const file = join(root, path);
    hash.update(`${path}\0`).update(existsSync(file) ? readFileSync(file) : "absent");
  }
  return hash.digest("hex");
}

function isStamped(stamp, hash) {
  return existsSync(stamp) && readFileSync(stamp, "utf8") === hash;
}

function run(command, args, complaint) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ["ignore", 2, 2] });
  if (error !== undefined) stop(`${complaint} (${error.message})`, 1);
  if (status !== 0) stop(complaint, 1);
}

function say(line) {
  process.stderr.write(`carbonbook: ${line}\n`);
}

function stop(line, code) {
  say(line);
  process.exit(code);
}
