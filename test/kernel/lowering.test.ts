import { expect, test } from "vitest";
import { lower } from "../../lib/kernel/lowering.js";
import { makeVariables } from "../../lib/kernel/variables.js";

const NONE = new Set<string>();
/** Run lowered code with a minimal kernel: what it declares, its value, and its variables. */
function run(js: string, last?: string, earlier: Record<string, unknown> = {}) {
  const variables = makeVariables();
  for (const [name, value] of Object.entries(earlier)) variables.hold(name)[name] = value;
  const { source, names } = lower(js, last, variables);
  const out: { value?: unknown } = {};
  const kernel = { hold: variables.hold, wait: (value: unknown) => value };
  const call = new Function(`return ${source}`)() as (...args: unknown[]) => unknown;
  const memory = variables.remember(names);
  const values = () => Object.fromEntries(names.map((name) => [name, variables.hold(name)[name]]));
  return { variables, values, out, memory, call: () => call(kernel, out, undefined) };
}

test("what a cell declares is kept, its last expression is its value", () => {
  const js = "const a = 1; let b = a; b += 1; class C {} function f() {}\nexport { a, b, C, f };";
  const { values, out, call } = run(`${js}\nexport const tsLastExpr = b;`, "tsLastExpr");
  call();
  expect(values()).toMatchObject({ a: 1, b: 2 });
  expect(Object.keys(values()).sort()).toEqual(["C", "a", "b", "f"]);
  expect(out.value).toBe(2);
});

test.each([
  ["declarations in a row", "let a = 1, b, c = a + 1;", { a: 1, b: undefined, c: 2 }],
  ["patterns", "let { a, k: [b], ...c } = { a: 1, k: [2], z: 3 };", { a: 1, b: 2, c: { z: 3 } }],
  ["defaults in patterns", "let [a = 1, , b = a] = []; let { c = 3 } = {};", { a: 1, b: 1, c: 3 }],
  [
    "assignments to patterns",
    "let a, b, c = 0; ({ a, k: b = 2 } = { a: 1 });",
    { a: 1, b: 2, c: 0 },
  ],
  [
    "loops",
    "for (var a = 0; a < 3; a++) ; for (var b of [5]) ; for (var c in { k: 1 }) ;",
    { a: 3, b: 5, c: "k" },
  ],
  [
    "var in branches",
    "if (false) { var a = 1; } var b; let c = a;",
    { a: undefined, b: undefined, c: undefined },
  ],
  [
    "inner variables of the same name",
    "let a = 1, b = 2, c = ((a) => { let b = a; b++; return b; })(7); { let a = 9; a++; } for (let b = 0; b < 3; b++) ; try { throw 1; } catch (c) { c = 5; }",
    { a: 1, b: 2, c: 8 },
  ],
  [
    "functions named like them",
    "let a = 1, b = function a() { return typeof a; }, c = class b { static b = b.name; }; b = b(); c = c.b;",
    { a: 1, b: "function", c: "b" },
  ],
  [
    "variables of loops that are named like a function",
    "function a() { return 1; } for (let a = 0; a < 3; a++) ; let b = a(), c = 2; for (let c of [7]) ;",
    { b: 1, c: 2 },
  ],
  [
    "labels and keys",
    "let a = 0, b = { a: 1, b() { return 2; } }, c = 0; a: for (;;) { c = b.a + b.b(); break a; }",
    { a: 0, c: 3 },
  ],
  [
    "closures",
    "let a = 0, b = () => { a++; }, c = [1, 2].map((x) => x + a); b(); b();",
    { a: 2, c: [1, 2] },
  ],
  [
    "names of functions",
    "let a = () => 1, b = function () {}, c = class {}; a = a.name; b = b.name; c = c.name;",
    { a: "a", b: "b", c: "c" },
  ],
  [
    "calls without a this",
    "let a = function () { 'use strict'; return this; }, b = a(), c = a``;",
    { b: undefined, c: undefined },
  ],
])("variables mean what they meant: %s", (_, js, wanted) => {
  const { values, call } = run(`${js}\nexport { a, b, c };`);
  call();
  expect(values()).toMatchObject(wanted);
});

test("a callback, its own cell and later cells share a variable", () => {
  const { values, variables, call } = run("let n = 0; const f = () => ++n;\nexport { n, f };");
  call();
  variables.hold("n").n = 5;
  expect((values().f as () => number)()).toBe(6);
  expect(variables.hold("n").n).toBe(6);
});

test("what was set before a failure stays, what was not keeps its value, or has none", () => {
  const js =
    "let a = 1; for (;;) { a++; if (a > 3) throw new Error('x'); } let b = 2; var c = 3; const d = 4;";
  const { variables, memory, call } = run(`${js}\nexport { a, b, c, d };`, undefined, {
    b: 7,
    c: 8,
  });
  expect(call).toThrow("x");
  expect(memory.settle(9)).toBe(true);
  const [a, b, c] = ["a", "b", "c"].map((name) => variables.hold(name)[name]);
  expect([a, b, c]).toEqual([4, 7, 8]);
  expect(() => variables.hold("d").d).toThrow("d has no value: cell [9] stopped before it got one");
});

test("a variable that is read before it is declared is an error", () => {
  expect(run("const f = () => late; f(); let late = 1;\nexport { f, late };").call).toThrow(
    "late has no value yet",
  );
});

test("names of earlier cells in shorthand, and calls without a this", () => {
  const earlier = {
    x: 3,
    f(this: unknown) {
      return this;
    },
  };
  const { out, call } = run(
    "export const v = [{ x }, exports.f(), (({ x }) => ({ x }))({ x: 4 })];",
    "v",
    earlier,
  );
  call();
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
