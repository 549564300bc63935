import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Notebook } from "carbonbook/notebook";
import { expect, test } from "vitest";
import { framesBundle } from "../../lib/kernel/frames.js";
import { notebookToHtml } from "../../lib/notebook/html.js";
import { hasChromium, withPage } from "../notebook/gallery-browser.js";

// three pictures of one pixel each
const images = ["AAAA", "BBBB", "CCCC"].map((end) => `iVBORw0KGgo${end}`);
const bundle = framesBundle(
  "Speed <b>",
  images.map((image, i) => ({ label: `${i} m/d`, image })),
  1,
);

test.skipIf(!hasChromium)(
  "in the page of a notebook that ran, a slider shows the pictures made beforehand (Chromium)",
  async () => {
    const output = { output_type: "display_data", data: bundle.data, metadata: {} };
    const cell = {
      cell_type: "code",
      source: "1",
      metadata: {},
      execution_count: 1,
      outputs: [output],
    };
    const notebook = {
      cells: [cell],
      metadata: {},
      nbformat: 4,
      nbformat_minor: 5,
    } as unknown as Notebook;
    const folder = await mkdtemp(join(tmpdir(), "frames-"));
    const file = join(folder, "page.html");
    await writeFile(file, notebookToHtml(notebook, { title: "Frames" }));
    await withPage(async ({ page, errors }) => {
      await page.goto(pathToFileURL(file).href);
      const picture = page.locator(".frames img");
      expect(await picture.getAttribute("src")).toContain(images[1]);
      await page.locator(".frames input").press("ArrowRight");
      expect(await picture.getAttribute("src")).toContain(images[2]);
      expect(await page.locator(".frames output").textContent()).toBe("2 m/d");
      expect(errors.filter((text) => !text.includes("data:image"))).toEqual([]);
    });
    await rm(folder, { recursive: true });
  },
);

test("elsewhere the bundle's own HTML has the slider, and its texts are only texts", () => {
  const html = String(bundle.data["text/html"]);
  expect(html).toContain('<input type="range" min="0" max="2"');
  expect(html).toContain("Speed &lt;b&gt;");
  expect(html).not.toContain("<b>");
});
