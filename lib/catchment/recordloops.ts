/** The loops of notebook 03: shares of the record's dates and shards of its true catchments. */

import { openTwin, twinOfTask } from "../ocean/index.js";
import type { TaskInput } from "../parallel/index.js";
import { makeAlbum } from "./images.js";
import { recordDates, type Standin, standinSamples } from "./record.js";
import { planRecord, RECORD_SEED, type RecordPart, type RecordSizes } from "./recordplan.js";
import { readSatelliteFiles } from "./satellitefile.js";
import { albumDates, makeSpeedImages } from "./satelliteimages.js";
import { coveredDates, filesOf, predictRecord } from "./satelliterecord.js";
import { satelliteView } from "./satellitetwin.js";
import { followShard, type ShardResult } from "./shard.js";
import { forecastSpeeds, loadSpeedForecaster, type SpeedForecaster } from "./speedforecaster.js";

/** Round of a loop: predict a share of the record's dates, all speeds; parameters as `RecordSizes`. */
export async function predictDates(input: TaskInput): Promise<RecordPart[]> {
  const sizes = input.parameters as unknown as RecordSizes;
  const net = await loadSpeedForecaster(`${input.runFolder}/models`, "sst-ssh");
  return filesOf(sizes) === undefined
    ? predictTwin(net, sizes, input)
    : predictFiles(net, sizes, input);
}

async function predictTwin(
  net: SpeedForecaster,
  sizes: RecordSizes,
  input: TaskInput,
): Promise<RecordPart[]> {
  const { report, signal } = input;
  const ocean = await openTwin(await twinOfTask(input, RECORD_SEED));
  const { ends, traps, windows, standins, later, compared } = planRecord(sizes, ocean);
  const { speeds, maps, resolution, grid } = net;
  const { n, dx } = grid;
  const needs = { depths: [0], dates: albumDates(speeds), cell: dx };
  const album = await makeAlbum(ocean, traps, windows, needs);
  ocean.close();
  const cut = { kind: "sst-ssh" as const, n, dx, maps, speeds, resolution };
  const disturb = satelliteView([...album.snapshots.values()][0]!.nx, dx, sizes.seed);
  const seen = makeSpeedImages(album, windows, { ...cut, disturb });
  const plain = makeSpeedImages(album, windows, cut);
  const [from, to] = shareOf(ends.length, input);
  const own = standins.slice(from, to);
  const both = compared.slice(...shareOf(compared.length, input)).map((k) => standins[later[k]!]!);
  const parts: RecordPart[] = [];
  for (const [k, speed] of speeds.entries()) {
    const of = (some: readonly Standin[]) =>
      standinSamples(some, speed, { speeds, places: traps.length });
    const { median, spread } = await forecastSpeeds(net, seen, of(own), {
      signal,
      onProgress: (done, total) => report((k + done / total) / speeds.length),
    });
    const { median: undisturbed } = await forecastSpeeds(net, plain, of(both), { signal });
    const part = { speed, ends: ends.slice(from, to), median, spread, undisturbed, warnings: [] };
    parts.push(part);
  }
  return parts;
}

/** First and last but one of a round's share of some things in a row. */
function shareOf(total: number, { index, count }: Pick<TaskInput, "index" | "count">) {
  const limit = (k: number) => Math.round((k * total) / count);
  return [limit(index), limit(index + 1)] as const;
}

async function predictFiles(
  net: SpeedForecaster,
  sizes: RecordSizes,
  input: TaskInput,
): Promise<RecordPart[]> {
  const { ssh, sst, place, first } = filesOf(sizes)!;
  const box = { ...place, ...net.grid };
  const maps = {
    ssh: await readSatelliteFiles(ssh, "adt", box),
    sst: await readSatelliteFiles(sst, "analysed_sst", box),
  };
  const wanted = recordDates(sizes.mapCount, first);
  const ends = coveredDates(wanted, net.speeds, [maps.ssh, maps.sst]);
  const own = ends.slice(...shareOf(ends.length, input));
  const parts: RecordPart[] = [];
  for (const [k, speed] of net.speeds.entries()) {
    const found = await predictRecord(net, { ...place, ...maps, speed, ends: own }, (share) =>
      input.report((k + share) / net.speeds.length),
    );
    parts.push({ speed, ends: own, undisturbed: { ...found.median, data: NONE }, ...found });
  }
  return parts;
}

const NONE = new Float32Array(0);

/** Round of a loop: a shard of the true catchments, none of real maps; parameters as `RecordSizes`. */
export async function followRecord(input: TaskInput): Promise<ShardResult[]> {
  const sizes = input.parameters as unknown as RecordSizes;
  if (filesOf(sizes) !== undefined) return [];
  const ocean = await openTwin(await twinOfTask(input, RECORD_SEED));
  ocean.close();
  return followShard([planRecord(sizes, ocean).truth], input);
}
