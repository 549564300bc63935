/** Debian's Chromium, headless, that notes every request and every error. */

import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import { chromium, type Page } from "playwright-core";

/** Where the browser is; tests are skipped with their name where there is none. */
export const CHROMIUM = process.env.CARBONBOOK_CHROMIUM ?? "/usr/bin/chromium";

/** Whether there is a browser to test with. */
export const hasChromium = existsSync(CHROMIUM);

const FLAGS =
  "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync";

/** A page and what it did. */
export interface Watched {
  readonly page: Page;
  /** addresses asked for */
  readonly requests: string[];
  /** errors in the console or thrown */
  readonly errors: string[];
}

/** Open a page in a browser of its own, use it, close the browser. */
export async function withPage<T>(
  use: (watched: Watched) => Promise<T>,
  options: { readonly width?: number; readonly dark?: "dark" | "light" } = {},
): Promise<T> {
  const profile = await mkdtemp(join(tmpdir(), "chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: CHROMIUM,
    args: FLAGS.split(" "),
    viewport: { width: options.width ?? 1280, height: 800 },
    colorScheme: options.dark ?? "light",
  });
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    const [requests, errors]: [string[], string[]] = [[], []];
    page.on("request", (request) => requests.push(request.url()));
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    return await use({ page, requests, errors });
  } finally {
    await context.close();
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".js": "text/javascript",
};

/** Serve a folder on this machine, as any plain web server would. */
export async function serveFolder(folder: string) {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://x").pathname);
    try {
      const content = await readFile(join(folder, path === "/" ? "index.html" : path));
      response.writeHead(200, { "content-type": TYPES[extname(path) || ".html"] ?? "text/plain" });
      response.end(content);
    } catch {
      // a browser asks every site for its icon, and no gallery has one
      response.writeHead(path === "/favicon.ico" ? 204 : 404).end();
    }
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/`, close: () => server.close() };
}
