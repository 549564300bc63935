/**
 * A message of the Jupyter messaging protocol 5.4 and its form on the wire:
 * `[...identities, "<IDS|MSG>", signature, header, parent_header, metadata, content, ...buffers]`,
 * signed with HMAC-SHA256 over the four JSON frames. Field names are the protocol's own.
 */
import { Buffer } from "node:buffer";
import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { userInfo } from "node:os";
import { CarbonbookError, type Problem } from "../core/index.js";

/** The version of the messaging protocol spoken here. */
export const PROTOCOL_VERSION = "5.4";

/** What identifies one message. */
export interface Header {
  readonly msg_id: string;
  readonly msg_type: string;
  readonly session: string;
  readonly username: string;
  /** ISO 8601 */
  readonly date: string;
  readonly version: string;
}

/** A JSON object: content, metadata. */
export type Fields = Readonly<Record<string, unknown>>;

/** One message, decoded. */
export interface Message {
  readonly header: Header;
  /** header of the request this answers; empty where there is none */
  readonly parent_header: Partial<Header>;
  readonly metadata: Fields;
  readonly content: Fields;
  /** raw binary attachments */
  readonly buffers: readonly Uint8Array[];
  /** ZeroMQ routing prefix: where a ROUTER socket sends it, the topic on PUB */
  readonly identities: readonly Uint8Array[];
}

/** What is known of a message besides its type and content. */
export interface Envelope {
  /** id of the sender's session */
  readonly session: string;
  /** the message that this one answers; its identities route the answer */
  readonly parent?: Message;
  readonly metadata?: Fields;
  readonly buffers?: readonly Uint8Array[];
  readonly identities?: readonly Uint8Array[];
}

/** Frames that are not a message (`malformed`), or not from who has the key (`signature`). */
export class WireError extends CarbonbookError {
  readonly tag = "wire";
  readonly fault: "malformed" | "signature";

  constructor(fault: "malformed" | "signature", problem: Problem) {
    super(problem);
    this.fault = fault;
  }
}

const DELIMITER = Buffer.from("<IDS|MSG>");
const USERNAME = loginName();

/**
 * Make a message with a fresh id and the present time.
 *
 * @param type     the protocol's `msg_type`, as `execute_request`
 * @param content  what the protocol wants for that type
 * @param envelope session, and the parent for an answer
 */
export function makeMessage(type: string, content: Fields, envelope: Envelope): Message {
  const { session, parent, metadata = {}, buffers = [] } = envelope;
  const header: Header = {
    msg_id: randomUUID(),
    msg_type: type,
    session,
    username: USERNAME,
    date: new Date().toISOString(),
    version: PROTOCOL_VERSION,
  };
  const identities = envelope.identities ?? parent?.identities ?? [];
  return { header, parent_header: parent?.header ?? {}, metadata, content, buffers, identities };
}

/**
 * Write `message` as signed frames; an empty `key` leaves the signature empty.
 *
 * @param contentJson the content as JSON, where the sender has it already
 */
export function encodeMessage(message: Message, key: string, contentJson?: string): Buffer[] {
  const { header, parent_header, metadata, content } = message;
  const json = [
    ...[header, parent_header, metadata].map((part) => JSON.stringify(part)),
    contentJson ?? JSON.stringify(content),
  ].map((text) => Buffer.from(text));
  return [
    ...message.identities.map(asBuffer),
    DELIMITER,
    Buffer.from(sign(json, key)),
    ...json,
    ...message.buffers.map(asBuffer),
  ];
}

/**
 * Read a message from its frames.
 *
 * @throws {WireError} of fault `signature` when the signature is not that of `key`, `malformed`
 *   when frames are missing or are not JSON objects
 */
export function decodeMessage(frames: readonly Uint8Array[], key: string): Message {
  const all = frames.map(asBuffer);
  const at = all.findIndex((frame) => frame.equals(DELIMITER));
  if (at < 0 || all.length < at + 6) {
    throw malformed("an <IDS|MSG> delimiter and five frames after it", `${frames.length} frames`);
  }
  const json = all.slice(at + 2, at + 6);
  if (key !== "" && !sameText(all[at + 1]!, Buffer.from(sign(json, key)))) {
    throw new WireError("signature", {
      what: "message signature",
      wanted: "the HMAC of the connection's key",
      got: "another",
    });
  }
  const [header, parent, metadata, content] = json.map(parseObject);
  if (typeof header!.msg_id !== "string" || typeof header!.msg_type !== "string") {
    throw malformed("msg_id and msg_type in the header", json[0]!.toString().slice(0, 80));
  }
  return {
    header: header as unknown as Header,
    parent_header: parent!,
    metadata: metadata!,
    content: content!,
    buffers: all.slice(at + 6),
    identities: all.slice(0, at),
  };
}

function sign(json: readonly Buffer[], key: string): string {
  if (key === "") return "";
  const hmac = createHmac("sha256", key);
  for (const part of json) hmac.update(part);
  return hmac.digest("hex");
}

function sameText(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

function parseObject(frame: Buffer): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(frame.toString());
  } catch (cause) {
    throw malformed("JSON", frame.toString().slice(0, 80), cause);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw malformed("a JSON object", frame.toString().slice(0, 80));
  }
  return value as Record<string, unknown>;
}

function malformed(wanted: string, got: string, cause?: unknown): WireError {
  return new WireError("malformed", { what: "message", wanted, got, cause });
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function loginName(): string {
  try {
    return userInfo().username;
  } catch {
    return "nobody"; // a user id without an account, as in containers
  }
}
