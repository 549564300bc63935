/** `carbonbook ask`: where a trap's particles came from, as a satellite network sees it. */

import { mkdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import type { CatchmentAnswer, SpeedForecaster } from "../catchment/index.js";
import { formatTime, UsageError } from "../core/index.js";
import { addRunOptions, type Finish, type RunOptions } from "./command.js";
import { type Console, makeConsole } from "./console.js";
import { EXIT } from "./exit.js";
import { findRoot } from "./root.js";

interface AskOptions extends RunOptions {
  readonly longitude: number;
  readonly latitude: number;
  readonly end: string;
  readonly speed: number;
  readonly ssh: readonly string[];
  readonly sst: readonly string[];
  readonly sshName: string;
  readonly sstName: string;
  readonly models?: string;
  readonly figures?: string;
  readonly output?: string;
}

/** Add the command to the program. */
export function addAsk(program: Command, finish: Finish): void {
  addRunOptions(program.command("ask"))
    .description("ask a satellite network where a trap's particles came from in some week")
    .requiredOption("--longitude <degrees>", "of the trap, east", degrees)
    .requiredOption("--latitude <degrees>", "of the trap, north", degrees)
    .requiredOption("--end <date>", "end of the ten days of collection, as 2016-07-01")
    .option("--speed <m/d>", "sinking speed, one that the network was trained for", degrees, 100)
    .requiredOption("--ssh <files...>", "maps of the sea's height before that date, as DUACS'")
    .requiredOption("--sst <files...>", "maps of its temperature, as OSTIA's")
    .option("--ssh-name <variable>", "the height in its files", "adt")
    .option("--sst-name <variable>", "the temperature in its files", "analysed_sst")
    .option("--models <folder>", "of the networks (those of the run)")
    .option(
      "--figures <folder>",
      "draw the answer into this folder: svg, png, html and its numbers",
    )
    .option("--output <file>", "write the map, in the layout of the published catchments")
    .addHelpText("after", EXAMPLES)
    .action(async (options: AskOptions) => finish(await ask(options)));
}

const EXAMPLES = `
The network looks at five maps of each, ten days apart, the last ten to thirty days before the end.

Example:
  carbonbook ask --longitude -16.5 --latitude 49 --end 2016-07-01 --speed 100 \\
    --ssh dt_global_allsat_phy_l4_2016*.nc --sst 2016*-OSTIA-*.nc --figures answer`;

function degrees(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new UsageError({ what: "a number", wanted: "digits, as -16.5", got: `"${text}"` });
}

async function ask(options: AskOptions): Promise<number> {
  const console = makeConsole({ json: options.json });
  const { askCatchment, loadSpeedForecaster, readSatelliteFiles } = await import(
    "../catchment/index.js"
  );
  const { parseDate } = await import("../flux/index.js");
  const end = parseDate(options.end, "--end");
  const runModels = join(findRoot(options.root), "runs", options.profile, "models");
  const network = await loadSpeedForecaster(resolve(options.models ?? runModels), "sst-ssh");
  const { longitude, latitude, speed } = options;
  const place = { longitude, latitude };
  const box = { ...place, ...network.grid };
  const ssh = await readSatelliteFiles(options.ssh, options.sshName, box);
  const sst = await readSatelliteFiles(options.sst, options.sstName, box);
  const answer = await askCatchment(network, { ...place, end, speed, ssh, sst });
  report(answer, network, options, console);
  if (options.output !== undefined) await keep(answer, network, { ...options, end });
  if (options.figures !== undefined) await draw(answer, network, options, console);
  return EXIT.done;
}

/** What the network was trained on; files of older runs do not say. */
function trainingOf({ trainedOn = "data that its file does not name" }: SpeedForecaster): string {
  return trainedOn;
}

function report(
  answer: CatchmentAnswer,
  network: SpeedForecaster,
  { longitude, latitude, end, speed }: AskOptions,
  console: Console,
): void {
  const { centre, dates, warnings, ranges } = answer;
  const members = (network.tuned.get(speed) ?? network.members).length;
  const days = (times: readonly number[]) => times.map((time) => formatTime(time).slice(0, 10));
  console.print(
    `particles caught until ${end} at ${latitude} °N, ${longitude} °E, sinking ${speed} m/d`,
  );
  console.print(`at 200 m their centre was ${(centre / 1000).toFixed(0)} km from the trap`);
  console.print(`maps of the height: ${days(dates.ssh).join(", ")}`);
  console.print(`maps of the temperature: ${days(dates.sst).join(", ")}`);
  console.print(`network: ${network.kind}, ${members} members, trained on ${trainingOf(network)}`);
  for (const warning of warnings) console.note(`warning: ${warning}`);
  console.document({
    ...{ longitude, latitude, end, speed, centreKilometres: centre / 1000, warnings, ranges },
    ...{ dates: { ssh: days(dates.ssh), sst: days(dates.sst) }, members },
    ...{ trainedOn: trainingOf(network), grid: answer.grid, pdf: Array.from(answer.pdf) },
  });
}

/** The map as a file of one date. */
async function keep(
  { pdf, spread, grid, warnings }: CatchmentAnswer,
  network: SpeedForecaster,
  { end, speed, output, ssh, sst }: Omit<AskOptions, "end"> & { readonly end: number },
): Promise<void> {
  const { writeCatchments } = await import("../catchment/index.js");
  const path = resolve(output!);
  await mkdir(dirname(path), { recursive: true });
  const bins = grid.n ** 2;
  const maps = { data: pdf, bins };
  const record = { speed, ends: Float64Array.of(end), maps, spread: { data: spread, bins }, grid };
  await writeCatchments(path, record, {
    title: "Catchment of a sediment trap, predicted from satellites",
    source: [...ssh, ...sst].map((file) => basename(file)).join(", "),
    comment: `network trained on ${trainingOf(network)}; ${warnings.join("; ") || "no warnings"}`,
  });
}

async function draw(
  answer: CatchmentAnswer,
  network: SpeedForecaster,
  { end, speed, longitude, latitude, figures, ssh, sst }: AskOptions,
  console: Console,
): Promise<void> {
  const { answerFigure } = await import("../catchment/index.js");
  const { saveFigure } = await import("../figures/index.js");
  const figure = answerFigure(answer, {
    id: "catchment",
    study: "ask",
    title: `Where the particles came from that sank to the trap until ${end}`,
    caption: `${latitude} °N, ${longitude} °E, ${speed} m/d; contours hold 25 and 75 % of the particles. ${answer.warnings.join("; ")}`,
    dataLabel: `file ${[ssh[0]!, sst[0]!].map((file) => basename(file)).join(" and ")}; network trained on ${trainingOf(network)}`,
  });
  const files = await saveFigure(figure, resolve(figures!));
  console.print(`drawn in ${files.png}`);
}
