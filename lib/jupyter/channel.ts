/**
 * A two-way stream of signed messages over one ZeroMQ socket. ZeroMQ wants one send and one
 * receive at a time; sends are queued here, in order.
 */
import type { Buffer } from "node:buffer";
import { decodeMessage, encodeMessage, type Message } from "./message.js";

/** Messages to and from the other side of a socket. */
export interface Channel extends AsyncIterable<Message> {
  /** Queue a message; resolves once ZeroMQ has it. */
  send(message: Message): Promise<void>;
  /**
   * Wait for the next message; one call at a time. Rejects when the channel is closed.
   * @throws {WireError} when what arrived is no message, or not signed with the key
   */
  receive(): Promise<Message>;
}

/** What of a ZeroMQ socket a channel needs. */
export interface FrameSocket {
  readonly closed: boolean;
  receive(): Promise<Buffer[]>;
  send?(frames: Buffer[]): Promise<void>;
}

/** Make a sender that lets one message at a time into the socket. */
export function makeSender(socket: {
  send(frames: Buffer[]): Promise<void>;
}): (frames: Buffer[]) => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  return (frames) => {
    const sent = last.then(() => socket.send(frames));
    last = sent.catch(() => undefined);
    return sent;
  };
}

/** Wrap `socket` as a channel of messages signed with `key`. */
export function makeChannel(socket: FrameSocket, key: string): Channel {
  const sendFrames = makeSender({
    send: (frames) => socket.send?.(frames) ?? Promise.reject(new Error("receive-only channel")),
  });
  const receive = async () => decodeMessage(await socket.receive(), key);
  return {
    send: (message) => sendFrames(encodeMessage(message, key)),
    receive,
    async *[Symbol.asyncIterator]() {
      while (!socket.closed) {
        let frames: Buffer[];
        try {
          frames = await socket.receive();
        } catch (error) {
          if (socket.closed) return;
          throw error;
        }
        yield decodeMessage(frames, key);
      }
    },
  };
}
