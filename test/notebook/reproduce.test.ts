import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ReproduceOptions, reproduce as run } from "carbonbook/notebook";
import { describe, expect, test } from "vitest";
import { edit, makeProject, put, result } from "./project.js";
import { hasPython } from "./samples.js";

const needsPython = test.skipIf(!hasPython);

async function reproduce(root: string, options: Partial<ReproduceOptions> = {}) {
  const { results } = await run({ root, profile: "quick", ...options });
  const statuses = Object.fromEntries(results.map((n) => [n.notebook, n.status]));
  const reasons = Object.fromEntries(results.map((n) => [n.notebook, n.reasons]));
  const failures = results.flatMap(({ failure }) => failure ?? []);
  return { results, statuses, reasons, failures };
}

describe("what runs and what does not", () => {
  needsPython(
    "a second run does nothing; comments and prose change nothing; code does",
    async () => {
      const root = makeProject();
      const first = await reproduce(root);
      expect(first.statuses).toEqual({ "01-a": "completed", "02-b": "completed" });
      expect(result(root, "artifacts/b.txt")).toBe("xxxxxx");
      const { parameters } = first.results[0]!.record!;
      expect(parameters).toEqual({ runFolder: "../runs/quick" });

      const again = await reproduce(root);
      expect(again.statuses).toEqual({ "01-a": "current", "02-b": "current" });

      edit(root, "01-a", "# how many", "# how many there are");
      edit(root, "01-a", "# Notebook 01-a", "# Another title");
      expect((await reproduce(root, { explain: true })).statuses).toEqual({
        "01-a": "current",
        "02-b": "current",
      });

      edit(root, "01-a", "n = 3", "n = 4");
      const explained = await reproduce(root, { explain: true });
      expect(explained.statuses).toEqual({ "01-a": "would-run", "02-b": "would-run" });
      expect(explained.reasons).toEqual({ "01-a": ["cells changed"], "02-b": ["01-a runs first"] });
      const changed = await reproduce(root);
      expect(changed.reasons["02-b"]).toEqual(["input artifacts/a.txt changed"]);
      expect(result(root, "artifacts/b.txt")).toBe("xxxxxxxx");
    },
  );

  needsPython("a notebook whose inputs came out the same again is not run", async () => {
    const root = makeProject();
    await reproduce(root);
    edit(root, "01-a", "write('x' * n)", "write('xxx')");
    const { statuses } = await reproduce(root);
    expect(statuses).toEqual({ "01-a": "completed", "02-b": "current" });
  });

  needsPython("an output that is gone or was changed by hand is made again", async () => {
    const root = makeProject();
    await reproduce(root);
    rmSync(join(root, "runs/quick/artifacts/b.txt"));
    expect((await reproduce(root)).reasons["02-b"]).toEqual(["artifacts/b.txt is gone"]);
    writeFileSync(join(root, "runs/quick/artifacts/b.txt"), "forged");
    expect((await reproduce(root)).reasons["02-b"]).toEqual([
      "artifacts/b.txt was changed by hand",
    ]);
    expect(result(root, "artifacts/b.txt")).toBe("xxxxxx");
  });

  needsPython("some notebooks, by force, several at once, another profile", async () => {
    const root = makeProject();
    expect((await reproduce(root, { only: ["s1"] })).statuses).toEqual({ "01-a": "completed" });
    expect((await reproduce(root, { jobs: 2 })).statuses).toEqual({
      "01-a": "current",
      "02-b": "completed",
    });
    expect((await reproduce(root, { force: true, only: ["01-a"] })).reasons).toEqual({
      "01-a": ["--force"],
    });
    await reproduce(root, { profile: "workshop" });
    expect(result(root, "artifacts/a.txt", "workshop")).toBe("xxxxx");
    await expect(reproduce(root, { only: ["nothing"] })).rejects.toThrow('got "nothing"');
  });

  needsPython("the compiled code of a room that a notebook imports counts", async () => {
    const root = makeProject();
    put(root, "03-c", ["note = 'from \"carbonbook/ocean\"'"], {});
    mkdirSync(join(root, "lib/dist/ocean"), { recursive: true });
    mkdirSync(join(root, "lib/dist/io"), { recursive: true });
    writeFileSync(join(root, "lib/dist/ocean/index.js"), 'import "../io/index.js"; // one\n');
    writeFileSync(join(root, "lib/dist/io/index.js"), "let a = 1;\n");
    await reproduce(root, { only: ["03-c"] });
    writeFileSync(join(root, "lib/dist/ocean/index.js"), 'import "../io/index.js"; // two\n');
    expect((await reproduce(root, { explain: true, only: ["03-c"] })).statuses).toEqual({
      "03-c": "current",
    });
    writeFileSync(join(root, "lib/dist/io/index.js"), "let a = 2;\n");
    expect((await reproduce(root, { explain: true, only: ["03-c"] })).reasons["03-c"]).toEqual([
      "room io changed",
    ]);
  });
});

describe("what goes wrong", () => {
  needsPython("a failing notebook is kept, what needs it is not run, the rest is", async () => {
    const root = makeProject();
    edit(root, "01-a", "n = 3", "n = 3\\n1 / 0");
    put(root, "03-c", ["1"], {});
    const { statuses, failures } = await reproduce(root);
    expect(statuses).toEqual({ "01-a": "failed", "02-b": "blocked", "03-c": "completed" });
    expect(failures).toMatchObject([{ kind: "error", cell: 1, ename: "ZeroDivisionError" }]);
    expect(result(root, "notebooks/01-a.ipynb")).toContain("papermill-error-cell");
    edit(root, "01-a", "\\n1 / 0", "");
    expect((await reproduce(root)).reasons["01-a"]).toEqual(["it failed last time"]);
  });
});
