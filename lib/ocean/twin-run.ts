/** One run of the twin ocean from its seed to its file. */

import { writeFileSync } from "node:fs";
import { isCarbonbookError, NumericError } from "../core/index.js";
import { makeTwinFields } from "./twin-fields.js";
import { createTwinFile } from "./twin-file.js";
import { TWIN_PHYSICS } from "./twin-physics.js";
import { makeTwinProfiler, type TwinProfile } from "./twin-profile.js";
import { startTwin, type TwinSimulation } from "./twin-simulation.js";
import { FINE_DAYS, type TwinSize, twinRecords, twinSteps } from "./twin-size.js";

/** A run to be made. */
export interface TwinTask {
  readonly seed: number;
  readonly size: TwinSize;
  /** file to write */
  readonly path: string;
}

/** Someone who follows a run. */
export interface TwinWatch {
  /** told after every day or so */
  onProgress(done: number, total: number): void;
  /** asked as often; true ends the run and leaves no file */
  isCancelled(): boolean;
}

const DAY = 86400;
/** Days between the instants that the profile averages. */
const PROFILE_DAYS = 5;

/** How often a run may start again with half its steps. */
const MOST_HALVINGS = 2;

/**
 * Make a run and write its file; the same task gives the same values. A flow that outruns the steps
 * starts again with half of them: the steps follow speeds of 1 m/s, and some seeds reach 2 m/s at a
 * point of the surface.
 *
 * @returns the profile of the output
 * @throws {ArgumentError} if the size does not fit together
 * @throws {NumericError} if the flow blows up or the run is cancelled
 */
export async function runTwin(task: TwinTask, watch: TwinWatch): Promise<TwinProfile> {
  return shortenSteps((halvings) => runWithSteps(task, halvings, watch), watch.isCancelled);
}

/**
 * Run with whole steps, then with half and with a quarter of them, until the flow does not outrun them.
 *
 * @throws what the last run threw, or at once what is no NumericError or comes of a cancelled run
 */
export async function shortenSteps<T>(
  run: (halvings: number) => Promise<T>,
  isCancelled: () => boolean,
): Promise<T> {
  for (let halvings = 0; ; halvings++) {
    try {
      return await run(halvings);
    } catch (error) {
      const outran = isCarbonbookError(error, "numeric") && !isCancelled();
      if (!outran || halvings === MOST_HALVINGS) throw error;
    }
  }
}

async function runWithSteps(
  task: TwinTask,
  halvings: number,
  watch: TwinWatch,
): Promise<TwinProfile> {
  const { size } = task;
  const records = twinRecords(size);
  const { dt, perRecord } = twinSteps(size, halvings);
  const total = size.spinUpDays + size.days;
  const file = await createTwinFile(task.path, size.n, records, attributesOf(task, dt));
  try {
    const follow = (day: number) => {
      watch.onProgress(day, total);
      if (watch.isCancelled()) throw cancelled(task);
    };
    const simulation = spinUp(task, halvings, follow);
    const fields = makeTwinFields(simulation.model);
    const profiler = makeTwinProfiler(simulation.model);
    const everyRecord = Math.max(1, Math.round((PROFILE_DAYS * 24) / size.outputHours));
    for (let index = 0; index < records; index++) {
      if (index > 0) simulation.advance(perRecord);
      fields.take(simulation);
      file.record(index, index * perRecord * dt, fields);
      if (index % everyRecord === 0) profiler.add(simulation, fields);
      follow(size.spinUpDays + (index * size.outputHours) / 24);
    }
    const profile = profiler.profile();
    writeFileSync(profilePath(task.path), JSON.stringify(profile));
    file.close(); // last: a file in its place means that all is there
    return profile;
  } catch (error) {
    file.abort();
    throw error;
  }
}

/** A run at the start of its output. */
function spinUp(
  { seed, size }: TwinTask,
  halvings: number,
  follow: (day: number) => void,
): TwinSimulation {
  const { dt, spinUpDt } = twinSteps(size, halvings);
  const start = -size.spinUpDays * DAY;
  let simulation = startTwin(size.spinUpN, spinUpDt, seed, start);
  const until = (time: number, step: number) => {
    while (simulation.time() < time - step / 2) {
      simulation.advance(
        Math.min(Math.round(DAY / step), Math.round((time - simulation.time()) / step)),
      );
      follow((simulation.time() - start) / DAY);
    }
  };
  if (size.n !== size.spinUpN) {
    until(-FINE_DAYS * DAY, spinUpDt);
    simulation = simulation.lift(size.n, dt);
  }
  until(0, dt);
  return simulation;
}

/** Where the profile of a run lies beside its file. */
export function profilePath(path: string): string {
  return path.replace(/\.nc$/, ".profile.json");
}

function attributesOf({ seed, size }: TwinTask, dt: number): Record<string, string | number> {
  return {
    title: `twin ocean, run ${seed}`,
    data: "twin",
    seed,
    size: JSON.stringify(size),
    time_step_s: dt,
    physics: JSON.stringify(TWIN_PHYSICS),
  };
}

function cancelled(task: TwinTask): NumericError {
  return new NumericError({ what: `twin ocean, run ${task.seed}`, got: "cancelled" });
}
