/**
 * A two-way stream of signed messages over one ZeroMQ socket. ZeroMQ wants one send and one
 * receive at a time; sends are queued here, in order.
 */
import type { Buffer } from "node:buffer";
import { decodeMessage, encodeMessage, type Message } from "./message.js";

/** The half of a channel that takes messages. */
export interface Outlet {
  /**
   * Queue a message; resolves once ZeroMQ has it.
   *
   * @param contentJson the content as JSON, where the sender has it already
   */
  send(message: Message, contentJson?: string): Promise<void>;
}

/** The half of a channel that gives messages; iterating ends when the channel closes. */
export interface Inlet extends AsyncIterable<Message> {
  /**
   * Wait for the next message; one call at a time. Rejects when the channel is closed.
   * @throws {WireError} when what arrived is no message, or not signed with the key
   */
  receive(): Promise<Message>;
}

/** Messages to and from the other side of a socket. */
export interface Channel extends Outlet, Inlet {}

/** Wrap a ZeroMQ socket as the place to send messages signed with `key`. */
export function makeOutlet(socket: { send(frames: Buffer[]): Promise<void> }, key: string): Outlet {
  let last: Promise<void> = Promise.resolve();
  return {
    send(message, contentJson) {
      const frames = encodeMessage(message, key, contentJson);
      const sent = last.then(() => socket.send(frames));
      last = sent.catch(() => undefined);
      return sent;
    },
  };
}

/** Wrap a ZeroMQ socket as a source of messages signed with `key`. */
export function makeInlet(
  socket: { readonly closed: boolean; receive(): Promise<Buffer[]> },
  key: string,
): Inlet {
  const receive = async () => decodeMessage(await socket.receive(), key);
  return {
    receive,
    async *[Symbol.asyncIterator]() {
      while (!socket.closed) {
        let message: Message;
        try {
          message = await receive();
        } catch (error) {
          if (socket.closed) return;
          throw error;
        }
        yield message;
      }
    },
  };
}

/** Wrap a two-way ZeroMQ socket as a channel of messages signed with `key`. */
export function makeChannel(
  socket: Parameters<typeof makeOutlet>[0] & Parameters<typeof makeInlet>[0],
  key: string,
): Channel {
  return { ...makeOutlet(socket, key), ...makeInlet(socket, key) };
}
