/** A local server that answers wrongly in as many ways as the wild does. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Answer = (request: IncomingMessage, response: ServerResponse, visit: number) => void;

export interface HostileServer {
  readonly host: string;
  /** address of a folder of the server, with a slash at the end */
  readonly base: string;
  /** requests so far, as "GET /path range" */
  readonly seen: readonly string[];
  close(): Promise<void>;
}

/** Start a server that answers each path by its own rule, counting the visits. */
export async function startServer(answers: Record<string, Answer>): Promise<HostileServer> {
  const seen: string[] = [];
  const visits = new Map<string, number>();
  const server: Server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname).slice(1);
    seen.push(`${request.method} ${request.url} ${request.headers.range ?? ""}`.trim());
    const visit = visits.get(path) ?? 0;
    visits.set(path, visit + 1);
    const answer = answers[path];
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response, visit);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    host,
    base: `http://${host}/`,
    seen,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Serve bytes as a good server does, ranges and all. */
export function serve(body: Buffer): Answer {
  return (request, response) => {
    const start = rangeStart(request);
    const part = body.subarray(start);
    if (start > 0) {
      response.setHeader("Content-Range", `bytes ${start}-${body.length - 1}/${body.length}`);
    }
    response.writeHead(start > 0 ? 206 : 200, { "Content-Length": part.length });
    response.end(request.method === "HEAD" ? undefined : part);
  };
}

/** Serve the first `cut` bytes of what was asked for, then break the connection; later serve well. */
export function dropFirst(body: Buffer, cut: number, times: number): Answer {
  return (request, response, visit) => {
    if (visit >= times) return serve(body)(request, response, visit);
    const start = rangeStart(request);
    if (start > 0)
      response.setHeader("Content-Range", `bytes ${start}-${body.length - 1}/${body.length}`);
    response.writeHead(start > 0 ? 206 : 200, { "Content-Length": body.length - start });
    response.write(body.subarray(start, start + cut));
    // What was sent must arrive before the connection breaks.
    setTimeout(() => response.destroy(), 200);
  };
}

function rangeStart(request: IncomingMessage): number {
  return Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
}
