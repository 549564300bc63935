/** Every command line of the documentation names a command, options and files that there are. */

import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { expect, test } from "vitest";
import { COMMANDS } from "../../lib/cli/main.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const TEXTS = [
  "README.md",
  "environment/README.md",
  ...readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];
const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

/** Command lines that begin with a word, in blocks of code and between backticks. */
function linesOf(file: string, start: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const pattern = new RegExp(`(?:^|\`|&& )${start} +([^\`\\n#|;&]+)`, "gm");
  return [...text.matchAll(pattern)].map(([, rest = ""]) => rest.trim());
}

const program = new Command("carbonbook");
for (const add of COMMANDS) add(program, () => undefined);

/** What a command line names that there is not. */
function problemsOf(line: string): string[] {
  const words = line.split(/\s+/);
  let at = program;
  for (let next: Command | undefined = at; next !== undefined; words.splice(0, next ? 1 : 0)) {
    at = next;
    next = at.commands.find((command) => command.name() === words[0]);
  }
  if (words[0] === "--help") return [];
  if (at.commands.length > 0) return [`no command: ${line}`];
  const known = at.options.flatMap(({ long, short }) => [long, short]);
  const given = words.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split("=")[0]);
  return given.flatMap((option) => (known.includes(option) ? [] : [`no ${option}: ${line}`]));
}

test.each(TEXTS)("%s", (file) => {
  const lines = [...linesOf(file, "npx carbonbook"), ...linesOf(file, "carbonbook")];
  expect(lines.flatMap(problemsOf)).toEqual([]);
  const ours = linesOf(file, "npm run").map((line) => line.replace("--silent ", "").split(" ")[0]!);
  expect(ours.filter((name) => scripts[name] === undefined)).toEqual([]);
  const files = linesOf(file, "(?:sh|bash|node)").map((line) => line.split(/\s+/)[0]!);
  const paths = files.filter((path) =>
    /^(environment|validation|scripts|bench|lib)\/[^.]/.test(path),
  );
  expect(paths.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
});
