import { readFileSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeGallery } from "../../lib/notebook/gallery.js";
import type { GalleryOptions } from "../../lib/notebook/gallery-entry.js";
import { hasChromium, serveFolder, type Watched, withPage } from "./gallery-browser.js";
import { makeRun } from "./gallery-run.js";

const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const COPIES = 70;

let run: GalleryOptions;
let address = "";

beforeAll(async () => {
  run = await makeRun(COPIES);
  address = pathToFileURL(await writeGallery(run)).href;
});

afterAll(async () => {
  await rm(run.folder, { recursive: true });
});

test("the page names every figure, claim, notebook and fact, with all text escaped", async () => {
  const html = await readFile(join(run.folder, "index.html"), "utf8");
  expect(html).toContain(
    "70 figures, 1 table · 1 from real data, 70 from twins · 1 notebook (1 failed) · 3 claims: 1 reproduced, 1 differs, 1 not judged",
  );
  expect(html.match(/<article/g)).toHaveLength(71);
  expect(html).toContain("Real data: a survey");
  expect(html).toContain("by a third");
  expect(html).toContain("abc123");
  expect(html).not.toContain("<img src=x");
  expect(html).toContain('<a href="#study-upton2024">Upton et al. 2024</a>');
  expect(html).toContain("<summary>A claim that this run does not judge</summary>");
  // nothing is taken from another host; the papers are linked
  const outside = [...html.matchAll(/(src|href)="(?:https?:)?\/\/[^"]*/g)].map(([found]) => found);
  expect(outside).toEqual(['href="https://doi.org/10.5194/acp-24-2555-2024']);
});

test("the numbers of each figure lie beside it as CSV", async () => {
  const csv = await readFile(join(run.folder, "figures/all/waves-3.csv"), "utf8");
  const lines = csv.split("\r\n");
  expect(lines[0]).toBe("# Waves come from the west");
  expect(lines).toContain("# panel b: x is Time (d); y is Height (m)");
  expect(lines).toContain("b,at the trap,,2,0.5,,");
  expect(lines.filter((line) => line.startsWith("a,Height"))).toHaveLength(1600);
});

test("a figure whose file is missing, or outside the folder, is refused", async () => {
  const [first] = run.figures;
  const gone = { ...first!, files: { json: join(run.folder, "figures/all/none.json") } };
  await expect(writeGallery({ ...run, figures: [gone] })).rejects.toThrow(/none.json.*got none/);
  const outside = { ...first!, files: { ...first!.files, svg: process.execPath } };
  await expect(writeGallery({ ...run, figures: [outside] })).rejects.toThrow(/a path below/);
});

describe.skipIf(!hasChromium)("in Chromium", () => {
  const axe = async ({ page }: Watched) => {
    await page.evaluate(readFileSync(AXE, "utf8")); // as a debugger would: the page's policy lets no script in
    return page.evaluate(async () => {
      const tool = (
        globalThis as unknown as { axe: { run: () => Promise<{ violations: Fault[] }> } }
      ).axe;
      return (await tool.run()).violations.map(({ id, impact, nodes }) => ({
        id,
        impact,
        where: nodes.map((node) => node.html.slice(0, 120)).slice(0, 3),
      }));
    });
  };
  interface Fault {
    id: string;
    impact: string;
    nodes: { html: string }[];
  }

  test("opens from a file, loads few of 70 pictures, and asks no other host", async () => {
    await withPage(async ({ page, requests, errors }) => {
      await page.goto(address, { waitUntil: "load" });
      await page.waitForTimeout(300);
      const loaded = requests.filter((url) => url.endsWith(".png"));
      expect(loaded.length).toBeGreaterThan(0);
      expect(loaded.length).toBeLessThan(35);
      await page.locator("#figure-picard2024-waves-68").scrollIntoViewIfNeeded();
      const last = page.locator("#figure-picard2024-waves-68 img");
      await page.waitForFunction(
        (el) => (el as unknown as { naturalWidth: number }).naturalWidth > 0,
        await last.elementHandle(),
      );
      expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
      expect(errors).toEqual([]);
      expect(await page.title()).toBe("Figures of a test");
    });
  });

  test.each(["file", "server"])(
    "from a %s, a figure is explored with the keyboard and closed again",
    async (from) => {
      const site = from === "server" ? await serveFolder(run.folder) : undefined;
      await withPage(async ({ page, requests, errors }) => {
        await page.goto(site?.address ?? address);
        const card = page.locator("#figure-picard2024-waves-0");
        await card.locator("button.explore").focus();
        await page.keyboard.press("Enter");
        const frame = card.frameLocator("iframe");
        await frame.locator(".main-svg .heatmaplayer image, .main-svg .hm").first().waitFor();
        expect(await card.locator("button.explore").getAttribute("aria-expanded")).toBe("true");
        expect(await card.locator("img").isVisible()).toBe(false);
        await page.keyboard.press("Enter");
        expect(await card.locator("iframe").count()).toBe(0);
        expect(await card.locator("img").isVisible()).toBe(true);
        const own = site === undefined ? "file:" : site.address;
        expect(
          requests.filter((url) => !url.startsWith(own) && !/^(data|blob):/.test(url)),
        ).toEqual([]);
        expect(errors).toEqual([]);
      }).finally(() => site?.close());
    },
  );

  test.each(["light", "dark"] as const)("axe finds no fault in the %s gallery", async (dark) => {
    await withPage(
      async (watched) => {
        await watched.page.goto(address);
        expect(await axe(watched)).toEqual([]);
      },
      { dark },
    );
  });

  test("on a phone claims are read without scrolling sideways, and axe finds no fault", async () => {
    await withPage(
      async (watched) => {
        const { page } = watched;
        await page.goto(address);
        const table = page.locator("table.claims").first();
        const { width } = (await table.boundingBox())!;
        expect(width).toBeLessThanOrEqual(360);
        expect(await axe(watched)).toEqual([]);
        const size = await page.evaluate(() => [
          document.documentElement.scrollWidth,
          document.documentElement.clientWidth,
        ]);
        expect(size[0]).toBe(size[1]);
      },
      { width: 360 },
    );
  });

  test("the notebook's page shows every output, runs none of it, and draws its figure on demand", async () => {
    await withPage(async (watched) => {
      const { page, requests, errors } = watched;
      await page.goto(pathToFileURL(join(run.folder, "notebooks/01-waves.html")).href);
      expect(await page.title()).toBe("Waves");
      expect(await page.locator(".banner").textContent()).toContain("cell 6: Error: no <wave>");
      expect(await page.locator(".ansi-red").first().textContent()).toBe("red");
      expect(await page.locator(".stdout").textContent()).toContain("100%");
      expect(await page.locator(".stdout").textContent()).not.toContain("10%\r");
      expect(await page.locator("a[href^=javascript]").count()).toBe(0);
      expect(await axe(watched)).toEqual([]);
      await page.locator("button.explore").click();
      await page.locator(".plot .main-svg").first().waitFor();
      expect(requests.filter((url) => !/^(file|data|blob):/.test(url))).toEqual([]);
      // a picture that the text names and the folder lacks is all that fails; its handler never ran
      expect(errors.filter((error) => !error.includes("ERR_FILE_NOT_FOUND"))).toEqual([]);
      expect(await page.title()).toBe("Waves");
    });
  });
});
