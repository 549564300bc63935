/** Drawing the top of a dendrogram, with the nodes where it was cut. */

import { type Layer, line, type Panel, points, words } from "../figures/index.js";
import type { Linkage } from "../stats/index.js";

/** Places of the drawn nodes. */
interface Places {
  readonly x: Map<number, number>;
  /** drawn merges, from the root down */
  readonly expanded: readonly number[];
}

/**
 * A panel with the last merges of a linkage and its clusters.
 *
 * @param nodes  the clusters of a cut
 * @param leaves how many branches are drawn, 60 by default
 */
export function dendrogramPanel(linkage: Linkage, nodes: readonly number[], leaves = 60): Panel {
  const { n, merges } = linkage;
  const heightOf = (node: number) => (node < n ? 0 : merges[4 * (node - n) + 2]!);
  const { x, expanded } = layOut(linkage, Math.max(leaves, nodes.length));
  const xs: number[] = [];
  const ys: number[] = [];
  for (const node of expanded) {
    const [a, b] = [merges[4 * (node - n)]!, merges[4 * (node - n) + 1]!];
    const top = heightOf(node);
    xs.push(x.get(a)!, x.get(a)!, x.get(b)!, x.get(b)!, Number.NaN);
    ys.push(heightOf(a), top, top, heightOf(b), Number.NaN);
  }
  const shown = nodes.filter((node) => x.has(node));
  const cut = {
    x: shown.map((node) => x.get(node)!),
    y: shown.map(heightOf),
    name: "cluster",
    size: 11,
  };
  const layers: Layer[] = [
    line({ x: xs, y: ys, name: "merge", width: 1.3, colour: "#555555" }),
    points({ ...cut, colour: "#c9622f" }),
    ...(shown.length < nodes.length
      ? [words({ x: 0, y: 0, text: `${nodes.length - shown.length} clusters lie deeper` })]
      : []),
  ];
  const ticks = { values: [] as number[], labels: [] as string[] };
  return {
    x: { label: `The last ${expanded.length} merges of ${n} tiles`, units: "", ticks },
    y: { label: "Height of merge", units: "1", range: [0, 1.05 * heightOf(2 * n - 2)] },
    layers,
  };
}

/** Give the top nodes places along x: branches evenly, merges between their two. */
function layOut({ n, merges }: Linkage, leaves: number): Places {
  const lowest = Math.max(n, 2 * n - leaves);
  const x = new Map<number, number>();
  const expanded: number[] = [];
  let next = 0;
  function place(node: number): number {
    if (node < lowest) {
      x.set(node, next);
      return next++;
    }
    expanded.push(node);
    const left = place(merges[4 * (node - n)]!);
    const right = place(merges[4 * (node - n) + 1]!);
    x.set(node, (left + right) / 2);
    return (left + right) / 2;
  }
  if (n > 1) place(2 * n - 2);
  return { x, expanded };
}
