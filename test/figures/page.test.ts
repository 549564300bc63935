import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { catchmentAnimation } from "carbonbook/catchment";
import { type Figure, points3d, renderPage, renderSvg, sceneFigure } from "carbonbook/figures";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hasChromium, withPage } from "../notebook/gallery-browser.js";
import { demo } from "./demo.js";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "page-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function write(made: Figure): Promise<string> {
  const path = join(folder, `${made.id}.html`);
  await writeFile(path, renderPage(made, await renderSvg(made)));
  return pathToFileURL(path).href;
}

describe.skipIf(!hasChromium)("a figure's page in Chromium", () => {
  test("is drawn by its own script, asks nobody for anything, and shows text as text", async () => {
    const address = await write(
      demo({ caption: "</script><script>document.title='run'</script>" }),
    );
    await withPage(async ({ page, requests, errors }) => {
      await page.goto(address);
      await page.locator("#plot .main-svg").first().waitFor();
      await page.locator("#plot > img").waitFor({ state: "detached" });
      expect(requests.filter((url) => url !== address && !/^(data|blob):/.test(url))).toEqual([]);
      expect(errors).toEqual([]);
      expect(await page.title()).toBe("Waves are high in the north");
      expect(await page.locator("figcaption").textContent()).toContain("</script>");
    });
  });

  test("plays a record of maps, each with its date", async () => {
    const film = catchmentAnimation({
      ...{ id: "film", study: "test", title: "t", caption: "c", dataLabel: "closed form" },
      maps: { data: new Float32Array(3 * 64).fill(1 / 64), bins: 64 },
      dates: [0, 10, 20].map((day) => day * 86400),
      grid: { n: 8, dx: 16e3 },
    });
    const address = await write(film);
    await withPage(async ({ page, errors }) => {
      await page.goto(address);
      await page.locator(".slider-label", { hasText: "about 1970-01-01" }).waitFor();
      await page.locator(".updatemenu-button", { hasText: "Play" }).click();
      await page.locator(".slider-label", { hasText: "about 1970-01-21" }).waitFor();
      expect(errors).toEqual([]);
    });
  });

  test("keeps the still picture of a scene where there is no WebGL", async () => {
    const axis = { label: "x", units: "m", range: [0, 1] } as const;
    const address = await write(
      sceneFigure({
        ...{
          id: "scene",
          study: "tests",
          title: "A point",
          caption: "One.",
          dataLabel: "closed form",
        },
        ...{ x: axis, y: axis, z: axis },
        layers: [points3d({ x: [0.5], y: [0.5], z: [0.5], name: "point" })],
      }),
    );
    await withPage(async ({ page, errors }) => {
      await page.addInitScript("HTMLCanvasElement.prototype.getContext = () => null");
      await page.goto(address);
      expect(await page.locator("#plot > img").isVisible()).toBe(true);
      expect(await page.locator("#plot .main-svg").count()).toBe(0);
      expect(errors).toEqual([]);
    });
  });
});
