/** A run's folder with figures, a table, an executed notebook and claims, for the gallery's tests. */

import { copyFile, mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { figure, heatmap, line, saveFigure, saveTable, star, table } from "carbonbook/figures";
import type { GalleryFigure, GalleryOptions } from "../../lib/notebook/gallery-entry.js";

/** Text that would run or break out if it were not escaped. */
export const EVIL = `<img src=x onerror="document.title='broken'">"'</script><b>&`;

/** Make a run with so many copies of one figure, and what `writeGallery` needs to show it. */
export async function makeRun(copies = 3): Promise<GalleryOptions> {
  const folder = await mkdtemp(join(tmpdir(), "gallery-"));
  const figures: GalleryFigure[] = [];
  const drawn = await saveFigure(demo(), join(folder, "figures"));
  for (let i = 0; i < copies; i++) {
    const files = Object.fromEntries(
      Object.entries(drawn).map(([kind, path]) => [kind, path.replace("waves", `waves-${i}`)]),
    ) as unknown as typeof drawn;
    for (const kind of ["svg", "png", "html", "json"] as const) {
      await copyFile(drawn[kind], files[kind]);
    }
    figures.push({
      id: `waves-${i}`,
      study: i % 2 === 0 ? "picard2024" : "upton2024",
      number: String(i + 1),
      kind: "figure",
      title: `Waves, copy ${i}`,
      caption: i === 0 ? EVIL : "A wave and a line.",
      dataLabel: i === 0 ? "real data: a survey" : "twin (synthetic)",
      notebook: "01-waves",
      files,
    });
  }
  figures.push(await makeTable(folder));
  return {
    folder,
    title: "Figures of a test",
    studies: [
      {
        id: "upton2024",
        title: "Constraining fluxes",
        reference: "https://doi.org/10.5194/acp-24-2555-2024",
        authors: [{ name: "Samuel Upton" }, { name: "Markus Reichstein" }, { name: EVIL }],
      },
    ],
    figures,
    claims: [
      {
        id: "c1",
        study: "picard2024",
        figures: ["waves-0"],
        claim: `Waves are high ${EVIL}`,
        paper: "0.21",
        ours: "0.20 ± 0.01",
        verdict: "reproduced",
      },
      {
        id: "c2",
        study: "upton2024",
        figures: ["waves-1"],
        claim: "The line rises",
        paper: "by half",
        ours: "by a third",
        verdict: "differs",
        note: "on a twin",
      },
      {
        id: "c3",
        study: "upton2024",
        figures: [],
        claim: "The tropics breathe out",
        paper: "by a tenth",
        ours: "",
        verdict: "not judged",
      },
    ],
    notebooks: [
      {
        name: "01-waves",
        title: "Waves",
        path: await makeNotebook(folder),
        status: "failed",
        seconds: 12.34,
      },
    ],
    provenance: {
      profile: "quick",
      code: { commit: "abc123", dirty: false },
      inputs: [{ name: EVIL, sha256: "00" }],
    },
  };
}

function demo() {
  const x = Float64Array.from({ length: 40 }, (_, i) => i);
  const z = Float64Array.from({ length: 1600 }, (_, k) => Math.sin((k % 40) / 5));
  return figure({
    id: "waves",
    study: "all",
    title: "Waves come from the west",
    caption: "A wave and a line.",
    dataLabel: "closed form",
    columns: 2,
    panels: [
      {
        x: { label: "East", units: "km" },
        y: { label: "North", units: "km" },
        aspect: 1,
        layers: [
          heatmap({ x, y: x, z, scale: { label: "Height", units: "m" } }),
          star({ x: 20, y: 20, name: "trap" }),
        ],
      },
      {
        x: { label: "Time", units: "d" },
        y: { label: "Height", units: "m" },
        layers: [line({ x: [0, 1, 2], y: [0, 1, 0.5], name: "at the trap" })],
      },
    ],
  });
}

async function makeTable(folder: string): Promise<GalleryFigure> {
  const facts = { id: "scores", study: "picard2024", title: "Scores", caption: "By network." };
  const made = table({
    ...facts,
    dataLabel: "twin (synthetic)",
    columns: [
      { name: "network", units: "", values: [EVIL, "b"] },
      { name: "loss", units: "1", values: [0.1, null] },
    ],
  });
  const files = await saveTable(made, join(folder, "figures"));
  const { dataLabel } = made;
  return { ...facts, dataLabel, number: "T1", kind: "table", notebook: "01-waves", files };
}

/** An executed notebook with every kind of output, the last cell failed. */
async function makeNotebook(folder: string): Promise<string> {
  const path = join(folder, "notebooks", "01-waves.ipynb");
  const code = (id: string, source: string, outputs: unknown[], tags: string[] = []) => ({
    cell_type: "code",
    id,
    metadata: { tags },
    execution_count: 1,
    source,
    outputs,
  });
  const display = (data: unknown) => ({ output_type: "display_data", data, metadata: {} });
  const bundle = await demo().toMimeBundle();
  const cells = [
    {
      cell_type: "markdown",
      id: "a",
      metadata: {},
      source: `# Waves\n\n${EVIL}\n\n[link](javascript:alert(1))`,
    },
    code("b", "let days: number = 3; // a day", [], ["injected-parameters"]),
    code("c", "console.log(1 < 2)", [
      {
        output_type: "stream",
        name: "stdout",
        text: `\u001b[31mred\u001b[0m ${EVIL}\n10%\r100%\n`,
      },
    ]),
    code("d", "figure", [display(bundle)]),
    code("e", "html", [
      display({ "text/html": `<table onclick="x()"><tr><td>1</td></tr></table>${EVIL}` }),
    ]),
    code("f", "throw new Error('no')", [
      {
        output_type: "error",
        ename: "Error",
        evalue: "no <wave>",
        traceback: ["\u001b[1;31mError\u001b[0m: no <wave>", "  at cell 6"],
      },
    ]),
  ];
  const metadata = {
    kernelspec: { name: "carbonbook", display_name: "carbonbook", language: "typescript" },
  };
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }));
  return path;
}
