import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Running, start } from "../cli/bin.js";
import { hasChromium, withPage } from "../notebook/gallery-browser.js";
import { labPage, type NotebookPage, notebookPage } from "./pages.js";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SHOTS = join(ROOT, "runs", "browser"); // looked at by people, never committed
const OWN = join(ROOT, "environment/jupyter/venv/bin");
const PATH = [OWN, ...(process.env.PATH ?? "").split(delimiter)];
const folderOf = (program: string) => PATH.find((folder) => existsSync(join(folder, program)));

const DRAW = `import { explore, slider } from "carbonbook/kernel";
import { figure, line } from "carbonbook/figures";
const x = Array.from({ length: 200 }, (_, i) => i);
const axis = (label: string) => ({ label, units: "m" });
const draw = (waves: number) => figure({
  id: "waves", study: "small", title: \`A sine of \${waves} waves\`, caption: "By hand.", dataLabel: "closed form: sine",
  panels: [{ x: axis("x"), y: axis("y"), layers: [line({ x, y: x.map((v) => Math.sin((v * waves * 2 * Math.PI) / 200)) })] }],
});`;
const CELLS = [
  DRAW,
  "draw(2)",
  `await explore({ waves: slider({ label: "Waves", min: 1, max: 9, step: 1, value: 2 }) }, ({ waves }) => draw(waves));`,
  "console.log('begun');\nfor (;;) {}",
  "1 + 1",
];

function small(): string {
  const cells = CELLS.map((source, i) => ({
    ...{ cell_type: "code", execution_count: null, id: `c${i}`, metadata: {}, outputs: [], source },
  }));
  const kernelspec = { name: "carbonbook", display_name: "TypeScript", language: "typescript" };
  return JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 });
}

/** The code cells of a notebook's file, by their place among all cells. */
function codeOf(file: string): Map<number, string> {
  const { cells } = JSON.parse(readFileSync(file, "utf8")) as {
    cells: { cell_type: string; source: string | string[] }[];
  };
  return new Map(
    cells.flatMap(({ cell_type, source }, i) =>
      cell_type === "code" ? [[i, [source].flat().join("")] as const] : [],
    ),
  );
}

/** The parameters of notebook 01 with as few windows as its cells can do with. */
function lighter(parameters: string): string {
  const few = { trainingWindows: 5, validationWindows: 1, testWindows: 2, deepWindows: 2 };
  return Object.entries({ ...few, deepAcross: 3, deepTestWindows: 1 }).reduce(
    (text, [name, value]) => text.replace(RegExp(`(${name}: number = )\\d+`), `$1${value}`),
    parameters,
  );
}

/** Run a cell and wait until it has ended. */
async function runToEnd(book: NotebookPage, index: number): Promise<void> {
  const before = await book.count(index);
  await book.run(index);
  await eventually(async () => {
    const now = await book.count(index);
    return now !== before && /^\d+$/.test(now);
  }, true);
}

/** Look again until it holds, for a minute at most. */
async function eventually(
  look: () => Promise<unknown>,
  wanted: unknown,
  looks = 300,
): Promise<void> {
  let found = await look();
  for (let i = 0; i < looks && found !== wanted; i++) {
    await setTimeout(200);
    found = await look();
  }
  expect(found).toBe(wanted);
}

const NOTEBOOK = { name: "Notebook 6", kind: "notebook", drive: notebookPage, port: 8931 };
const LAB = { name: "JupyterLab 4", kind: "lab", drive: labPage, port: 8951 };
// Debian has no JupyterLab: where environment/jupyter/install.sh could not bring it, it is not asked for
const PAGES = folderOf("jupyter-lab") === undefined ? [NOTEBOOK] : [NOTEBOOK, LAB];

describe.each(PAGES)("$name in Chromium", ({ name, kind, drive, port }) => {
  const bin = folderOf(`jupyter-${kind}`);
  const canRun = hasChromium && bin !== undefined;
  const folder = mkdtempSync(join(tmpdir(), "jupyter-"));
  const notebooks = join(folder, "notebooks");
  let server: Running | undefined;
  let address = "";
  let token = "";

  beforeAll(async () => {
    if (!canRun) return;
    mkdirSync(notebooks);
    mkdirSync(SHOTS, { recursive: true });
    writeFileSync(join(notebooks, "small.ipynb"), small());
    copyFileSync(join(ROOT, "notebooks/01-backtrack.ipynb"), join(notebooks, "01-backtrack.ipynb"));
    // only this Jupyter is on the PATH; without data files the notebook uses closed forms
    const env = {
      PATH: `${bin}${delimiter}/usr/bin${delimiter}/bin`,
      HOME: folder,
      CARBONBOOK_DATA_MIRROR: "",
    };
    const settings = join(folder, ".jupyter/lab/user-settings/@jupyterlab/notebook-extension");
    mkdirSync(settings, { recursive: true });
    writeFileSync(join(settings, "tracker.jupyterlab-settings"), '{ "windowingMode": "none" }');
    const args = ["lab", notebooks, "--no-browser", "--page", kind, "--root", ROOT];
    args.push("--port", String(port));
    server = start(args, { env });
    [, address = "", token = ""] = await server.printed(/(http:\S+)\?token=(\w+)/);
  });
  afterAll(async () => {
    server?.child.kill("SIGTERM");
    await server?.ended;
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const onPage = (
    file: string,
    use: (book: NotebookPage, shot: (what: string) => Promise<unknown>) => Promise<void>,
  ) =>
    withPage(async ({ page, requests }) => {
      page.setDefaultTimeout(90_000);
      const book = drive(page);
      await book.open(address, token, file);
      const shot = (what: string) =>
        page.screenshot({ path: join(SHOTS, `jupyter-${kind}-${what}.png`) });
      await use(book, shot);
      // no page asks another host, nor has this one ask for news
      const others = requests.filter((url) => !/^(data|blob|about):/.test(url));
      expect(others.filter((url) => !url.startsWith(address))).toEqual([]);
      expect(others.filter((url) => /\/lab\/api\/(news|update)/.test(url))).toEqual([]);
      expect(await page.getByText("official Jupyter news").count()).toBe(0);
    });

  test.skipIf(!canRun)(
    `a figure is drawn, a slider moves it, a loop is interrupted, the kernel restarts (${name}, Chromium)`,
    { timeout: 400_000 },
    () =>
      onPage("small.ipynb", async (book, shot) => {
        await runToEnd(book, 0);
        await book.run(1);
        await book.cell(1).locator(".main-svg").first().waitFor();
        await book.cell(1).getByText("A sine of 2 waves").first().waitFor();
        await shot("figure");

        await book.run(2);
        await book.cell(2).locator(".main-svg").first().waitFor();
        await book.slide(3);
        await book.cell(2).getByText("A sine of 5 waves").waitFor();
        expect(await book.cell(2).locator(".main-svg").count()).toBe(
          await book.cell(1).locator(".main-svg").count(),
        );
        await shot("slider");

        await book.run(3);
        await book.cell(3).locator("pre", { hasText: "begun" }).last().waitFor();
        await setTimeout(500);
        await book.interrupt();
        await book.cell(3).getByText("KeyboardInterrupt").first().waitFor();
        await shot("interrupt");
        await book.run(4);
        await eventually(async () => /^\d+$/.test(await book.count(4)), true);

        await book.restart();
        await book.run(4);
        await eventually(() => book.count(4), "1");
        await shot("restart");
      }),
  );

  test.skipIf(!canRun)(
    `completion shows typed members, Shift-Tab the documentation (${name}, Chromium)`,
    { timeout: 400_000 },
    () =>
      onPage("small.ipynb", async (book, shot) => {
        await runToEnd(book, 0);
        await book.type(4, "draw(2).da");
        const members = await book.ask("completion");
        await members.getByText("dataLabel").first().waitFor();
        await shot("completion");
        await book.cell(0).click();
        await book.type(4, "explore");
        const words = await book.ask("documentation");
        await words.getByText("Draw something that depends on controls").first().waitFor();
        await shot("documentation");
      }),
  );

  test.skipIf(!canRun)(
    `notebook 01: another sinking speed gives another catchment (${name}, Chromium)`,
    { timeout: 400_000 },
    () =>
      onPage("01-backtrack.ipynb", async (book, shot) => {
        const parameters = codeOf(join(notebooks, "01-backtrack.ipynb")).get(1)!;
        const faster = parameters.replace(
          /(sinkingSpeed: number = )\d+/,
          (_, head) => `${head}200`,
        );
        expect(faster).not.toBe(parameters);
        const sources = async () => {
          for (const index of [1, 3, 5, 7]) await runToEnd(book, index);
          const drawn = book.cell(7).locator(".main-svg").first();
          await drawn.scrollIntoViewIfNeeded();
          return drawn.innerHTML();
        };
        const before = await sources();
        const [figure, cell] = await Promise.all([
          book.cell(7).locator(".main-svg").first().boundingBox(),
          book.cell(7).boundingBox(),
        ]);
        expect(figure!.x + figure!.width).toBeLessThanOrEqual(cell!.x + cell!.width);
        await book.cell(7).locator(".nsewdrag").first().hover(); // the map's middle, however scaled
        await book.cell(7).locator(".hovertext").first().waitFor();
        await shot("01-at-100");
        await book.type(1, faster);
        expect(await sources()).not.toBe(before);
        await shot("01-at-200");
      }),
  );

  if (kind !== PAGES.at(-1)?.kind) return; // two minutes: on one of the pages
  test.skipIf(!canRun)(
    `notebook 01 runs to its end, every figure drawn (${name}, Chromium)`,
    { timeout: 600_000 },
    () =>
      onPage("01-backtrack.ipynb", async (book, shot) => {
        const cells = codeOf(join(notebooks, "01-backtrack.ipynb"));
        await book.restart(); // whoever had it open before left names and numbers
        await book.type(1, lighter(cells.get(1)!));
        await book.runAll();
        await eventually(() => book.count([...cells.keys()].at(-1)!), String(cells.size), 2700);
        for (const [index, source] of cells) {
          if (!source.includes("saveFigure(")) continue;
          await book.cell(index).locator(".main-svg").first().waitFor();
        }
        await shot("01-whole");
      }),
  );
});
