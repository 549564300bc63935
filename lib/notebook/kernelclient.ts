/**
 * A kernel to run cells on: its process and our sockets, with one request at a time. Whatever the
 * kernel broadcasts for a request goes to that request's listener, also when it comes late.
 */

import { tmpdir } from "node:os";
import { BusyError, EnvironmentError } from "../core/index.js";
import {
  type Client,
  connectClient,
  type Fields,
  type Message,
  makeMessage,
} from "../jupyter/index.js";
import { tellsOfFullDisk } from "./atomic.js";
import { type Death, type KernelProcess, startProcess } from "./kernelprocess.js";
import type { KernelSpec } from "./kernelspec.js";
import { limitOf, within } from "./patience.js";

/** How a request to run code ended; `stopped`: it took too long, or its signal aborted. */
export type Ending =
  | { readonly kind: "reply"; readonly content: Fields; readonly date: string }
  | { readonly kind: "stopped" }
  | { readonly kind: "death"; readonly death: Death };

/** A request to run code. */
export interface Execution {
  readonly code: string;
  /** called with every message the kernel broadcasts for this request */
  readonly onMessage: (message: Message) => void;
  /** seconds until the cell is stopped; without it, it may take for ever */
  readonly timeout?: number;
  /** stops the cell when it aborts */
  readonly signal?: AbortSignal;
  /** whether it counts: gets a number and a place in the history */
  readonly history?: "store" | "skip";
}

/** A kernel that runs code. */
export interface Kernel {
  readonly spec: KernelSpec;
  /** content of its kernel_info_reply */
  readonly info: Fields;
  readonly pid: number;
  /**
   * Run code and wait for its end; rejects never. Code that is to stop is interrupted; where it does
   * not listen, the kernel is killed, so that the end comes within `GRACE` in any case.
   */
  execute(execution: Execution): Promise<Ending>;
  /** Send it what needs no reply; it gets to it before the next code. */
  tell(type: string, content: Fields): Promise<void>;
  /** End the kernel: ask, then insist; sockets are closed and the process is gone afterwards. */
  shutdown(): Promise<void>;
}

/** How long an interrupted cell may take to end before its kernel is killed [ms]. */
const GRACE = 5_000;

/** An interrupt that comes before the cell has begun is lost: it is sent again as often [ms]. */
const AGAIN = 2_000;

/** How long a kernel may take to end when asked [ms]. */
const SHUTDOWN_GRACE = 3_000;

/** A request for kernel_info that has no answer is made again after this time [ms]. */
const REQUEST_WAIT = 2_000;

/** How long outputs are waited for after the reply, where a kernel forgets to say idle [ms]. */
const IDLE_WAIT = 4_000;

interface Pending {
  readonly reply: (content: Fields, date: string) => void;
  readonly idle: () => void;
}

/** How a kernel is started. */
interface StartOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** seconds */
  readonly startTimeout: number;
}

/** How often a kernel is started whose ports another program takes at the last moment. */
const STARTS = 3;
const PORT_TAKEN = /address (already )?in use|EADDRINUSE/i;

/**
 * Start a kernel and wait until it answers.
 *
 * @throws {EnvironmentError} if it does not start, dies at once or does not answer in time
 * @throws {BusyError} if the disk of temporary files is full
 */
export async function startKernel(spec: KernelSpec, options: StartOptions): Promise<Kernel> {
  for (let start = 1; ; start++) {
    const kernelProcess = await startProcess(spec, options);
    try {
      return await connect(spec, kernelProcess, options.startTimeout);
    } catch (error) {
      kernelProcess.signal("SIGKILL");
      const { stderr } = await kernelProcess.death;
      if (start === STARTS || !PORT_TAKEN.test(stderr)) throw error;
    }
  }
}

async function connect(
  spec: KernelSpec,
  kernelProcess: KernelProcess,
  seconds: number,
): Promise<Kernel> {
  const client = connectClient(kernelProcess.connection);
  const listeners = new Map<string, (message: Message) => void>();
  const pending = new Map<string, Pending>();
  listen(client, listeners, pending);
  try {
    const info = await answer(client, { listeners, pending, kernelProcess, spec, seconds });
    return makeKernel({ spec, info, client, kernelProcess, listeners, pending });
  } catch (error) {
    client.close();
    throw error;
  }
}

interface Parts {
  readonly spec: KernelSpec;
  readonly info: Fields;
  readonly client: Client;
  readonly kernelProcess: KernelProcess;
  readonly listeners: Map<string, (message: Message) => void>;
  readonly pending: Map<string, Pending>;
}

function makeKernel({ spec, info, client, kernelProcess, listeners, pending }: Parts): Kernel {
  const interrupt = () => {
    if (spec.interrupt === "signal") kernelProcess.signal("SIGINT");
    else client.control.send(makeMessage("interrupt_request", {}, client)).catch(() => undefined);
  };

  /** Interrupt until the code ends, and kill the kernel where it does not. */
  async function stop(ended: Promise<unknown>): Promise<void> {
    interrupt();
    const again = setInterval(interrupt, AGAIN);
    const done = ended.then(() => true);
    const isOver = await within(GRACE, done);
    clearInterval(again);
    if (!isOver) kernelProcess.signal("SIGKILL");
  }

  async function execute(execution: Execution): Promise<Ending> {
    const content = {
      code: execution.code,
      silent: false,
      store_history: execution.history !== "skip",
      user_expressions: {},
      allow_stdin: false,
      stop_on_error: false,
    };
    const request = makeMessage("execute_request", content, client);
    const id = request.header.msg_id;
    listeners.set(id, execution.onMessage);
    const { reply, idle } = expectReply(pending, id);
    const death = kernelProcess.death.then((d): Ending => ({ kind: "death", death: d }));
    const ended = reply.then(async (ending) => {
      await within(IDLE_WAIT, Promise.race([idle, death]));
      return ending;
    });
    const over = Promise.race([ended, death]);
    await client.shell.send(request);
    const limit = limitOf(execution);
    const late = limit.reached.then((): Ending => ({ kind: "stopped" }));
    const ending = await Promise.race([over, late]);
    limit.cancel();
    if (ending.kind === "stopped") await stop(over);
    pending.delete(id);
    return ending;
  }

  async function shutdown(): Promise<void> {
    const farewell = makeMessage("shutdown_request", { restart: false }, client);
    client.control.send(farewell).catch(() => undefined);
    for (const signal of [undefined, "SIGTERM", "SIGKILL"] as const) {
      if (signal !== undefined) kernelProcess.signal(signal);
      if (await within(SHUTDOWN_GRACE, kernelProcess.death)) break;
    }
    client.close();
  }

  return {
    spec,
    info,
    pid: kernelProcess.pid,
    execute,
    tell: (type, content) => client.shell.send(makeMessage(type, content, client)),
    shutdown,
  };
}

/** Ask for kernel_info until both the reply and a broadcast came: only then no output is missed. */
async function answer(
  client: Client,
  parts: Pick<Parts, "listeners" | "pending" | "kernelProcess" | "spec"> & {
    readonly seconds: number;
  },
): Promise<Fields> {
  const { listeners, pending, kernelProcess, spec, seconds } = parts;
  const end = performance.now() + seconds * 1000;
  let info: Fields | undefined;
  let heard = false;
  const dead = kernelProcess.death.then((death) => ({ death }));
  while (performance.now() < end) {
    const request = makeMessage("kernel_info_request", {}, client);
    const id = request.header.msg_id;
    const { reply, idle } = expectReply(pending, id);
    listeners.set(id, () => {
      heard = true;
    });
    await client.shell.send(request);
    const first = await within(
      Math.min(REQUEST_WAIT, end - performance.now()),
      Promise.race([reply, dead]),
    );
    if (first !== undefined && "death" in first) throw stillborn(spec, first.death);
    if (first !== undefined) info = first.content;
    if (info !== undefined && !heard) await within(200, idle);
    listeners.delete(id);
    if (info !== undefined && heard) return info;
  }
  throw new EnvironmentError({
    what: `kernel "${spec.name}"`,
    wanted: `an answer within ${seconds} s of its start`,
    got: "none",
    remedy: "give it more time with --start-timeout, or see whether it starts in Jupyter",
  });
}

function expectReply(pending: Map<string, Pending>, id: string) {
  let settle!: Pending["reply"];
  let settleIdle!: () => void;
  const reply = new Promise<Extract<Ending, { kind: "reply" }>>((resolve) => {
    settle = (content, date) => resolve({ kind: "reply", content, date });
  });
  const idle = new Promise<void>((resolve) => {
    settleIdle = resolve;
  });
  pending.set(id, { reply: settle, idle: settleIdle });
  return { reply, idle };
}

function listen(
  client: Client,
  listeners: Map<string, (message: Message) => void>,
  pending: Map<string, Pending>,
): void {
  const read = async (
    channel: AsyncIterable<Message>,
    take: (message: Message, id: string) => void,
  ) => {
    for await (const message of channel) take(message, message.parent_header.msg_id ?? "");
  };
  const ignoreClosed = () => undefined;
  read(client.shell, (message, id) => {
    pending.get(id)?.reply(message.content, message.header.date);
  }).catch(ignoreClosed);
  read(client.control, () => undefined).catch(ignoreClosed);
  read(client.iopub, (message, id) => {
    listeners.get(id)?.(message);
    const { msg_type } = message.header;
    if (msg_type === "status" && message.content.execution_state === "idle")
      pending.get(id)?.idle();
  }).catch(ignoreClosed);
}

function stillborn(spec: KernelSpec, death: Death): EnvironmentError | BusyError {
  const how = death.signal ?? `exit code ${death.code}`;
  const what = `kernel "${spec.name}"`;
  if (tellsOfFullDisk(death.stderr)) {
    return new BusyError({
      what,
      wanted: "room to write at its start",
      got: death.stderr.trim().split("\n").at(-1)!,
      remedy: `free some space in ${tmpdir()} or its user's home, and run again`,
    });
  }
  return new EnvironmentError({
    what,
    wanted: "to start",
    got: `its end (${how})${death.stderr === "" ? "" : `: ${death.stderr.trim().split("\n").slice(-5).join("\n")}`}`,
    remedy: `see whether its command starts by hand: ${spec.argv.join(" ")}`,
  });
}
