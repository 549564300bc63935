import { afterAll, beforeAll, expect, test } from "vitest";
import { type Answer, result, type Session, startSession } from "./session.js";

let session: Session;
beforeAll(async () => {
  session = await startSession();
  await session.run("const earlier = 'kept'");
});
afterAll(() => session.stop());

/** Run `code`, interrupt it a little later; the answer and how long it took to come [ms]. */
async function interrupted(code: string, by: "message" | "signal" = "message") {
  const answer: Promise<Answer> = session.run(`console.log("begun");\n${code}`);
  const seen = session.broadcast.length;
  while (!session.broadcast.slice(seen).some(({ content }) => content.text === "begun\n"))
    await pause(10);
  await pause(50);
  const start = performance.now();
  if (by === "signal") session.child.kill("SIGINT");
  else expect((await session.control("interrupt_request")).status).toBe("ok");
  const { reply } = await answer;
  return { reply, took: performance.now() - start };
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const PROGRAM = 'import { execSync } from "node:child_process";';

test.each([
  ["a loop", "while (true) {}"],
  [
    "a loop that catches all",
    "while (true) { try { while (true) {} } catch {} finally { while (true) {} } }",
  ],
  ["a loop after an await", "await null; while (true) {}"],
  ["a loop in a timer", "setTimeout(() => { while (true) {} }, 1); await new Promise(() => {})"],
  [
    "a loop in a callback",
    "Promise.resolve().then(() => { while (true) {} }); await new Promise(() => {})",
  ],
  ["an expression that backtracks", "/^(a+)+$/.test('a'.repeat(60) + 'b')"],
  ["awaits without a pause", "while (true) await null"],
  ["awaits with pauses", "while (true) await new Promise((resolve) => setTimeout(resolve, 5))"],
  ["an await for ever", "await new Promise(() => {})"],
  ["for await", "async function* f() { while (true) yield 1 }\nfor await (const _ of f()) {}"],
  ["awaits in a function", "async function g() { while (true) await null }\nawait g()"],
  ["a wait for memory", "Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)"],
  ["a program", `${PROGRAM} execSync("sleep 60")`],
  ["a program of a program", `${PROGRAM} execSync("sleep 60; echo late")`],
])("an interrupt stops %s within a second", async (_, code) => {
  const { reply, took } = await interrupted(code);
  expect(reply).toMatchObject({ status: "error", ename: "KeyboardInterrupt" });
  expect(took).toBeLessThan(1000);
  expect(result(await session.run("earlier"))).toBe("'kept'");
});

test.each([
  "while (true) {}",
  "await null; while (true) {}",
  "while (true) await null",
  "await new Promise(() => {})",
  "process.once('SIGINT', () => undefined); await new Promise(() => {})",
  `${PROGRAM} execSync("trap '' INT TERM; sleep 60; sleep 60")`,
])("SIGINT stops %s", async (code) => {
  const { reply } = await interrupted(code, "signal");
  expect(reply).toMatchObject({ ename: "KeyboardInterrupt" });
  expect(result(await session.run("earlier"))).toBe("'kept'");
});

test("a function of an earlier cell stops with the cell that called it", async () => {
  await session.run(
    "let turns = 0; async function spin() { while (true) { turns++; await null; } }",
  );
  const { reply } = await interrupted("await spin()");
  expect(reply.ename).toBe("KeyboardInterrupt");
  const first = result(await session.run("turns"));
  expect(result(await session.run("turns"))).toBe(first);
});

test("the signal of the cell aborts, and its timers no longer fire", async () => {
  const { reply } = await interrupted(
    `import { cellSignal } from "carbonbook/kernel";
     let reason = ""; let ticks = 0;
     cellSignal().addEventListener("abort", () => { reason = cellSignal().reason.name; });
     setInterval(() => { ticks++; }, 5);
     await new Promise(() => {});`,
  );
  expect(reply.ename).toBe("KeyboardInterrupt");
  expect(result(await session.run("reason"))).toBe("'KeyboardInterrupt'");
  const first = result(await session.run("ticks"));
  await pause(50);
  expect(result(await session.run("ticks"))).toBe(first);
});

test("code that goes on in a package does not hold the cell, which says so", async () => {
  const { reply, took } = await interrupted(
    `import { setTimeout as sleep } from "node:timers/promises";
     const others = { async loop() { for (let i = 0; i < 20; i++) { try { await sleep(100); } catch {} } } };
     try { await new Promise(() => {}); } finally { await Promise.race([others.loop()].map((p) => p.catch(() => 0))); }`,
  );
  expect(reply.ename).toBe("KeyboardInterrupt");
  expect(took).toBeLessThan(1000);
});

test("a program that nobody waits for goes on", async () => {
  await session.run(
    'import { spawn } from "node:child_process"; const aside = spawn("sleep", ["60"]);',
  );
  await interrupted("while (true) {}");
  expect(result(await session.run("aside.kill(0)"))).toBe("true");
  await session.run("aside.kill()");
});

test("a late interrupt stops nothing", async () => {
  await session.run("1");
  await session.control("interrupt_request");
  expect(
    result(await session.run("await new Promise((resolve) => setTimeout(resolve, 300)); 'alive'")),
  ).toBe("'alive'");
});

test("the place where a loop was stopped is told", async () => {
  const { reply } = await interrupted("const a = 1;\nfunction spin() {\n  for (;;) {}\n}\nspin()");
  expect((reply.traceback as string[]).join("\n")).toMatch(/spin \(cell \[\d+\], line 4\)/);
});

test("a loop that was stopped leaves its variables where it got to", async () => {
  await interrupted("let reached = 0; while (true) reached++;");
  expect(result(await session.run("reached > 1000"))).toBe("true");
});

test("a cell that goes on after it was given up takes no name from the cells after it", async () => {
  await interrupted(
    `import { setTimeout as sleep } from "node:timers/promises"; let own = 1;
     try { await new Promise(() => {}); } finally { await Promise.race([(() => sleep(900))()]).catch(() => 0); }`,
  );
  await session.run("const after = own + 1;");
  await session.run("await new Promise((resolve) => setTimeout(resolve, 1500))");
  expect(result(await session.run("after"))).toBe("2");
});

test("heartbeat and control answer while a cell computes", async () => {
  const busy = session.run("while (true) {}");
  await pause(200);
  expect(await session.client.ping()).toBe(true);
  expect((await session.control("kernel_info_request")).implementation).toBe("carbonbook");
  await session.control("interrupt_request");
  expect((await busy).reply.ename).toBe("KeyboardInterrupt");
});

test("an interrupt that comes before the cell has begun stops it all the same", async () => {
  const fresh = await startSession();
  const answer = fresh.run("while (true) {}"); // its compiler is still to be loaded
  await fresh.control("interrupt_request");
  expect((await answer).reply).toMatchObject({ ename: "KeyboardInterrupt" });
  await fresh.stop();
});
