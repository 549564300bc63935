/**
 * How far apart catchments are: those of neighbouring traps, those of two halves of one trap's
 * particles, and the loss that even a perfect prediction would have.
 */

import { ArgumentError } from "../core/index.js";
import { type Figure, figure, histogram, rule } from "../figures/index.js";
import type { Trap } from "../lagrangian/index.js";
import { mapOf, mapsOfLevel } from "./evaluation.js";
import type { SourcePdfs } from "./experiment.js";
import { bhattacharyyaLoss } from "./score.js";
import type { Labels } from "./scoreboard.js";

/** Losses between the catchments of neighbouring traps. */
export interface NeighbourLosses {
  /** distance of the nearest pairs [m] */
  readonly distance: number;
  /** one for each window and pair of nearest traps, at the last level */
  readonly losses: Float64Array;
}

/**
 * Compare the filtered PDFs of nearest traps in the same window, at the last level.
 *
 * @throws {ArgumentError} if there is only one trap
 */
export function neighbourLosses(pdfs: SourcePdfs): NeighbourLosses {
  const { traps, windows, levels, filtered, grid } = pdfs;
  const pairs = traps.flatMap((a, i) =>
    traps.slice(i + 1).map((b, k) => ({ i, j: i + 1 + k, distance: distanceOf(a, b) })),
  );
  const distance = Math.min(...pairs.map((pair) => pair.distance));
  if (!Number.isFinite(distance)) {
    throw new ArgumentError({ what: "traps", wanted: "at least two", got: `${traps.length}` });
  }
  const nearest = pairs.filter((pair) => pair.distance < 1.01 * distance);
  const maps = mapsOfLevel(filtered, levels.length, levels.length - 1, grid.n ** 2);
  const losses = Array.from(windows).flatMap((_, w) =>
    nearest.map(({ i, j }) =>
      bhattacharyyaLoss(mapOf(maps, w * traps.length + i), mapOf(maps, w * traps.length + j)),
    ),
  );
  return { distance, losses: Float64Array.from(losses) };
}

/**
 * The mean loss that a perfect prediction would have against PDFs counted from so few particles.
 *
 * For small differences BL is a sum of squares over the bins, so that it grows with the variance of
 * the difference. Two halves of N draws differ by 2/N + 2/N, the true PDF and N draws by 1/N: a
 * quarter. The draws are releases: the particles of one release sample their patch far more finely.
 */
export function samplingFloor({ halfLosses }: Pick<SourcePdfs, "halfLosses">): number {
  return halfLosses.reduce((sum, loss) => sum + loss, 0) / halfLosses.length / 4;
}

/** Losses between neighbours beside those between halves of one trap's releases. */
export function neighbourFigure(
  pdfs: SourcePdfs,
  { distance, losses }: NeighbourLosses,
  labels: Labels,
): Figure {
  const range = [0, 1] as const;
  return figure({
    ...labels,
    panels: [
      {
        x: { label: "Bhattacharyya loss between two PDFs at 200 m", units: "1", range },
        y: { label: "Density", units: "1" },
        layers: [
          histogram({
            values: losses,
            range,
            bins: 40,
            height: "density",
            name: `traps ${(distance / 1000).toFixed(0)} km apart`,
          }),
          histogram({
            values: pdfs.halfLosses,
            range,
            bins: 40,
            height: "density",
            name: "halves of one trap's releases",
          }),
        ],
      },
    ],
    barMode: "overlay",
  });
}

/** How long particles were on their way from the last level to the trap. */
export function travelTimeFigure(
  { travelTimes }: Pick<SourcePdfs, "travelTimes">,
  {
    stillWater,
    ...labels
  }: Labels & { /** time without any current [s] */ readonly stillWater: number },
): Figure {
  const days = travelTimes.map((time) => time / 86400);
  const sorted = days.slice().sort();
  const range = [Math.floor(sorted[0]!), Math.ceil(sorted.at(-1)!)] as const;
  const quantile = (share: number) => sorted[Math.round(share * (sorted.length - 1))]!;
  return figure({
    ...labels,
    panels: [
      {
        title: `5, 50 and 95 %: ${[0.05, 0.5, 0.95].map((q) => quantile(q).toFixed(1)).join(", ")} d`,
        x: { label: "Time from the last level to the trap", units: "d", range },
        y: { label: "Density", units: "d⁻¹" },
        layers: [
          histogram({ values: days, range, bins: 48, height: "density", name: "particles" }),
          rule({ at: stillWater / 86400, along: "y", label: "still water" }),
        ],
      },
    ],
  });
}

function distanceOf(a: Trap, b: Trap): number {
  const place = (trap: Trap) =>
    "east" in trap
      ? { x: trap.east, y: trap.north }
      : {
          x: trap.longitude * 111_195 * Math.cos((trap.latitude * Math.PI) / 180),
          y: trap.latitude * 111_195,
        };
  const [p, q] = [place(a), place(b)];
  return Math.hypot(p.x - q.x, p.y - q.y);
}
