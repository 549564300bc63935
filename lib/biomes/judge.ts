/** Criteria beside the authors' own for choosing where to cut. */

import { makeRandom, shuffle } from "../core/index.js";
import { silhouette, stability, ward } from "../stats/index.js";
import { type CutThresholds, cutLabels, nodeVariances, type ScannedCut, scanCuts } from "./cut.js";
import type { Detection } from "./detect.js";

/** A pair of thresholds with what speaks for it. */
export interface JudgedCut extends ScannedCut {
  /** mean silhouette; NaN for a single cluster */
  readonly silhouette: number;
  /** mean adjusted Rand index between cuts of two subsamples */
  readonly stability: number;
}

/** Options of `judgeCuts`. */
export interface JudgeOptions {
  readonly seed: number;
  /** pairs of subsamples, 5 by default */
  readonly repeats?: number;
  /** most tiles in a subsample, 1500 by default: the silhouette costs their square */
  readonly most?: number;
}

/**
 * Judge cuts by silhouette and by stability under resampling.
 *
 * Subsamples are linked anew; δ_dist is scaled by √(share), as Ward's heights are.
 */
export function judgeCuts(
  detection: Detection,
  thresholds: readonly CutThresholds[],
  { seed, repeats = 5, most = 1500 }: JudgeOptions,
): JudgedCut[] {
  const { features, labels, linkage, variances } = detection;
  const n = labels.length;
  const share = Math.min(0.8, most / n);
  const d = features.length / n;
  const rows = shuffle(
    Int32Array.from({ length: n }, (_, i) => i),
    makeRandom(seed),
  ).subarray(0, most);
  const sample = new Float64Array(rows.length * d);
  for (const [i, row] of rows.entries()) {
    sample.set(features.subarray(row * d, (row + 1) * d), i * d);
  }
  return thresholds.map((cut) => {
    const whole = cutLabels(linkage, variances, cut);
    const own = Int32Array.from(rows, (row) => whole[row]!);
    const grid = { distances: [cut.distance], variances: [cut.variance] };
    const smaller = { ...cut, distance: cut.distance * Math.sqrt(share) };
    const scores = stability(features, d, (points) => cutPoints(points, d, smaller), {
      seed,
      repeats,
      share,
    });
    return {
      ...scanCuts(linkage, variances, grid)[0]!,
      silhouette: new Set(own).size < 2 ? Number.NaN : silhouette(sample, own),
      stability: scores.reduce((sum, score) => sum + score, 0) / repeats,
    };
  });
}

function cutPoints(points: Float64Array, d: number, cut: CutThresholds): Int32Array {
  const linkage = ward(points, d);
  return cutLabels(linkage, nodeVariances(linkage, points), cut);
}
