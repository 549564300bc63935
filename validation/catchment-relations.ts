/**
 * The relations that Picard et al. (2024) claim, judged in three oceans that nobody has looked at, with
 * the forecasters that notebook 02 left in a run's folder. The rules stand in
 * docs/benchmarks/catchment.md and were written before the first of these scores; bounds, twins and
 * experiments follow the size that the run's PDFs have. PDFs of the training are read sample by
 * sample, so that it stays below 3 GB at the workshop size.
 *
 *   npx esbuild validation/catchment-relations.ts | node --input-type=module - runs/quick [seed …]
 */
import {
  averageScores,
  blocksOf,
  type CatchmentForecaster,
  type ClaimedRelation,
  describeRelation,
  ENERGY_2024,
  energiesOf,
  entropy,
  FOUR_LEVELS,
  forecast,
  levelMaps,
  loadForecaster,
  makeAlbum,
  makeImages,
  mapOf,
  massCentre,
  meanLevelMap,
  openPdfs,
  parts2024,
  pickImages,
  pickValues,
  QUICK_2024,
  relate2024,
  relateMonths,
  repeatMap,
  runExperiment,
  SURFACE,
  scorePredictions,
  spreadIndex,
  surroundingsOf,
  trapLattice,
  usableSamples,
  verdictOn,
  WORKSHOP_2024,
} from "carbonbook/catchment";
import { makeTwinOcean, openTwin, TWIN_SIZES } from "carbonbook/ocean";

const DAY = 86400;
const WINDOWS = 18;
const SIZES = {
  quick: { experiment: QUICK_2024, twin: TWIN_SIZES.quick },
  workshop: { experiment: WORKSHOP_2024, twin: { ...TWIN_SIZES.workshop, days: 600 } },
};
/** Every 200 m, as notebook 02 takes them on a twin, and not every 50 m. */
const ENERGY = { ...ENERGY_2024, depths: [200, 400, 600, 800, 1000] };

const [folder = "runs/quick", ...given] = process.argv.slice(2);
const seeds = given.length > 0 ? given.map(Number) : [11, 12, 13];
const models = `${folder}/models`;
const surfaceNet = await loadForecaster(models, "U-Net, surface");
const levelsNet = await loadForecaster(models, "U-Net, 4 levels");
const cnnNet = await loadForecaster(models, "basic CNN");
const train = await openPdfs(`${folder}/artifacts/01-pdfs-train.nc`);
const { n, dx } = train.grid;
const size = dx < 16e3 ? "workshop" : "quick";
const { experiment, twin } = SIZES[size];
const last = train.levels.length - 1;
const known = await meanLevelMap(train, last, parts2024(train).train);

const found: ClaimedRelation[][] = [];
const year = {
  losses: [] as number[],
  block: [] as number[],
  mean: [] as number[],
  eddy: [] as number[],
};
for (const seed of seeds) {
  const { relations, months } = await judgeOcean(seed);
  found.push(relations);
  for (const name of ["losses", "block", "mean", "eddy"] as const) year[name].push(...months[name]);
}
const together = relateMonths({ ...year, losses: Float64Array.from(year.losses), seed: seeds[0]! });
console.log("\nall oceans together");
for (const relation of together) say(relation);
console.log("\nverdicts (holds: in every ocean)");
for (const [k, { claim, name }] of found[0]!.entries()) {
  const outcomes = found.map((relations) => relations[k]!.outcome);
  const holds = outcomes.filter((outcome) => outcome === "holds").length;
  console.log(`  ${claim}: ${name}: ${verdictOn(outcomes)} (${holds} of ${outcomes.length})`);
}
for (const { claim, name, outcome } of together) {
  console.log(`  ${claim}: ${name}: ${verdictOn([outcome])} (together)`);
}
console.log(`\npeak memory ${(process.resourceUsage().maxRSS / 1024 ** 2).toFixed(2)} GB`);

/** Predict the catchments of an unseen ocean and measure the relations. */
async function judgeOcean(seed: number) {
  console.log(`\nocean ${seed}`);
  const [run] = await makeTwinOcean({ seeds: [seed], size: twin, folder: `${folder}/cache/ocean` });
  const ocean = await openTwin(run!.path);
  const middle = { east: 512e3, north: 512e3 };
  const traps = trapLattice(middle, { across: 4, spacing: 256e3, depth: 1000 });
  const ends = Array.from({ length: WINDOWS }, (_, w) => ocean.times[0]! + (50 + 30 * w) * DAY);
  const windows = Float64Array.from(ends);
  const pdfs = await runExperiment(ocean, traps, windows, { experiment });
  const everyone = Int32Array.from({ length: WINDOWS * traps.length }, (_, s) => s);
  const { samples, masked } = usableSamples(pdfs, everyone);
  if (masked > 0) console.log(`  ${masked} samples left out: too few of their particles arrived`);
  const truth = await levelMaps(pdfs, last, samples);
  const album = await makeAlbum(ocean, traps, windows, { ...FOUR_LEVELS, cell: dx });
  const predict = async (net: CatchmentForecaster, single: "kept" | "dropped" = "dropped") => {
    const layout = net.layout.depths.length === 1 ? SURFACE : FOUR_LEVELS;
    const images = pickImages(makeImages(album, windows, layout, n), samples);
    return forecast(net, images, { batchNorm: "running", single });
  };
  const score = async (net: CatchmentForecaster) =>
    scorePredictions(net.name, (await predict(net)).median, truth);
  const ensemble = await predict(surfaceNet, "kept");
  const surface = scorePredictions(surfaceNet.name, ensemble.median, truth);
  const single = averageScores(
    "single members",
    ensemble.members!.map((maps) => scorePredictions("one member", maps, truth)),
  );
  const [levels, cnn] = [await score(levelsNet), await score(cnnNet)];
  const meanPdf = scorePredictions("mean PDF", repeatMap(known, samples.length), truth);
  for (const { model, meanLoss } of [surface, single, levels, cnn, meanPdf]) {
    console.log(`  ${model}: ${meanLoss.toFixed(3)}`);
  }
  const maps = Array.from(samples.keys(), (s) => mapOf(truth, s));
  const energy = pickValues(await energiesOf(ocean, traps, windows, ENERGY), samples);
  const block = Array.from(samples, (s) => Math.floor(s / traps.length));
  const relations = relate2024({
    ...{ size, surface, levels, single, cnn, meanPdf, block, seed },
    massCentre: maps.map((map) => massCentre(map, train.grid) / 1000),
    entropy: maps.map((map) => entropy(map) + 2 * Math.log(dx / 8000)),
    kinetic: energy.mean.map((mean, k) => mean + energy.eddy[k]!),
    around: pickValues(surroundingsOf(ocean, album, traps, windows), samples),
    sdIndex: spreadIndex(ensemble.spread),
  });
  for (const relation of relations) say(relation);
  const wide = pickValues(
    await energiesOf(ocean, traps, windows, { ...ENERGY, box: 800e3 }),
    samples,
  );
  ocean.close();
  const blocks = blocksOf(Float64Array.from(block, (w) => windows[w]!));
  const offset = 1000 * seeds.indexOf(seed); // blocks of one ocean are none of another's
  const months = {
    losses: Array.from(surface.losses),
    block: blocks.map((number) => number + offset),
    mean: Array.from(wide.mean),
    eddy: Array.from(wide.eddy),
  };
  return { relations, months };
}

function say(relation: ClaimedRelation): void {
  console.log(`  ${describeRelation(relation)}: ${relation.outcome}`);
}
