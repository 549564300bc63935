/** Values that networks see, gathered for the comparison of distributions, and maps in sequence. */

import { formatTime } from "../core/index.js";
import { type Figure, figure, line } from "../figures/index.js";
import type { CatchmentAnswer } from "./answer.js";
import { degrade, resolutionOf, type SatelliteResolution } from "./degrade.js";
import type { Album } from "./images.js";
import { pdfPanel } from "./pdfpanel.js";
import { regrid, type SatelliteMaps, type TrapBox } from "./satellitemap.js";
import { overlap } from "./score.js";
import type { Labels } from "./scoreboard.js";

/** How many snapshots and which share of their cells are enough for a distribution. */
const SNAPSHOTS = 12;
const EVERY = 7;

/**
 * SSH and SST of an album as the network of satellites is trained on them, or as a satellite spoils
 * them: some cells of some snapshots.
 *
 * @param options width of a cell [m]; resolution that the network was trained at; and what a
 *                satellite does to a field (`satelliteView`), nothing by default
 */
export function inputValues(
  { snapshots }: Pick<Album, "snapshots">,
  options: {
    readonly dx: number;
    readonly resolution?: SatelliteResolution | undefined;
    readonly view?: (field: Float32Array, name: "ssh" | "sst", time: number) => Float32Array;
  },
): Readonly<Record<"ssh" | "sst", Float64Array>> {
  const { dx, resolution, view } = options;
  const found = { ssh: [] as number[], sst: [] as number[] };
  const step = Math.max(1, Math.floor(snapshots.size / SNAPSHOTS));
  for (const [k, [time, { nx: n, ssh, temperature }]] of [...snapshots].entries()) {
    if (k % step !== 0) continue;
    for (const name of ["ssh", "sst"] as const) {
      const field = name === "ssh" ? ssh : temperature.subarray(0, n * n);
      const seen = degrade(field, n, dx, resolutionOf(name, resolution));
      const shown = view === undefined ? seen : view(seen, name, time);
      for (let at = 0; at < shown.length; at += EVERY) found[name].push(shown[at]!);
    }
  }
  return { ssh: Float64Array.from(found.ssh), sst: Float64Array.from(found.sst) };
}

/** Values of a real map in a box: of SSH the difference from the box's mean, of SST as it is. */
export function boxValues(maps: SatelliteMaps, box: TrapBox, name: "ssh" | "sst"): Float64Array {
  const known = Float64Array.from(regrid(maps, box).values.filter((value) => !Number.isNaN(value)));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return name === "ssh" ? known.map((value) => value - mean) : known;
}

/** One answer as a map, with the contours of 25 and 75 %. */
export function answerFigure({ pdf, grid }: CatchmentAnswer, labels: Labels): Figure {
  const panel = pdfPanel(pdf, grid, { title: "", shares: [0.25, 0.75] });
  return figure({ ...labels, width: 760, panels: [panel] });
}

/** Share that each map has in common with the one before, F = Σ min(P, Q); shape (answers − 1). */
export function continuityOf(answers: readonly Pick<CatchmentAnswer, "pdf">[]): Float64Array {
  return Float64Array.from(answers.slice(1), ({ pdf }, k) => overlap(pdf, answers[k]!.pdf));
}

/** Answers one after another, and what neighbours have in common. */
export function continuityFigure(answers: readonly CatchmentAnswer[], labels: Labels): Figure {
  const shown = answers.slice(0, 5);
  const peak = Math.max(...shown.map(({ pdf }) => Math.max(...pdf)));
  const title = ({ dates }: CatchmentAnswer) =>
    `SSH until ${formatTime(dates.ssh.at(-1)!).slice(0, 10)}`;
  return figure({
    ...labels,
    columns: 3,
    panels: [
      ...shown.map((answer) =>
        pdfPanel(answer.pdf, answer.grid, { title: title(answer), shares: [0.25, 0.75], peak }),
      ),
      {
        title: "In common with the map before",
        x: { label: "Latest image", units: "", kind: "date" },
        y: { label: "F", units: "%", range: [0, 100] },
        layers: [
          line({
            x: answers.slice(1).map(({ dates }) => formatTime(dates.ssh.at(-1)!).slice(0, 10)),
            y: continuityOf(answers).map((share) => 100 * share),
            markers: "shown",
          }),
        ],
      },
    ],
  });
}
