import { createHmac } from "node:crypto";
import { decodeMessage, encodeMessage, makeMessage, WireError } from "carbonbook/jupyter";
import { expect, test } from "vitest";

const KEY = "a-key";
const request = makeMessage("execute_request", { code: "ψ + 1" }, { session: "s" });

test("a message survives the wire, identities and binary buffers included", () => {
  const sent = makeMessage(
    "comm_msg",
    { data: { depth: 3000 } },
    {
      session: "s",
      parent: request,
      metadata: { tags: ["a"] },
      buffers: [new Uint8Array([0, 255, 10])],
      identities: [new Uint8Array([1, 2])],
    },
  );
  const got = decodeMessage(encodeMessage(sent, KEY), KEY);
  expect(got.header).toEqual(sent.header);
  expect(got.parent_header).toEqual(request.header);
  expect(got.content).toEqual({ data: { depth: 3000 } });
  expect(got.metadata).toEqual({ tags: ["a"] });
  expect([...got.buffers[0]!]).toEqual([0, 255, 10]);
  expect([...got.identities[0]!]).toEqual([1, 2]);
});

test("an answer goes back to where its request came from", () => {
  const parent = { ...request, identities: [new Uint8Array([7])] };
  const reply = makeMessage("execute_reply", {}, { session: "k", parent });
  expect(reply.identities).toEqual(parent.identities);
  expect(reply.parent_header.msg_id).toBe(request.header.msg_id);
});

test("the signature is the HMAC-SHA256 of header, parent, metadata and content", () => {
  const frames = encodeMessage(request, KEY);
  const hmac = createHmac("sha256", KEY);
  for (const frame of frames.slice(2, 6)) hmac.update(frame);
  expect(frames[0]!.toString()).toBe("<IDS|MSG>");
  expect(frames[1]!.toString()).toBe(hmac.digest("hex"));
  expect(encodeMessage(request, "")[1]!.length).toBe(0);
});

test.each([
  ["another key", encodeMessage(request, "other")],
  ["no signature", encodeMessage(request, "")],
])("a message signed with %s is refused", (_, frames) => {
  expect(() => decodeMessage(frames, KEY)).toThrow(
    expect.objectContaining({ tag: "wire", fault: "signature" }),
  );
});

test("changed content is refused", () => {
  const frames = encodeMessage(request, KEY);
  frames[5] = Buffer.from('{"code":"other"}');
  expect(() => decodeMessage(frames, KEY)).toThrow(/message signature: expected the HMAC/);
});

const frames = encodeMessage(request, "");
test.each([
  ["nothing", []],
  ["noise", [Buffer.from("noise")]],
  ["no content frame", frames.slice(0, 5)],
  ["JSON that is not", [...frames.slice(0, 5), Buffer.from("{")]],
  ["a list for content", [...frames.slice(0, 5), Buffer.from("[]")]],
  ["a header without type", [...frames.slice(0, 2), Buffer.from("{}"), ...frames.slice(3)]],
])("%s is malformed", (_, bad) => {
  expect(() => decodeMessage(bad, "")).toThrow(WireError);
  expect(() => decodeMessage(bad, "")).toThrow(expect.objectContaining({ fault: "malformed" }));
});
