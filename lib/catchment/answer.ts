/**
 * One call: where did the particles that a trap caught in some week come from?
 */

import { ArgumentError, DataError, formatTime } from "../core/index.js";
import { predictEnsemble } from "../learn/index.js";
import { checkRange, type InputRange } from "./inputrange.js";
import type { DisplacementGrid } from "./pdf.js";
import { datesOfSpeed, fieldsOf } from "./satelliteimages.js";
import { regrid, type SatelliteMaps } from "./satellitemap.js";
import { massCentre, massLevel } from "./score.js";
import { membersFor, type SpeedForecaster } from "./speedforecaster.js";

/** The question. */
export interface CatchmentQuestion {
  /** [degrees] */
  readonly longitude: number;
  readonly latitude: number;
  /** end of the ten days of collection [s since 1970-01-01] */
  readonly end: number;
  /** sinking speed [m d⁻¹], one that a network was trained for */
  readonly speed: number;
  /** maps by date; one map without a time stands for every date, and the answer says so */
  readonly ssh: SatelliteMaps;
  readonly sst: SatelliteMaps;
  /**
   * "box" shifts each SSH map to the mean of the training set: a satellite's height is above a geoid
   * that no model knows (default); "absolute" leaves it
   */
  readonly datum?: "box" | "absolute";
  /** how far an image may be from its date [d], 5 by default */
  readonly tolerance?: number;
}

/** The answer. */
export interface CatchmentAnswer {
  readonly grid: DisplacementGrid;
  /** share of the particles by displacement at 200 m, shape (n, n), east by north */
  readonly pdf: Float32Array;
  /** standard deviation of the members, likewise; 0 for a single network */
  readonly spread: Float32Array;
  /** distance of the mass centre from the trap [m] */
  readonly centre: number;
  /** levels of the PDF whose contours hold 75 and 25 % of the particles */
  readonly contours: readonly [number, number];
  /** whether the satellites show what the network was trained on */
  readonly ranges: readonly InputRange[];
  readonly warnings: readonly string[];
  /** dates of the images used [s], SSH then SST, oldest first */
  readonly dates: { readonly ssh: readonly number[]; readonly sst: readonly number[] };
}

const DAY = 86400;

/**
 * Ask a satellite network where a trap's particles came from.
 *
 * @throws {ArgumentError} if it was not trained for satellites or for this speed, or the box leaves a
 *         map
 * @throws {DataError} if the satellites' record lacks a date
 */
export async function askCatchment(
  forecaster: SpeedForecaster,
  question: CatchmentQuestion,
): Promise<CatchmentAnswer> {
  checkTrained(forecaster, question.speed);
  const { grid, maps, normalisation } = forecaster;
  const plane = grid.n ** 2;
  const fields = fieldsOf("sst-ssh");
  const extra = forecaster.network.inputs.x![0]! - fields - maps;
  const image = new Float32Array((fields + maps + extra) * plane);
  const dates = { ssh: [] as number[], sst: [] as number[] };
  const seen = { ssh: [] as number[], sst: [] as number[] };
  const missing = { ssh: 0, sst: 0 };
  for (const [d, date] of datesOfSpeed(question.speed).entries()) {
    for (const [q, name] of (["sst", "ssh"] as const).entries()) {
      const source = question[name];
      const index = indexOf(source, question.end + date, question.tolerance ?? 5);
      dates[name].push(source.times[index] ?? Number.NaN);
      const { longitude, latitude } = question;
      const box = regrid(source, { longitude, latitude, ...grid }, index);
      missing[name] = Math.max(missing[name], box.missing);
      const channel = 2 * d + q;
      const shift =
        name === "ssh" && question.datum !== "absolute"
          ? normalisation.mean[channel]! - meanOf(box.values)
          : 0;
      const middle = normalisation.mean[channel]!;
      for (let j = 0; j < grid.n; j++) {
        for (let i = 0; i < grid.n; i++) {
          const value = box.values[j * grid.n + i]! + shift;
          if (!Number.isNaN(value)) seen[name].push((value - middle) / normalisation.sd[channel]!);
          const filled = Number.isNaN(value) ? middle : value;
          image[channel * plane + i * grid.n + j] = filled;
        }
      }
    }
  }
  fillStart(image.subarray(fields * plane), grid.n, maps);
  if (extra === 1) image.fill((question.speed - 150) / 100, (fields + maps) * plane);
  for (let c = 0; c < image.length / plane; c++) {
    const [middle, sd] = [normalisation.mean[c]!, normalisation.sd[c]!];
    for (let at = c * plane; at < (c + 1) * plane; at++) image[at] = (image[at]! - middle) / sd;
  }
  const shape = [1, image.length / plane, grid.n, grid.n];
  const { median, spread } = await predictEnsemble(
    membersFor(forecaster, question.speed),
    { x: { data: image, shape } },
    { batchNorm: "running", normalise: "maps" },
  );
  const pdf = median.data.slice((maps - 1) * plane);
  const ranges = (["sst", "ssh"] as const).map((name) =>
    checkRange(`${name}, normalised`, "standard deviations", NORMAL, seen[name]),
  );
  return {
    grid,
    pdf,
    spread: spread.data.slice((maps - 1) * plane),
    centre: massCentre(pdf, grid),
    contours: [massLevel(pdf, 0.75), massLevel(pdf, 0.25)],
    ranges,
    warnings: [
      ...ranges.flatMap(({ warning }) => (warning === undefined ? [] : [warning])),
      ...(["sst", "ssh"] as const).flatMap((name) =>
        question[name].times.length === 0 ? [`${name}: one map stands for all five dates`] : [],
      ),
      ...(["sst", "ssh"] as const).flatMap((name) =>
        missing[name] > 0
          ? [
              `${name}: ${(100 * missing[name]).toFixed(0)} % of the box is land or gap, taken as the mean`,
            ]
          : [],
      ),
    ],
    dates,
  };
}

/** Quantiles of a normal deviate, which normalised training values follow roughly. */
const NORMAL = Float64Array.from({ length: 2001 }, (_, k) => {
  const p = (k + 0.5) / 2001;
  const t = Math.sqrt(-2 * Math.log(Math.min(p, 1 - p)));
  // Abramowitz & Stegun 26.2.23, error below 4.5e-4
  const top = 2.515517 + 0.802853 * t + 0.010328 * t * t;
  const size = t - top / (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t ** 3);
  return p < 0.5 ? -size : size;
});

function checkTrained({ kind, speeds }: SpeedForecaster, speed: number): void {
  if (kind === "sst-ssh" && speeds.includes(speed)) return;
  throw new ArgumentError({
    what: "network",
    wanted: `one for sst-ssh and ${speed} m/d`,
    got: `${kind} for ${speeds.join(", ")} m/d`,
    remedy: "ask for one of its speeds, or train a network for this one",
  });
}

function indexOf({ times, quantity }: SatelliteMaps, wanted: number, tolerance: number): number {
  if (times.length === 0) return 0;
  let best = 0;
  for (let k = 1; k < times.length; k++) {
    if (Math.abs(times[k]! - wanted) < Math.abs(times[best]! - wanted)) best = k;
  }
  if (Math.abs(times[best]! - wanted) <= tolerance * DAY) return best;
  const range = `${formatTime(times[0]!)} to ${formatTime(times.at(-1)!)}`;
  throw new DataError({
    what: `${quantity} of ${formatTime(wanted)}`,
    wanted: `a map within ${tolerance} d`,
    got: range,
    remedy: "take a week inside the satellites' record",
  });
}

/** The initial PDF in each of its channels: all in the four central cells. */
function fillStart(out: Float32Array, n: number, maps: number): void {
  for (let channel = 0; channel < maps; channel++) {
    for (const i of [n / 2 - 1, n / 2]) {
      for (const j of [n / 2 - 1, n / 2]) out[(channel * n + i) * n + j] = 0.25;
    }
  }
}

function meanOf(values: Float32Array): number {
  let [sum, count] = [0, 0];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    sum += value;
    count++;
  }
  return sum / count;
}
