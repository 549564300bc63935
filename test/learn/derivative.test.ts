import { makeRandom, sizeOf } from "carbonbook/core";
import {
  conv,
  convFilter,
  convTranspose,
  input,
  makeWindow,
  mean,
  multiply,
  openEngine,
  sum,
} from "carbonbook/learn";
import { expect, test } from "vitest";
import { buildCase, CASES } from "./operations.js";
import { differences, evaluate } from "./reference.js";

test.each(CASES)("$name and its gradient agree with float64", async (operation) => {
  const { values, y, loss, program } = buildCase(operation);
  const engine = await openEngine({ threads: 1 });
  const executable = await engine.compile(program);
  const got = await executable.run(values);
  await executable.release();

  const feeds = new Map(
    Object.entries(values).map(([name, { data }]) => [name, Float64Array.from(data)]),
  );
  expectClose(got.y!.data, evaluate(y, feeds));
  for (const [i, shape] of operation.shapes.entries()) {
    expect(got[`d${i}`]!.shape).toEqual(shape);
    expectClose(got[`d${i}`]!.data, differences(loss, feeds, `x${i}`));
  }
});

test("blocked layouts and batches worked on in parts keep to the adjoint law", async () => {
  const random = makeRandom(5);
  const draw = (shape: number[]) => {
    return { data: Float32Array.from({ length: sizeOf(shape) }, () => random.normal()), shape };
  };
  const window = makeWindow({ kernel: 5, padding: 2 });
  const [x, y, f] = [
    [3, 16, 100, 100],
    [3, 64, 100, 100],
    [64, 16, 5, 5],
  ].map(draw);
  const nodes = { x: input("x", x!.shape), y: input("y", y!.shape), f: input("f", f!.shape) };
  // ⟨y, conv(x, f)⟩ = ⟨convFilter(x, y), f⟩ = ⟨convTranspose(y, f), x⟩
  const left = mean(multiply(nodes.y, conv(nodes.x, nodes.f, window)));
  const right = sum(multiply(convFilter(nodes.x, nodes.y, window), nodes.f));
  const back = mean(multiply(convTranspose(nodes.y, nodes.f, window), nodes.x));
  const engine = await openEngine({ threads: 1 });
  const executable = await engine.compile({ outputs: { left, right, back } });
  const got = await executable.run({ x: x!, y: y!, f: f! });
  await executable.release();
  const product = got.left!.data[0]! * sizeOf(y!.shape);
  expect(got.right!.data[0]! / product).toBeCloseTo(1, 3);
  expect((got.back!.data[0]! * sizeOf(x!.shape)) / product).toBeCloseTo(1, 3);
});

function expectClose(got: ArrayLike<number>, wanted: Float64Array): void {
  expect(got.length).toBe(wanted.length);
  const scale = Math.max(...wanted.map(Math.abs));
  for (const [i, value] of wanted.entries()) {
    expect(Math.abs(got[i]! - value)).toBeLessThan(1e-4 * scale);
  }
}
