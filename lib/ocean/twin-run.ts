/** One run of the twin ocean from its seed to its file. */

import { writeFileSync } from "node:fs";
import { NumericError } from "../core/index.js";
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

/**
 * Make a run and write its file; the same task gives the same values.
 *
 * @returns the profile of the output
 * @throws {ArgumentError} if the size does not fit together
 * @throws {NumericError} if the flow blows up or the run is cancelled
 */
export async function runTwin(task: TwinTask, watch: TwinWatch): Promise<TwinProfile> {
  const { seed, size } = task;
  const records = twinRecords(size);
  const { dt, perRecord } = twinSteps(size);
  const total = size.spinUpDays + size.days;
  const file = await createTwinFile(task.path, size.n, records, attributesOf(task));
  try {
    const follow = (day: number) => {
      watch.onProgress(day, total);
      if (watch.isCancelled()) throw cancelled(task);
    };
    const simulation = spinUp(seed, size, follow);
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
function spinUp(seed: number, size: TwinSize, follow: (day: number) => void): TwinSimulation {
  const { dt, spinUpDt } = twinSteps(size);
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

function attributesOf({ seed, size }: TwinTask): Record<string, string | number> {
  return {
    title: `twin ocean, run ${seed}`,
    data: "twin",
    seed,
    size: JSON.stringify(size),
    physics: JSON.stringify(TWIN_PHYSICS),
  };
}

function cancelled(task: TwinTask): NumericError {
  return new NumericError({ what: `twin ocean, run ${task.seed}`, got: "cancelled" });
}
