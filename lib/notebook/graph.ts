/** The graph of notebooks: who needs whose outputs, checked and put in order. */

import { DataError, UsageError } from "../core/index.js";
import { filesOf, type GraphNode } from "./declaration.js";

/** Notebooks in an order in which each comes after those it needs. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  /** names of the nodes a node needs, directly */
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

/**
 * Check the declarations against each other and put the notebooks in order; those that need each
 * other in no way stay in the order of their names.
 *
 * @throws {DataError} if a file has two writers, an input has none, or there is a cycle
 */
export function makeGraph(nodes: readonly GraphNode[]): Graph {
  const writers = new Map<string, GraphNode>();
  for (const node of nodes) {
    for (const file of filesOf(node)) {
      const other = writers.get(file);
      if (other !== undefined) {
        throw fault(`one writer of ${file}`, `${other.name} and ${node.name}`, "rename one output");
      }
      writers.set(file, node);
    }
  }
  const needs = new Map(
    nodes.map((node) => {
      const producers = node.inputs.map((input) => {
        const writer = writers.get(input);
        if (writer !== undefined) return writer.name;
        const files = [...writers.keys()].join(", ") || "none";
        throw fault(
          `a notebook that writes ${input}, which ${node.name} needs`,
          `none (outputs: ${files})`,
          "declare it in the outputs of the notebook that writes it",
        );
      });
      return [node.name, [...new Set(producers)]] as const;
    }),
  );
  return { nodes: inOrder(nodes, needs), needs };
}

/**
 * Choose the nodes that names select (each a notebook, a study or a figure; several in one where
 * commas part them), with all they need.
 *
 * @throws {UsageError} if nothing has one of the names
 */
export function selectNodes(graph: Graph, only: readonly string[]): GraphNode[] {
  if (only.length === 0) return [...graph.nodes];
  const names = only.flatMap((one) => one.split(/\s*,\s*/)).filter((name) => name !== "");
  if (names.length === 0) throw unknown(only.join(" "), graph.nodes);
  const wanted = new Set<string>();
  for (const name of names) {
    const found = graph.nodes.filter((node) => isNamed(node, name));
    if (found.length === 0) throw unknown(name, graph.nodes);
    for (const node of found) wanted.add(node.name);
  }
  for (const name of wanted) for (const need of graph.needs.get(name) ?? []) wanted.add(need);
  return graph.nodes.filter((node) => wanted.has(node.name));
}

function unknown(name: string, nodes: readonly GraphNode[]): UsageError {
  const notebooks = nodes.map((node) => node.name);
  const studies = [...new Set(nodes.flatMap((node) => node.studies))];
  const drawn = [...new Set(nodes.flatMap(({ figures, tables }) => [...figures, ...tables]))];
  const near = closest(name, [...notebooks, ...studies, ...drawn]);
  return new UsageError({
    what: "--only",
    wanted: `a notebook (${notebooks.join(", ")}), a study (${studies.join(", ")}) or a figure`,
    got: `"${name}"`,
    remedy: `nearest: ${near.join(", ")}; \`carbonbook figures list\` lists all figures and tables`,
  });
}

/** The few names that share most pairs of letters with `name`. */
function closest(name: string, known: readonly string[]): string[] {
  const pairs = (text: string) => new Set([...text].map((_, i) => text.slice(i, i + 2)));
  const asked = pairs(name);
  const likeness = (other: string) => {
    const its = pairs(other);
    return [...its].filter((pair) => asked.has(pair)).length / (asked.size + its.size);
  };
  return [...known].sort((a, b) => likeness(b) - likeness(a)).slice(0, 3);
}

function isNamed(node: GraphNode, name: string): boolean {
  const bare = name.replace(/^.*\//, "").replace(/\.ipynb$/, "");
  if (node.name === bare || /^\d+/.exec(node.name)?.[0] === name) return true;
  return [...node.studies, ...node.figures, ...node.tables].includes(name);
}

function inOrder(
  nodes: readonly GraphNode[],
  needs: ReadonlyMap<string, readonly string[]>,
): GraphNode[] {
  const order: GraphNode[] = [];
  const done = new Set<string>();
  while (order.length < nodes.length) {
    const next = nodes.find(
      (node) => !done.has(node.name) && needs.get(node.name)!.every((need) => done.has(need)),
    );
    if (next === undefined) throw cycle(nodes, needs, done);
    order.push(next);
    done.add(next.name);
  }
  return order;
}

function cycle(
  nodes: readonly GraphNode[],
  needs: ReadonlyMap<string, readonly string[]>,
  done: ReadonlySet<string>,
): DataError {
  const path = [nodes.find((node) => !done.has(node.name))!.name];
  for (;;) {
    const next = needs.get(path.at(-1)!)!.find((need) => !done.has(need))!;
    const seen = path.indexOf(next);
    path.push(next);
    if (seen < 0) continue;
    const loop = path.slice(seen).join(" → ");
    return fault("no notebook that needs itself", loop, "take one input of this circle away");
  }
}

function fault(wanted: string, got: string, remedy: string): DataError {
  return new DataError({ what: "graph of notebooks", wanted, got, remedy });
}
