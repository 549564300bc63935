import { dendrogram, placeTree } from "carbonbook/figures";
import { expect, test } from "vitest";

/** scipy.cluster.hierarchy.linkage([[0], [1], [5], [7], [20]], "single") */
const LINKAGE = [0, 1, 1, 2, 2, 3, 2, 2, 5, 6, 4, 4, 4, 7, 13, 5];

test("every node stands above the middle of its two, at the height of their join", () => {
  const { x, height, order } = placeTree(LINKAGE);
  expect([...order].sort()).toEqual([0, 1, 2, 3, 4]);
  for (let i = 0; i < 4; i++) {
    const [a, b] = [LINKAGE[4 * i]!, LINKAGE[4 * i + 1]!];
    expect(x[5 + i]).toBe((x[a]! + x[b]!) / 2);
    expect(height[5 + i]).toBe(LINKAGE[4 * i + 2]);
  }
});

test("the leaves of every branch stand side by side, so no branches cross", () => {
  const { x } = placeTree(LINKAGE);
  const leaves = (node: number): number[] =>
    node < 5 ? [node] : [LINKAGE[4 * (node - 5)]!, LINKAGE[4 * (node - 5) + 1]!].flatMap(leaves);
  for (let node = 5; node < 9; node++) {
    const places = leaves(node)
      .map((leaf) => x[leaf]!)
      .sort((a, b) => a - b);
    expect(places.at(-1)! - places[0]!).toBe(places.length - 1);
  }
});

test("each group gets a layer, joins between groups another, cuts the last", () => {
  const layers = dendrogram({ linkage: LINKAGE, groups: [1, 1, 2, 2, 2], cuts: [5, 6] });
  expect(layers.map((layer) => layer.name)).toEqual(["group 1", "group 2", undefined, "cut"]);
  const pen = { colour: "#123456", dash: "solid", symbol: "", coloraxis: "" } as const;
  const joins = layers.slice(0, 3).map((layer) => {
    const [trace] = layer.draw(pen).traces;
    return (trace!.x as unknown[]).length / 5;
  });
  expect(joins).toEqual([1, 1, 2]);
});

test("what is no tree is refused", () => {
  expect(() => placeTree([0, 1, 1])).toThrow(
    "linkage: expected rows of four numbers, got 3 numbers",
  );
  expect(() => placeTree([0, 1, 1, 2, 0, 3, 2, 3])).toThrow(/a node joined twice/);
});
