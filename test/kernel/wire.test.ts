import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  encodeMessage,
  endpoint,
  makeMessage,
  reserveConnection,
  writeConnectionFile,
} from "carbonbook/jupyter";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Dealer } from "zeromq";
import { BIN, result, type Session, startSession, textOf } from "./session.js";

let session: Session;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "carbonbook-wire-"));
  session = await startSession();
});
afterAll(async () => {
  await session.stop();
  await rm(folder, { recursive: true });
});

test("malformed frames and foreign signatures are dropped, on every channel", async () => {
  const request = makeMessage(
    "execute_request",
    { code: "globalThis.forged = true" },
    { session: "x" },
  );
  const bad = [
    [Buffer.from("noise")],
    [Buffer.alloc(0)],
    encodeMessage(request, "another key"),
    encodeMessage(request, session.info.key).slice(0, 4),
    encodeMessage(request, session.info.key).map((frame, i) =>
      i === 5 ? Buffer.from("{}") : frame,
    ),
  ];
  for (const channel of ["shell", "control", "stdin"] as const) {
    const socket = new Dealer({ linger: 0 });
    socket.connect(endpoint(session.info, channel));
    for (const frames of bad) await socket.send(frames);
    await new Promise((resolve) => setTimeout(resolve, 100));
    socket.close();
  }
  expect(result(await session.run("(globalThis as any).forged"))).toBeUndefined();
  expect(result(await session.run("'alive'"))).toBe("'alive'");
});

test("an unknown request is answered with an error, a request without fields too", async () => {
  expect((await session.ask("dance_request")).reply).toMatchObject({ status: "error" });
  expect((await session.ask("execute_request")).reply.status).toBe("ok");
  for (const type of ["complete", "inspect", "is_complete", "history", "comm_info"]) {
    expect((await session.ask(`${type}_request`)).reply).toHaveProperty("status");
  }
  expect(await session.control("dance_request")).toMatchObject({ status: "error" });
});

test("a comm to an unknown target is closed", async () => {
  const request = makeMessage(
    "comm_open",
    { comm_id: "c1", target_name: "jupyter.widget" },
    { session: "x" },
  );
  await session.client.shell.send(request);
  await session.run("1");
  const closed = session.broadcast.find(({ header }) => header.msg_type === "comm_close");
  expect(closed?.content.comm_id).toBe("c1");
});

test("ten thousand requests in line are all answered, in order", async () => {
  const answers = Array.from({ length: 10_000 }, (_, n) =>
    session.ask("is_complete_request", { code: `${n}` }),
  );
  const replies = await Promise.all(answers);
  expect(replies.every(({ reply }) => reply.status === "complete")).toBe(true);
}, 120_000);

test("a thousand cells in line after one that fails are all answered as aborted", async () => {
  const bad = session.run(
    "await new Promise((late) => setTimeout(late, 3000)); throw new Error('stop')", // all wait by then
  );
  const rest = Array.from({ length: 1000 }, () => session.run("1"));
  expect((await bad).reply.status).toBe("error");
  expect(new Set((await Promise.all(rest)).map(({ reply }) => reply.status))).toEqual(
    new Set(["aborted"]),
  );
  expect(result(await session.run("'again'"))).toBe("'again'");
});

test("50 MB in one display arrive whole", async () => {
  const { outputs, reply } = await session.run(
    'import { display, mime } from "carbonbook/kernel"; display(mime({ "text/x": "y".repeat(50e6) }))',
  );
  expect(reply.status).toBe("ok");
  expect((outputs[0]!.content.data as Record<string, string>)["text/x"]).toHaveLength(50e6);
});

test("the reader can be asked, where a frontend allows it", async () => {
  const code =
    'import { input } from "carbonbook/kernel"; await input("name?", { password: true })';
  expect((await session.run(code)).reply).toMatchObject({ ename: "EnvironmentError" });
  const asked = session.run(code, { allow_stdin: true });
  const question = await session.client.stdin.receive();
  expect(question.content).toEqual({ prompt: "name?", password: true });
  const answer = makeMessage("input_reply", { value: "Ada" }, { session: "x", parent: question });
  await session.client.stdin.send({ ...answer, identities: [] });
  expect(result(await asked)).toBe("'Ada'");
});

test("two kernels at once do not hear each other", async () => {
  const other = await startSession();
  await Promise.all([session.run("const mine = 1; console.log('a')"), other.run("const mine = 2")]);
  expect(result(await session.run("mine"))).toBe("1");
  expect(result(await other.run("mine"))).toBe("2");
  expect(textOf({ reply: {}, outputs: other.broadcast })).toBe("");
  await other.stop();
  expect(await other.exit).toBe(0);
});

test.each([
  "while (true) {}",
  "setInterval(() => {}, 10)",
  'import { execSync } from "node:child_process"; execSync("sleep 60")',
])("shutdown ends the process whatever it does: %s", async (code) => {
  const other = await startSession();
  void other.run(code);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(await other.control("shutdown_request", { restart: true })).toEqual({
    status: "ok",
    restart: true,
  });
  expect([0, "SIGKILL"]).toContain(await other.exit);
  await other.stop();
});

test("a cell that exits the process ends it with its code", async () => {
  const other = await startSession();
  void other.run("process.exit(7)");
  expect(await other.exit).toBe(7);
  other.client.close();
});

test("a broken connection file and a port in use: one line, and a code that is not zero", async () => {
  const broken = join(folder, "broken.json");
  await writeFile(broken, "{");
  const info = await reserveConnection();
  const taken = join(folder, "taken.json");
  await writeConnectionFile(taken, info);
  const server = createServer().listen(info.shell_port, "127.0.0.1");
  await once(server, "listening");
  const runs = [broken, taken].map((file) =>
    spawnSync(process.execPath, [BIN, file], { encoding: "utf8", timeout: 50_000 }),
  );
  server.close();
  for (const { status, stderr } of runs) {
    expect(status).toBe(1);
    expect(stderr.trim().split("\n")).toHaveLength(1);
  }
  expect(runs[0]!.stderr).toContain("broken.json: connection file: expected JSON");
  expect(runs[1]!.stderr).toContain("shell socket");
});

test("a kernel whose parent dies ends", async () => {
  const file = join(folder, "orphan.json");
  await writeConnectionFile(file, await reserveConnection());
  const script = `const k = require("child_process").spawn(process.execPath, ${JSON.stringify([BIN, file])}, { stdio: "ignore", env: { ...process.env, JPY_PARENT_PID: String(process.pid) } }); console.log(k.pid); setInterval(() => {}, 1000)`;
  const parent = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] });
  const pid = await new Promise<number>((resolve) =>
    parent.stdout.once("data", (text) => resolve(Number(text))),
  );
  await new Promise((resolve) => setTimeout(resolve, 1000));
  parent.kill("SIGKILL");
  const isAlive = () => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  for (let i = 0; i < 200 && isAlive(); i++)
    await new Promise((resolve) => setTimeout(resolve, 100));
  expect(isAlive()).toBe(false);
});
