import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isCarbonbookError } from "carbonbook/core";
import {
  endpoint,
  readConnectionFile,
  reserveConnection,
  socketConnection,
  writeConnectionFile,
} from "carbonbook/jupyter";
import { afterAll, beforeAll, expect, test } from "vitest";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "carbonbook-jupyter-"));
});
afterAll(() => rm(folder, { recursive: true }));

test("a connection file survives writing and reading, and is the owner's alone", async () => {
  const path = join(folder, "good.json");
  const info = await reserveConnection("carbonbook");
  await writeConnectionFile(path, info);
  expect(await readConnectionFile(path)).toEqual(info);
  expect((await stat(path)).mode & 0o077).toBe(0);
});

test("reserved ports and keys are never given twice", async () => {
  const infos = await Promise.all(Array.from({ length: 20 }, () => reserveConnection()));
  const ports = infos.flatMap((i) => [
    i.shell_port,
    i.control_port,
    i.stdin_port,
    i.iopub_port,
    i.hb_port,
  ]);
  expect(new Set(ports).size).toBe(100);
  expect(new Set(infos.map((info) => info.key)).size).toBe(20);
});

test("an address is made of transport, host and port", async () => {
  const info = await reserveConnection();
  expect(endpoint(info, "hb")).toBe(`tcp://127.0.0.1:${info.hb_port}`);
  expect(endpoint({ ...info, transport: "ipc", ip: "/tmp/k", hb_port: 3 }, "hb")).toBe(
    "ipc:///tmp/k-3",
  );
});

test.each([
  ["an open address", { ip: "0.0.0.0" }, /loopback address in ip, got "0.0.0.0"/],
  ["a missing port", { hb_port: undefined }, /a port in hb_port/],
  ["an unknown signature", { signature_scheme: "hmac-md5" }, /hmac-sha256, got "hmac-md5"/],
])("%s is refused", async (name, change, message) => {
  const path = join(folder, `${name}.json`);
  await writeFile(path, JSON.stringify({ ...(await reserveConnection()), ...change }));
  await expect(readConnectionFile(path)).rejects.toThrow(message);
});

test("a missing or truncated file is a data error that names the file", async () => {
  const path = join(folder, "cut.json");
  await writeFile(path, '{"shell_port": 12');
  const errors = await Promise.all(
    [path, join(folder, "none.json")].map((file) => readConnectionFile(file).catch((e) => e)),
  );
  expect(errors.every((error) => isCarbonbookError(error, "data"))).toBe(true);
  expect(errors[0].message).toContain("cut.json: connection file: expected JSON");
});

test("sockets in a folder need no ports; a name too long for one is not tried", () => {
  const info = socketConnection(folder, "carbonbook")!;
  expect(endpoint(info, "hb")).toBe(`ipc://${join(folder, "kernel")}-${info.hb_port}`);
  expect(socketConnection(join(folder, "x".repeat(100)))).toBeUndefined();
});
