/** A client of a kernel: DEALER sockets for shell, control and stdin, SUB for iopub, REQ for hb. */
import { randomUUID } from "node:crypto";
import { Dealer, Request, Subscriber } from "zeromq";
import { type Channel, type Inlet, makeChannel, makeInlet } from "./channel.js";
import { type ConnectionInfo, endpoint } from "./connection.js";

/** The open sockets of a client, over which it talks to one kernel. */
export interface Client {
  /** id to put into the messages this client makes */
  readonly session: string;
  /** requests to run, complete, inspect…; their replies */
  readonly shell: Channel;
  /** interrupt and shutdown; their replies */
  readonly control: Channel;
  /** the kernel's `input_request`s; our `input_reply`s */
  readonly stdin: Channel;
  /** what the kernel broadcasts: outputs and its status */
  readonly iopub: Inlet;
  /** Ask for a heartbeat: whether the kernel answered within `timeoutMs` (1000). */
  ping(timeoutMs?: number): Promise<boolean>;
  /** Close all sockets; what was sent in the last moments still gets up to 1 s to leave. */
  close(): void;
}

/**
 * Open the client sockets for the kernel at `info`.
 *
 * ZeroMQ connects in the background and again after a break. A kernel that has just started may
 * broadcast before the subscription reaches it: send `kernel_info_request` until a `status`
 * arrives on iopub before relying on outputs.
 *
 * One process may hold many clients. Close each before the thread it lives in ends.
 */
export function connectClient(info: ConnectionInfo): Client {
  const session = randomUUID();
  const dealer = { linger: 1000, sendHighWaterMark: 0, receiveHighWaterMark: 0 };
  const shell = new Dealer({ ...dealer, routingId: session });
  const control = new Dealer({ ...dealer, routingId: session });
  const stdin = new Dealer({ ...dealer, routingId: session }); // must equal shell's
  const iopub = new Subscriber({ linger: 0, receiveHighWaterMark: 0 });
  const heartbeat = new Request({ linger: 0, relaxed: true, correlate: true });

  shell.connect(endpoint(info, "shell"));
  control.connect(endpoint(info, "control"));
  stdin.connect(endpoint(info, "stdin"));
  iopub.connect(endpoint(info, "iopub"));
  iopub.subscribe();
  heartbeat.connect(endpoint(info, "hb"));

  return {
    session,
    shell: makeChannel(shell, info.key),
    control: makeChannel(control, info.key),
    stdin: makeChannel(stdin, info.key),
    iopub: makeInlet(iopub, info.key),
    async ping(timeoutMs = 1000) {
      heartbeat.receiveTimeout = timeoutMs;
      try {
        await heartbeat.send("ping");
        await heartbeat.receive();
        return true;
      } catch {
        return false;
      }
    },
    close() {
      for (const socket of [shell, control, stdin, iopub, heartbeat]) socket.close();
    },
  };
}
