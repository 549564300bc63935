import { afterAll, beforeAll, expect, test } from "vitest";
import { output, result, type Session, startSession, textOf } from "./session.js";

let session: Session;
beforeAll(async () => {
  session = await startSession();
});
afterAll(() => session.stop());
const run = (code: string, options = {}) => session.run(code, options);

test("the last expression is the result, a declaration has none", async () => {
  expect(result(await run("const x = 40; x + 2"))).toBe("42");
  const declared = await run("const y = x;");
  expect(declared.reply.status).toBe("ok");
  expect(declared.outputs).toEqual([]);
  expect(result(await run("y"))).toBe("40");
});

test("execution counts rise by one, but not for silent or unstored cells", async () => {
  const { reply: first } = await run("1");
  const { reply: silent } = await run("2", { silent: true });
  const { reply: unstored } = await run("3", { store_history: false });
  const { reply: last } = await run("4");
  const counts = [first, silent, unstored, last].map(({ execution_count: n }) => Number(n));
  expect(counts.map((n) => n - counts[0]!)).toEqual([0, 0, 0, 1]);
});

test.each([
  ["input and result", "5"],
  ["text", "console.log(1); console.error(2)"],
  ["displays", 'import { display } from "carbonbook/kernel"; display(1)'],
  ["errors, which its reply tells", "throw new Error('6')"],
])("a silent cell does not broadcast its %s", async (_, code) => {
  const before = session.broadcast.length;
  const { reply } = await run(code, { silent: true });
  expect(reply.status).toBe(code.startsWith("throw") ? "error" : "ok");
  const types = session.broadcast.slice(before).map(({ header }) => header.msg_type);
  expect(types).toEqual(["status", "status"]);
});

test("stdout and stderr keep their order", async () => {
  const { outputs } = await run("console.log(1); console.error(2); console.log(3)");
  expect(outputs.map(({ content }) => [content.name, content.text])).toEqual([
    ["stdout", "1\n"],
    ["stderr", "2\n"],
    ["stdout", "3\n"],
  ]);
});

test("the console formats, groups and counts as Node's", async () => {
  const code = `console.log(-0, "%d"); console.log(-0); console.log("%d"); console.log("%d", 4);
    console.log(0.5); console.log(); console.log("a", "b"); console.log({ a: 1 });
    console.group("g"); console.log("x\\ny"); console.group(); console.info(2); console.groupEnd();
    console.groupEnd(); console.groupEnd(); console.log("z"); console.count(); console.table([1])`;
  const lines = textOf(await run(code)).split("\n");
  expect(lines.slice(0, 14)).toEqual([
    ...["-0 %d", "-0", "%d", "4", "0.5", "", "a b", "{ a: 1 }"],
    ...["g", "  x", "  y", "    2", "z", "default: 1"],
  ]);
  expect(lines[14]).toMatch(/^┌/);
});

test("an error says its name, message, cell and line", async () => {
  const answer = await run(
    "const deep = 1;\nfunction f() {\n  throw new RangeError('bad');\n}\n\nf()",
  );
  const error = output(answer, "error");
  expect(answer.reply).toMatchObject({ status: "error", ename: "RangeError", evalue: "bad" });
  expect(error).toMatchObject({ ename: "RangeError", evalue: "bad" });
  const traceback = (error!.traceback as string[]).join("\n");
  const count = answer.reply.execution_count;
  expect(traceback).toContain(`f (cell [${count}], line 3)`);
  expect(traceback).toContain(`cell [${count}], line 6`);
  expect(traceback).not.toContain("executor");
});

test("lines are right below types and comments, and in earlier cells", async () => {
  const { reply } = await run(
    "interface Depth {\n  readonly metres: number;\n}\n// note\nfunction g(d: Depth): never {\n  throw new Error(String(d.metres));\n}",
  );
  const error = output(await run("\n\ng({ metres: 3 })"), "error")!;
  const traceback = (error.traceback as string[]).join("\n");
  expect(traceback).toContain(`g (cell [${reply.execution_count}], line 6)`);
  expect(traceback).toMatch(/cell \[\d+\], line 3/);
});

test("causes are told, and what is thrown need not be an error", async () => {
  const { reply } = await run("throw new Error('outer', { cause: new TypeError('inner') })");
  expect((reply.traceback as string[]).join("\n")).toMatch(/outer.*Caused by:.*inner/s);
  expect((await run("throw 'a text'")).reply).toMatchObject({ ename: "string", evalue: "a text" });
  expect((await run("throw undefined")).reply).toMatchObject({ evalue: "undefined" });
});

test("an error may be its own cause", async () => {
  const { reply } = await run("const own: any = new Error('own'); own.cause = own; throw own");
  expect(reply).toMatchObject({ ename: "Error", evalue: "own" });
});

test.each([
  ["Promise", "(globalThis as any).Promise = undefined"],
  ["JSON", "(globalThis as any).JSON = undefined"],
  ["process", "(globalThis as any).process = undefined"],
  ["Array.prototype.map", "(Array.prototype as any).map = () => 5"],
  [
    "Array.prototype.Symbol(Symbol.iterator)",
    "(Array.prototype as any)[Symbol.iterator] = undefined",
  ],
  ["Map.prototype.get", "delete (Map.prototype as any).get"],
])("%s is put back after a cell that takes it away, which is told", async (name, code) => {
  const answer = await run(code);
  expect(answer.reply.status).toBe("ok");
  expect(textOf(answer, "stderr")).toContain(`${name} was put back`);
  expect(result(await run("[1, 2].map((x) => x + 1)"))).toBe("[ 2, 3 ]");
});

test("a cell may replace the console and the timers, and the kernel goes on", async () => {
  await run("const { console: ours, setTimeout: wait, setImmediate: soon } = globalThis");
  await run("Object.assign(globalThis, { console: 0, setTimeout: 0, setImmediate: 0 })");
  expect(result(await run("await null; 'on'"))).toBe("'on'");
  await run("Object.assign(globalThis, { console: ours, setTimeout: wait, setImmediate: soon })");
});

test("type and syntax errors name the line, and nothing runs", async () => {
  const { reply } = await run("console.log('ran');\nconst n: number = 'three'");
  expect(reply).toMatchObject({ status: "error", ename: "TypeScriptError" });
  expect(reply.evalue).toMatch(/^line 2:7 - Type 'string' is not assignable .* \(TS2322\)$/);
  expect((await run("let z = (")).reply).toMatchObject({ ename: "SyntaxError" });
  expect((await run("let z = (")).outputs.map(({ header }) => header.msg_type)).toEqual(["error"]);
});

test("a cell is strict when it asks to be", async () => {
  const code = "function h(a) { return a }";
  expect((await run(code)).reply.status).toBe("ok");
  expect((await run(`// @strict\n${code}`)).reply.evalue).toContain("implicitly has an 'any' type");
});

test("what a failing cell had set stays, what it had not keeps its value", async () => {
  await run("let kept = 1; let never = 5;");
  await run("kept = 2; const fresh = 7; let late = fail(); var fail: any;");
  expect(result(await run("[kept, never, fresh]"))).toBe("[ 2, 5, 7 ]");
  const { reply } = await run("late");
  expect(reply.evalue).toMatch(/late has no value: cell \[\d+\] stopped before/);
});

test("later cells and callbacks share a variable", async () => {
  await run("let shared = 0; const bump = () => { shared += 1; };");
  await run("bump(); shared += 10; bump();");
  expect(result(await run("shared"))).toBe("12");
  expect(result(await run("const o = { shared }; o"))).toBe("{ shared: 12 }");
});

test("keys of objects and patterns are no variables", async () => {
  await run("let places = [{ depth: 2 }]; let depth = 1; let found = 0;");
  expect(result(await run("places.map(({ depth: z }) => z + depth)[0]"))).toBe("3");
  expect(result(await run("({ depth: found } = places[0]); found"))).toBe("2");
  await run("for (const later of [7]) found = later; let later = found + 1;");
  expect(result(await run("later"))).toBe("8");
});

test("declarations can change their kind and type", async () => {
  await run("const again = 1");
  await run("let again = 'text'; const use = () => again;");
  expect(result(await run("class again { static n = 3 }; again.n"))).toBe("3");
  expect(result(await run("const { again: [first], ...rest } = { again: [1], b: 2 }; rest"))).toBe(
    "{ b: 2 }",
  );
  expect(result(await run("enum Face { West, South }; Face.South"))).toBe("1");
});

test("await works at the top and in loops", async () => {
  expect(result(await run("await Promise.resolve(3)"))).toBe("3");
  const code = "let sum = 0; for await (const n of [1, Promise.resolve(2)]) sum += n; sum";
  expect(result(await run(code))).toBe("3");
});

test("user expressions are evaluated after the cell, each with its own fate", async () => {
  const { reply } = await run("const depth = 3000", {
    user_expressions: { good: "depth / 2", bad: "nowhere" },
  });
  expect(reply.user_expressions).toMatchObject({
    good: { status: "ok", data: { "text/plain": "1500" }, metadata: {} },
    bad: { status: "error", ename: "TypeScriptError" },
  });
});

test("after an error what waits in line is aborted, unless the request says otherwise", async () => {
  const [bad, next] = [run("throw new Error('stop')"), run("'next'")];
  expect((await bad).reply.status).toBe("error");
  expect((await next).reply.status).toBe("aborted");
  const lenient = run("throw new Error('go on')", { stop_on_error: false });
  const after = run("'after'");
  expect((await lenient).reply.status).toBe("error");
  expect(result(await after)).toBe("'after'");
  expect(result(await run("'later'"))).toBe("'later'");
});

test("rejections and timer errors that nobody catches are errors of their cell", async () => {
  const rejected = await run("Promise.reject(new Error('nobody')); 1");
  expect(rejected.reply).toMatchObject({ status: "error", evalue: "nobody" });
  const timed = await run(
    "setTimeout(() => { throw new Error('timer') }, 5); await new Promise(() => {})",
  );
  expect(timed.reply).toMatchObject({ status: "error", evalue: "timer" });
});

test("a cell cannot stop the kernel from catching the errors of the next", async () => {
  await run("process.removeAllListeners()");
  const { reply } = await run("Promise.reject(null); await new Promise(() => {})");
  expect(reply).toMatchObject({ status: "error", evalue: "null" });
});

test("an error after the cell's end still reaches it, and the kernel lives", async () => {
  const started = await run("setTimeout(() => { throw new Error('late') }, 50); 'ended'");
  expect(started.reply.status).toBe("ok");
  await run("await new Promise((resolve) => setTimeout(resolve, 150))");
  const late = session.broadcast.find(({ content }) => content.evalue === "late");
  const input = session.broadcast.find(({ content }) => String(content.code).includes("'late'"));
  expect(late?.header.msg_type).toBe("error");
  expect(late?.parent_header.msg_id).toBe(input?.parent_header.msg_id);
});

test("values show as they wish: bundles, several formats, metadata", async () => {
  const code = `({ toMimeBundle: async () => ({
    data: { "image/png": "AAAA", "text/html": "<i>3</i>" },
    metadata: { "image/png": { width: 9 } } }) })`;
  expect(output(await run(code), "execute_result")).toMatchObject({
    data: { "image/png": "AAAA", "text/html": "<i>3</i>", "text/plain": "[Object]" },
    metadata: { "image/png": { width: 9 } },
  });
  const deno = await run(`({ [Symbol.for("Jupyter.display")]: () => ({ "text/plain": "own" }) })`);
  expect(result(deno)).toBe("own");
});

test("display, update and clear", async () => {
  const { outputs } = await run(
    `import { clear, display, mime, update } from "carbonbook/kernel";
     display(mime({ "text/html": "<b>1</b>" }), { id: "bar" });
     update("bar", 2); clear({ wait: true }); display(new Float32Array(3));`,
  );
  const [shown, changed, cleared, table] = outputs.map(({ header, content }) => ({
    type: header.msg_type,
    ...content,
  }));
  expect(shown).toMatchObject({ type: "display_data", transient: { display_id: "bar" } });
  expect(changed).toMatchObject({
    type: "update_display_data",
    data: { "text/plain": "2" },
    transient: { display_id: "bar" },
  });
  expect(cleared).toMatchObject({ type: "clear_output", wait: true });
  expect((table as unknown as { data: object }).data).toHaveProperty("text/html");
});

test("text beyond the limit is cut with a note that says how much", async () => {
  const answer = await run("for (let i = 0; i < 50; i++) console.log('x'.repeat(999_999)); 'end'");
  expect(textOf(answer)).toHaveLength(8_000_000);
  expect(textOf(answer, "stderr")).toContain("output cut: 42000000 characters more");
  expect(result(answer)).toBe("'end'");
});

test("ten thousand awaits do not grow memory", async () => {
  const code = `globalThis.gc ??= (await import("node:vm")).runInNewContext("gc");
    const pause = () => new Promise((resolve) => setImmediate(resolve));
    gc(); const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 10_000; i++) await pause();
    gc(); (process.memoryUsage().heapUsed - before) / 1e6`;
  await run(`import { setFlagsFromString } from "node:v8"; setFlagsFromString("--expose-gc")`);
  expect(Number(result(await run(`declare var gc: () => void;\n${code}`)))).toBeLessThan(1);
});

test("a cell of 100 MB run fifty times does not pile up", async () => {
  await run("const idle = 0");
  const before = Number(result(await run("process.memoryUsage().rss")));
  for (let i = 0; i < 50; i++)
    await run("const big = new Float64Array(12_500_000).fill(1); big[0]");
  const grown = (Number(result(await run("process.memoryUsage().rss"))) - before) / 1e6;
  expect(grown).toBeLessThan(300);
}, 180_000); // writes 5 GB

test("nor does a list of 100 MB", async () => {
  const heap = async () => Number(result(await run("process.memoryUsage().heapUsed")));
  const before = await heap();
  const grown: number[] = [];
  for (let i = 0; i < 8; i++) {
    await run("let list = new Array(12_500_000).fill(1); list[0]");
    grown.push(((await heap()) - before) / 1e6);
  }
  expect(Math.max(...grown)).toBeLessThan(300);
});
