/** The surface of a season's dates: the current that the satellites' sea level shows, daily maps averaged. */

import { type GeostrophicFlow, geostrophicFlow } from "./geostrophy.js";
import { type Album, nearestTime } from "./images.js";
import type { RecordPlan } from "./recordplan.js";
import { datesOfSpeed } from "./satelliteimages.js";
import { regrid, type SatelliteMaps, type TrapBox } from "./satellitemap.js";
import { type SatelliteOptions, twinPosition, twinSatellite } from "./satellitetwin.js";

/**
 * Mean geostrophic current of the maps of sea level that the network looked at for each of some dates
 * of the twin's record, around the place that stands for it.
 *
 * @param dates which of the plan's, by number
 * @param speed sinking speed [m d⁻¹]
 * @param n     cells along a side of the box
 * @returns shape (n, n) each, south to north, then west to east
 */
export function flowsOfTwin(
  { standins, windows, traps }: Pick<RecordPlan, "standins" | "windows" | "traps">,
  album: Pick<Album, "snapshots">,
  dates: readonly number[],
  { speed, n, ...options }: SatelliteOptions & { readonly speed: number; readonly n: number },
): GeostrophicFlow[] {
  const known = Float64Array.from(album.snapshots.keys());
  const spans = dates.map((k) =>
    datesOfSpeed(speed).map((date) =>
      nearestTime(known, windows[standins[k]!.window]! + date, "the album"),
    ),
  );
  const times = [...new Set(spans.flat())].sort((a, b) => a - b);
  const height = twinSatellite("ssh", album, times, options);
  const flows: GeostrophicFlow[] = [];
  for (const place of new Set(dates.map((k) => standins[k]!.place))) {
    const own = [...dates.keys()].filter((d) => standins[dates[d]!]!.place === place);
    const box = { ...twinPosition(traps[place]!), n, dx: options.dx };
    const found = seasonFlows(
      height,
      box,
      own.map((d) => spans[d]!),
    );
    for (const [at, d] of own.entries()) flows[d] = found[at]!;
  }
  return flows;
}

/**
 * The same of real maps around a trap.
 *
 * @param ends of the collections, inside the maps' record [s]
 */
export function flowsOfMaps(
  height: SatelliteMaps,
  box: TrapBox,
  ends: readonly number[],
  speed: number,
): GeostrophicFlow[] {
  const [first, last] = [height.times[0]!, height.times.at(-1)!];
  const inside = (time: number) => Math.min(Math.max(time, first), last);
  const spans = ends.map((end) =>
    datesOfSpeed(speed).map((date) => nearestTime(height.times, inside(end + date), "the maps")),
  );
  return seasonFlows(height, box, spans);
}

/**
 * Mean geostrophic current around a trap over each of several spans of maps of sea level.
 *
 * @param spans which times of the maps, one row a span
 * @returns shape (n, n), south to north, then west to east; NaN beyond the maps and on land
 */
function seasonFlows(
  height: SatelliteMaps,
  box: TrapBox,
  spans: readonly (readonly number[])[],
): GeostrophicFlow[] {
  const known = new Map<number, GeostrophicFlow>();
  const flowAt = (time: number) => {
    const index = height.times.indexOf(time);
    const flow = known.get(index) ?? onBox(height, geostrophicFlow(height, index), box);
    known.set(index, flow);
    return flow;
  };
  return spans.map((times) => {
    const flows = times.map(flowAt);
    const mean = (name: "u" | "v") =>
      flows[0]![name].map(
        (_, k) => flows.reduce((sum, flow) => sum + flow[name][k]!, 0) / flows.length,
      );
    return { u: mean("u"), v: mean("v") };
  });
}

function onBox(height: SatelliteMaps, { u, v }: GeostrophicFlow, box: TrapBox): GeostrophicFlow {
  const bring = (values: Float32Array) =>
    regrid({ ...height, times: height.times.slice(0, 1), values }, box).values;
  return { u: bring(u), v: bring(v) };
}

/**
 * Mean over the days around a date, bin by bin, of what was seen; NaN where nothing was.
 *
 * @param days     times [s], increasing, and their maps, shape (times, bins)
 * @param date     [s]
 * @param halfWidth of the window [s]
 */
export function meanAround(
  days: { readonly times: Float64Array; readonly maps: Float32Array; readonly bins: number },
  date: number,
  halfWidth: number,
): Float32Array {
  const { times, maps, bins } = days;
  const [sum, count] = [new Float64Array(bins), new Int32Array(bins)];
  for (const [day, time] of times.entries()) {
    if (Math.abs(time - date) > halfWidth) continue;
    for (let b = 0; b < bins; b++) {
      const value = maps[day * bins + b]!;
      if (Number.isNaN(value)) continue;
      sum[b] = sum[b]! + value;
      count[b] = count[b]! + 1;
    }
  }
  return Float32Array.from(sum, (total, b) => total / count[b]!);
}
