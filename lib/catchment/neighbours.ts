/**
 * How far apart catchments are: those of neighbouring traps, those of two halves of one trap's
 * particles, and the loss that even a perfect prediction would have.
 */

import { ArgumentError } from "../core/index.js";
import { type Figure, figure, histogram, rule } from "../figures/index.js";
import type { Trap } from "../lagrangian/index.js";
import { displacement } from "../ocean/index.js";
import { mapOf, mapsOfLevel } from "./evaluation.js";
import type { SourcePdfs } from "./experiment.js";
import { bhattacharyyaLoss } from "./score.js";
import type { Labels } from "./scoreboard.js";

/** Losses between the catchments of neighbouring traps. */
export interface NeighbourLosses {
  /** mean distance of the nearest pairs [m] */
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
  const least = Math.min(...pairs.map((pair) => pair.distance));
  if (!Number.isFinite(least)) {
    throw new ArgumentError({ what: "traps", wanted: "at least two", got: `${traps.length}` });
  }
  // a lattice in degrees widens a little towards the equator; its diagonals are 1.4 times as long
  const nearest = pairs.filter((pair) => pair.distance < 1.2 * least);
  const distance = nearest.reduce((sum, pair) => sum + pair.distance, 0) / nearest.length;
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

/** What a figure says of itself; its title says what was found. */
type Untitled = Omit<Labels, "title">;

/**
 * Losses between neighbours beside those between halves of one trap's releases, with both medians in
 * the title.
 */
export function neighbourFigure(
  pdfs: Pick<SourcePdfs, "halfLosses" | "windows" | "levels">,
  { distance, losses }: NeighbourLosses,
  labels: Untitled,
): Figure {
  const range = [0, 1] as const;
  const [apart, halves] = [losses, pdfs.halfLosses].map((values) =>
    Math.max(0, quantile(values, 0.5)).toFixed(2),
  );
  const km = (distance / 1000).toFixed(0);
  const dates = `${pdfs.windows.length} date${pdfs.windows.length === 1 ? "" : "s"}`;
  return figure({
    ...labels,
    title: `Catchments ${km} km apart differ by a median BL of ${apart}, halves of one by ${halves}`,
    panels: [
      {
        x: {
          label: `Bhattacharyya loss between two PDFs at ${pdfs.levels.at(-1)} m`,
          ...{ units: "1", range },
        },
        y: { label: "Density", units: "per unit of loss" },
        layers: [
          histogram({
            values: losses,
            range,
            bins: 40,
            height: "density",
            name: `${losses.length} pairs of traps ${km} km apart, ${dates}`,
          }),
          histogram({
            values: pdfs.halfLosses,
            range,
            bins: 40,
            height: "density",
            name: `halves of the releases of ${pdfs.halfLosses.length} collections`,
          }),
        ],
      },
    ],
    barMode: "overlay",
  });
}

/** How long particles were on their way from the last level to the trap, most of them in the title. */
export function travelTimeFigure(
  { travelTimes, levels }: Pick<SourcePdfs, "travelTimes" | "levels">,
  {
    stillWater,
    ...labels
  }: Untitled & { /** time without any current [s] */ readonly stillWater: number },
): Figure {
  const days = travelTimes.map((time) => time / 86400);
  const [low, middle, high] = [0.05, 0.5, 0.95].map((share) => quantile(days, share).toFixed(1));
  const range = [Math.floor(quantile(days, 0)), Math.ceil(quantile(days, 1))] as const;
  const level = `${levels.at(-1)} m`;
  return figure({
    ...labels,
    title: `Nine in ten particles need ${low} to ${high} days from ${level} to the trap, half ${middle}`,
    panels: [
      {
        x: { label: `Time from ${level} to the trap`, units: "d", range },
        y: { label: "Density", units: "d⁻¹" },
        layers: [
          histogram({ values: days, range, bins: 48, height: "density" }),
          rule({ at: stillWater / 86400, along: "y", label: "still water" }),
        ],
      },
    ],
  });
}

/** The value that a share of the values do not exceed. */
function quantile(values: Float64Array, share: number): number {
  const sorted = values.slice().sort();
  return sorted[Math.round(share * (sorted.length - 1))]!;
}

/** Distance on the plane or on the globe [m]. */
function distanceOf(a: Trap, b: Trap): number {
  const kind = "east" in a ? "metres" : "degrees";
  const place = (trap: Trap) =>
    "east" in trap ? trap : { east: trap.longitude, north: trap.latitude };
  const { east, north } = displacement({ positions: { kind } }, place(a), place(b));
  return Math.hypot(east, north);
}
