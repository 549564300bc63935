/** Tracks as a CF file: one observation dimension, positions at release, origin and each level. */

import type { NetcdfContent, NetcdfVariable } from "../io/index.js";
import { END_REASONS, type Places, type Tracks } from "../lagrangian/index.js";

/** Version of the layout below. */
const SCHEMA = 1;

/**
 * Describe tracks as a netCDF file: where each particle was released, where it came from and why
 * its track ended, and where and when it crossed each level (`level`, `particle`).
 *
 * @param attributes global attributes beside the layout's own, such as `title` and `source`
 */
export function tracksContent(
  tracks: Tracks,
  attributes: Readonly<Record<string, string | number>>,
): NetcdfContent {
  const { release, origin, crossings, count, ocean } = tracks;
  const particle = ["particle"];
  const places = (prefix: string, of: Places) => ({
    [`${prefix}_east`]: eastOf(ocean.grid.positions.kind, of.east, particle),
    [`${prefix}_north`]: northOf(ocean.grid.positions.kind, of.north, particle),
    [`${prefix}_depth`]: metres(of.depth, particle, "depth below the geoid, positive down"),
    [`${prefix}_age`]: {
      dimensions: particle,
      data: of.age,
      attributes: { units: "s", long_name: "time since release" },
    },
  });
  const levels: Record<string, NetcdfVariable> =
    crossings.length === 0 ? {} : crossingVariables(tracks);
  return {
    dimensions: { particle: count, ...(crossings.length > 0 ? { level: crossings.length } : {}) },
    attributes: { ...attributes, carbonbook_schema: SCHEMA, featureType: "trajectory" },
    variables: {
      trap: {
        dimensions: particle,
        data: release.trap,
        attributes: { long_name: "number of the trap that the particle was released from" },
      },
      release_depth: metres(release.depth, particle, "depth of release, positive down"),
      release_time: {
        dimensions: particle,
        data: release.time,
        attributes: {
          units: ocean.timeOrigin === "1970" ? "seconds since 1970-01-01 00:00:00" : "s",
          long_name: "time of release",
        },
      },
      ...places("origin", origin),
      end: {
        dimensions: particle,
        data: tracks.end,
        attributes: {
          long_name: "why the track ended",
          flag_values: Uint8Array.from(END_REASONS, (_, code) => code),
          flag_meanings: END_REASONS.map((reason) => reason.replaceAll(" ", "_")).join(" "),
        },
      },
      ...levels,
    },
  };
}

function crossingVariables({ crossings, ocean }: Tracks): Record<string, NetcdfVariable> {
  const both = ["level", "particle"];
  const stack = (key: keyof Places) => Float64Array.from(crossings.flatMap((c) => [...c[key]]));
  const { kind } = ocean.grid.positions;
  return {
    level: metres(
      Float64Array.from(crossings, (c) => c.level),
      ["level"],
      "depth of the level, positive down",
    ),
    crossing_east: eastOf(kind, stack("east"), both),
    crossing_north: northOf(kind, stack("north"), both),
    crossing_eastward: metres(stack("eastward"), both, "eastward displacement from the release"),
    crossing_northward: metres(stack("northward"), both, "northward displacement from the release"),
    crossing_age: {
      dimensions: both,
      data: stack("age"),
      attributes: { units: "s", long_name: "time between crossing and release" },
    },
  };
}

type Kind = Tracks["ocean"]["grid"]["positions"]["kind"];

function eastOf(kind: Kind, data: Float64Array, dimensions: string[]): NetcdfVariable {
  if (kind === "metres") return metres(data, dimensions, "distance to the east");
  return { dimensions, data, attributes: { units: "degrees_east", standard_name: "longitude" } };
}

function northOf(kind: Kind, data: Float64Array, dimensions: string[]): NetcdfVariable {
  if (kind === "metres") return metres(data, dimensions, "distance to the north");
  return { dimensions, data, attributes: { units: "degrees_north", standard_name: "latitude" } };
}

function metres(data: Float64Array, dimensions: string[], longName: string): NetcdfVariable {
  return { dimensions, data, attributes: { units: "m", long_name: longName } };
}
