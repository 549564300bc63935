/**
 * The record of twenty years as the twin has it: its dates, the places and windows that stand for
 * them, and the loops of notebook 03 over shards of them.
 *
 * @see Picard et al. (2025), section 4.1
 */

import { secondsOf } from "../core/index.js";
import type { Trap } from "../lagrangian/index.js";
import { type Ocean, openTwin, twinOfTask } from "../ocean/index.js";
import type { TaskInput } from "../parallel/index.js";
import type { Maps } from "./evaluation.js";
import { makeAlbum } from "./images.js";
import { recordDates, type Standin, standinSamples, standinsOf } from "./record.js";
import { albumDates, makeSpeedImages } from "./satelliteimages.js";
import { satelliteView } from "./satellitetwin.js";
import { followShard, type PlannedExperiment, type ShardResult } from "./shard.js";
import { forecastSpeeds, loadSpeedForecaster } from "./speedforecaster.js";
import { studyLattice } from "./studyoceans.js";
import { deepTraps } from "./studyplan.js";

const DAY = 86400;

/** Of the run that stands for the ocean which satellites see; networks were trained in another. */
const SEED = 2;

/** True catchments are followed from here on. */
const TRUE_FROM = { year: 2008, month: 11 };

/** How the record is sized; parameters of notebook 03. */
export interface RecordSizes {
  readonly size: "quick" | "workshop";
  readonly mapCount: number;
  /** places of the twin that stand for its years */
  readonly places: number;
  /** of the satellites' errors */
  readonly seed: number;
}

/** A record in the twin. */
export interface RecordPlan {
  /** ends of the collections of the record [s since 1970-01-01] */
  readonly ends: Float64Array;
  /** the place and window of the twin that stands for each */
  readonly standins: readonly Standin[];
  readonly traps: readonly Trap[];
  /** ends of the twin's collections [s] */
  readonly windows: Float64Array;
  /** which of `ends` have a true catchment, and what stands for them in `truth` */
  readonly later: readonly number[];
  readonly trueStandins: readonly Standin[];
  /** the experiment that gives the true catchments at 200 m, at the places that are used */
  readonly truth: PlannedExperiment;
}

/**
 * Plan a record.
 *
 * @param ocean the twin, for its first instant and where its traps stand
 */
export function planRecord(
  { size, mapCount, places }: RecordSizes,
  ocean: Pick<Ocean, "kind" | "grid" | "times">,
): RecordPlan {
  const days = Array.from({ length: 37 }, (_, k) => 80 + 10 * k);
  const ends = recordDates(mapCount);
  const standins = standinsOf(ends, days, places);
  const traps = studyLattice(ocean, { across: 6, depth: 3000 }).slice(0, places);
  const windows = Float64Array.from(days, (day) => ocean.times[0]! + day * DAY);
  const later = [...ends.keys()].filter((k) => ends[k]! >= secondsOf(TRUE_FROM));
  const used = [...new Set(later.map((k) => standins[k]!.place))].sort((a, b) => a - b);
  const deep = deepTraps(
    used.map((place) => traps[place]!),
    size,
  );
  return {
    ...{ ends, standins, traps, windows, later },
    trueStandins: later.map((k) => ({ ...standins[k]!, place: used.indexOf(standins[k]!.place) })),
    truth: { seed: SEED, ...deep, experiment: { ...deep.experiment, levels: [200] }, windows },
  };
}

/** Predicted maps of some dates in a row, of one sinking speed. */
export interface RecordPart {
  /** [m d⁻¹] */
  readonly speed: number;
  /** median of the members and their standard deviation */
  readonly median: Maps;
  readonly spread: Maps;
}

/** Round of a loop: predict a share of the record's dates, all speeds; parameters as `RecordSizes`. */
export async function predictDates(input: TaskInput): Promise<RecordPart[]> {
  const { index, count, runFolder, report, signal } = input;
  const sizes = input.parameters as unknown as RecordSizes;
  const net = await loadSpeedForecaster(`${runFolder}/models`, "sst-ssh");
  const ocean = await openTwin(await twinOfTask(input, SEED));
  const { traps, windows, standins } = planRecord(sizes, ocean);
  const { n, dx } = net.grid;
  const needs = { depths: [0], dates: albumDates(net.speeds), cell: dx };
  const album = await makeAlbum(ocean, traps, windows, needs);
  const { speeds, maps, resolution } = net;
  const disturb = satelliteView([...album.snapshots.values()][0]!.nx, dx, sizes.seed);
  const images = makeSpeedImages(album, windows, {
    ...{ kind: "sst-ssh" as const, n, dx, maps, speeds, resolution, disturb },
  });
  ocean.close();
  const limit = (k: number) => Math.round((k * standins.length) / count);
  const own = standins.slice(limit(index), limit(index + 1));
  const parts: RecordPart[] = [];
  for (const [k, speed] of speeds.entries()) {
    const samples = standinSamples(own, speed, { speeds, places: traps.length });
    const { median, spread } = await forecastSpeeds(net, images, samples, {
      signal,
      onProgress: (done, total) => report((k + done / total) / speeds.length),
    });
    parts.push({ speed, median, spread });
  }
  return parts;
}

/** Round of a loop: a shard of the true catchments; parameters as `RecordSizes`. */
export async function followRecord(input: TaskInput): Promise<ShardResult[]> {
  const sizes = input.parameters as unknown as RecordSizes;
  const ocean = await openTwin(await twinOfTask(input, SEED));
  ocean.close();
  return followShard([planRecord(sizes, ocean).truth], input);
}

/** Put the shares of a record together, by speed. */
export function joinRecord(shares: readonly (readonly RecordPart[])[]): RecordPart[] {
  return shares[0]!.map(({ speed }, k) => {
    const join = (name: "median" | "spread"): Maps => {
      const parts = shares.map((share) => share[k]![name]);
      const data = new Float32Array(parts.reduce((sum, part) => sum + part.data.length, 0));
      let at = 0;
      for (const part of parts) {
        data.set(part.data, at);
        at += part.data.length;
      }
      return { data, bins: parts[0]!.bins };
    };
    return { speed, median: join("median"), spread: join("spread") };
  });
}
