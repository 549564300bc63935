/**
 * One call: where did the particles that a trap caught in some week come from?
 */

import { ArgumentError, DataError, formatTime } from "../core/index.js";
import { predictEnsemble } from "../learn/index.js";
import { checkChannels, type InputRange } from "./inputrange.js";
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
  const { grid, maps } = forecaster;
  const plane = grid.n ** 2;
  const view = lookAt(forecaster, question);
  const shape = [1, view.image.length / plane, grid.n, grid.n];
  const { median, spread } = await predictEnsemble(
    membersFor(forecaster, question.speed),
    { x: { data: view.image, shape } },
    { batchNorm: "running", normalise: "maps" },
  );
  const pdf = median.data.slice((maps - 1) * plane);
  const { ranges, warnings } = judgeViews(forecaster, question, [view]);
  return {
    grid,
    pdf,
    spread: spread.data.slice((maps - 1) * plane),
    centre: massCentre(pdf, grid),
    contours: [massLevel(pdf, 0.75), massLevel(pdf, 0.25)],
    ...{ ranges, warnings, dates: view.dates },
  };
}

const QUANTITIES = ["sst", "ssh"] as const;

/** What the satellites show for one question. */
export interface SatelliteLook {
  /** normalised input of the network, shape (channels, n, n), east by north; gaps hold the mean */
  readonly image: Float32Array;
  /** values of the channels that show the ocean, in their order, NaN in gaps; shape (n · n) each */
  readonly seen: readonly Float32Array[];
  /** largest share of the box that is land or gap */
  readonly missing: Readonly<Record<"ssh" | "sst", number>>;
  readonly dates: CatchmentAnswer["dates"];
}

/**
 * Look at the satellites' maps for a question, as the network wants to see them.
 *
 * @throws as `askCatchment`
 */
export function lookAt(forecaster: SpeedForecaster, question: CatchmentQuestion): SatelliteLook {
  checkTrained(forecaster, question.speed);
  const { grid, maps, normalisation } = forecaster;
  const plane = grid.n ** 2;
  const fields = fieldsOf("sst-ssh");
  const extra = forecaster.network.inputs.x![0]! - fields - maps;
  const image = new Float32Array((fields + maps + extra) * plane);
  const dates = { ssh: [] as number[], sst: [] as number[] };
  const missing = { ssh: 0, sst: 0 };
  const seen: Float32Array[] = [];
  for (const date of datesOfSpeed(question.speed)) {
    for (const name of QUANTITIES) {
      const source = question[name];
      const index = indexOf(source, question.end + date, question.tolerance ?? 5);
      dates[name].push(source.times[index] ?? Number.NaN);
      const { longitude, latitude } = question;
      const box = regrid(source, { longitude, latitude, ...grid }, index);
      missing[name] = Math.max(missing[name], box.missing);
      const middle = normalisation.mean[seen.length]!;
      const moved = name === "ssh" && question.datum !== "absolute";
      const shift = moved ? middle - meanOf(box.values) : 0;
      const values = box.values.map((value) => value + shift);
      for (let at = 0; at < plane; at++) {
        const value = values[(at % grid.n) * grid.n + Math.floor(at / grid.n)]!;
        image[seen.length * plane + at] = Number.isNaN(value) ? middle : value;
      }
      seen.push(values);
    }
  }
  fillStart(image.subarray(fields * plane), grid.n, maps);
  if (extra === 1) image.fill((question.speed - 150) / 100, (fields + maps) * plane);
  for (let at = 0; at < image.length; at++) {
    const c = Math.floor(at / plane);
    image[at] = (image[at]! - normalisation.mean[c]!) / normalisation.sd[c]!;
  }
  return { image, seen, missing, dates };
}

/** Whether what some questions look at is what the network was trained on, and what to warn of. */
export function judgeViews(
  { ranges: known, normalisation }: SpeedForecaster,
  question: Pick<CatchmentQuestion, "ssh" | "sst">,
  views: readonly Pick<SatelliteLook, "seen" | "missing">[],
): Pick<CatchmentAnswer, "ranges" | "warnings"> {
  const ranges = QUANTITIES.map((name, q) => {
    const channels = views.flatMap(({ seen }) => seen.map((values, c) => ({ c, values })));
    const own = channels.filter(({ c }) => c % QUANTITIES.length === q);
    if (known !== undefined) {
      const pairs = own.map(({ c, values }) => ({ values, trained: known[c]! }));
      return checkChannels(name, name === "ssh" ? "m" : "°C", pairs);
    }
    const normalised = own.map(({ c, values }) => ({
      values: values.map((value) => (value - normalisation.mean[c]!) / normalisation.sd[c]!),
      trained: NORMAL_RANGE,
    }));
    return checkChannels(`${name}, normalised`, "standard deviations", normalised);
  });
  const missing = (name: "ssh" | "sst") => Math.max(...views.map((view) => view.missing[name]));
  const warnings = [
    ...ranges.flatMap(({ warning }) => (warning === undefined ? [] : [warning])),
    ...(known === undefined ? [UNTOLD] : []),
    ...QUANTITIES.flatMap((name) =>
      question[name].times.length === 0 ? [`${name}: one map stands for all five dates`] : [],
    ),
    ...QUANTITIES.filter((name) => missing(name) > 0).map(
      (name) =>
        `${name}: ${(100 * missing(name)).toFixed(0)} % of the box is land or gap, taken as the mean`,
    ),
  ];
  return { ranges, warnings };
}

/** 1st and 99th percentile of a normal deviate, where a network's file holds no others. */
const NORMAL_RANGE = [-2.326, 2.326] as const;

const UNTOLD =
  "the network's file holds no percentiles of its training: values are held against a normal " +
  "distribution of the same mean and spread";

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
