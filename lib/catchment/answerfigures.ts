/** Answers as figures: one with its spread and truth, several in a row with what they have in common. */

import { formatTime } from "../core/index.js";
import { type Figure, figure, heatmap, line, type Panel, star } from "../figures/index.js";
import type { CatchmentAnswer } from "./answer.js";
import { type Maps, mapOf } from "./evaluation.js";
import type { DisplacementGrid } from "./pdf.js";
import { displacementAxes, northUp, pdfPanel } from "./pdfpanel.js";
import { bhattacharyyaLoss, binCoordinates, overlap } from "./score.js";
import type { Labels } from "./scoreboard.js";

/**
 * One answer as a map, with the contours of 25 and 75 %, beside how far the members differ and, where
 * it is known, the truth.
 */
export function answerFigure(
  { pdf, spread, grid }: CatchmentAnswer,
  { truth, ...labels }: Labels & { readonly truth?: Float32Array | undefined },
): Figure {
  const peak = Math.max(...pdf, ...(truth ?? []));
  const shares = [0.25, 0.75];
  const map = (title: string, values: Float32Array) =>
    pdfPanel(values, grid, { title, shares, peak });
  const panels = [
    map("Predicted", pdf),
    ...(truth === undefined
      ? []
      : [map(`True; BL ${bhattacharyyaLoss(pdf, truth).toFixed(2)}`, truth)]),
    ...(spread.some((value) => value > 0) ? [spreadPanel(spread, grid)] : []),
  ];
  return figure({ ...labels, panels, columns: panels.length });
}

/** Standard deviation of the members, bin by bin. */
function spreadPanel(spread: Float32Array, grid: DisplacementGrid): Panel {
  const at = binCoordinates(grid).map((m) => m / 1000);
  const z = northUp(spread, grid.n).map((sd) => 100 * sd);
  const scale = {
    label: "Standard deviation per bin",
    units: "%",
    palette: "amp" as const,
    min: 0,
  };
  return {
    title: "Spread of the members",
    ...displacementAxes(grid),
    layers: [heatmap({ x: at, y: at, z, scale }), star({ x: 0, y: 0, name: "trap" })],
  };
}

/** Share that each map has in common with the one before, F = Σ min(P, Q); shape (answers − 1). */
export function continuityOf(answers: readonly Pick<CatchmentAnswer, "pdf">[]): Float64Array {
  return Float64Array.from(answers.slice(1), ({ pdf }, k) => overlap(pdf, answers[k]!.pdf));
}

/** What maps have in common, by how many days lie between them. */
export interface CommonShare {
  /** [d], increasing */
  readonly days: readonly number[];
  /** median of F over the pairs of maps that far apart [–] */
  readonly share: readonly number[];
}

/**
 * What the maps of a record have in common with later ones, up to some days on.
 *
 * @param dates  of the maps, increasing [s]
 * @param longest days
 * @param follows whether map b shows the same sea as map a, later; all do by default
 */
export function commonShare(
  maps: Maps,
  dates: ArrayLike<number>,
  longest: number,
  follows: (a: number, b: number) => boolean = () => true,
): CommonShare {
  const found = new Map<number, number[]>();
  for (let a = 0; a < dates.length; a++) {
    for (let b = a + 1; b < dates.length; b++) {
      const days = Math.round((dates[b]! - dates[a]!) / 86400);
      if (days > longest) break;
      if (!follows(a, b)) continue;
      const shares = found.get(days) ?? [];
      shares.push(overlap(mapOf(maps, a), mapOf(maps, b)));
      found.set(days, shares);
    }
  }
  const days = [...found.keys()].sort((a, b) => a - b);
  return { days, share: days.map((day) => medianOf(found.get(day)!)) };
}

/** Median of F over pairs of a record's maps that lie half the record apart: nothing but chance. */
export function chanceShare(maps: Maps): number {
  const count = maps.data.length / maps.bins;
  const half = Math.floor(count / 2);
  const pairs = Array.from({ length: count - half }, (_, k) => k);
  return medianOf(pairs.map((k) => overlap(mapOf(maps, k), mapOf(maps, k + half))));
}

function medianOf(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
}

/** What the sequence is held against. */
export interface Continuity extends Labels {
  /** of a record of the same network */
  readonly yardstick: CommonShare;
  /** of unrelated maps */
  readonly chance: number;
}

/** Answers one after another, and what any two of them have in common by the days between them. */
export function continuityFigure(
  answers: readonly CatchmentAnswer[],
  { yardstick, chance, ...labels }: Continuity,
): Figure {
  const peak = Math.max(...answers.map(({ pdf }) => Math.max(...pdf)));
  const last = ({ dates }: CatchmentAnswer) => dates.ssh.at(-1)!;
  const bins = answers[0]!.pdf.length;
  const data = new Float32Array(answers.length * bins);
  for (const [k, { pdf }] of answers.entries()) data.set(pdf, k * bins);
  const own = commonShare({ data, bins }, answers.map(last), Number.POSITIVE_INFINITY);
  const percent = (share: readonly number[]) => share.map((value) => 100 * value);
  return figure({
    ...labels,
    columns: 4,
    panels: [
      ...answers.map((answer) =>
        pdfPanel(answer.pdf, answer.grid, {
          title: `SSH to ${formatTime(last(answer)).slice(0, 10)}`,
          shares: [0.25, 0.75],
          peak,
        }),
      ),
      {
        title: "F of any two maps",
        x: { label: "Days between them", units: "d" },
        y: { label: "Median F", units: "%", range: [0, 100] },
        layers: [
          line({ x: own.days, y: percent(own.share), name: "these maps", markers: "shown" }),
          line({
            ...{ x: yardstick.days, y: percent(yardstick.share), markers: "shown" },
            name: "record of the twin",
          }),
          line({
            x: [Math.min(...own.days), Math.max(...own.days, ...yardstick.days)],
            y: [100 * chance, 100 * chance],
            name: "unrelated dates of it",
          }),
        ],
      },
    ],
  });
}
