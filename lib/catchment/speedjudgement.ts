/**
 * What the scores say of the 2025 paper's claims. The rules were written before any score; at the
 * quick size they are stated and not judged.
 */

import type { Finding } from "../figures/index.js";
import type { DeepSurroundings } from "./deep.js";
import { type Maps, pickMaps, type Scores, scorePredictions } from "./evaluation.js";
import { usableSamples } from "./mass.js";
import { METER } from "./satelliteimages.js";
import { type DatedScores, type SpeedScores, validShare } from "./speedfigures.js";
import { type SpeedPdfs, samplesOfSpeeds } from "./speeds.js";
import type { StudySize } from "./studyoceans.js";

/** What tells which samples of a set can be judged. */
type Judged = Pick<SpeedPdfs, "traps" | "speeds" | "windows" | "inside" | "released" | "levels">;

/**
 * Samples of a speed of which half of the particles stayed within the box: the rest says little of
 * where they came from.
 */
export function judgedSamples(pdfs: Judged, speed: number): Int32Array {
  const windows = Array.from(pdfs.windows.keys());
  return usableSamples(pdfs, samplesOfSpeeds(pdfs, windows, [speed])).samples;
}

/**
 * Score a model at each speed, on the samples that can be judged (`judgedSamples`).
 *
 * @param predicted maps of all samples, usable or not, and so the truth
 */
export function scoreSpeeds(
  model: string,
  predicted: Maps,
  truth: Maps,
  pdfs: Judged,
): DatedScores {
  const judged = pdfs.speeds.map((speed) => judgedSamples(pdfs, speed));
  const scores = judged.map((samples) =>
    scorePredictions(model, pickMaps(predicted, samples), pickMaps(truth, samples)),
  );
  const dates = judged.map((samples) => samples.map((s) => Math.floor(s / pdfs.traps.length)));
  return { model, speeds: pdfs.speeds, scores, dates };
}

/** Scores against the resolution of one quantity. */
export interface ResolutionScores {
  readonly kilometres: readonly number[];
  readonly scores: readonly Scores[];
}

/** What the judgement needs beside the scores by speed. */
export interface SpeedEvidence {
  readonly heights: ResolutionScores;
  readonly warmths: ResolutionScores;
  /** of sst-ssh at one speed: distance of the mass centre at 900 m [km], and loss, by sample */
  readonly massCentre: Float64Array;
  readonly losses: Float64Array;
  /** the deep ocean around the same samples' trap (`deepSurroundings`) */
  readonly around: Pick<DeepSurroundings, "deepEnergy" | "deepVorticity">;
  /** at the quick size nothing is judged */
  readonly size: StudySize;
}

/** Rules: how much worse 200 km of SSH must be, and that SST may do at most half of it. */
const SSH_MATTERS = 0.02;
/** Points of valid predictions that depth must be worth. */
const DEPTH_WORTH = 15;
/** Distances of the mass centre [km] below which predictions succeed and above which they fail. */
const NEAR = 75;
const FAR = 100;

/** Name of sst-ssh as one network: what other inputs, one network each, are compared with. */
export const ONE_SATELLITE_NETWORK = "sst-ssh, one network";

/**
 * Judge the claims.
 *
 * @param models 5V-4L, 5V-1L, sst-ssh as an ensemble and as one network, mean PDF and the boxes, in
 *               any order, by their names
 */
export function judgeSpeeds(
  models: readonly SpeedScores[],
  { heights, warmths, massCentre, losses, around, size }: SpeedEvidence,
): Finding[] {
  const of = (name: string) => models.find(({ model }) => model === name)!.scores;
  const satellites = of("sst-ssh");
  const judge = (id: string, ours: string, holds: boolean): Finding => {
    const note = "quick size: small networks, few epochs; stated, judged at workshop size only";
    if (size === "quick") return { id, ours, verdict: "not judged", note };
    return { id, ours, verdict: holds ? "holds" : "differs" };
  };
  const baselines = ["mean PDF", "box 192 km", "box 96 km"].map(of);
  const beats = satellites.every((s, k) => baselines.every((b) => s.meanLoss < b[k]!.meanLoss));
  const alone = of(ONE_SATELLITE_NETWORK);
  const points = 100 * (meanValid(of("5V-4L")) - meanValid(alone));
  const surface = 100 * (meanValid(of("5V-1L")) - meanValid(alone));
  const [high, warm] = [rise(heights, 80), rise(warmths, 40)];
  const [near, far] = [
    shareBelow(losses, massCentre, (km) => km < NEAR),
    shareBelow(losses, massCentre, (km) => km > FAR),
  ];
  const calm = thirds(losses, around.deepEnergy);
  const turning = thirds(losses, around.deepVorticity.map(Math.abs));
  return [
    {
      id: "p2-fig4",
      ours: `BL, valid and F at 80 100 150 200 300 m/d: ${models.map(inNumbers).join("; ")}`,
      verdict: "not comparable",
      note: "the twin is another ocean",
    },
    judge(
      "p2-satellites-beat-boxes",
      `sst-ssh ${list(satellites)}; mean PDF ${list(baselines[0]!)}; in the right place ` +
        `sst-ssh ${percents(satellites, meanOverlap)}, box 192 km ${percents(baselines[1]!, meanOverlap)}`,
      beats,
    ),
    judge(
      "p2-depth-worth",
      `${points.toFixed(0)} points of valid predictions`,
      points >= DEPTH_WORTH,
    ),
    judge("p2-surface-worth", `${surface.toFixed(0)} points of valid predictions`, surface > 0),
    judge(
      "p2-ssh-resolution",
      `loss rises by ${high.toFixed(3)} from 80 to 200 km of SSH, by ${warm.toFixed(3)} from 40 to 200 km of SST`,
      high >= SSH_MATTERS && warm <= high / 2,
    ),
    judge(
      "p2-far-fails",
      `valid: ${percent(near)} below ${NEAR} km, ${percent(far)} above ${FAR} km`,
      far <= near / 2,
    ),
    judge(
      "p2-calm-deep",
      `valid: ${percent(calm.low)} in the third of least deep energy, ${percent(calm.high)} in that of most; ${percent(turning.high)} in the third of most deep |ζ/f|, ${percent(turning.low)} in that of least`,
      calm.low > calm.high && turning.high > turning.low,
    ),
    mooring(models, alone, judge),
    coarseSurface(models, { satellites: alone, surface }, judge),
    {
      id: "p2-speed",
      ours: ["sst-ssh", "box 192 km", "mean PDF"].map((name) => fromTo(name, of(name))).join("; "),
      verdict: "by construction",
      note: "fast particles have less time to drift, so that even boxes get better with speed",
    },
  ];
}

const list = (scores: readonly Scores[]) => scores.map((s) => s.meanLoss.toFixed(2)).join(" ");

const percents = (scores: readonly Scores[], share: (s: Scores) => number) =>
  `${scores.map((s) => (100 * share(s)).toFixed(0)).join(" ")} %`;

/** A row of figure 4: mean losses, valid predictions and F by speed. */
function inNumbers({ model, scores }: SpeedScores): string {
  return `${model} ${list(scores)}, ${percents(scores, validShare)}, ${percents(scores, meanOverlap)}`;
}

type Judge = (id: string, ours: string, holds: boolean) => Finding;

/** What is said of a claim whose network was not trained. */
function untrained(id: string, network: string): Finding {
  const note = "trained at workshop size only";
  return { id, ours: `no network ${network}`, verdict: "not judged", note };
}

/** Whether a current meter over the trap helps. */
function mooring(
  models: readonly SpeedScores[],
  satellites: readonly Scores[],
  judge: Judge,
): Finding {
  const moored = models.find(({ model }) => model === "sst-ssh-mooring");
  if (moored === undefined) return untrained("p2-mooring", "that sees a current meter");
  const won = 100 * (meanValid(moored.scores) - meanValid(satellites));
  const ours = `${won.toFixed(0)} points of valid predictions won by a current meter at ${METER} m`;
  return judge("p2-mooring", ours, won > 0);
}

/** Name of the network that sees all surface fields as coarsely as the satellites do. */
export const COARSE_SURFACE = "5V-1L as coarse";

/** Whether it is their resolution that the surface fields gain by: then coarse ones gain little. */
function coarseSurface(
  models: readonly SpeedScores[],
  { satellites, surface }: { readonly satellites: readonly Scores[]; readonly surface: number },
  judge: Judge,
): Finding {
  const coarse = models.find(({ model }) => model === COARSE_SURFACE);
  if (coarse === undefined) {
    return untrained("p2-resolution-gains", "of surface fields as coarse as the satellites'");
  }
  const left = 100 * (meanValid(coarse.scores) - meanValid(satellites));
  const ours = `of ${surface.toFixed(0)} points ${left.toFixed(0)} are left at the satellites' resolution`;
  return judge("p2-resolution-gains", ours, surface > 0 && Math.abs(left) <= surface / 2);
}

/** Valid share in the third of the samples with least and with most of a property. */
function thirds(losses: Float64Array, values: Float64Array): { low: number; high: number } {
  const sorted = values.slice().sort();
  const at = (share: number) => sorted[Math.floor(share * sorted.length)]!;
  const [first, second] = [at(1 / 3), at(2 / 3)];
  return {
    low: shareBelow(losses, values, (value) => value < first),
    high: shareBelow(losses, values, (value) => value >= second),
  };
}

const percent = (share: number) => `${(100 * share).toFixed(0)} %`;

function fromTo(name: string, scores: readonly Scores[]): string {
  return `${name} ${scores[0]!.meanLoss.toFixed(2)} at 80, ${scores.at(-1)!.meanLoss.toFixed(2)} at 300 m/d`;
}

/** Mean share of the particles predicted in the right place. */
function meanOverlap({ overlaps }: Pick<Scores, "overlaps">): number {
  return overlaps.reduce((sum, f) => sum + f, 0) / overlaps.length;
}

function meanValid(scores: readonly Scores[]): number {
  return scores.reduce((sum, s) => sum + validShare(s), 0) / scores.length;
}

/** How much the mean loss grows from a resolution to the coarsest. */
function rise({ kilometres, scores }: ResolutionScores, from: number): number {
  return scores.at(-1)!.meanLoss - scores[kilometres.indexOf(from)]!.meanLoss;
}

function shareBelow(
  losses: Float64Array,
  distance: Float64Array,
  inside: (km: number) => boolean,
): number {
  const kept = losses.filter((_, s) => inside(distance[s]!));
  return kept.length === 0 ? Number.NaN : validShare({ losses: kept });
}
