/**
 * The twin ocean beside the papers' ocean: energies, correlations, vertical velocities and travel
 * times of one run, and the paper's numbers where it gives them.
 *
 *   npm run build && npx esbuild validation/twin-ocean.ts | node --input-type=module - FOLDER [size] [seed]
 *
 * The run is made in the folder, or taken from it. Paper numbers are read off figures: Picard et al.
 * 2025, Fig. B1 (energies, |w|), and Picard et al. 2024 (travel times from 1000 to 200 m at 50 m/d).
 */
import { backtrack, releasePatch } from "carbonbook/lagrangian";
import {
  makeTwinOcean,
  type Ocean,
  openTwin,
  type TWIN_SIZES,
  type TwinProfile,
} from "carbonbook/ocean";

const DAY = 86400;
const [folder = "runs/twin", size = "quick", seed = "1"] = process.argv.slice(2);
const PAPER_ENERGY: Readonly<Record<number, string>> = {
  0: "290",
  200: "240",
  400: "240",
  1000: "80",
  3000: "25",
};

const [run] = await makeTwinOcean({
  folder,
  size: size as keyof typeof TWIN_SIZES, // makeTwinOcean refuses names it does not know
  seeds: [Number(seed)],
});
printProfile(run!.profile);
const ocean = await openTwin(run!.path);
await printTravelTimes(ocean);
ocean.close();

function printProfile(profile: TwinProfile): void {
  console.log("Means over the output ± standard deviation in time (paper in brackets)");
  console.log(" depth   eddy KE      mean KE   paper KE   corr. of v      rms w");
  console.log("   [m]   [cm²/s²]     [cm²/s²]  [cm²/s²]   with surface    [m/d]");
  for (const [i, depth] of profile.depths.entries()) {
    const energy = pair(profile.eddyEnergy, i, 1e4, 0);
    const mean = (1e4 * profile.meanEnergy.mean[i]!).toFixed(1).padStart(8);
    const paper = (PAPER_ENERGY[depth] ?? "–").padStart(9);
    const correlation = pair(profile.correlation, i, 1, 2);
    const w = pair(profile.upward, i, DAY, 1);
    console.log(
      `${String(depth).padStart(6)}   ${energy}  ${mean}  ${paper}   ${correlation}   ${w}`,
    );
  }
  const { trappedShare, warmth } = profile;
  console.log(
    `trapped share of surface KE ${trappedShare.mean.toFixed(2)} ± ${trappedShare.deviation.toFixed(2)}`,
  );
  console.log(`rms SST anomaly ${warmth.mean.toFixed(2)} ± ${warmth.deviation.toFixed(2)} K`);
  console.log("paper: |w| 6–11 m/d");
}

function pair(
  { mean, deviation }: TwinProfile["upward"],
  i: number,
  factor: number,
  digits: number,
): string {
  const [m, d] = [mean[i]!, deviation[i]!].map((value) => (factor * value).toFixed(digits));
  return `${m!.padStart(5)} ± ${d!.padEnd(5)}`;
}

/** 36 traps over the square, 9 particles each, at three dates a season apart. */
async function printTravelTimes(ocean: Ocean): Promise<void> {
  const spacing = 1024e3 / 6;
  const traps = Array.from({ length: 36 }, (_, i) => ({
    east: (0.5 + (i % 6)) * spacing,
    north: (0.5 + Math.floor(i / 6)) * spacing,
    depth: 1000,
  }));
  const dates = [100, 190, 280].map((day) => ocean.times[0]! + day * DAY);
  const release = releasePatch(ocean, traps, { side: 10e3, across: 3, times: dates });
  const tracks = await backtrack(ocean, release, {
    sinkingSpeed: 50 / DAY,
    duration: 40 * DAY,
    timeStep: 1800,
    levels: [200],
  });
  const days = Array.from(tracks.crossings[0]!.age, (age) => age / DAY)
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  const at = (share: number) => days[Math.floor(share * (days.length - 1))]!.toFixed(1);
  console.log(
    `\nTravel from 1000 to 200 m at 50 m/d, ${days.length} of ${release.count} particles:`,
  );
  console.log(`  5 % ${at(0.05)} d, median ${at(0.5)} d, 95 % ${at(0.95)} d (paper: 15, 10–20 d)`);
}
