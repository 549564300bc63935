/**
 * One HTTP request, through the proxy that the environment names. Node's own `fetch` knows no
 * proxy before Node 24 and hides redirects; here a redirect is an answer like any other.
 */

import { type ClientRequest, request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";

/** What to ask for. */
export interface Ask {
  readonly method?: "GET" | "HEAD";
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** give up when nothing came for so long [ms]; 30,000 by default */
  readonly stall?: number;
  readonly environment?: NodeJS.ProcessEnv;
}

/** The proxy for an address, by `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` in either case. */
export function proxyFor(url: URL, environment: NodeJS.ProcessEnv): URL | undefined {
  const read = (name: string) => environment[name.toLowerCase()] ?? environment[name];
  const without = (read("NO_PROXY") ?? "").split(",").map((host) => host.trim().toLowerCase());
  const { hostname } = url;
  const skipped = without.some(
    (h) =>
      h === "*" || (h !== "" && (hostname === h || hostname.endsWith(`.${h.replace(/^\./, "")}`))),
  );
  const proxy = url.protocol === "https:" ? read("HTTPS_PROXY") : read("HTTP_PROXY");
  return skipped || proxy === undefined || proxy === "" ? undefined : new URL(proxy);
}

/** Send a request; resolves with the head of the answer, whose body is a stream. */
export async function ask(url: URL, options: Ask = {}): Promise<IncomingMessage> {
  const proxy = proxyFor(url, options.environment ?? process.env);
  const tunnel =
    proxy !== undefined && url.protocol === "https:"
      ? await openTunnel(url, proxy, options)
      : undefined;
  return await new Promise((resolve, reject) => {
    const request = send(url, proxy, tunnel, options);
    watch(request, options, reject);
    request.on("response", resolve);
    request.end();
  });
}

function send(
  url: URL,
  proxy: URL | undefined,
  tunnel: Socket | undefined,
  options: Ask,
): ClientRequest {
  const { method = "GET", headers = {}, signal } = options;
  const shared = { method, agent: false as const, ...(signal === undefined ? {} : { signal }) };
  if (tunnel !== undefined) {
    const secure = tlsConnect({ socket: tunnel, servername: url.hostname });
    return httpsRequest(url, { ...shared, headers, createConnection: () => secure });
  }
  if (url.protocol === "https:") return httpsRequest(url, { ...shared, headers });
  if (proxy === undefined) return httpRequest(url, { ...shared, headers });
  return httpRequest(proxy, {
    ...shared,
    path: url.href,
    headers: { ...headers, ...authorization(proxy), Host: url.host },
  });
}

/** Ask an HTTP proxy for a connection to the host of an https address. */
async function openTunnel(url: URL, proxy: URL, options: Ask): Promise<Socket> {
  const target = `${url.hostname}:${url.port === "" ? 443 : url.port}`;
  return await new Promise((resolve, reject) => {
    const request = httpRequest(proxy, {
      method: "CONNECT",
      path: target,
      agent: false,
      headers: { Host: target, ...authorization(proxy) },
    });
    watch(request, options, reject);
    request.on("connect", (answer, socket) => {
      if (answer.statusCode === 200) resolve(socket);
      else
        reject(new Error(`proxy ${proxy.host} answered ${answer.statusCode} to CONNECT ${target}`));
    });
    request.end();
  });
}

function watch(request: ClientRequest, options: Ask, reject: (error: Error) => void): void {
  const { stall = 30_000 } = options;
  let answer: IncomingMessage | undefined;
  request.on("response", (response) => {
    answer = response;
  });
  request.setTimeout(stall, () => {
    (answer ?? request).destroy(new Error(`nothing came for ${stall} ms`));
  });
  request.on("error", reject);
}

function authorization(proxy: URL): Record<string, string> {
  if (proxy.username === "") return {};
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return { "Proxy-Authorization": `Basic ${Buffer.from(pair).toString("base64")}` };
}
