import { type GraphNode, makeGraph, selectNodes } from "carbonbook/notebook";
import { describe, expect, test } from "vitest";
import { schedule } from "../../lib/notebook/schedule.js";

function node(name: string, parts: Partial<GraphNode> = {}): GraphNode {
  return {
    name,
    path: `/p/notebooks/${name}.ipynb`,
    notebook: { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [] },
    studies: [],
    inputs: [],
    data: [],
    outputs: [],
    figures: [],
    tables: [],
    profiles: {},
    costs: {},
    tasks: [],
    ...parts,
  };
}

const a = node("01-a", { outputs: ["a.nc"], studies: ["s1"] });
const b = node("02-b", { inputs: ["a.nc"], outputs: ["b.nc"], figures: ["s2/f1"] });
const c = node("03-c", { inputs: ["b.nc"], studies: ["s1"] });
const d = node("04-d");

test("a notebook comes after those it needs, whatever their names", () => {
  const z = node("09-z", { outputs: ["z.nc"] });
  const first = node("00-first", { inputs: ["z.nc"] });
  expect(makeGraph([first, d, z]).nodes.map(({ name }) => name)).toEqual([
    "04-d",
    "09-z",
    "00-first",
  ]);
});

test.each([
  {
    what: "two writers",
    nodes: [a, node("05", { outputs: ["a.nc"] })],
    message: "one writer of a.nc, got 01-a and 05",
  },
  {
    what: "two writers of a figure",
    nodes: [b, a, node("05", { figures: ["s2/f1"] })],
    message: "one writer of figures/s2/f1.svg",
  },
  { what: "no producer", nodes: [b], message: "a notebook that writes a.nc, which 02-b needs" },
  {
    what: "a cycle",
    nodes: [
      node("x", { inputs: ["y.nc"], outputs: ["x.nc"] }),
      node("y", { inputs: ["x.nc"], outputs: ["y.nc"] }),
      d,
    ],
    message: "got x → y → x",
  },
  {
    what: "a need of itself",
    nodes: [node("x", { inputs: ["x.nc"], outputs: ["x.nc"] })],
    message: "x → x",
  },
])("$what is refused", ({ nodes, message }) => {
  expect(() => makeGraph(nodes)).toThrow(message);
});

describe("--only", () => {
  const graph = makeGraph([a, b, c, d]);
  test.each([
    ["02-b", ["01-a", "02-b"]],
    ["notebooks/02-b.ipynb", ["01-a", "02-b"]],
    ["04", ["04-d"]],
    ["s1", ["01-a", "02-b", "03-c"]],
    ["s2/f1", ["01-a", "02-b"]],
    ["01-a, 04", ["01-a", "04-d"]],
  ])("%s takes what it needs along", (name, wanted) => {
    expect(selectNodes(graph, [name]).map((n) => n.name)).toEqual(wanted);
  });

  test("an unknown name is refused with the notebooks, the studies and the nearest names", () => {
    const figures = Array.from({ length: 40 }, (_, i) => `s2/g${10 + i}`);
    const many = makeGraph([a, b, c, node("04-d", { figures })]);
    const known = "a notebook (01-a, 02-b, 03-c, 04-d), a study (s1) or a figure";
    expect(() => selectNodes(many, ["01-a,s2/g17x"])).toThrow(known);
    expect(() => selectNodes(many, ["s2/g17x"])).toThrow("nearest: s2/g17, ");
    expect(() => selectNodes(many, ["02b"])).toThrow("nearest: 02-b, ");
    expect(() => selectNodes(many, ["s2/g17x"])).not.toThrow("s2/g49");
    expect(() => selectNodes(graph, [","])).toThrow('got ","');
  });
});

describe("the schedule", () => {
  const graph = makeGraph([a, b, c, d]);

  test.each([1, 2, 8])("with %i jobs starts no node before those it needs ended", async (jobs) => {
    const log: string[] = [];
    let running = 0;
    await schedule(graph.nodes, graph.needs, {
      jobs,
      run: async ({ name }) => {
        running++;
        expect(running).toBeLessThanOrEqual(jobs);
        for (const need of graph.needs.get(name)!) expect(log).toContain(need);
        await new Promise((done) => setTimeout(done, 5));
        log.push(name);
        running--;
      },
    });
    expect([...log].sort()).toEqual(["01-a", "02-b", "03-c", "04-d"]);
  });

  test("a fault lets those that run end and starts no more", async () => {
    const ended: string[] = [];
    const run = async ({ name }: { name: string }) => {
      if (name === "01-a") throw new Error("broken");
      await new Promise((done) => setTimeout(done, 5));
      ended.push(name);
    };
    const all = schedule(graph.nodes, graph.needs, { jobs: 2, run });
    await expect(all).rejects.toThrow("broken");
    expect(ended).toEqual(["04-d"]);
  });
});
