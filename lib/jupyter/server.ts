/** The kernel's side of the wire: ROUTER for shell, control and stdin, PUB for iopub, REP for hb. */
import { Publisher, Reply, Router } from "zeromq";
import { EnvironmentError } from "../core/index.js";
import { type Channel, makeChannel, makeOutlet, type Outlet } from "./channel.js";
import { type ChannelName, type ConnectionInfo, endpoint } from "./connection.js";

/** The bound sockets of a kernel. */
export interface Server {
  readonly shell: Channel;
  readonly control: Channel;
  readonly stdin: Channel;
  readonly iopub: Outlet;
  /** Stop listening; what was sent in the last moments still gets up to 1 s to leave. */
  close(): void;
}

/**
 * Bind the five sockets of a kernel at `info` and answer heartbeats.
 *
 * Close it before its thread ends: ZeroMQ aborts the process otherwise.
 *
 * @throws {EnvironmentError} when a port is in use
 */
export async function bindServer(info: ConnectionInfo): Promise<Server> {
  const open = { linger: 1000, sendHighWaterMark: 0, receiveHighWaterMark: 0 };
  const sockets = {
    shell: new Router({ ...open, handover: true }),
    control: new Router({ ...open, handover: true }),
    stdin: new Router({ ...open, handover: true }),
    iopub: new Publisher({ linger: 1000, sendHighWaterMark: 0 }),
    hb: new Reply({ linger: 0 }),
  };
  const close = () => {
    for (const socket of Object.values(sockets)) socket.close();
  };
  for (const [name, socket] of Object.entries(sockets)) {
    const address = endpoint(info, name as ChannelName);
    await socket.bind(address).catch((cause: unknown) => {
      close();
      const got = cause instanceof Error ? cause.message : String(cause);
      throw new EnvironmentError({
        what: `${name} socket`,
        wanted: `to bind ${address}`,
        got,
        cause,
      });
    });
  }
  void echo(sockets.hb);
  return {
    shell: makeChannel(sockets.shell, info.key),
    control: makeChannel(sockets.control, info.key),
    stdin: makeChannel(sockets.stdin, info.key),
    iopub: makeOutlet(sockets.iopub, info.key),
    close,
  };
}

async function echo(socket: Reply): Promise<void> {
  try {
    for await (const beat of socket) await socket.send(beat);
  } catch (error) {
    if (!socket.closed) throw error;
  }
}
