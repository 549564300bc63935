/** Tracks as the content of a netCDF file. */

import type { NetcdfContent, NetcdfVariable } from "../io/index.js";
import { END_REASONS } from "./particles.js";
import type { Places, Tracks } from "./tracks.js";

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
  const timeUnits = ocean.timeOrigin === "1970" ? "seconds since 1970-01-01 00:00:00" : "seconds";
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
