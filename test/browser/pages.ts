/** Jupyter's page driven as a reader would: by keys, by the mouse, and by looking. */

import type { Locator, Page } from "playwright-core";

/** What a test does on a notebook's page. */
export interface NotebookPage {
  /** Open a notebook and wait until its kernel is ready. */
  open(address: string, token: string, name: string): Promise<void>;
  cell(index: number): Locator;
  /** Run a cell; does not wait for its end. */
  run(index: number): Promise<void>;
  /** Put text in place of what a cell holds. */
  type(index: number, text: string): Promise<void>;
  /** Ask for completion or documentation at the cursor; what is shown. */
  ask(what: "completion" | "documentation"): Promise<Locator>;
  interrupt(): Promise<void>;
  restart(): Promise<void>;
  /** the number at a cell, as `[3]` shows it; "*" while it runs */
  count(index: number): Promise<string>;
  /** Move the only slider by some of its steps. */
  slide(steps: number): Promise<void>;
  /** Run all cells from the top; does not wait for their end. */
  runAll(): Promise<void>;
}

/** Jupyter Notebook 6. */
export function notebookPage(page: Page): NotebookPage {
  const cell = (index: number) => page.locator("#notebook-container > .cell").nth(index);
  const ready = () =>
    page.waitForFunction(
      "globalThis.Jupyter?.notebook?._fully_loaded && Jupyter.notebook.kernel?.info_reply?.implementation",
    );
  return {
    cell,
    async open(address, token, name) {
      await page.goto(`${address}notebooks/${name}?token=${token}`);
      await ready();
    },
    async run(index) {
      await cell(index).locator(".prompt").first().click();
      await page.keyboard.press("Control+Enter");
    },
    async type(index, text) {
      await cell(index).locator(".CodeMirror").click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(text);
    },
    async ask(what) {
      await page.keyboard.press(what === "completion" ? "Tab" : "Shift+Tab");
      return page.locator(what === "completion" ? "#complete" : "#tooltip");
    },
    async interrupt() {
      await page.locator("button[data-jupyter-action='jupyter-notebook:interrupt-kernel']").click();
    },
    async restart() {
      await page.locator("button[data-jupyter-action$='confirm-restart-kernel']").click();
      await page.locator(".modal.in .btn-danger").click();
      await page.locator(".modal.in").waitFor({ state: "detached" });
      await page.waitForTimeout(500);
      await ready();
    },
    async count(index) {
      const text = await cell(index).locator(".input_prompt").textContent();
      return /\[(.*)\]/.exec(text ?? "")?.[1]?.trim() ?? "";
    },
    async slide(steps) {
      await page.locator(".ui-slider-handle").focus();
      for (let i = 0; i < steps; i++) await page.keyboard.press("ArrowRight");
    },
    async runAll() {
      await page.evaluate("Jupyter.notebook.execute_all_cells()");
    },
  };
}

/** JupyterLab 4, with all cells in the page (its default takes those out that are not in sight). */
export function labPage(page: Page): NotebookPage {
  const cell = (index: number) => page.locator(".jp-Notebook .jp-Cell").nth(index);
  const command = (name: string) =>
    page.locator(`.jp-NotebookPanel-toolbar [data-command='notebook:${name}']`);
  const ready = () => page.locator("#jp-main-statusbar").getByText("| Idle").first().waitFor();
  return {
    cell,
    async open(address, token, name) {
      await page.goto(`${address}lab/tree/${name}?token=${token}&reset`);
      await cell(0).waitFor();
      await ready();
    },
    async run(index) {
      await cell(index).locator(".jp-InputPrompt").first().click();
      await page.keyboard.press("Control+Enter");
    },
    async type(index, text) {
      await cell(index).locator(".cm-content").first().click();
      await page.keyboard.press("Control+a");
      await page.keyboard.insertText(text);
    },
    async ask(what) {
      await page.keyboard.press(what === "completion" ? "Tab" : "Shift+Tab");
      return page.locator(what === "completion" ? ".jp-Completer" : ".jp-Tooltip");
    },
    async interrupt() {
      await command("interrupt-kernel").click();
    },
    async restart() {
      await command("restart-kernel").click();
      await page.locator(".jp-Dialog .jp-mod-accept").click();
      await page.locator(".jp-Dialog").waitFor({ state: "detached" });
      await page.waitForTimeout(500);
      await ready();
    },
    async count(index) {
      const text = await cell(index).locator(".jp-InputPrompt").first().textContent();
      return /\[(.*)\]/.exec(text ?? "")?.[1]?.trim() ?? "";
    },
    async slide(steps) {
      await page.locator(".noUi-handle").focus();
      for (let i = 0; i < steps; i++) await page.keyboard.press("ArrowRight");
    },
    async runAll() {
      await page.getByRole("menuitem", { name: "Run", exact: true }).click();
      await page.getByRole("menuitem", { name: "Run All Cells", exact: true }).click();
    },
  };
}
