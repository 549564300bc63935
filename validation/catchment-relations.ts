/**
 * The relations that Picard et al. (2024) claim, judged in three oceans that nobody has looked at, with
 * the forecasters that notebook 02 left in a run's folder. The rules stand in
 * docs/benchmarks/catchment.md and were written before the first of these scores; bound, twins and
 * experiments follow the size that the run's PDFs have.
 *
 *   npx esbuild validation/catchment-relations.ts | node --input-type=module - runs/quick [seed …]
 */
import {
  blockMean,
  type CatchmentForecaster,
  FOUR_LEVELS,
  forecast,
  loadForecaster,
  makeAlbum,
  makeImages,
  mapOf,
  mapsOfLevel,
  massCentre,
  meanPrediction,
  pickMaps,
  QUICK_2024,
  readPdfs,
  runExperiment,
  type Scores,
  SURFACE,
  samplesOfWindows,
  scorePredictions,
  splitByTime,
  surroundingsOf,
  trapLattice,
  WORKSHOP_2024,
} from "carbonbook/catchment";
import { makeTwinOcean, openTwin, TWIN_SIZES } from "carbonbook/ocean";

const DAY = 86400;
const WINDOWS = 18;
const SIZES = {
  quick: { gain: 0.08, experiment: QUICK_2024, twin: TWIN_SIZES.quick },
  workshop: { gain: 0.15, experiment: WORKSHOP_2024, twin: { ...TWIN_SIZES.workshop, days: 600 } },
};

const [folder = "runs/quick", ...given] = process.argv.slice(2);
const seeds = given.length > 0 ? given.map(Number) : [11, 12, 13];
const models = `${folder}/models`;
const surfaceNet = await loadForecaster(models, "U-Net, surface");
const levelsNet = await loadForecaster(models, "U-Net, 4 levels");
const cnnNet = await loadForecaster(models, "basic CNN");
const train = await readPdfs(`${folder}/artifacts/01-pdfs-train.nc`);
const { n } = train.grid;
const { gain, experiment, twin } = SIZES[train.grid.dx < 16e3 ? "workshop" : "quick"];
const maps = train.levels.length;
const split = splitByTime(train.windows, 0.875, 100 * DAY);
const known = pickMaps(
  mapsOfLevel(train.filtered, maps, maps - 1, n * n),
  samplesOfWindows(split.train, train.traps.length),
);

const verdicts = new Map<string, boolean[]>();
for (const seed of seeds) {
  console.log(`\nocean ${seed}`);
  const [run] = await makeTwinOcean({ seeds: [seed], size: twin, folder: `${folder}/cache/ocean` });
  const ocean = await openTwin(run!.path);
  const traps = trapLattice(
    { east: 512e3, north: 512e3 },
    { across: 4, spacing: 256e3, depth: 1000 },
  );
  const windows = Float64Array.from(
    { length: WINDOWS },
    (_, w) => ocean.times[0]! + (50 + 30 * w) * DAY,
  );
  const pdfs = await runExperiment(ocean, traps, windows, { experiment });
  const album = await makeAlbum(ocean, traps, windows, FOUR_LEVELS);
  const truth = mapsOfLevel(pdfs.filtered, maps, maps - 1, n * n);
  const count = windows.length * traps.length;
  const score = async (net: CatchmentForecaster, members?: number): Promise<Scores> => {
    const layout = net.layout.depths.length === 1 ? SURFACE : FOUR_LEVELS;
    const images = makeImages(album, windows, layout, n);
    const limit = members === undefined ? {} : { members };
    const { median } = await forecast(net, images, { batchNorm: "running", ...limit });
    const scored = scorePredictions(net.name, median, truth);
    console.log(`  ${net.name}${members === 1 ? ", one" : ""}: ${scored.meanLoss.toFixed(3)}`);
    return scored;
  };
  const [surface, one] = [await score(surfaceNet), await score(surfaceNet, 1)];
  const [levels, cnn] = [await score(levelsNet), await score(cnnNet)];
  const mean = scorePredictions("mean PDF", meanPrediction(known, count), truth);
  console.log(`  mean PDF: ${mean.meanLoss.toFixed(3)}`);
  const block = Array.from({ length: count }, (_, s) => Math.floor(s / traps.length));
  const judge = (name: string, values: Float64Array, least: number) => {
    const { mean: value, interval } = blockMean(values, block, { seed });
    const holds = value >= least && interval[0] > 0;
    console.log(
      `  ${name}: ${value.toFixed(3)} (${interval.map((x) => x.toFixed(3)).join(" to ")})`,
    );
    verdicts.set(name, [...(verdicts.get(name) ?? []), holds]);
  };
  const less = (a: Scores, b: Scores) => a.losses.map((loss, s) => loss - b.losses[s]!);
  judge("mean PDF − surface ensemble", less(mean, surface), gain);
  judge("surface − 4 levels", less(surface, levels), 0);
  judge("one member − ensemble", less(one, surface), 0);
  judge("basic CNN − one U-Net", less(cnn, one), 0);
  const far = Array.from(
    { length: count },
    (_, s) => massCentre(mapOf(truth, s), train.grid) > 150e3,
  );
  judge("loss beyond 150 km − nearer", contrast(surface.losses, far), 0);
  const { vorticity } = surroundingsOf(ocean, album, traps, windows);
  const calm = Array.from(vorticity, (zeta) => Math.abs(zeta) < 0.05);
  judge("loss at |ζ/f| < 0.05 − above", contrast(surface.losses, calm), 0);
  ocean.close();
}
console.log("\nverdicts (holds: in every ocean)");
for (const [name, holds] of verdicts) {
  console.log(
    `  ${name}: ${holds.every(Boolean) ? "holds" : "differs"} (${holds.filter(Boolean).length} of ${holds.length})`,
  );
}

/** Values whose mean over samples is the mean of one group less that of the rest. */
function contrast(losses: Float64Array, inside: readonly boolean[]): Float64Array {
  const members = inside.filter(Boolean).length;
  const [own, other] = [losses.length / members, losses.length / (losses.length - members)];
  return losses.map((loss, s) => (inside[s] ? own * loss : -other * loss));
}
