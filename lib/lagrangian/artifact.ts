/** Tracks as the content of a netCDF file. */

import { createNetcdf, type NetcdfContent, type NetcdfVariable } from "../io/index.js";
import { type Ocean, positionOf } from "../ocean/index.js";
import { END_REASONS } from "./particles.js";
import type { Places, Saved, Tracks } from "./tracks.js";

/** A file that positions go into as they come. */
export interface TrackFile {
  /** what `backtrack` takes as its option `onSave` */
  readonly onSave: (saved: Saved) => void;
  /** finish the file and move it to its place */
  close(): void;
  /** leave nothing */
  abort(): void;
}

/**
 * Begin a netCDF file of positions, time by time, that never holds more than one time in memory.
 *
 * @param count number of particles
 * @throws {EnvironmentError} if the place cannot be written to
 * @throws {BusyError} if the disk is full, now or as positions come
 */
export async function createTrackFile(
  path: string,
  ocean: Ocean,
  count: number,
): Promise<TrackFile> {
  const degrees = ocean.grid.positions.kind === "degrees";
  const shape = (units: string, name: string) => ({
    dimensions: ["time", "particle"],
    type: "f32" as const,
    attributes: { units, long_name: name },
    chunks: [1, Math.min(count, 262144)],
  });
  const writer = await createNetcdf(path, {
    dimensions: { time: { length: 0, unlimited: true }, particle: count },
    attributes: { source: ocean.name, data: ocean.kind },
    variables: {
      time: {
        dimensions: ["time"],
        type: "f64",
        attributes: { units: timeUnitsOf(ocean), long_name: "time" },
      },
      east: shape(degrees ? "degrees_east" : "m", "east"),
      north: shape(degrees ? "degrees_north" : "m", "north"),
      depth: shape("m", "depth, positive down"),
    },
  });
  let n = 0;
  return {
    onSave({ time, x, y, z }) {
      const east = new Float32Array(count);
      const north = new Float32Array(count);
      for (let p = 0; p < count; p++) {
        const here = positionOf(ocean.grid, x[p]!, y[p]!);
        east[p] = here.east;
        north[p] = here.north;
      }
      const at = { time: [n, n + 1] as [number, number] };
      writer.write("time", Float64Array.of(time), at);
      writer.write("east", east, at);
      writer.write("north", north, at);
      writer.write(
        "depth",
        Float32Array.from(z, (height) => -height),
        at,
      );
      n++;
    },
    close: () => writer.close(),
    abort: () => writer.abort(),
  };
}

/**
 * Describe tracks for `writeNetcdf`: origins, reasons, and the crossing of every level.
 *
 * @param attributes global attributes to add, such as a title or the label of the data
 */
export function tracksToNetcdf(
  tracks: Tracks,
  attributes: Readonly<Record<string, string | number>> = {},
): NetcdfContent {
  const { release, origin, end, crossings, ocean } = tracks;
  const degrees = ocean.grid.positions.kind === "degrees";
  const timeUnits = timeUnitsOf(ocean);
  const variable = (data: NetcdfVariable["data"], units: string, name: string): NetcdfVariable => ({
    dimensions: ["particle"],
    data,
    attributes: { ...(units === "" ? {} : { units }), long_name: name },
  });
  const places = (prefix: string, at: Places, name: string) => ({
    [`${prefix}_east`]: variable(at.east, degrees ? "degrees_east" : "m", `east of ${name}`),
    [`${prefix}_north`]: variable(at.north, degrees ? "degrees_north" : "m", `north of ${name}`),
    [`${prefix}_depth`]: variable(at.depth, "m", `depth of ${name}, positive down`),
    [`${prefix}_time`]: variable(at.time, timeUnits, `time of ${name}`),
    [`${prefix}_eastward`]: variable(at.eastward, "m", `eastward displacement of ${name}`),
    [`${prefix}_northward`]: variable(at.northward, "m", `northward displacement of ${name}`),
  });
  const reasons = variable(end, "", "why the particle ended");
  const flags = {
    flag_values: END_REASONS.map((_, code) => code),
    flag_meanings: END_REASONS.map((reason) => reason.replaceAll(" ", "_")).join(" "),
  };
  return {
    dimensions: { particle: tracks.count },
    attributes: { Conventions: "CF-1.10", source: ocean.name, data: ocean.kind, ...attributes },
    variables: {
      trap: variable(release.trap, "", "number of the trap"),
      release_depth: variable(release.depth, "m", "depth of release, positive down"),
      release_time: variable(release.time, timeUnits, "time of release"),
      ...places("origin", origin, "the place where the particle ended"),
      end: { ...reasons, attributes: { ...reasons.attributes, ...flags } },
      ...Object.assign(
        {},
        ...crossings.map((c) => places(`at_${c.level}m`, c, `the crossing of ${c.level} m`)),
      ),
    },
  };
}

function timeUnitsOf(ocean: Ocean): string {
  return ocean.timeOrigin === "1970" ? "seconds since 1970-01-01 00:00:00" : "seconds";
}
