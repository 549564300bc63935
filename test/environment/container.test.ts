import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { validate } from "dockerfile-utils";
import { expect, test } from "vitest";

const FOLDER = fileURLToPath(new URL("../../environment/", import.meta.url));
const read = (name: string) => readFileSync(`${FOLDER}${name}`, "utf8");

/** Sections of an Apptainer definition: the lines of its head under "", then those of each section. */
function sectionsOf(text: string): Record<string, string[]> {
  const sections: Record<string, string[]> = { "": [] };
  let name = "";
  for (const line of text.split("\n").map((l) => l.trim())) {
    if (line === "" || line.startsWith("#")) continue;
    const section = /^%(\w+)$/.exec(line)?.[1];
    if (section !== undefined) sections[section] = [];
    else sections[name]!.push(line);
    name = section ?? name;
  }
  return sections;
}

test("the linter finds nothing in the Dockerfile", () => {
  expect(validate(read("Dockerfile"))).toEqual([]);
  expect(validate("FROM node\nRUM x")).not.toEqual([]);
});

test("Docker and Apptainer build the same: one image, the one install script, npm's build", () => {
  const docker = read("Dockerfile");
  const { "": head, post, files, runscript, ...rest } = sectionsOf(read("carbonbook.def"));
  const image = /^FROM (\S+)$/m.exec(docker)?.[1];
  expect(head).toEqual(["Bootstrap: docker", `From: ${image}`]);
  const runs = [...docker.matchAll(/^RUN (.+)$/gm)].flatMap((match) => match[1]!.split(" && "));
  expect(runs).toContain("environment/install.sh run");
  expect(post?.filter((line) => !/^(cd|rm -rf node_modules)/.test(line))).toEqual(runs);
  expect(files).toEqual([". /carbonbook"]);
  const entry = JSON.parse(/^ENTRYPOINT (.+)$/m.exec(docker)![1]!) as string[];
  expect(runscript?.at(-1)).toBe(`exec ${entry.join(" ")} "$@"`);
  expect(rest).toEqual({});
});

test("scripts of containers and clusters are sound shell, and a part that is not there is refused", () => {
  const scripts = ["install.sh", "slurm/cluster.sh", "slurm/study.sh"];
  for (const script of [...scripts, "slurm/snakemake/slurm/status.sh"]) {
    const { stderr, status } = spawnSync("bash", ["-n", `${FOLDER}${script}`], {
      encoding: "utf8",
    });
    expect([stderr, status]).toEqual(["", 0]);
  }
  const post = sectionsOf(read("carbonbook.def")).post!.join("\n");
  expect(spawnSync("sh", ["-n", "-c", post]).status).toBe(0);
  const wrong = spawnSync("bash", [`${FOLDER}install.sh`, "lunch"], { encoding: "utf8" });
  expect(wrong.stderr).toContain("run, test or slurm, not lunch");
  expect(wrong.status).toBe(2);
});
