/**
 * Why may four depths predict no better than the surface? Training, data or twin: the same two
 * networks by several recipes, on the samples of notebook 01 in a run's folder.
 *
 *   npx esbuild validation/catchment-depth.ts | node --input-type=module - runs/quick [recipe …]
 */
import {
  FOUR_LEVELS,
  forecast,
  makeAlbum,
  makeImages,
  mapsOfLevel,
  readPdfs,
  SURFACE,
  samplesOfWindows,
  scorePredictions,
  splitByTime,
  trainForecaster,
} from "carbonbook/catchment";
import { openTwin, twinPath } from "carbonbook/ocean";

const DAY = 86400;
const WIDTHS = [8, 16, 32];

interface Recipe {
  readonly batchSize: number;
  readonly rate: number;
  readonly epochs: number;
  readonly decay: "none" | "cosine";
  /** every so-manieth training window */
  readonly every: number;
}
const paper = { batchSize: 32, rate: 1e-3, decay: "none", every: 1 } as const;
const small = { batchSize: 8, rate: 4e-3, decay: "cosine", every: 1 } as const;
const RECIPES: Readonly<Record<string, Recipe>> = {
  "paper's recipe, 6 epochs": { ...paper, epochs: 6 },
  "batches of 8, 4e-3 to 0, 6 epochs": { ...small, epochs: 6 },
  "the same, half the windows, 12 epochs": { ...small, epochs: 12, every: 2 },
  "the same, 12 epochs": { ...small, epochs: 12 },
  "paper's recipe, 30 epochs": { ...paper, epochs: 30 },
};

const [folder = "runs/quick", ...wanted] = process.argv.slice(2);
const train = await readPdfs(`${folder}/artifacts/01-pdfs-train.nc`);
const test = await readPdfs(`${folder}/artifacts/01-pdfs-test.nc`);
const [ocean, other] = await Promise.all(
  [1, 2].map((seed) => openTwin(twinPath(`${folder}/cache/ocean`, seed, "quick"))),
);
const album = await makeAlbum(ocean!, train.traps, train.windows, FOUR_LEVELS);
const testAlbum = await makeAlbum(other!, test.traps, test.windows, FOUR_LEVELS);
const { n } = train.grid;
const split = splitByTime(train.windows, 28 / 32, 100 * DAY);
const last = train.levels.length - 1;
const truth = mapsOfLevel(test.filtered, train.levels.length, last, n * n);

console.log("| recipe | network | passes | validation BL | test BL, running | batch |");
console.log("|---|---|---|---|---|---|");
for (const [name, recipe] of Object.entries(RECIPES)) {
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue;
  for (const layout of [SURFACE, FOUR_LEVELS]) {
    const windows = split.train.filter((_, k) => k % recipe.every === 0);
    const samples = samplesOfWindows(windows, train.traps.length);
    const { rate, epochs } = recipe;
    const net = await trainForecaster(makeImages(album, train.windows, layout, n), train, {
      name: layout.name,
      seed: 1,
      epochs,
      widths: WIDTHS,
      kernel: 3,
      train: samples,
      validation: samplesOfWindows(split.validation, train.traps.length),
      batchSize: recipe.batchSize,
      learningRate: recipe.decay === "none" ? rate : { kind: "cosine", rate, epochs },
    });
    const images = makeImages(testAlbum, test.windows, layout, n);
    const scores: string[] = [];
    for (const batchNorm of ["running", "batch"] as const) {
      const { median } = await forecast(net, images, { batchNorm });
      scores.push(scorePredictions(name, median, truth).meanLoss.toFixed(3));
    }
    const best = Math.min(...net.histories[0]!.map((epoch) => epoch.validationLoss));
    const passes = samples.length * epochs;
    console.log(`| ${[name, layout.name, passes, best.toFixed(3), ...scores].join(" | ")} |`);
  }
}
