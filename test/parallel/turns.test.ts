import { makeTurns } from "carbonbook/parallel";
import { expect, test } from "vitest";

test("jobs of all callers share the places, in the order in which they were asked for", async () => {
  const turns = makeTurns(2);
  const started: number[] = [];
  const doors: (() => void)[] = [];
  const jobs = [0, 1, 2, 3].map((k) =>
    turns.run(() => {
      started.push(k);
      return new Promise<number>((resolve) => {
        doors[k] = () => resolve(10 * k);
      });
    }),
  );
  await Promise.resolve();
  expect(started).toEqual([0, 1]);
  doors[1]!();
  await jobs[1];
  await new Promise(setImmediate);
  expect(started).toEqual([0, 1, 2]);
  doors[0]!();
  doors[2]!();
  await new Promise(setImmediate);
  doors[3]!();
  expect(await Promise.all(jobs)).toEqual([0, 10, 20, 30]);
});

test("a job that fails gives its place back", async () => {
  const turns = makeTurns(1);
  await expect(turns.run(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(await turns.run(() => Promise.resolve(1))).toBe(1);
  expect(() => makeTurns(0)).toThrow("a whole number above 0");
});
