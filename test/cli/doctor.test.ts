import { expect, test } from "vitest";
import { start } from "./bin.js";

interface Finding {
  readonly name: string;
  readonly state: "ok" | "missing" | "broken";
  readonly cost?: string;
  readonly needed: boolean;
}

test("the doctor finds all that is needed after an install, and says what the rest costs", async () => {
  const { code, stdout } = await start(["doctor", "--json"]).ended;
  const findings = JSON.parse(stdout) as Finding[];
  const ailing = findings.filter(({ needed, state }) => needed && state !== "ok");
  expect(ailing).toEqual([]);
  expect(code).toBe(0);
  const names = findings.map(({ name }) => name);
  for (const name of ["Node", "zeromq", "h5wasm", "onnxruntime-node", "kernel carbonbook"]) {
    expect(names).toContain(name);
  }
  for (const finding of findings) if (finding.state !== "ok") expect(finding.cost).toBeTruthy();
});

test("without Jupyter, the doctor and lab both name the one command that brings it", async () => {
  const env = { PATH: "/nowhere", CARBONBOOK_JUPYTER: "/nowhere" };
  const remedy = "sh environment/jupyter/install.sh";
  const { stdout } = await start(["doctor", "--json"], { env }).ended;
  const findings = JSON.parse(stdout) as (Finding & { remedy?: string })[];
  expect(findings.find(({ name }) => name === "jupyter")).toMatchObject({
    state: "missing",
    remedy,
  });
  const lab = await start(["lab", "--no-browser"], { env }).ended;
  expect(lab.code).toBe(1);
  expect(lab.stderr).toContain(remedy);
});
