import { expect, test } from "vitest";
import { lower } from "../../lib/kernel/lowering.js";

const NONE = new Set<string>();
/** Run lowered code with a minimal kernel; what it exports and its value. */
function run(js: string, last?: string, earlier: Record<string, unknown> = {}) {
  const { source } = lower(js, last, new Set(Object.keys(earlier)));
  const values: Record<string, unknown> = { ...earlier };
  const out: { value?: unknown } = {};
  const share = (name: string, get: () => unknown, set: (value: unknown) => void) =>
    Object.defineProperty(values, name, { get, set, enumerable: true, configurable: true });
  const kernel = { share, wait: (value: unknown) => value };
  const call = new Function(`return ${source}`)() as (...args: unknown[]) => unknown;
  return { values, out, ended: call(values, kernel, out, undefined) };
}

test("what a cell declares is exported, its last expression is its value", () => {
  const js = "const a = 1; let b = a; b += 1; class C {} function f() {}\nexport { a, b, C, f };";
  const { values, out } = run(`${js}\nexport const tsLastExpr = b;`, "tsLastExpr");
  expect(values).toMatchObject({ a: 1, b: 2 });
  expect(Object.keys(values).sort()).toEqual(["C", "a", "b", "f"]);
  expect(out.value).toBe(2);
});

test("variables no function mentions stay local, the others are shared", () => {
  const { source } = lower(
    "let plain = 0; let seen = 0; const f = () => seen;\nexport { plain, seen, f };",
    undefined,
    NONE,
  );
  expect(source).toContain('__kernel.share("seen"');
  expect(source).not.toContain('__kernel.share("plain"');
  const { values } = run("let seen = 0; const f = () => { seen++ };\nexport { seen, f };");
  (values.f as () => void)();
  expect(values.seen).toBe(1);
  values.seen = 5;
  (values.f as () => void)();
  expect(values.seen).toBe(6);
});

test("what was set before a failure is exported", () => {
  const values: Record<string, unknown> = {};
  const { source } = lower(
    "let a = 1; a = 2; throw new Error('x'); const b = 3;\nexport { a, b };",
    undefined,
    NONE,
  );
  const call = new Function(`return ${source}`)() as (...args: unknown[]) => unknown;
  expect(() => call(values, {}, {}, undefined)).toThrow("x");
  expect(values).toEqual({ a: 2 });
});

test("names of earlier cells in shorthand, and calls without a this", () => {
  const earlier = {
    x: 3,
    f(this: unknown) {
      return this;
    },
  };
  const { out } = run(
    "export const v = [{ x }, exports.f(), (({ x }) => ({ x }))({ x: 4 })];",
    "v",
    earlier,
  );
  expect(out.value).toEqual([{ x: 3 }, undefined, { x: 4 }]);
});

test("every await and for await is guarded, at any depth", () => {
  const js =
    "async function f() { await (await g()); }\nfor await (const x of y) await x;\nawait import('m');\nexport { f };";
  const { source, isAsync } = lower(js, undefined, NONE);
  expect(isAsync).toBe(true);
  expect(source.match(/__kernel\.wait\(/g)).toHaveLength(4);
  expect(source).toContain("of __kernel.each(y)");
  expect(source).toContain("__kernel.load('m')");
});

test("only an await at the top makes a cell asynchronous", () => {
  expect(lower("async function f() { await 1; }\nexport { f };", undefined, NONE).isAsync).toBe(
    false,
  );
  expect(lower("class A { static async f() { await 1; } }", undefined, NONE).isAsync).toBe(false);
  expect(lower("if (true) { await 1; }", undefined, NONE).isAsync).toBe(true);
});

test("imports are listed and their lines kept", () => {
  const { source, imports } = lower(
    'import d, {\n a as b } from "m";\nimport * as n from "k";\nd;',
    undefined,
    NONE,
  );
  expect(imports).toEqual(["m", "k"]);
  expect(source).toContain('const b = __kernel.pick("m", "a");');
  expect(source.split("\n").findIndex((line) => line.startsWith("d;"))).toBe(4);
});
