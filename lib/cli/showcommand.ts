/** `carbonbook show`: what a file holds, and a look at a slice of it, without code. */

import { writeFileSync } from "node:fs";
import { basename } from "node:path";
import type { Command } from "commander";
import { UsageError } from "../core/index.js";
import type { Dataset, Variable } from "../io/index.js";
import { addJson, columns, type Finish } from "./command.js";
import { type Console, makeConsole } from "./console.js";
import { EXIT } from "./exit.js";
import { readSlice, type Slice } from "./slice.js";
import { terminalLine, terminalMap } from "./terminal.js";

interface ShowOptions {
  readonly at: readonly string[];
  readonly png?: string;
  readonly json: boolean;
}

/** Add the command to the program. */
export function addShow(program: Command, finish: Finish): void {
  const collect = (value: string, all: readonly string[]) => [...all, value];
  addJson(program.command("show"))
    .description("list the variables of a netCDF, HDF5 or Zarr file, or draw one of them")
    .argument("<file>", "the file")
    .argument("[variable]", "draw this variable: its last two dimensions, the first of all others")
    .option(
      "--at <dimension=index>",
      "take this index, from 0; -1 is the last (repeatable)",
      collect,
      [],
    )
    .option("--png <picture>", "draw into this file and not in the terminal")
    .addHelpText("after", EXAMPLES)
    .action(async (file: string, variable: string | undefined, options: ShowOptions) =>
      finish(await show(file, variable, options)),
    );
}

const EXAMPLES = `
Examples:
  carbonbook show ocean.nc                         the table of variables
  carbonbook show ocean.nc temp --at time=3        a map in the terminal
  carbonbook show ocean.nc temp --at s_rho=-1 --png surface.png`;

async function show(file: string, name: string | undefined, options: ShowOptions): Promise<number> {
  const console = makeConsole({ json: options.json });
  const { open } = await import("../io/index.js");
  const dataset = await open(file);
  try {
    if (name === undefined) {
      if (options.png !== undefined || options.at.length > 0) {
        const wanted = "the name of the variable to draw";
        throw new UsageError({
          what: "show",
          wanted,
          got: "none",
          remedy: `carbonbook show ${file}`,
        });
      }
      list(dataset, console);
    } else {
      await draw(dataset, await readSlice(dataset, name, indices(options.at)), options, console);
    }
  } finally {
    dataset.close();
  }
  return EXIT.done;
}

function indices(given: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    given.map((text) => {
      const [, dimension, index] = /^([^=]+)=(-?\d+)$/.exec(text) ?? [];
      if (dimension !== undefined) return [dimension, Number(index)];
      throw new UsageError({
        what: "--at",
        wanted: "dimension=index, as time=3",
        got: `"${text}"`,
      });
    }),
  );
}

function list(dataset: Dataset, console: Console): void {
  const variables = [...dataset.variables.values()];
  const { title } = dataset.attributes;
  const lengths = [...dataset.dimensions.values()].map(
    ({ name, length, unlimited }) => `${name} ${length}${unlimited ? " (unlimited)" : ""}`,
  );
  console.print(
    `${dataset.path}: ${dataset.format}${typeof title === "string" ? `, ${title}` : ""}`,
  );
  console.print(`dimensions: ${lengths.join(", ") || "none"}`);
  console.print("");
  const rows = variables.map((v) => [v.name, placeOf(v), v.type, v.units, longNameOf(v)]);
  for (const line of columns([["variable", "shape", "type", "units", "what"], ...rows])) {
    console.print(line);
  }
  console.document({
    path: dataset.path,
    format: dataset.format,
    dimensions: [...dataset.dimensions.values()],
    attributes: dataset.attributes,
    variables: variables.map(({ name, dimensions, shape, type, units, attributes }) => ({
      ...{ name, dimensions, shape, type, units, attributes },
    })),
  });
}

function placeOf({ dimensions, shape }: Variable): string {
  return `(${dimensions.map((name, d) => `${name} ${shape[d]}`).join(", ")})`;
}

function longNameOf({ attributes }: Variable): string {
  const { long_name: long, standard_name: standard } = attributes;
  if (typeof long === "string") return long;
  return typeof standard === "string" ? standard : "";
}

async function draw(
  dataset: Dataset,
  slice: Slice,
  options: ShowOptions,
  console: Console,
): Promise<void> {
  const { variable, values } = slice;
  const facts = summary(values);
  const units = variable.units || "no units";
  console.print(titleOf(slice));
  console.print(
    facts.count === 0
      ? "no value: all are missing"
      : `${number(facts.min)} to ${number(facts.max)}, mean ${number(facts.mean)} [${units}], ` +
          `${facts.count} values, ${facts.missing} missing`,
  );
  if (options.png !== undefined) {
    if (facts.count === 0 || slice.axes.length === 0) {
      throw new UsageError({
        where: `${dataset.path}:${variable.name}`,
        what: "slice",
        wanted: "values along a dimension, to draw them",
        got: facts.count === 0 ? "none" : "a single number",
      });
    }
    const { slicePicture } = await import("./slice-picture.js");
    writeFileSync(options.png, await slicePicture(slice, dataset));
    console.print(`drawn in ${options.png}`);
  } else if (facts.count > 0 && !options.json) {
    for (const line of await inTerminal(slice)) console.print(line);
  }
  const { name } = variable;
  const shape = slice.axes.map((axis) => axis.values.length);
  const dimensions = slice.axes.map((axis) => axis.name);
  const written = options.png === undefined ? {} : { png: options.png };
  console.document({
    name,
    units: variable.units,
    at: slice.at,
    dimensions,
    shape,
    ...facts,
    ...written,
  });
}

/** What is seen: the variable and where it was cut. */
export function titleOf({ variable, at }: Slice): string {
  const cuts = Object.entries(at).map(([name, index]) => `${name} ${index}`);
  const long = longNameOf(variable);
  const head = long === "" || long === variable.name ? variable.name : `${variable.name}, ${long}`;
  return cuts.length === 0 ? head : `${head}, at ${cuts.join(", ")}`;
}

function summary(values: ArrayLike<number>) {
  let [min, max, sum, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let i = 0; i < values.length; i++) {
    const v = values[i]!;
    if (!Number.isFinite(v)) continue;
    min = Math.min(min, v);
    max = Math.max(max, v);
    sum += v;
    count++;
  }
  const missing = values.length - count;
  return count === 0
    ? { min: null, max: null, mean: null, count, missing }
    : { min, max, mean: sum / count, count, missing };
}

function number(value: number | null): string {
  return value === null ? "–" : String(Number(value.toPrecision(5)));
}

async function inTerminal({ axes, values }: Slice): Promise<string[]> {
  const { stdout, env } = process;
  const width = Math.min(stdout.columns || 80, 120);
  const [rows, across] = axes;
  if (rows === undefined) return [];
  const ends = (axis: typeof rows) =>
    `${axis.name} ${number(axis.values[0]!)} to ${number(axis.values.at(-1)!)} [${axis.units}]`;
  if (across === undefined) return [terminalLine(values, width), ends(rows)];
  const { colourScale } = await import("../figures/index.js");
  const scale = colourScale(values, { label: "", units: "" });
  const paint = stdout.isTTY === true && (env.NO_COLOR ?? "") === "" ? "colour" : "shades";
  const first = isUpward(rows.values) ? "bottom" : "top";
  const shape = { rows: rows.values.length, columns: across.values.length };
  const lines = terminalMap({ values, ...shape, first, scale }, { width, paint });
  return [...lines, `across: ${ends(across)}; up: ${ends(rows)}`];
}

/** Whether the first row belongs at the bottom. */
function isUpward(values: Float64Array): boolean {
  return values.length < 2 || values[1]! > values[0]!;
}

/** The label of a file's own data: as its `source` says where it says, else the file's name. */
export function labelOf(dataset: Dataset): string {
  const { source } = dataset.attributes;
  const said =
    typeof source === "string" && /^(real data: |twin \(synthetic\)|closed form)/.test(source);
  return said ? source : `file ${basename(dataset.path)}`;
}
