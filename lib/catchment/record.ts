/**
 * Catchments over twenty years: where a record's dates lie in the twin, and their file in the layout
 * of the published data set.
 *
 * @see Picard et al. (2025), section 4.1; SEANOE, doi:10.17882/102535
 */

import { ArgumentError, datePartsOf, formatTime, secondsOf, shapeError } from "../core/index.js";
import { writeNetcdf } from "../io/index.js";
import type { Maps } from "./evaluation.js";
import type { DisplacementGrid } from "./pdf.js";
import { binCoordinates } from "./score.js";

const DAY = 86400;

/** Dates of the paper's maps: 815, one every ten days from 1 January 2000 on, or from `first` [s]. */
export function recordDates(count = 815, first = secondsOf({ year: 2000 })): Float64Array {
  return Float64Array.from({ length: count }, (_, k) => first + 10 * k * DAY);
}

/** Which place and window of the twin stands for a date. */
export interface Standin {
  readonly place: number;
  readonly window: number;
}

/**
 * The twin holds 600 days and no twenty years: each year from 16 March on is the same season at
 * another place of its square. So maps follow each other as they do in the ocean, but for one jump
 * every March. Places lie some 170 km apart, so that the boxes around neighbours share some eddies.
 *
 * @param dates   [s since 1970-01-01]
 * @param windows ends of the twin's collections [days from 1 January of its first year], increasing,
 *                from at most 80 to at least 430
 * @param places  how many places there are
 * @throws {ArgumentError} if windows do not cover a year
 */
export function standinsOf(
  dates: ArrayLike<number>,
  windows: ArrayLike<number>,
  places: number,
): Standin[] {
  const [first, last] = [windows[0] ?? Number.NaN, windows[windows.length - 1] ?? Number.NaN];
  if (!(first <= 80 && last >= 430)) {
    const got = `${first} to ${last}`;
    throw new ArgumentError({ what: "windows", wanted: "days 80 to 430", got });
  }
  return Array.from(dates as ArrayLike<number>, (date) => {
    const { year } = datePartsOf(date);
    const dayOfYear = (date - secondsOf({ year })) / DAY;
    const spring = dayOfYear >= 75;
    const day = spring ? dayOfYear : dayOfYear + 365;
    const block = spring ? year : year - 1;
    let window = 0;
    for (let w = 1; w < windows.length; w++) {
      if (Math.abs(windows[w]! - day) < Math.abs(windows[window]! - day)) window = w;
    }
    return { place: ((block % places) + places) % places, window };
  });
}

/** Sample numbers of stand-ins at one of several speeds, as `makeSpeedImages` counts them. */
export function standinSamples(
  standins: readonly Standin[],
  speed: number,
  { speeds, places }: { readonly speeds: readonly number[]; readonly places: number },
): Int32Array {
  const k = speeds.indexOf(speed);
  return Int32Array.from(
    standins,
    ({ place, window }) => (window * speeds.length + k) * places + place,
  );
}

/**
 * The date at which particles of a collection were at the surface, in still water: its middle less
 * the way from 200 m to the trap.
 *
 * @param end   of the collection of ten days [s]
 * @param speed [m d⁻¹]
 */
export function surfaceDate(end: number, speed: number, trapDepth = 3000): number {
  return end - 5 * DAY - ((trapDepth - 200) / speed) * DAY;
}

/**
 * Write catchments of one sinking speed: `supermodel` (time, n, n), `std` (time, n, n) and
 * `mid_date` ("YYYY-MM-DD"), as the published files have them, and the coordinates `time`, `dx` and
 * `dy`, which those lack.
 *
 * @param record.ends of the collections [s]
 * @param record.maps shape (ends, n · n), and the spread of the ensemble where there is one
 * @throws {ShapeError} if maps and dates do not fit
 */
export async function writeCatchments(
  path: string,
  record: {
    readonly speed: number;
    readonly ends: Float64Array;
    readonly maps: Maps;
    readonly spread?: Maps;
    readonly grid: DisplacementGrid;
  },
  attributes: Readonly<Record<string, string | number>>,
): Promise<void> {
  const { speed, ends, maps, spread, grid } = record;
  const size = ends.length * grid.n ** 2;
  if (maps.data.length !== size) throw shapeError("maps", [size], [maps.data.length]);
  const map = ({ data }: Maps, longName: string) => ({
    dimensions: ["time", "dx", "dy"],
    data,
    attributes: { units: "1", long_name: longName },
    deflate: 1,
  });
  const days = ends.map((end) => Math.round(surfaceDate(end, speed) / DAY));
  await writeNetcdf(path, {
    dimensions: { time: ends.length, dx: grid.n, dy: grid.n },
    attributes: { ...attributes, sinking_speed_m_per_day: speed, bin_width_m: grid.dx },
    variables: {
      supermodel: map(maps, "share of the particles by displacement at 200 m, east by north"),
      ...(spread === undefined ? {} : { std: map(spread, "standard deviation of the members") }),
      mid_date: {
        dimensions: ["time"],
        data: Array.from(days, (day) => formatTime(day * DAY)),
        attributes: { long_name: MID_DATE },
      },
      ...coordinatesOf(days, grid),
    },
  });
}

const MID_DATE = "date at which the particles were at 200 m in still water";

/** Coordinate variables: surface dates [d since 1970-01-01] and middles of the bins [m]. */
function coordinatesOf(days: Float64Array, grid: DisplacementGrid) {
  const along = (name: "dx" | "dy", longName: string) => ({
    dimensions: [name],
    data: binCoordinates(grid),
    attributes: { units: "m", long_name: longName },
  });
  const units = { units: "days since 1970-01-01", calendar: "standard", standard_name: "time" };
  return {
    time: { dimensions: ["time"], data: days, attributes: { ...units, long_name: MID_DATE } },
    dx: along("dx", "eastward displacement of the bin's middle from the trap"),
    dy: along("dy", "northward displacement of the bin's middle from the trap"),
  };
}
