/** Get one file: mirrors in turn, retries, resume, checksum while streaming, quarantine. */

import { createHash, type Hash } from "node:crypto";
import {
  createReadStream,
  createWriteStream,
  existsSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import type { IncomingMessage } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { BusyError, DataError, isCarbonbookError } from "../core/index.js";
import { makeRoom, OWN, placeOf } from "./folder.js";
import { type Ask, ask } from "./http.js";
import type { DataFile, DataSet } from "./manifest.js";

/** How to download. */
export interface DownloadOptions {
  readonly signal?: AbortSignal;
  /** attempts at each mirror; 4 by default */
  readonly attempts?: number;
  /** wait before the second attempt, doubled for each further one [ms]; 500 by default */
  readonly backoff?: number;
  /** give up an attempt when nothing came for so long [ms]; 30,000 by default */
  readonly stall?: number;
  readonly environment?: NodeJS.ProcessEnv;
  /** called with the bytes that are here; falls back to 0 when a file is begun again */
  readonly onBytes?: (bytes: number) => void;
}

/** An answer that further attempts at the same mirror will not change. */
class Final extends Error {}

const MOST_REDIRECTS = 5;
/** Codes after which the same address may answer another time. */
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * Download one file of a data set to its place.
 *
 * @throws {DataError} if no mirror gave it, with what each said
 */
export async function download(
  dataSet: DataSet,
  file: DataFile,
  folder: string,
  options: DownloadOptions = {},
): Promise<void> {
  const place = placeOf(folder, file.path);
  const part = makeRoom(placeOf(folder, `${OWN}/partial/${file.path.replaceAll("/", "%")}.part`));
  const said: string[] = [];
  for (const mirror of dataSet.mirrors) {
    const url = addressOf(file, mirror);
    for (let attempt = 0; attempt < (options.attempts ?? 4); attempt++) {
      if (attempt > 0) await wait(options, attempt);
      try {
        await attemptOnce({ dataSet, file, url, part }, options);
        renameSync(part, makeRoom(place));
        return;
      } catch (error) {
        options.signal?.throwIfAborted();
        if (isCarbonbookError(error)) throw error;
        if (isFull(error)) throw fullDisk(folder, error);
        said.push(`${url.host}: ${error instanceof Error ? error.message : String(error)}`);
        if (error instanceof Mismatch) quarantine(folder, file, part);
        // what came in parts may be of two makes: then once more, from the beginning
        if (error instanceof Final || (error instanceof Mismatch && error.start === 0)) break;
      }
    }
  }
  throw new DataError({
    where: `${dataSet.id}/${file.path}`,
    what: "download",
    wanted: `${file.bytes} bytes with SHA-256 ${file.sha256}`,
    got: said.length === 0 ? "no mirror to ask" : [...new Set(said)].join("; "),
    remedy: `see ${dataSet.url}`,
  });
}

/**
 * How long a file is by its mirrors' word; "unknown" if none says.
 */
export async function askSize(
  dataSet: DataSet,
  file: DataFile,
  options: DownloadOptions = {},
): Promise<number | "unknown"> {
  if (file.bytes !== "unknown") return file.bytes;
  for (const mirror of dataSet.mirrors) {
    try {
      const answer = await follow(dataSet, addressOf(file, mirror), {
        ...asking(options),
        method: "HEAD",
      });
      answer.destroy();
      const length = Number(answer.headers["content-length"]);
      if (answer.statusCode === 200 && Number.isInteger(length)) return length;
    } catch {
      options.signal?.throwIfAborted();
    }
  }
  return "unknown";
}

/** Where a mirror has a file. Its name is a name, whatever is in it: never a query or another host. */
function addressOf(file: DataFile, mirror: string): URL {
  const names = (file.source ?? file.path).split("/").map(encodeURIComponent);
  return new URL(`./${names.join("/")}`, mirror);
}

/** The SHA-256 of a file. */
export async function hashFile(path: string): Promise<string> {
  return (await hashOf(path)).digest("hex");
}

/** A whole file that is not the one it should be; its last part began at `start`. */
class Mismatch extends Error {
  constructor(
    message: string,
    readonly start: number,
  ) {
    super(message);
  }
}

interface Job {
  readonly dataSet: DataSet;
  readonly file: DataFile;
  readonly url: URL;
  readonly part: string;
}

async function attemptOnce(job: Job, options: DownloadOptions): Promise<void> {
  const { dataSet, file, url, part } = job;
  const have = existsSync(part) ? statSync(part).size : 0;
  if (have > 0 && have === file.bytes && (await hashFile(part)) === file.sha256) return;
  const resumed = have > 0 && (file.bytes === "unknown" || have < file.bytes);
  const headers: Record<string, string> = {
    "Accept-Encoding": "identity",
    "User-Agent": "carbonbook",
  };
  if (resumed) headers.Range = `bytes=${have}-`;
  const answer = await follow(dataSet, url, { ...asking(options), headers });
  const start = startOf(answer, { wanted: have, part });
  const hash = start === 0 ? createHash("sha256") : await hashOf(part);
  const got = await pour(answer, { part, hash, start, most: file.bytes }, options);
  const problem = problemOf(answer, file, { got, start, digest: hash.digest("hex") });
  if (problem !== undefined) throw problem;
}

/** What is wrong with a body that ended: too short may be tried again, wrong bytes not. */
function problemOf(
  answer: IncomingMessage,
  file: DataFile,
  found: { got: number; start: number; digest: string },
): Error | undefined {
  const length = answer.headers["content-length"];
  const stated = length === undefined ? undefined : found.start + Number(length);
  const expected = file.bytes === "unknown" ? stated : file.bytes;
  if (expected !== undefined && found.got < expected) {
    return new Error(`ended after ${found.got} of ${expected} bytes`);
  }
  if (file.sha256 === "unknown" || found.digest === file.sha256) return undefined;
  return new Mismatch(`sent other bytes (SHA-256 ${found.digest})`, found.start);
}

/** Write a body to the end of the part file, hashing it on the way. */
async function pour(
  answer: IncomingMessage,
  to: { part: string; hash: Hash; start: number; most: number | "unknown" },
  options: DownloadOptions,
): Promise<number> {
  const out = createWriteStream(to.part, { flags: to.start === 0 ? "w" : "a" });
  const failed = new Promise<never>((_, reject) => out.on("error", reject));
  failed.catch(() => undefined);
  let got = to.start;
  options.onBytes?.(got);
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      got += chunk.length;
      if (to.most !== "unknown" && got > to.most) {
        throw new Final(`sent more than the ${to.most} bytes that the file has`);
      }
      to.hash.update(chunk);
      if (!out.write(chunk))
        await Promise.race([new Promise<void>((r) => out.once("drain", () => r())), failed]);
      options.onBytes?.(got);
    }
    return got;
  } catch (error) {
    if (error instanceof Final) rmSync(to.part, { force: true });
    throw error;
  } finally {
    answer.destroy();
    await Promise.race([new Promise<void>((r) => out.end(() => r())), failed]);
  }
}

/** Follow redirects, but only to listed hosts and never to anything but HTTP. */
async function follow(dataSet: DataSet, from: URL, options: Ask): Promise<IncomingMessage> {
  const hosts = new Set([...dataSet.mirrors.map((m) => new URL(m).host), ...(dataSet.hosts ?? [])]);
  let url = from;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const answer = await ask(url, options);
    const { statusCode = 0, headers } = answer;
    if (statusCode < 300 || statusCode >= 400 || headers.location === undefined) {
      return accept(answer, statusCode);
    }
    answer.destroy();
    const next = new URL(headers.location, url);
    const safe =
      next.protocol === "https:" || (next.protocol === "http:" && url.protocol === "http:");
    if (!safe) throw new Final(`redirects to ${next.protocol}, which is refused`);
    if (!hosts.has(next.host))
      throw new Final(`redirects to ${next.host}, which the manifest does not list`);
    url = next;
  }
  throw new Final(`redirects more than ${MOST_REDIRECTS} times`);
}

function accept(answer: IncomingMessage, statusCode: number): IncomingMessage {
  if (statusCode === 200 || statusCode === 206 || statusCode === 416) return answer;
  answer.destroy();
  const message = `answered ${statusCode}`;
  throw TRANSIENT.has(statusCode) ? new Error(message) : new Final(message);
}

/** Where the body begins in the file: 0 if the server ignored or misread our wish to resume. */
function startOf(answer: IncomingMessage, resume: { wanted: number; part: string }): number {
  if (answer.statusCode === 200) return 0;
  const start = Number(/^bytes (\d+)-/.exec(answer.headers["content-range"] ?? "")?.[1]);
  if (answer.statusCode === 206 && start === resume.wanted) return start;
  answer.destroy();
  rmSync(resume.part, { force: true });
  throw new Error("answered with another range than was asked for");
}

function quarantine(folder: string, file: DataFile, part: string): void {
  const place = placeOf(folder, `${OWN}/quarantine/${file.path.replaceAll("/", "%")}`);
  if (existsSync(part)) renameSync(part, makeRoom(place));
}

function asking(options: DownloadOptions): Ask {
  const { signal, stall, environment } = options;
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(stall === undefined ? {} : { stall }),
    ...(environment === undefined ? {} : { environment }),
  };
}

async function wait(options: DownloadOptions, attempt: number): Promise<void> {
  const { backoff = 500, signal } = options;
  await sleep(Math.min(60_000, backoff * 2 ** (attempt - 1)), undefined, signal ? { signal } : {});
}

async function hashOf(path: string): Promise<Hash> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    hash.update(chunk as Buffer);
  }
  return hash;
}

function isFull(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOSPC";
}

function fullDisk(folder: string, cause: unknown): BusyError {
  const remedy = "make room and fetch again: what is here is kept";
  return new BusyError({
    where: folder,
    what: "disk",
    wanted: "room",
    got: "none left",
    remedy,
    cause,
  });
}

/** Where a quarantined file lies. */
export function quarantineFolder(folder: string): string {
  return join(folder, OWN, "quarantine");
}
