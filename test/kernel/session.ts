/** A kernel process and a client of it, for tests. Needs a build in lib/dist. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
  type Client,
  type ConnectionInfo,
  connectClient,
  type Fields,
  type Message,
  makeMessage,
  reserveConnection,
  socketConnection,
  writeConnectionFile,
} from "carbonbook/jupyter";
import { kernelCommand } from "carbonbook/kernel";

export const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const BIN = join(ROOT, "lib/bin/carbonbook-kernel.js");

/** What a request led to. */
export interface Answer {
  readonly reply: Fields & { status?: string };
  /** iopub messages but for status and execute_input */
  readonly outputs: readonly Message[];
}

export interface Session {
  readonly client: Client;
  readonly info: ConnectionInfo;
  readonly child: ChildProcess;
  readonly folder: string;
  /** everything broadcast so far */
  readonly broadcast: readonly Message[];
  /** Send a request on shell and wait for its reply and its idle status. */
  ask(type: string, content?: Fields): Promise<Answer>;
  run(code: string, options?: Fields): Promise<Answer>;
  /** Send on shell what has no reply, as messages of a comm; what it led to. */
  tell(type: string, content: Fields): Promise<readonly Message[]>;
  /** Send on control; the reply. */
  control(type: string, content?: Fields): Promise<Fields>;
  /** the process's exit: code or signal */
  readonly exit: Promise<number | string>;
  stop(): Promise<void>;
}

/** Start a kernel in a fresh folder, or in the one given. */
export async function startSession(
  options: { folder?: string; env?: NodeJS.ProcessEnv; args?: readonly string[] } = {},
): Promise<Session> {
  const own = await mkdtemp(join(tmpdir(), "carbonbook-kernel-"));
  const folder = options.folder ?? own;
  const info = socketConnection(own, "carbonbook") ?? (await reserveConnection("carbonbook"));
  const file = join(own, "connection.json");
  await writeConnectionFile(file, info);
  const [program, ...args] = kernelCommand(file) as [string, ...string[]];
  const child = spawn(program, [...args, ...(options.args ?? [])], {
    cwd: folder,
    env: { ...process.env, ...options.env },
    stdio: ["ignore", "inherit", "inherit"],
  });
  const exit = new Promise<number | string>((resolve) =>
    child.once("exit", (code, signal) => resolve(code ?? signal ?? "")),
  );
  const client = connectClient(info);
  const broadcast: Message[] = [];
  const byParent = new Map<string, Message[]>();
  const replies = new Map<string, (message: Message) => void>();
  const idle = new Map<string, () => void>();
  const gather = async () => {
    for await (const message of client.iopub) {
      const parent = message.parent_header.msg_id ?? "";
      broadcast.push(message);
      byParent.set(parent, [...(byParent.get(parent) ?? []), message]);
      if (message.content.execution_state === "idle") idle.get(parent)?.();
    }
  };
  const answer = async (channel: "shell" | "control") => {
    for await (const message of client[channel]) {
      replies.get(message.parent_header.msg_id ?? "")?.(message);
    }
  };
  void gather();
  void answer("shell");
  void answer("control");

  const send = async (channel: "shell" | "control", type: string, content: Fields) => {
    const request = makeMessage(type, content, { session: client.session });
    const id = request.header.msg_id;
    const replied = new Promise<Message>((resolve) => replies.set(id, resolve));
    const ended = new Promise<void>((resolve) => idle.set(id, resolve));
    await client[channel].send(request);
    return { id, replied, ended };
  };
  const ask = async (type: string, content: Fields = {}): Promise<Answer> => {
    const { id, replied, ended } = await send("shell", type, content);
    const reply = await replied;
    await ended;
    return { reply: reply.content, outputs: outputsOf(id) };
  };
  const outputsOf = (id: string) =>
    byParent
      .get(id)!
      .filter(({ header }) => !["status", "execute_input"].includes(header.msg_type));
  const session: Session = {
    client,
    info,
    child,
    folder,
    broadcast,
    exit,
    ask,
    run: (code, more = {}) => ask("execute_request", { code, ...more }),
    async tell(type, content) {
      const { id, ended } = await send("shell", type, content);
      await ended;
      return outputsOf(id);
    },
    async control(type, content = {}) {
      const { replied } = await send("control", type, content);
      return (await replied).content;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        await session.control("shutdown_request", { restart: false });
        await exit;
      }
      client.close();
      await rm(own, { recursive: true });
    },
  };
  await subscribed(client, broadcast);
  return session;
}

/** ZeroMQ subscribes in the background: wait until a broadcast arrives. */
async function subscribed(client: Client, broadcast: readonly Message[]): Promise<void> {
  while (!broadcast.some(({ parent_header }) => parent_header.msg_type === "kernel_info_request")) {
    const request = makeMessage("kernel_info_request", {}, { session: client.session });
    await client.shell.send(request);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The text of all outputs of a kind, joined. */
export function textOf({ outputs }: Answer, name: "stdout" | "stderr" = "stdout"): string {
  return outputs
    .filter(({ header, content }) => header.msg_type === "stream" && content.name === name)
    .map(({ content }) => content.text)
    .join("");
}

/** The first output of a type. */
export function output({ outputs }: Answer, type: string): Fields | undefined {
  return outputs.find(({ header }) => header.msg_type === type)?.content;
}

/** The text of the result. */
export function result(answer: Answer): unknown {
  const data = output(answer, "execute_result")?.data as Fields | undefined;
  return data?.["text/plain"];
}
