/**
 * Is it the training that keeps the surface networks of the workshop size short of their bound? Train
 * one member of the ensemble again with more passes, and score both in the run's second ocean.
 *
 *   npx esbuild validation/catchment-passes.ts | node --input-type=module - runs/workshop [member] [passes]
 */
import {
  forecast,
  levelMaps,
  loadForecaster,
  loadPdfs,
  makeAlbum,
  makeImages,
  meanLevelMap,
  openPdfs,
  openStudyOceans,
  parts2024,
  pickMaps,
  repeatMap,
  SURFACE,
  samplesOfWindows,
  scorePredictions,
  train2024,
  usableSamples,
} from "carbonbook/catchment";

const [folder = "runs/workshop", ...given] = process.argv.slice(2);
const [member = 0, epochs = 6] = given.map(Number);
const sizes = { size: "workshop" as const, oceanFiles: [] };
const recipe = { widths: [16, 32, 64], kernel: 3, batchSize: 8, learningRate: 0.002, seed: 2024 };
const counts = { surfaceMembers: 5, levelMembers: 0, levelEpochs: 5, epochs };

const longer = await train2024({
  ...{ index: member, count: 7, runFolder: folder, earlier: {} },
  parameters: { ...sizes, ...recipe, ...counts },
  report: () => {},
  signal: new AbortController().signal,
});
const losses = longer.histories[0]!.map(({ validationLoss }) => validationLoss.toFixed(3));
console.log(`member ${member}, validation part: ${losses.join(" ")}`);

const train = await loadPdfs(await openPdfs(`${folder}/artifacts/01-pdfs-train.nc`));
const test = await loadPdfs(await openPdfs(`${folder}/artifacts/01-pdfs-test.nc`));
const all = samplesOfWindows([...test.windows.keys()], test.traps.length);
const { samples } = usableSamples(test, all);
const last = test.levels.length - 1;
const truth = pickMaps(await levelMaps(test, last), samples);
const { oceans } = await openStudyOceans({ ...sizes, folder: `${folder}/cache/ocean` });
const needs = { ...SURFACE, cell: test.grid.dx };
const album = await makeAlbum(oceans[1]!, test.traps, test.windows, needs);
const images = makeImages(album, test.windows, SURFACE, test.grid.n);
const ensemble = await loadForecaster(`${folder}/models`, SURFACE.name);
const short = { ...ensemble, members: ensemble.members.slice(member, member + 1) };
for (const [name, net] of Object.entries({ "of the run": short, [`${epochs} passes`]: longer })) {
  const { median } = await forecast(net, images, { batchNorm: "running" });
  const { meanLoss } = scorePredictions(name, pickMaps(median, samples), truth);
  console.log(`member ${member}, ${name}: ${meanLoss.toFixed(3)}`);
}
const known = await meanLevelMap(train, last, parts2024(train).train);
const { meanLoss } = scorePredictions("mean PDF", repeatMap(known, samples.length), truth);
console.log(`mean PDF: ${meanLoss.toFixed(3)}`);
