/**
 * What Picard et al. (2025) claim of traps at 3000 m, judged in three oceans that nobody has looked
 * at, with the forecasters that notebook 02 left in a run's folder. Rules and bounds are those of
 * `judgeSpeeds`, which the notebook asks of its second ocean; a relation holds if it does in all three.
 *
 *   npx esbuild validation/speed-relations.ts | node --input-type=module - runs/workshop [seed …]
 */
import { existsSync } from "node:fs";
import {
  albumDates,
  boxPdf,
  DEPTHS_2025,
  deepSurroundings,
  firstMember,
  forecastSpeeds,
  INPUT_KINDS,
  type InputKind,
  judgedSamples,
  judgeSpeeds,
  levelMaps,
  loadSpeedForecaster,
  type Maps,
  makeAlbum,
  makeSpeedImages,
  mapOf,
  massCentre,
  meanLevelMap,
  ONE_SATELLITE_NETWORK,
  openSpeedPdfs,
  parts2025,
  pickMaps,
  placesOf,
  QUICK_2025,
  repeatMap,
  runSpeeds,
  type SatelliteResolution,
  type SpeedForecaster,
  type SpeedImages,
  type SpeedPdfs,
  type SpeedScores,
  samplesOfSpeeds,
  scorePredictions,
  scoreSpeeds,
  trapLattice,
  WORKSHOP_2025,
} from "carbonbook/catchment";
import type { Finding } from "carbonbook/figures";
import { makeTwinOcean, openTwin, TWIN_SIZES } from "carbonbook/ocean";

const DAY = 86400;
const WINDOWS = 12;
const KILOMETRES = [20, 40, 80, 120, 160, 200];
/** Trained at the workshop size only. */
const MOORED = "sst-ssh-mooring";

const [folder = "runs/workshop", ...given] = process.argv.slice(2);
const seeds = given.length > 0 ? given.map(Number) : [11, 12, 13];
const nets: SpeedForecaster[] = [];
for (const kind of INPUT_KINDS) nets.push(await loadSpeedForecaster(`${folder}/models`, kind));
if (existsSync(`${folder}/models/w-net-${MOORED}.json`)) {
  nets.push(await loadSpeedForecaster(`${folder}/models`, MOORED));
}
const satellite = nets[INPUT_KINDS.indexOf("sst-ssh")]!;
const train = await openSpeedPdfs(`${folder}/artifacts/01-deep-train.nc`);
const { n, dx } = train.grid;
const last = train.levels.length - 1;
const isQuick = train.levels.length === QUICK_2025.levels.length;
const size = isQuick ? "quick" : "workshop";
const means: Maps = { data: new Float32Array(train.speeds.length * n * n), bins: n * n };
for (const [k, speed] of train.speeds.entries()) {
  const samples = samplesOfSpeeds(train, parts2025(train).windows.train, [speed]);
  means.data.set(await meanLevelMap(train, last, samples), k * n * n);
}

const verdicts = new Map<string, string[]>();
for (const seed of seeds) {
  console.log(`\nocean ${seed}`);
  for (const { id, ours, verdict } of await judgeOcean(seed)) {
    console.log(`  ${id}: ${ours} (${verdict})`);
    verdicts.set(id, [...(verdicts.get(id) ?? []), verdict]);
  }
}
console.log(`\nverdicts of the ${size} size, ocean by ocean`);
for (const [id, list] of verdicts) console.log(`  ${id}: ${list.join(", ")}`);

/** All that the notebook judges, in an ocean of its own. */
async function judgeOcean(seed: number): Promise<Finding[]> {
  const twin = { ...TWIN_SIZES[size], days: 600 };
  const [run] = await makeTwinOcean({ seeds: [seed], size: twin, folder: `${folder}/cache/ocean` });
  // as far beyond the twin's edges as in the notebook: blocks of a resolution fill the whole grid
  const margin = Math.ceil((400e3 * TWIN_SIZES[size].n) / 1024e3) + 1;
  const ocean = await openTwin(run!.path, { margin });
  const middle = { east: 512e3, north: 512e3 };
  const places = trapLattice(middle, { across: 4, spacing: 256e3, depth: 3000 });
  const windows = Float64Array.from(
    { length: WINDOWS },
    (_, w) => ocean.times[0]! + (110 + 40 * w) * DAY,
  );
  const experiment = isQuick ? QUICK_2025 : WORKSHOP_2025;
  const pdfs = await runSpeeds(ocean, places, windows, { experiment });
  const needs = { depths: DEPTHS_2025, dates: albumDates(train.speeds), cell: dx };
  const album = await makeAlbum(ocean, places, windows, needs);
  ocean.close();
  const layout = { n, dx, maps: train.levels.length, speeds: train.speeds };
  const truth = await levelMaps(pdfs, last);
  return judge({
    pdfs,
    truth,
    images: (kind, resolution) => makeSpeedImages(album, windows, { ...layout, kind, resolution }),
  });
}

/** One ocean: what came of its particles, and what networks see of it. */
interface Seen {
  readonly pdfs: SpeedPdfs;
  readonly truth: Maps;
  readonly images: (kind: InputKind, resolution?: SatelliteResolution) => SpeedImages;
}

async function judge({ pdfs, truth, images }: Seen): Promise<Finding[]> {
  const models = await scoreModels({ pdfs, truth, images });
  const one = judgedSamples(pdfs, 100);
  const coarsened = async (quantity: "ssh" | "sst") => {
    const scores = [];
    for (const km of KILOMETRES) {
      const seen = images("sst-ssh", { ...satellite.resolution, [quantity]: 1000 * km });
      const { median } = await forecastSpeeds(satellite, seen, one);
      scores.push(scorePredictions("sst-ssh", median, pickMaps(truth, one)));
    }
    return { kilometres: KILOMETRES, scores };
  };
  const upper = await levelMaps(pdfs, 0);
  return judgeSpeeds(models, {
    heights: await coarsened("ssh"),
    warmths: await coarsened("sst"),
    massCentre: Float64Array.from(one, (s) => massCentre(mapOf(upper, s), train.grid) / 1000),
    losses: models.find(({ model }) => model === "sst-ssh")!.scores[1]!.losses,
    around: deepSurroundings(images("5V-4L"), one, dx),
    size,
  });
}

/** Networks, and what needs none. */
async function scoreModels({ pdfs, truth, images }: Seen): Promise<SpeedScores[]> {
  const all = samplesOfSpeeds(pdfs, [...pdfs.windows.keys()]);
  const places = placesOf(pdfs).length;
  const speedOf = (sample: number) => Math.floor(sample / places) % train.speeds.length;
  const score = (name: string, maps: Maps) => scoreSpeeds(name, maps, truth, pdfs);
  const models = [
    score("mean PDF", pickMaps(means, Int32Array.from(all, speedOf))),
    score("box 192 km", repeatMap(boxPdf(192e3, train.grid), all.length)),
    score("box 96 km", repeatMap(boxPdf(96e3, train.grid), all.length)),
  ];
  for (const net of nets) {
    const { median } = await forecastSpeeds(net, images(net.kind, net.resolution), all);
    models.push(score(net.kind, median));
  }
  const { median } = await forecastSpeeds(
    firstMember(satellite),
    images("sst-ssh", satellite.resolution),
    all,
  );
  return [...models, score(ONE_SATELLITE_NETWORK, median)];
}
