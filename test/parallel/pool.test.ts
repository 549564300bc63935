import { splitRange, workerFile } from "carbonbook/parallel";
import { expect, test } from "vitest";

test("ranges cover 0 … n once and differ in length by at most one", () => {
  for (const [n, parts] of [
    [10, 3],
    [2, 5],
    [0, 4],
    [1000, 7],
  ] as const) {
    const ranges = splitRange(n, parts);
    expect(ranges.flatMap(([a, b]) => Array.from({ length: b - a }, (_, i) => a + i))).toEqual(
      Array.from({ length: n }, (_, i) => i),
    );
    const lengths = ranges.map(([a, b]) => b - a);
    expect(Math.max(...lengths, 0) - Math.min(...lengths, n)).toBeLessThanOrEqual(1);
  }
});

test("a worker's file is the compiled one, from source and from the build", () => {
  expect(workerFile("file:///home/lib/x/lib/ocean/run.ts", "worker")).toBe(
    "/home/lib/x/lib/dist/ocean/worker.js",
  );
  expect(workerFile("file:///x/lib/dist/ocean/run.js", "worker")).toBe(
    "/x/lib/dist/ocean/worker.js",
  );
});
