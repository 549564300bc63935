/** The graph as units of work: each notebook, and before it each of its loops, cut into tasks. */

import { DataError } from "../core/index.js";
import type { GraphNode } from "./declaration.js";
import { type Graph, selectNodes } from "./graph.js";
import type { Loop } from "./loop.js";
import { inspectParameters } from "./parameters.js";
import { coerceTo, Float, type Value } from "./value.js";

/** A notebook, or a loop of one. */
export interface Unit {
  /** `<notebook>` or `<notebook>/<loop>` */
  readonly name: string;
  readonly node: GraphNode;
  readonly loop?: Loop;
  /** names of the units that come first */
  readonly needs: readonly string[];
  /** ids of its tasks: the notebook itself, or one a round */
  readonly tasks: readonly string[];
}

/**
 * The units of a profile, each after those it needs.
 *
 * @throws {UsageError} if `only` names nothing
 * @throws {DataError} if the number of rounds of a loop is not known
 */
export function listUnits(graph: Graph, profile: string, only: readonly string[] = []): Unit[] {
  return selectNodes(graph, only).flatMap((node) => {
    const producers = graph.needs.get(node.name) ?? [];
    const loops = node.tasks.map((loop): Unit => {
      const name = `${node.name}/${loop.name}`;
      const count = countOf(node, loop, profile);
      const tasks = Array.from({ length: count }, (_, i) => `${name}/${i}`);
      const first = (loop.after ?? []).map((other) => `${node.name}/${other}`);
      return { name, node, loop, needs: [...producers, ...first], tasks };
    });
    const needs = [...producers, ...loops.map(({ name }) => name)];
    return [...loops, { name: node.name, node, needs, tasks: [node.name] }];
  });
}

/** What the tasks of a notebook are told: its parameters, the profile's where it has some, else the declared ones. */
export function toldParameters(node: GraphNode, profile: string): Record<string, Value> {
  const declared = inspectParameters(node.notebook).map((parameter): [string, Value] => {
    const text = parameter.default.trim();
    try {
      return [parameter.name, JSON.parse(text) as Value];
    } catch {
      const bare = /^'[^'\\]*'$/.test(text) ? text.slice(1, -1) : text;
      const value = coerceTo(bare, parameter.kind);
      return [parameter.name, value instanceof Float ? value.number : value];
    }
  });
  const own = node.profiles[profile] ?? {};
  const all = { ...Object.fromEntries(declared), ...own };
  for (const given of ["runFolder", "profile"]) delete all[given];
  return all;
}

function countOf(node: GraphNode, loop: Loop, profile: string): number {
  if (typeof loop.count === "number") return loop.count;
  const told = toldParameters(node, profile);
  const fault = (wanted: string, got: string) =>
    new DataError({ where: node.path, what: `count of the loop "${loop.name}"`, wanted, got });
  const sizeOf = (name: string): number => {
    if (/^\d+$/.test(name)) return Number(name);
    const value = told[name];
    const number = Array.isArray(value) ? value.length : value;
    if (typeof number === "number" && Number.isInteger(number) && number >= 0) return number;
    const got = value === undefined ? "no such parameter" : JSON.stringify(value);
    throw fault(`a whole number or a list in the parameter ${name}`, got);
  };
  const products = loop.count.split("+").map((term) => term.split("*"));
  const count = products
    .map((factors) => factors.reduce((product, name) => product * sizeOf(name.trim()), 1))
    .reduce((sum, product) => sum + product);
  if (count > 0) return count;
  throw fault(`a whole number > 0 in ${loop.count}`, `${count}`);
}
