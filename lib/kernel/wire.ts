/**
 * The wire's thread: it answers heartbeat and control while a cell computes, keeps the requests in
 * line, and gathers streamed text. It never runs code of cells.
 */
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { Session } from "node:inspector";
import { parentPort, Worker, workerData } from "node:worker_threads";
import { isCarbonbookError } from "../core/index.js";
import {
  bindServer,
  type Inlet,
  type Message,
  makeMessage,
  readConnectionFile,
  type Server,
} from "../jupyter/index.js";
import { endPrograms } from "./children.js";
import {
  INTERRUPTED,
  NOBODY,
  RUNNING,
  STOP,
  type ToKernel,
  type ToWire,
  type WireData,
} from "./port.js";

/** Streamed text is sent when it is this long [characters], or this old [ms]. */
const TEXT_SIZE = 64 * 1024;
const TEXT_AGE = 20;
/** How long the computing thread has to hear of an interrupt before it is stopped by force [ms]. */
const PATIENCE = 100;
/** How long the process has to exit by itself before it is killed [ms]. */
const EXIT_PATIENCE = 5000;

type Content = Readonly<Record<string, unknown>>;

const { connectionFile, info, flags, parent } = workerData as WireData;
const session = randomUUID();
const post = (message: ToKernel) => parentPort!.postMessage(message);

/** Requests that wait for the one before them, which is in hand. */
const line: Message[] = [];
let inHand: Message | undefined;
let closing = false;
let hearsSignals = false;
let lastSent: Promise<unknown> = Promise.resolve();
let textTimer: NodeJS.Timeout | undefined;
let stream: Extract<ToWire, { kind: "stream" }> | undefined;
let texts: string[] = [];
let textSize = 0;

process.on("uncaughtException", (error) => {
  log(error.stack ?? String(error));
  void exit(1);
});
let server: Server;
void readConnectionFile(connectionFile).then(bindServer).then(begin, giveUp);

function begin(bound: Server): void {
  server = bound;
  parentPort!.on("message", take);
  publish("status", { execution_state: "starting" }, NOBODY);
  void listen(server.shell, takeRequest);
  void listen(server.control, takeControl);
  void listen(server.stdin, (message) => post({ kind: "input", message }));
  if (parent !== undefined) watchOver(parent);
}

function take(message: ToWire): void {
  if (typeof message === "string") {
    addText(message);
    return;
  }
  flushText();
  if (message.kind === "stream") stream = message;
  else if (message.kind === "done") finish(message.abort);
  else if (message.kind === "leave") void close();
  else send(message);
}

function send(message: Extract<ToWire, { kind: "send" }>): void {
  const { channel, type, json, parent, metadata = {}, buffers = [] } = message;
  const identities = channel === "iopub" ? [Buffer.from(type)] : parent.identities;
  const reply = makeMessage(type, {}, { session, parent, metadata, buffers, identities });
  sent(server[channel].send(reply, json));
}

/** Nothing is bound: say why, let the process end, and do no more. */
function giveUp(error: Error): void {
  log(error.message);
  sayClosed();
  post({ kind: "exit", code: 1 });
}

async function listen(channel: Inlet, take: (message: Message) => void): Promise<void> {
  while (!closing) {
    try {
      take(await channel.receive());
    } catch (error) {
      if (closing) return;
      if (!isCarbonbookError(error, "wire")) throw error;
      log(`dropped a message: ${error.message}`);
    }
  }
}

function takeRequest(message: Message): void {
  if (message.header.msg_type === "shutdown_request") return void shutDown(message, "shell");
  line.push(message);
  if (inHand === undefined) next();
}

function next(): void {
  inHand = line.shift();
  if (inHand === undefined) return;
  publish("status", { execution_state: "busy" }, inHand);
  if (inHand.header.msg_type !== "kernel_info_request") {
    post({ kind: "request", message: inHand });
    hearSignals();
    return;
  }
  reply("shell", inHand, "kernel_info_reply", info);
  finish(false);
}

function finish(abort: boolean): void {
  if (inHand !== undefined) publish("status", { execution_state: "idle" }, inHand);
  const aborted = abort ? line.filter(isExecute) : [];
  for (const message of aborted) {
    publish("status", { execution_state: "busy" }, message);
    reply("shell", message, "execute_reply", { status: "aborted" });
    publish("status", { execution_state: "idle" }, message);
  }
  if (aborted.length > 0) line.splice(0, line.length, ...line.filter((one) => !isExecute(one)));
  inHand = undefined;
  next();
}

function isExecute(message: Message): boolean {
  return message.header.msg_type === "execute_request";
}

function takeControl(message: Message): void {
  const { msg_type: type } = message.header;
  if (type === "shutdown_request") return void shutDown(message, "control");
  publish("status", { execution_state: "busy" }, message);
  if (type === "interrupt_request") {
    interrupt();
    reply("control", message, "interrupt_reply", { status: "ok" });
  } else if (type === "kernel_info_request") {
    reply("control", message, "kernel_info_reply", info);
  } else {
    const evalue = `${type} is not understood on the control channel`;
    const error = { status: "error", ename: "UnknownMessage", evalue, traceback: [] };
    reply("control", message, type.replace(/_request$/, "_reply"), error);
  }
  publish("status", { execution_state: "idle" }, message);
}

/** Ask the running cell to stop; stop the thread's code if it does not even listen. */
function interrupt(request = inHand): void {
  const id = Atomics.load(flags, RUNNING);
  if (id <= 0) {
    // the computing thread may not have begun what it was given
    if (request !== undefined && request === inHand) setTimeout(interrupt, 20, request);
    return;
  }
  Atomics.store(flags, INTERRUPTED, id);
  post({ kind: "interrupt", id });
  setTimeout(() => {
    if (Atomics.load(flags, RUNNING) === id) stopByForce(id);
  }, PATIENCE);
}

/** Hear SIGINT, in a thread of its own, which is started with the first request. */
function hearSignals(): void {
  if (hearsSignals) return;
  hearsSignals = true;
  new Worker(new URL("./signals.js", import.meta.url)).on("message", () => interrupt());
}

/**
 * Stop the code of the running cell between two steps of whatever it is doing; where it does none,
 * end the programs it waits for.
 *
 * @param id of the cell; without it, of whichever runs
 */
function stopByForce(id?: number): void {
  const inspector = new Session();
  inspector.connectToMainThread();
  const expression = `${STOP}(${id ?? ""})`;
  let isStuck = true;
  inspector.post("Runtime.evaluate", { expression }, () => {
    isStuck = false;
    inspector.disconnect();
  });
  setTimeout(() => endPrograms(() => isStuck), PATIENCE);
}

async function shutDown(message: Message, channel: "shell" | "control"): Promise<void> {
  const { restart = false } = message.content;
  const answer = { status: "ok", restart };
  publish("status", { execution_state: "busy" }, message);
  reply(channel, message, "shutdown_reply", answer);
  publish("shutdown_reply", answer, message);
  publish("status", { execution_state: "idle" }, message);
  await exit(0);
}

/** End the process: by its own hand, else in the midst of what it does, else by force. */
async function exit(code: number): Promise<void> {
  await close();
  post({ kind: "exit", code });
  setTimeout(stopByForce, PATIENCE);
  setTimeout(() => process.kill(process.pid, "SIGKILL"), EXIT_PATIENCE);
}

async function close(): Promise<void> {
  flushText();
  await Promise.allSettled([lastSent]);
  closing = true;
  server.close();
  sayClosed();
}

/** The computing thread may end the process now. */
function sayClosed(): void {
  Atomics.store(flags, RUNNING, -1);
  Atomics.notify(flags, RUNNING);
}

/** End when the process that started the kernel does, also if it did before we looked. */
function watchOver({ named, seen }: { named: number; seen: number }): void {
  const isAdopted = seen !== named && !exists(named);
  const timer = setInterval(() => {
    if (!isAdopted && process.ppid === seen) return;
    clearInterval(timer);
    log("the process that started it is gone");
    void exit(1);
  }, 1000);
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

function addText(text: string): void {
  texts.push(text);
  textSize += text.length;
  if (textSize >= TEXT_SIZE) flushText();
  else textTimer ??= setTimeout(flushText, TEXT_AGE);
}

function flushText(): void {
  clearTimeout(textTimer);
  textTimer = undefined;
  if (stream === undefined || texts.length === 0) return;
  publish("stream", { name: stream.name, text: texts.join("") }, stream.parent);
  texts = [];
  textSize = 0;
}

function sent(promise: Promise<void>): void {
  lastSent = promise.catch((error: Error) => {
    if (!closing) log(`could not send: ${error.message}`);
  });
}

function publish(type: string, content: Content, parent: Message): void {
  const identities = [Buffer.from(type)];
  sent(server.iopub.send(makeMessage(type, content, { session, parent, identities })));
}

function reply(
  channel: "shell" | "control",
  parent: Message,
  type: string,
  content: Content,
): void {
  sent(server[channel].send(makeMessage(type, content, { session, parent })));
}

function log(line: string): void {
  writeSync(2, `carbonbook kernel: ${line}\n`);
}
