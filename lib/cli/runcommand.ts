/** `carbonbook run`: one notebook, with papermill's options. */

import { existsSync, fstatSync } from "node:fs";
import { type Command, Option } from "commander";
import { UsageError } from "../core/index.js";
import { type Finish, seconds } from "./command.js";
import { makeConsole } from "./console.js";
import { codeOfFailure, EXIT } from "./exit.js";
import { describeFailure } from "./failuretext.js";
import { mergeParameters, type ParameterOptions } from "./given.js";
import { catchInterrupts } from "./interrupt.js";
import { collectPair } from "./pairs.js";
import { providerOption, useProvider } from "./provider.js";
import { fillTemplate } from "./template.js";

interface Options extends ParameterOptions {
  readonly kernel?: string;
  readonly language?: string;
  readonly cwd?: string;
  readonly engine: "embedded" | "nbconvert";
  readonly provider?: string;
  readonly prepareOnly: boolean;
  readonly reportMode: boolean;
  readonly progressBar: boolean;
  readonly logOutput: boolean;
  readonly stdoutFile?: string;
  readonly stderrFile?: string;
  readonly startTimeout: number;
  readonly executionTimeout?: number;
  readonly autosaveCellEvery: number;
  readonly requestSaveOnCellExecute: boolean;
  readonly logLevel: keyof typeof LOUDNESS;
  readonly allowUnknown: boolean;
  readonly helpNotebook: boolean;
  readonly json: boolean;
}

/** Which lines of progress a level lets through: all, warnings, or none. */
const LOUDNESS = {
  NOTSET: "all",
  DEBUG: "all",
  INFO: "all",
  WARNING: "warnings",
  ERROR: "none",
  CRITICAL: "none",
} as const;

/** Add the command to the program. */
export function addRun(program: Command, finish: Finish): void {
  const command = program
    .command("run")
    .description("run one notebook, of any installed Jupyter kernel, with papermill's options")
    .argument("[input]", "notebook to run, - for standard input (so where one is piped in)")
    .argument(
      "[output]",
      "where the executed copy goes, - for standard output (so where it is piped)",
    )
    .configureHelp({ sortOptions: false });
  addParameterOptions(command);
  addRunOptions(command);
  command.action(
    async (first: string | undefined, second: string | undefined, options: Options) => {
      const { input, output } = impliedPaths(first, second, options);
      finish(await run(input, output, options));
    },
  );
}

function addParameterOptions(command: Command): void {
  const texts = (value: string, previous: string[]) => [...previous, value];
  command
    .option(
      "-p, --parameters <name value>",
      "a parameter; numbers, True, False and None are read as such",
      collectPair,
      [],
    )
    .option("-r, --parameters-raw <name value>", "a parameter that stays text", collectPair, [])
    .option("-f, --parameters-file <file>", "YAML or JSON file of parameters", texts, [])
    .option("-y, --parameters-yaml <text>", "YAML text of parameters", texts, [])
    .option("-b, --parameters-base64 <text>", "base64 of YAML text of parameters", texts, [])
    .option("--inject-input-path", "pass the input's path as PAPERMILL_INPUT_PATH", false)
    .option("--inject-output-path", "pass the output's path as PAPERMILL_OUTPUT_PATH", false)
    .option("--inject-paths", "pass both", false)
    .option("--allow-unknown", "only warn of parameters the notebook does not declare", false);
}

function addRunOptions(command: Command): void {
  command
    .option("--help-notebook", "print the parameters of the notebook and end", false)
    .option("-k, --kernel <name>", "kernel to run on (the notebook's own)")
    .option("-l, --language <name>", "language of the parameters (the notebook's own)")
    .option("--cwd <folder>", "folder the kernel runs in (the present one)")
    .addOption(
      new Option("--engine <name>", "what runs the cells")
        .choices(["embedded", "nbconvert"])
        .default("embedded"),
    )
    .addOption(providerOption())
    .option("--prepare-only", "inject the parameters, run nothing", false)
    .addOption(new Option("--prepare-execute", "run (default)").implies({ prepareOnly: false }))
    .option("--report-mode", "hide the source of the cells", false)
    .option("--no-report-mode", "do not (default)")
    .option("--progress-bar", "show a bar on a terminal (default)", true)
    .option("--no-progress-bar", "show none")
    .option("--log-output", "write the streams of the cells to stderr", false)
    .option("--no-log-output", "do not (default)")
    .option("--stdout-file <file>", "append the cells' stdout to a file")
    .option("--stderr-file <file>", "append the cells' stderr to a file")
    .option("--start-timeout <seconds>", "until the kernel must answer", seconds, 60)
    .option("--execution-timeout <seconds>", "that a cell may take (no limit)", seconds)
    .option(
      "--autosave-cell-every <seconds>",
      "between saves while a cell runs, 0 for none",
      seconds,
      30,
    )
    .option("--request-save-on-cell-execute", "save after each cell (default)", true)
    .option("--no-request-save-on-cell-execute", "save once, at the end")
    .addOption(
      new Option("--log-level <level>", "say no less than this of the run on stderr")
        .choices(["NOTSET", "DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"])
        .default("INFO"),
    )
    .option("--json", "print one JSON document on stdout", false);
}

/** Paths as papermill takes them: what is left out is standard input or output, where that is piped. */
function impliedPaths(
  first: string | undefined,
  second: string | undefined,
  { json, helpNotebook }: Options,
): { readonly input: string; readonly output?: string } {
  const isPiped = fstatSync(0).isFIFO();
  if (first === undefined && !isPiped) {
    throw new UsageError({
      what: "input",
      wanted: "a notebook, or one on standard input",
      got: "nothing",
      remedy: "carbonbook run IN.ipynb OUT.ipynb",
    });
  }
  if (helpNotebook) return { input: first ?? "-" };
  const isOutput = isPiped && first !== undefined && second === undefined && !existsSync(first);
  const input = isOutput ? "-" : (first ?? "-");
  const output = isOutput ? first : second;
  if (output !== undefined) return { input, output };
  return json || process.stdout.isTTY ? { input } : { input, output: "-" };
}

async function run(input: string, output: string | undefined, options: Options): Promise<number> {
  const notebooks = await import("../notebook/index.js");
  const console = makeConsole({ json: options.json, bar: options.progressBar });
  if (options.helpNotebook) {
    const notebook = await notebooks.readNotebook(input);
    const parameters = notebooks.inspectParameters(notebook, options.language);
    console.print(`Usage: carbonbook run [OPTIONS] ${input} [OUTPUT]\n\nParameters of ${input}:`);
    console.print(notebooks.describeParameters(parameters).trimEnd());
    console.document({ notebook: input, parameters });
    return EXIT.done;
  }
  if (options.json && output === "-") {
    throw new UsageError({
      what: "--json",
      wanted: "stdout for itself",
      got: "an output notebook on -",
    });
  }
  await useProvider(options.provider, true);
  const parameters = mergeParameters(options, { input, output: output ?? "" });
  const paths = fillTemplate({ input, ...(output !== undefined && { output }) }, parameters);
  const interruption = catchInterrupts(() =>
    console.note("stopping: the cell is interrupted (Ctrl-C again ends at once)"),
  );
  const loudness = LOUDNESS[options.logLevel];
  const streams = await openStreams(options);
  const started = performance.now();
  const result = await notebooks
    .runNotebook({
      ...paths,
      parameters,
      unknown: options.allowUnknown ? "allow" : "refuse",
      engine: await notebooks.findEngine(options.engine),
      prepareOnly: options.prepareOnly,
      reportMode: options.reportMode,
      startTimeout: options.startTimeout,
      autosaveEvery: options.autosaveCellEvery,
      saves: options.requestSaveOnCellExecute ? "each-cell" : "at-end",
      signal: interruption.signal,
      ...(options.kernel !== undefined && { kernel: options.kernel }),
      ...(options.language !== undefined && { language: options.language }),
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      ...(options.executionTimeout !== undefined && { cellTimeout: options.executionTimeout }),
      onProgress: (done, total) => console.bar(paths.input, done, total),
      onStream: streams.write,
      onWarning: (text) => {
        if (loudness !== "none") console.note(`warning: ${text}`);
      },
    })
    .finally(streams.close);
  const took = Math.round((performance.now() - started) / 100) / 10;
  const { failure } = result;
  const code =
    interruption.code() ?? (failure === undefined ? EXIT.done : codeOfFailure(failure.kind));
  if (failure !== undefined) console.fail(describeFailure(paths.input, failure, paths.output));
  else if (loudness === "all") console.note(`${paths.input}: done in ${took} s`);
  console.document({ ...paths, seconds: took, exitCode: code, failure: failure ?? null });
  return code;
}

async function openStreams(options: Options) {
  const { createWriteStream } = await import("node:fs");
  const open = (path: string | undefined) =>
    path === undefined ? undefined : createWriteStream(path, { flags: "a" });
  const files: Record<string, ReturnType<typeof open>> = {
    stdout: open(options.stdoutFile),
    stderr: open(options.stderrFile),
  };
  return {
    write(name: string, text: string) {
      files[name]?.write(text);
      if (options.logOutput) process.stderr.write(text);
    },
    close() {
      for (const file of Object.values(files)) file?.end();
    },
  };
}
