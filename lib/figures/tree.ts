/** Dendrograms: which things were joined at which height, coloured by the groups they were cut into. */

import { ArgumentError } from "../core/index.js";
import { type Layer, type Numbers, plainNumber } from "./layer.js";

/** A tree of joins. */
export interface DendrogramOptions {
  /** rows of two nodes, their height and their count, shape (n − 1, 4), nodes as scipy numbers them */
  readonly linkage: Numbers;
  /** group of each of the n leaves; one group for all unless given */
  readonly groups?: Numbers;
  /** name of a group in the legend */
  readonly groupName?: (group: number) => string;
  /** nodes (n and more) at which the tree was cut */
  readonly cuts?: readonly number[];
}

/** Place of every node: leaves at 0 … n − 1 in the order drawn, joins above the middle of their two. */
export interface TreePlaces {
  readonly x: Float64Array;
  readonly height: Float64Array;
  /** leaves from left to right */
  readonly order: readonly number[];
}

/**
 * Lay out a tree so that no two branches cross.
 *
 * @throws {ArgumentError} if the linkage does not hold rows of four, or joins a node twice
 */
export function placeTree(linkage: Numbers): TreePlaces {
  if (linkage.length === 0 || linkage.length % 4 !== 0) {
    const got = `${linkage.length} numbers`;
    throw new ArgumentError({ what: "linkage", wanted: "rows of four numbers", got });
  }
  const n = linkage.length / 4 + 1;
  const x = new Float64Array(2 * n - 1);
  const height = new Float64Array(2 * n - 1);
  const order: number[] = [];
  const stack = [2 * n - 2];
  while (stack.length > 0) {
    const node = stack.pop()!;
    if (node < n) {
      x[node] = order.length;
      order.push(node);
    } else stack.push(linkage[4 * (node - n) + 1]!, linkage[4 * (node - n)]!);
    if (order.length > n) break;
  }
  if (order.length !== n || new Set(order).size !== n) {
    throw new ArgumentError({ what: "linkage", wanted: "a tree", got: "a node joined twice" });
  }
  for (let i = 0; i < n - 1; i++) {
    x[n + i] = (x[linkage[4 * i]!]! + x[linkage[4 * i + 1]!]!) / 2;
    height[n + i] = linkage[4 * i + 2]!;
  }
  return { x, height, order };
}

/** Draw a dendrogram: one layer for each group and for the cuts. */
export function dendrogram(options: DendrogramOptions): Layer[] {
  const { linkage, groupName = (group) => `group ${group}`, cuts = [] } = options;
  const places = placeTree(linkage);
  const n = places.order.length;
  const groupOf = nodeGroups(linkage, options.groups, n);
  const lines = new Map<number, { x: (number | null)[]; y: (number | null)[] }>();
  for (let i = 0; i < n - 1; i++) {
    const group = groupOf[n + i]!;
    const own = lines.get(group) ?? { x: [], y: [] };
    lines.set(group, own);
    const [a, b] = [linkage[4 * i]!, linkage[4 * i + 1]!];
    const top = plainNumber(places.height[n + i]!);
    const [xa, xb] = [plainNumber(places.x[a]!), plainNumber(places.x[b]!)];
    own.x.push(xa, xa, xb, xb, null);
    own.y.push(plainNumber(places.height[a]!), top, top, plainNumber(places.height[b]!), null);
  }
  const layers = [...lines.entries()]
    .sort(([a], [b]) => a - b)
    .map(([group, own]): Layer => {
      const mixed = Number.isNaN(group);
      const named = mixed || options.groups === undefined ? {} : { name: groupName(group) };
      return {
        ...named,
        draw: ({ colour }) => ({
          traces: [
            {
              type: "scatter",
              mode: "lines",
              ...own,
              line: { color: mixed ? "#8a949c" : colour, width: 1.3 },
              hoverinfo: "skip",
            },
          ],
        }),
      };
    });
  return cuts.length === 0 ? layers : [...layers, cutMarks(cuts, places)];
}

/** Group of every node: that of its leaves, or NaN where they differ. */
function nodeGroups(linkage: Numbers, groups: Numbers | undefined, n: number): Float64Array {
  const all = new Float64Array(2 * n - 1);
  for (let leaf = 0; leaf < n; leaf++) all[leaf] = groups?.[leaf] ?? 0;
  for (let i = 0; i < n - 1; i++) {
    const [a, b] = [all[linkage[4 * i]!]!, all[linkage[4 * i + 1]!]!];
    all[n + i] = a === b ? a : Number.NaN;
  }
  return all;
}

function cutMarks(cuts: readonly number[], { x, height }: TreePlaces): Layer {
  return {
    name: "cut",
    style: "own",
    draw: () => ({
      traces: [
        {
          type: "scatter",
          mode: "markers",
          x: cuts.map((node) => plainNumber(x[node]!)),
          y: cuts.map((node) => plainNumber(height[node]!)),
          marker: { symbol: "x-thin", size: 10, line: { color: "#000000", width: 2.2 } },
        },
      ],
    }),
  };
}
