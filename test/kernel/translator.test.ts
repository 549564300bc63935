import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ROOT } from "./session.js";

/** Loads the translator where papermill is not: what it takes from papermill is bare here. */
const SCRIPT = `
import collections, json, sys, types
class Registry(dict):
    register = dict.__setitem__
registry = Registry()
Parameter = collections.namedtuple("Parameter", "name inferred_type_name default help")
for name, parts in {
    "engines": {"NBClientEngine": object},
    "models": {"Parameter": Parameter},
    "translators": {"Translator": object, "papermill_translators": registry},
}.items():
    module = types.ModuleType("papermill." + name)
    module.__dict__.update(parts)
    sys.modules["papermill." + name] = module
sys.modules["papermill"] = types.ModuleType("papermill")
import carbonbook_papermill
translator = registry["typescript"]
values = [7, 0.5, True, None, 'a "b"\\n', [1, "x"], {"a b": [1], "c": {}}, float("nan"), float("-inf")]
cell = {"source": "let days: number = 7; // length [d]\\nconst name = 'x';\\n// a note"}
print(json.dumps([
    [translator.translate(value) for value in values],
    translator.assign("days", "7"), translator.comment("note"), translator.inspect(cell),
]))
`;

test("papermill's parameters become TypeScript, and are found in a notebook's cell", () => {
  const PYTHONPATH = join(ROOT, "environment/jupyter/papermill");
  const { stdout, stderr } = spawnSync("/usr/bin/python3", ["-B", "-c", SCRIPT], {
    env: { ...process.env, PYTHONPATH },
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  const [values, assignment, comment, found] = JSON.parse(stdout) as [string[], ...unknown[]];
  expect(values).toEqual([
    "7",
    "0.5",
    "true",
    "null",
    '"a \\"b\\"\\n"',
    '[1, "x"]',
    '{ "a b": [1], "c": {} }',
    "NaN",
    "-Infinity",
  ]);
  expect(assignment).toBe("let days = 7;");
  expect(comment).toBe("// note");
  expect(found).toEqual([
    ["days", "number", "7", "length [d]"],
    ["name", "None", "'x'", ""],
  ]);
});
