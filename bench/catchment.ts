/**
 * Experiments per minute and samples per second of processor time, and what the paper's size costs
 * from them. Takes a twin of the quick size made by notebook 01.
 *
 *   npx esbuild bench/catchment.ts | node --input-type=module - runs/quick
 */
import {
  basicCnn,
  channelsOf,
  FOUR_LEVELS,
  makeAlbum,
  makeImages,
  normalisationOf,
  QUICK_2024,
  runExperiment,
  SURFACE,
  trainingSource,
  trapLattice,
} from "carbonbook/catchment";
import { openEngine, train, unet } from "carbonbook/learn";
import { openTwin, twinPath } from "carbonbook/ocean";

const DAY = 86400;
const [folder = "runs/quick"] = process.argv.slice(2);
const ocean = await openTwin(twinPath(`${folder}/cache/ocean`, 1, "quick"));
const traps = trapLattice(
  { east: 512e3, north: 512e3 },
  { across: 6, spacing: 170e3, depth: 1000 },
);
const windows = Float64Array.from({ length: 4 }, (_, w) => ocean.times[0]! + (50 + 14 * w) * DAY);

const [experiments, pdfs] = await timed(() =>
  runExperiment(ocean, traps, windows, { experiment: QUICK_2024 }),
);
const runs = windows.length * traps.length;
console.log(
  `experiments: ${((60 * runs) / experiments).toFixed(0)} a minute of processor time (${pdfs.released} particles each)`,
);
const [snapshots, album] = await timed(() => makeAlbum(ocean, traps, windows, FOUR_LEVELS));
console.log(`snapshots: ${(album.snapshots.size / snapshots).toFixed(1)} a second`);
const { n } = pdfs.grid;
const all = Int32Array.from({ length: runs }, (_, s) => s);
const engine = await openEngine({ threads: 1 });
for (const layout of [SURFACE, FOUR_LEVELS]) {
  const images = makeImages(album, windows, layout, n);
  const source = await trainingSource(images, pdfs, normalisationOf(images, all), all);
  const [cutting] = await timed(async () => source.read(all));
  console.log(`${layout.name}: ${(runs / cutting).toFixed(0)} samples cut a second`);
  const shape = { channels: channelsOf(layout), size: [n, n] as const, maps: 8 };
  const networks = {
    "U-Net 8/16/32": unet({ ...shape, widths: [8, 16, 32], kernel: 3 }),
    "basic CNN 8": basicCnn({ ...shape, width: 8 }),
  };
  for (const [name, network] of Object.entries(networks)) {
    const [training] = await timed(() =>
      train(
        network,
        { train: source },
        {
          loss: { kind: "bhattacharyya", targets: { filtered: 0.8, raw: 0.2 } },
          batchSize: 8,
          epochs: 2,
          seed: 1,
          engine,
        },
      ),
    );
    console.log(
      `  ${name}: ${((2 * runs) / training).toFixed(0)} samples trained a second of one core`,
    );
  }
}

/** Seconds of processor time that some work takes, and what it gives. */
async function timed<T>(work: () => Promise<T> | T): Promise<[seconds: number, result: T]> {
  const before = process.cpuUsage();
  const result = await work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1e6, result];
}
