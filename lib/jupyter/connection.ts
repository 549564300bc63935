/**
 * The connection file: where a kernel listens and the key that signs its messages. Loopback only:
 * whoever can send to a kernel runs code as its user.
 */
import { randomBytes, randomInt, randomUUID } from "node:crypto";
import { readFile, rename, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { ArgumentError, DataError } from "../core/index.js";

/** The content of a connection file, under the protocol's own names. */
export interface ConnectionInfo {
  readonly transport: "tcp" | "ipc";
  /** a loopback address; with `ipc` the start of a socket path */
  readonly ip: string;
  readonly shell_port: number;
  readonly control_port: number;
  readonly stdin_port: number;
  readonly iopub_port: number;
  readonly hb_port: number;
  readonly signature_scheme: "hmac-sha256";
  /** empty: messages are not signed */
  readonly key: string;
  readonly kernel_name?: string;
}

/** The five sockets of a kernel. */
export type ChannelName = "shell" | "control" | "stdin" | "iopub" | "hb";

const CHANNELS: readonly ChannelName[] = ["shell", "control", "stdin", "iopub", "hb"];

/** Ports given out by this process: never given twice, so parallel kernels do not collide. */
const reserved = new Set<number>();

/** Below the ports that systems give to outgoing connections, which take one at any time. */
const PORTS = { first: 10_000, end: 30_480 };
/** Tries before the search for ports is given up. */
const TRIES = 2000;
/** The longest name of a socket in a folder that every system takes [bytes]. */
const LONGEST_SOCKET = 100;

/** The ZeroMQ address of one socket of a kernel, as `tcp://127.0.0.1:5555`. */
export function endpoint(info: ConnectionInfo, channel: ChannelName): string {
  const port = info[`${channel}_port`];
  return info.transport === "ipc" ? `ipc://${info.ip}-${port}` : `tcp://${info.ip}:${port}`;
}

/**
 * Read and check a connection file.
 *
 * @throws {DataError} when the file is missing, not JSON, lacks a field, is signed in a way not
 *   known here, or names an address that is not of this machine alone
 */
export async function readConnectionFile(path: string): Promise<ConnectionInfo> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw broken(path, { wanted: "a connection file", got: "none that can be read", cause });
  });
  let fields: unknown;
  try {
    fields = JSON.parse(text);
  } catch (cause) {
    throw broken(path, { wanted: "JSON", got: JSON.stringify(text.slice(0, 40)), cause });
  }
  return checkConnection(fields, path);
}

/** Write a connection file that only its owner can read, whole or not at all. */
export async function writeConnectionFile(path: string, info: ConnectionInfo): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  await writeFile(draft, `${JSON.stringify(info, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, path);
}

/**
 * Find five free loopback ports and make a fresh key.
 *
 * The ports are free when this returns, and this process gives none of them out again. Another
 * program could still take one before the kernel binds, and then the kernel exits and says so.
 */
export async function reserveConnection(kernelName?: string): Promise<ConnectionInfo> {
  const servers: Server[] = [];
  const ports: number[] = [];
  try {
    for (let tried = 0; ports.length < CHANNELS.length; tried++) {
      const port = randomInt(PORTS.first, PORTS.end);
      if (reserved.has(port)) continue;
      const server = await listen(port, tried < TRIES);
      if (server === undefined) continue;
      servers.push(server);
      reserved.add(port);
      ports.push(port);
    }
  } finally {
    await Promise.all(servers.map((server) => new Promise((done) => server.close(done))));
  }
  return connection({ transport: "tcp", ip: "127.0.0.1" }, ports, kernelName);
}

/**
 * A connection over sockets that are files in `folder`, with a fresh key: no other program's
 * kernel can ever be met there, and who cannot enter the folder cannot connect.
 *
 * @param folder of the owner alone; the sockets are left to who removes it
 * @returns undefined where the system has no such sockets, or the folder's name is too long for one
 */
export function socketConnection(folder: string, kernelName?: string): ConnectionInfo | undefined {
  const ip = join(folder, "kernel");
  const fits = Buffer.byteLength(`${ip}-5`) <= LONGEST_SOCKET;
  if (process.platform === "win32" || !fits) return undefined;
  return connection({ transport: "ipc", ip }, [1, 2, 3, 4, 5], kernelName);
}

function connection(
  address: Pick<ConnectionInfo, "transport" | "ip">,
  ports: readonly number[],
  kernelName: string | undefined,
): ConnectionInfo {
  const [shell, control, stdin, iopub, hb] = ports as [number, number, number, number, number];
  return {
    ...address,
    shell_port: shell,
    control_port: control,
    stdin_port: stdin,
    iopub_port: iopub,
    hb_port: hb,
    signature_scheme: "hmac-sha256",
    key: randomBytes(32).toString("hex"),
    ...(kernelName === undefined ? {} : { kernel_name: kernelName }),
  };
}

function checkConnection(value: unknown, path: string): ConnectionInfo {
  if (typeof value !== "object" || value === null) {
    throw broken(path, { wanted: "a JSON object", got: JSON.stringify(value) });
  }
  const fields = value as Record<string, unknown>;
  for (const channel of CHANNELS) {
    const port = fields[`${channel}_port`];
    if (!Number.isInteger(port) || (port as number) < 1 || (port as number) > 65535) {
      throw broken(path, { wanted: `a port in ${channel}_port`, got: JSON.stringify(port) });
    }
  }
  const { transport = "tcp", ip, key = "", signature_scheme: scheme = "hmac-sha256" } = fields;
  if (transport !== "tcp" && transport !== "ipc") {
    throw broken(path, { wanted: "transport tcp or ipc", got: JSON.stringify(transport) });
  }
  if (typeof ip !== "string" || (transport === "tcp" && !isLoopback(ip))) {
    throw broken(path, { wanted: "a loopback address in ip", got: JSON.stringify(ip) });
  }
  if (typeof key !== "string") throw broken(path, { wanted: "a text in key", got: typeof key });
  if (scheme !== "hmac-sha256") {
    throw broken(path, { wanted: "signature_scheme hmac-sha256", got: JSON.stringify(scheme) });
  }
  return { ...(fields as unknown as ConnectionInfo), transport, ip, key, signature_scheme: scheme };
}

function isLoopback(ip: string): boolean {
  return ip === "localhost" || /^127(\.\d{1,3}){3}$/.test(ip);
}

function broken(where: string, facts: { wanted: string; got?: string; cause?: unknown }) {
  return new DataError({ where, what: "connection file", ...facts });
}

/** Listen on a port; undefined if it is taken and another may be tried. */
function listen(port: number, mayFail: boolean): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (cause) => {
      if (mayFail) resolve(undefined);
      else reject(new ArgumentError({ what: "loopback port", wanted: "a free one", cause }));
    });
    server.listen(port, "127.0.0.1", () => resolve(server));
  });
}
