/**
 * What a notebook of the graph declares about itself, under `metadata.carbonbook`:
 *
 * ```json
 * {
 *   "studies": ["picard2024"],
 *   "inputs": ["artifacts/origins.nc"],
 *   "data": ["roms_nordic"],
 *   "outputs": ["artifacts/pdf.nc"],
 *   "figures": ["picard2024/fig-1"],
 *   "tables": ["picard2024/table-1"],
 *   "profiles": { "paper": { "particles": 36 } },
 *   "costs": { "paper": "6 hours on 16 cores" },
 *   "tasks": [{ "name": "members", "module": "carbonbook/catchment", "run": "makeMember", "count": "members" }]
 * }
 * ```
 *
 * `inputs` and `outputs` are files under the run's folder; an input is another notebook's output.
 * `data` are ids of the data manifest the notebook uses where they are there. A figure stands for
 * its four files `figures/<study>/<id>.{svg,png,html,json}`, a table for `.{csv,html,json}` there.
 * `profiles` are parameters by profile, `costs` what `--explain` says of one. `tasks` are big loops whose rounds run before the notebook,
 * see `loop.ts`. All are optional; `study` may be written for a single one.
 * What `notebooks/figures.json` expects of a notebook need not be repeated here.
 *
 * A notebook that runs gets the parameters `runFolder` (relative to its own folder, which is where
 * its kernel runs) and `profile`, as far as it declares them. Its declared files are deleted before
 * it runs; others, such as a checkpoint to resume from, stay.
 */

import { readdir } from "node:fs/promises";
import { basename, isAbsolute, join, normalize } from "node:path";
import { DataError } from "../core/index.js";
import { type Loop, readLoops } from "./loop.js";
import { type Notebook, readNotebook } from "./nbformat.js";
import type { Value } from "./value.js";

/** A notebook of the graph. */
export interface GraphNode {
  /** the file's name without .ipynb */
  readonly name: string;
  /** absolute path of the notebook */
  readonly path: string;
  readonly notebook: Notebook;
  readonly studies: readonly string[];
  /** files under the run's folder that other notebooks write */
  readonly inputs: readonly string[];
  /** ids of the data manifest */
  readonly data: readonly string[];
  /** files under the run's folder that it writes, those of its figures and tables not among them */
  readonly outputs: readonly string[];
  /** figures as `<study>/<id>` */
  readonly figures: readonly string[];
  /** tables as `<study>/<id>` */
  readonly tables: readonly string[];
  /** parameters of a profile */
  readonly profiles: Readonly<Record<string, Readonly<Record<string, Value>>>>;
  /** what a run costs, in words, by profile */
  readonly costs: Readonly<Record<string, string>>;
  /** loops whose rounds run before it */
  readonly tasks: readonly Loop[];
}

/** The forms each figure is saved in. */
export const FIGURE_FORMS = ["svg", "png", "html", "json"] as const;

/** The forms each table is saved in. */
export const TABLE_FORMS = ["csv", "html", "json"] as const;

const LISTS = ["studies", "inputs", "data", "outputs", "figures", "tables"] as const;
const KEYS = new Set<string>([...LISTS, "study", "profiles", "costs", "tasks"]);

/**
 * Read the notebooks of a folder, by name.
 *
 * @throws {DataError} if the folder holds none, or one is not valid or declares something unknown
 */
export async function readGraph(folder: string): Promise<GraphNode[]> {
  const names = (await readdir(folder).catch(() => [] as string[])).filter(isNotebook).sort();
  if (names.length === 0) {
    throw new DataError({
      where: folder,
      what: "notebooks",
      wanted: "at least one .ipynb file",
      got: "none",
      remedy: "run in the root of the project",
    });
  }
  return Promise.all(names.map((name) => readNode(join(folder, name))));
}

/** The files a node writes, relative to the run's folder. */
export function filesOf(node: GraphNode): string[] {
  const figures = node.figures.flatMap((figure) =>
    FIGURE_FORMS.map((form) => `figures/${figure}.${form}`),
  );
  const tables = node.tables.flatMap((table) =>
    TABLE_FORMS.map((form) => `figures/${table}.${form}`),
  );
  return [...node.outputs, ...figures, ...tables];
}

async function readNode(path: string): Promise<GraphNode> {
  const notebook = await readNotebook(path);
  const declared = notebook.metadata.carbonbook ?? {};
  if (typeof declared !== "object" || Array.isArray(declared)) {
    throw fault(path, "an object", JSON.stringify(declared));
  }
  const fields = declared as Record<string, unknown>;
  const foreign = Object.keys(fields).filter((key) => !KEYS.has(key));
  if (foreign.length > 0) throw fault(path, `only ${[...KEYS].join(", ")}`, foreign.join(", "));
  const lists = LISTS.map((key) => {
    const list = fields[key] ?? [];
    const good = Array.isArray(list) && list.every((item) => typeof item === "string");
    if (!good) throw fault(path, `a list of texts in ${key}`, JSON.stringify(list));
    return [key, list];
  });
  const { studies, inputs, data, outputs, figures, tables } = Object.fromEntries(lists) as Record<
    (typeof LISTS)[number],
    string[]
  >;
  const single = typeof fields.study === "string" ? [fields.study] : [];
  for (const file of [...inputs, ...outputs, ...figures, ...tables]) {
    if (isAbsolute(file) || normalize(file).startsWith("..")) {
      throw fault(path, "paths below the run's folder", file);
    }
  }
  return {
    name: basename(path, ".ipynb"),
    path,
    notebook,
    studies: [...single, ...studies],
    inputs: inputs.map(normalize),
    data,
    outputs: outputs.map(normalize),
    figures,
    tables,
    profiles: (fields.profiles ?? {}) as GraphNode["profiles"],
    costs: (fields.costs ?? {}) as GraphNode["costs"],
    tasks: readLoops(fields.tasks ?? [], path),
  };
}

function isNotebook(name: string): boolean {
  return name.endsWith(".ipynb") && !name.startsWith(".");
}

function fault(where: string, wanted: string, got: string): DataError {
  return new DataError({ where, what: "metadata.carbonbook", wanted, got, remedy: "correct it" });
}
