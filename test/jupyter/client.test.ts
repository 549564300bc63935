import {
  type Client,
  type ConnectionInfo,
  connectClient,
  decodeMessage,
  encodeMessage,
  endpoint,
  makeMessage,
  reserveConnection,
} from "carbonbook/jupyter";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Publisher, Reply, Router } from "zeromq";

let info: ConnectionInfo;
let client: Client;
let sockets: { shell: Router; iopub: Publisher; hb: Reply };

beforeEach(async () => {
  info = await reserveConnection();
  sockets = { shell: new Router(), iopub: new Publisher(), hb: new Reply() };
  await sockets.shell.bind(endpoint(info, "shell"));
  await sockets.iopub.bind(endpoint(info, "iopub"));
  await sockets.hb.bind(endpoint(info, "hb"));
  client = connectClient(info);
});
afterEach(() => {
  client.close();
  for (const socket of Object.values(sockets)) socket.close();
});

test("a request comes back as a reply, and many requests keep their order", async () => {
  const sent = Array.from({ length: 500 }, (_, n) =>
    makeMessage("execute_request", { n }, { session: client.session }),
  );
  for (const message of sent) void client.shell.send(message);
  for (const message of sent) {
    const request = decodeMessage(await sockets.shell.receive(), info.key);
    expect(request.header.msg_id).toBe(message.header.msg_id);
    const reply = makeMessage("execute_reply", { ok: true }, { session: "k", parent: request });
    await sockets.shell.send(encodeMessage(reply, info.key));
  }
  const reply = await client.shell.receive();
  expect(reply.parent_header.msg_id).toBe(sent[0]!.header.msg_id);
});

test("broadcasts arrive with their topic as identity", async () => {
  const status = makeMessage(
    "status",
    { execution_state: "idle" },
    { session: "k", identities: [Buffer.from("kernel.status")] },
  );
  const repeat = setInterval(() => sockets.iopub.send(encodeMessage(status, info.key)), 20);
  const got = await client.iopub.receive();
  clearInterval(repeat);
  expect(Buffer.from(got.identities[0]!).toString()).toBe("kernel.status");
  expect(got.content).toEqual({ execution_state: "idle" });
});

test("the heartbeat tells a living kernel from a dead one, again and again", async () => {
  const beats = (async () => {
    for await (const beat of sockets.hb) await sockets.hb.send(beat);
  })();
  expect(await client.ping()).toBe(true);
  expect(await client.ping()).toBe(true);
  sockets.hb.close();
  await beats;
  expect(await client.ping(100)).toBe(false);
  expect(await client.ping(100)).toBe(false);
});

test("iteration ends when the client closes", async () => {
  const ended = (async () => {
    for await (const _ of client.iopub) throw new Error("nothing was sent");
    return "ended";
  })();
  setTimeout(() => client.close(), 50);
  expect(await ended).toBe("ended");
});
