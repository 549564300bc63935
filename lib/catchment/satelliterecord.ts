/** A record of catchments from files of real satellite maps: `askCatchment` for many dates at once. */

import { ArgumentError, DataError, formatTime, secondsOf } from "../core/index.js";
import { predictEnsemble } from "../learn/index.js";
import { judgeViews, lookAt, type SatelliteLook } from "./answer.js";
import type { Maps } from "./evaluation.js";
import { datesOfSpeed } from "./satelliteimages.js";
import type { SatelliteMaps } from "./satellitemap.js";
import { membersFor, type SpeedForecaster } from "./speedforecaster.js";

const DAY = 86400;

/** How far a map may be from an image's date [s]. */
const TOLERANCE = 5 * DAY;

/** Looks at a time: bounds memory. */
const CHUNK = 64;

/** Files of maps for a record, and the trap that it is of; parameters of notebook 03. */
export interface RecordFiles {
  /** sea level (`adt`) and temperature (`analysed_sst`), any number of dates a file */
  readonly sshFiles: readonly string[];
  readonly sstFiles: readonly string[];
  /** [degrees] */
  readonly longitude: number;
  readonly latitude: number;
  /** end of the first collection, "2016-07-01"; one follows every ten days */
  readonly firstDate: string;
}

/**
 * The files that take the twin's place, if there are any.
 *
 * @returns them with the first date [s since 1970-01-01], or undefined
 * @throws {ArgumentError} if only one of the two quantities is given, or the date is none
 */
export function filesOf({
  sshFiles = [],
  sstFiles = [],
  longitude,
  latitude,
  firstDate = "",
}: Partial<RecordFiles>) {
  if (sshFiles.length === 0 && sstFiles.length === 0) return undefined;
  const [year, month, day] =
    /^(\d{4})-(\d{2})-(\d{2})$/.exec(firstDate)?.slice(1).map(Number) ?? [];
  if (sshFiles.length === 0 || sstFiles.length === 0) {
    const got = `${sshFiles.length} and ${sstFiles.length}`;
    throw new ArgumentError({ what: "sshFiles and sstFiles", wanted: "files of both", got });
  }
  if (year === undefined || longitude === undefined || latitude === undefined) {
    const got = `"${firstDate}", ${longitude}, ${latitude}`;
    const wanted = 'a first date as "2016-07-01" and the trap in degrees';
    throw new ArgumentError({ what: "firstDate, longitude and latitude", wanted, got });
  }
  const first = secondsOf({ year, month: month!, day: day! });
  return { ssh: sshFiles, sst: sstFiles, place: { longitude, latitude }, first };
}

/**
 * Those ends of collections whose images all lie in the satellites' record, within five days, at every
 * speed. A quantity with one map without a time covers every date.
 *
 * @param ends [s since 1970-01-01]
 * @throws {DataError} if none is covered
 */
export function coveredDates(
  ends: Float64Array,
  speeds: readonly number[],
  records: readonly Pick<SatelliteMaps, "quantity" | "times">[],
): Float64Array {
  const dates = [...new Set(speeds.flatMap(datesOfSpeed))];
  const holds = (times: Float64Array, wanted: number) =>
    times.length === 0 || times.some((time) => Math.abs(time - wanted) <= TOLERANCE);
  const covered = ends.filter((end) =>
    records.every(({ times }) => dates.every((date) => holds(times, end + date))),
  );
  if (covered.length > 0) return covered;
  const day = (time: number | undefined) =>
    time === undefined ? "no date" : formatTime(time).slice(0, 10);
  throw new DataError({
    what: "dates of the record",
    wanted: `collections that end from ${day(ends[0])} to ${day(ends.at(-1))}, with maps of the fifty days before`,
    got: records
      .map(({ quantity, times }) => `${quantity} from ${day(times[0])} to ${day(times.at(-1))}`)
      .join(", "),
    remedy: "give the first date and the number of maps that the files cover",
  });
}

/** What a record is asked for. */
export interface RecordQuestion {
  /** [degrees] */
  readonly longitude: number;
  readonly latitude: number;
  /** [m d⁻¹] */
  readonly speed: number;
  /** ends of the collections [s since 1970-01-01], covered by both */
  readonly ends: Float64Array;
  readonly ssh: SatelliteMaps;
  readonly sst: SatelliteMaps;
}

/**
 * Predict a record of catchments of one speed from satellite maps.
 *
 * @param onProgress share of the dates done
 * @returns median of the members and their standard deviation, shape (ends, bins), and what there is
 *          to warn of over the whole record
 * @throws as `askCatchment`
 */
export async function predictRecord(
  forecaster: SpeedForecaster,
  { ends, ...question }: RecordQuestion,
  onProgress: (share: number) => void = () => undefined,
): Promise<{ median: Maps; spread: Maps; warnings: readonly string[] }> {
  const { grid, maps } = forecaster;
  const bins = grid.n ** 2;
  const made = () => ({ data: new Float32Array(ends.length * bins), bins });
  const found = { median: made(), spread: made() };
  const views: Pick<SatelliteLook, "seen" | "missing">[] = [];
  for (let start = 0; start < ends.length; start += CHUNK) {
    const looks = Array.from(ends.subarray(start, start + CHUNK), (end) =>
      lookAt(forecaster, { ...question, end }),
    );
    const x = { data: joined(looks), shape: [looks.length, looks[0]!.image.length / bins] };
    const answer = await predictEnsemble(
      membersFor(forecaster, question.speed),
      { x: { ...x, shape: [...x.shape, grid.n, grid.n] } },
      { batchNorm: "running", normalise: "maps" },
    );
    for (const part of ["median", "spread"] as const) {
      for (const k of looks.keys()) {
        const from = (k * maps + maps - 1) * bins;
        found[part].data.set(answer[part].data.subarray(from, from + bins), (start + k) * bins);
      }
    }
    for (const { missing, seen } of looks) views.push({ missing, seen: seen.map(thinned) });
    onProgress((start + looks.length) / ends.length);
  }
  return { ...found, warnings: judgeViews(forecaster, question, views).warnings };
}

function joined(looks: readonly SatelliteLook[]): Float32Array {
  const size = looks[0]!.image.length;
  const data = new Float32Array(looks.length * size);
  for (const [k, { image }] of looks.entries()) data.set(image, k * size);
  return data;
}

/** Some cells are enough to judge a range by. */
function thinned(values: Float32Array): Float32Array {
  return values.filter((_, k) => k % 7 === 0);
}
