/** Fetching from servers that fail, lie and lure. */

import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import {
  type DataSet,
  fetchData,
  listData,
  type Manifest,
  planFetch,
  verifyData,
} from "carbonbook/data";
import { afterEach, expect, test } from "vitest";
import {
  type Answer,
  dropFirst,
  type HostileServer,
  serve,
  startServer,
} from "./hostile-server.js";

const BODY = Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * i) % 251));
const SHA = createHash("sha256").update(BODY).digest("hex");
const servers: HostileServer[] = [];
afterEach(async () => {
  await Promise.all(servers.splice(0).map((s) => s.close()));
});

async function server(answers: Record<string, Answer>): Promise<HostileServer> {
  const started = await startServer(answers);
  servers.push(started);
  return started;
}

function manifestOf(mirrors: string[], more: Partial<DataSet> = {}): Manifest {
  const files = [{ path: "a/x.nc", source: "x", bytes: BODY.length, sha256: SHA }];
  const about = {
    title: "test",
    url: "https://example.org",
    licence: "",
    citation: "",
    neededBy: [],
  };
  return { version: 1, datasets: [{ id: "set", ...about, mirrors, files, ...more }] };
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), "carbonbook-fetch-"));
}

const fast = { backoff: 1, stall: 300, attempts: 3, mirrorFolder: "", environment: {} };

async function fetchOne(manifest: Manifest, folder = newFolder()) {
  const report = await fetchData([], { ...fast, manifest, folder });
  const message = report.failed
    .map(({ error }) => (error instanceof Error ? error.message : ""))
    .join();
  return { folder, report, message, place: join(folder, "a/x.nc") };
}

test("a plan says how much will come, asks for unknown sizes, and writes nothing", async () => {
  const { base, seen } = await server({ x: serve(BODY) });
  const files = [{ path: "a/x.nc", source: "x", bytes: "unknown" as const, sha256: "unknown" }];
  const folder = join(newFolder(), "none");
  const plan = await planFetch(["set"], {
    ...fast,
    manifest: manifestOf([base], { files }),
    folder,
  });
  expect([plan.bytes, plan.files.length, plan.unknown]).toEqual([BODY.length, 1, 0]);
  expect(seen).toEqual(["HEAD /x"]);
  expect(existsSync(folder)).toBe(false);
});

test("a file's name is a name: no query, no fragment, no other host", async () => {
  const odd = "http://127.0.0.1:1/50% #1?.nc";
  const { base, seen } = await server({ [odd]: serve(BODY) });
  const source = { source: odd, bytes: "unknown" as const, sha256: SHA };
  const manifest = manifestOf([base], { files: [{ path: "a/x.nc", ...source }] });
  const { report } = await fetchOne(manifest);
  expect(report.fetched).toEqual(["a/x.nc"]);
  expect(seen.map((line) => line.split(" ")[0])).toEqual(["HEAD", "GET"]);
});

test("what was fetched is whole, listed, right, and kept the next time", async () => {
  const { base, seen } = await server({ x: serve(BODY) });
  const manifest = manifestOf([base]);
  const progress: number[] = [];
  const folder = newFolder();
  const onProgress = (done: number, total: number) => progress.push(done / total);
  const onPlan = ({ bytes }: { bytes: number }) => progress.push(bytes);
  const first = await fetchData(["set"], { ...fast, manifest, folder, onPlan, onProgress });
  expect(first.fetched).toEqual(["a/x.nc"]);
  expect(readFileSync(join(folder, "a/x.nc"))).toEqual(BODY);
  expect([progress[0], progress.at(-1)]).toEqual([BODY.length, 1]);
  expect(listData({ manifest, folders: [folder] })[0]).toMatchObject({
    here: 1,
    files: 1,
    bytes: BODY.length,
  });
  const again = await fetchData(["set"], { ...fast, manifest, folder });
  expect([again.kept, again.fetched, seen.length]).toEqual([["a/x.nc"], [], 1]);
});

test("a dropped connection is resumed where it broke", async () => {
  const { base, seen } = await server({ x: dropFirst(BODY, 30_000, 2) });
  const { place } = await fetchOne(manifestOf([base]));
  expect(readFileSync(place)).toEqual(BODY);
  expect(seen.slice(1)).toEqual(["GET /x bytes=30000-", "GET /x bytes=60000-"]);
});

test("a server that ignores Range sends everything again, and that is taken", async () => {
  const whole: Answer = (_, response, visit) => {
    response.writeHead(200, { "Content-Length": BODY.length });
    if (visit > 0) response.end(BODY);
    else response.write(BODY.subarray(0, 1000), () => response.destroy());
  };
  const { base } = await server({ x: whole });
  expect(readFileSync((await fetchOne(manifestOf([base]))).place)).toEqual(BODY);
});

test("a server that answers with another range is not believed", async () => {
  const wrong: Answer = (request, response, visit) => {
    if (visit === 0) return dropFirst(BODY, 500, 1)(request, response, 0);
    if (request.headers.range === undefined) return serve(BODY)(request, response, visit);
    response.writeHead(206, { "Content-Range": `bytes 7-${BODY.length - 1}/${BODY.length}` });
    response.end(BODY.subarray(7));
  };
  const { base } = await server({ x: wrong });
  expect(readFileSync((await fetchOne(manifestOf([base]))).place)).toEqual(BODY);
});

test("bytes that do not match are quarantined, and the next mirror is asked", async () => {
  const bad = await server({ x: serve(Buffer.alloc(BODY.length, 7)) });
  const good = await server({ x: serve(BODY) });
  const { place, folder } = await fetchOne(manifestOf([bad.base, good.base]));
  expect(readFileSync(place)).toEqual(BODY);
  expect(readdirSync(join(folder, ".carbonbook/quarantine"))).toEqual(["a%x.nc"]);
});

test("what one mirror began with other bytes, the next one sends from the beginning", async () => {
  const bad = await server({ x: dropFirst(Buffer.alloc(BODY.length, 7), 30_000, 9) });
  const good = await server({ x: serve(BODY) });
  const { place, folder } = await fetchOne(manifestOf([bad.base, good.base]));
  expect(readFileSync(place)).toEqual(BODY);
  expect(good.seen).toEqual(["GET /x bytes=90000-", "GET /x"]);
  expect(readdirSync(join(folder, ".carbonbook/quarantine"))).toEqual(["a%x.nc"]);
});

test.each<[string, Answer, string]>([
  ["sends other bytes", serve(Buffer.alloc(BODY.length, 7)), "sent other bytes"],
  ["sends too much", serve(Buffer.concat([BODY, BODY])), `sent more than the ${BODY.length} bytes`],
  ["sends too little", serve(BODY.subarray(0, 50)), `ended after 50 of ${BODY.length} bytes`],
  ["sends more and never ends", (_, r) => void endless(r), "sent more than"],
  [
    "states a longer body than it sends",
    (_, r) => void r.writeHead(200, { "Content-Length": 9e9 }).write("x", () => r.destroy()),
    "aborted",
  ],
  [
    "stalls",
    (_, r) => void r.writeHead(200, { "Content-Length": BODY.length }).write("x"),
    "nothing came for 300 ms",
  ],
  ["never answers", () => undefined, "nothing came for 300 ms"],
  ["has no such file", (_, r) => void r.writeHead(404).end(), "answered 404"],
  ["is always busy", (_, r) => void r.writeHead(503).end(), "answered 503"],
  ["redirects to a file", redirect("file:///etc/passwd"), "redirects to file:, which is refused"],
  [
    "redirects to another host",
    redirect("http://localhost:9/x"),
    "redirects to localhost:9, which the manifest does not list",
  ],
  ["redirects in a ring", redirect("/x"), "redirects more than 5 times"],
])("a server that %s gets nothing into the folder", async (_, answer, message) => {
  const { base } = await server({ x: answer });
  const { folder, report, message: said } = await fetchOne(manifestOf([base]));
  expect(report.failed).toHaveLength(1);
  expect(said).toContain(message);
  expect(report.failed[0]?.error).toMatchObject({ tag: "data" });
  expect(readdirSync(folder)).toEqual([".carbonbook"]);
});

test("a redirect to a listed host is followed", async () => {
  const target = await server({ y: serve(BODY) });
  const { base } = await server({ x: redirect(`${target.base}y`) });
  const { place } = await fetchOne(manifestOf([base], { hosts: [target.host] }));
  expect(readFileSync(place)).toEqual(BODY);
});

test.each(["../x.nc", "/tmp/x.nc", "a/../../x.nc", "a\\..\\x.nc", "C:/x.nc", "a//x.nc", ""])(
  'a manifest that puts a file at "%s" is refused',
  async (path) => {
    const files = [{ path, source: "x", bytes: BODY.length, sha256: SHA }];
    const { base } = await server({ x: serve(BODY) });
    const folder = newFolder();
    const fetching = fetchData([], { ...fast, manifest: manifestOf([base], { files }), folder });
    await expect(fetching).rejects.toThrow("a place inside the data folder");
    expect(readdirSync(folder)).toEqual([]);
  },
);

test.each(["a", ".carbonbook", "a/x.nc", ".carbonbook/lock", ".carbonbook/partial/a%x.nc.part"])(
  "a link at %s does not lead a download out of the folder",
  async (link) => {
    const { base } = await server({ x: serve(BODY) });
    const [folder, elsewhere] = [newFolder(), newFolder()];
    mkdirSync(dirname(join(folder, link)), { recursive: true });
    symlinkSync(elsewhere, join(folder, link));
    const fetching = fetchOne(manifestOf([base]), folder).then(({ message }) => {
      throw new Error(message);
    });
    await expect(fetching).rejects.toThrow("through no links out of it");
    expect(readdirSync(elsewhere)).toEqual([]);
  },
);

test("a data set that needs an account is left to its owner", async () => {
  const byHand = { account: "free", how: "register, then put the files into set/" } as const;
  const { report } = await fetchOne(manifestOf([], { byHand }));
  expect([report.fetched, report.byHand[0]?.byHand]).toEqual([[], byHand]);
});

test("the mirror folder is used before any server, and checked like one", async () => {
  const mirrorFolder = newFolder();
  mkdirSync(join(mirrorFolder, "a"));
  writeFileSync(join(mirrorFolder, "a/x.nc"), BODY);
  const folder = newFolder();
  const manifest = manifestOf(["http://127.0.0.1:1/"]);
  const report = await fetchData([], { ...fast, mirrorFolder, manifest, folder });
  expect([report.fetched, report.failed]).toEqual([["a/x.nc"], []]);
  writeFileSync(join(mirrorFolder, "a/x.nc"), "other");
  const other = await fetchData([], {
    ...fast,
    attempts: 1,
    mirrorFolder,
    manifest,
    folder: newFolder(),
  });
  expect(other.fetched).toEqual([]);
});

test("a folder that a living process fetches into is busy; a dead one's lock is taken over", async () => {
  const { base } = await server({ x: serve(BODY) });
  const folder = newFolder();
  mkdirSync(join(folder, ".carbonbook"));
  writeFileSync(join(folder, ".carbonbook/lock"), `${process.pid}`);
  await expect(fetchOne(manifestOf([base]), folder)).rejects.toMatchObject({ tag: "busy" });
  writeFileSync(join(folder, ".carbonbook/lock"), "99999999");
  expect((await fetchOne(manifestOf([base]), folder)).report.fetched).toEqual(["a/x.nc"]);
});

test("an aborted fetch stops, and the next one resumes it", async () => {
  const { base, seen } = await server({ x: dropFirst(BODY, 40_000, 1) });
  const controller = new AbortController();
  const onProgress = (done: number) => void (done >= 40_000 && controller.abort());
  const folder = newFolder();
  const manifest = manifestOf([base]);
  const options = { ...fast, manifest, folder };
  const { signal } = controller;
  await expect(fetchData([], { ...options, onProgress, signal })).rejects.toThrow("abort");
  await fetchData([], options);
  expect(readFileSync(join(folder, "a/x.nc"))).toEqual(BODY);
  expect(seen.at(-1)).toBe("GET /x bytes=40000-");
});

test("verify finds what is right, missing, changed and extra", async () => {
  const folder = newFolder();
  const names = ["right", "changed", "missing"];
  const files = names.map((name) => ({
    path: `a/${name}`,
    bytes: 1,
    sha256: sha(name.slice(0, 1)),
  }));
  const free = { path: "a/free", bytes: "unknown" as const, sha256: "unknown" };
  const manifest = manifestOf([], { files: [...files, free] });
  for (const [name, text] of [
    ["right", "r"],
    ["changed", "x"],
    ["free", "f"],
    ["extra", "e"],
  ]) {
    mkdirSync(dirname(join(folder, `a/${name}`)), { recursive: true });
    writeFileSync(join(folder, `a/${name}`), text!);
  }
  const report = await verifyData([], { folder, manifest });
  expect(report.files.map((f) => f.state)).toEqual(["right", "changed", "missing", "unchecked"]);
  expect(report.extra).toEqual(["a/extra"]);
});

test("the environment's proxy carries plain requests and tunnels secure ones", async () => {
  const { base, seen } = await server({ x: serve(BODY) });
  const asked: string[] = [];
  const proxy = createServer((request, response) => {
    asked.push(`${request.method} ${request.url} ${request.headers["proxy-authorization"]}`);
    const target = new URL(request.url ?? "");
    response.writeHead(200, { "Content-Length": BODY.length });
    connect(Number(target.port), target.hostname, () => response.end(BODY)).end();
  });
  proxy.on("connect", (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  const address = `http://me:secret@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const environment = { HTTP_PROXY: address, https_proxy: address };
  const options = { ...fast, environment, attempts: 1 };
  const plain = await fetchData([], {
    ...options,
    manifest: manifestOf([base]),
    folder: newFolder(),
  });
  const secure = manifestOf(["https://data.example.org/"]);
  const refused = await fetchData([], { ...options, manifest: secure, folder: newFolder() });
  const without = {
    ...options,
    environment: { ...environment, NO_PROXY: "127.0.0.1:1,127.0.0.1" },
  };
  await fetchData([], { ...without, manifest: manifestOf([base]), folder: newFolder() });
  await new Promise((resolve) => proxy.close(resolve));
  const credentials = `Basic ${Buffer.from("me:secret").toString("base64")}`;
  expect(asked).toEqual([`GET ${base}x ${credentials}`, "CONNECT data.example.org:443"]);
  expect([plain.fetched, refused.failed.length, seen]).toEqual([["a/x.nc"], 1, ["GET /x"]]);
});

function redirect(location: string): Answer {
  return (_, response) => void response.writeHead(302, { Location: location }).end();
}

function endless(response: import("node:http").ServerResponse): void {
  response.writeHead(200);
  const more = () => {
    if (!response.destroyed) response.write(BODY, more);
  };
  more();
}

function sha(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
