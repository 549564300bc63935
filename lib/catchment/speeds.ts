/**
 * The experiment of the 2025 paper: a trap at 3000 m, particles of five sinking speeds at once.
 * Samples count by window, then speed, then trap (fastest).
 *
 * @see Picard et al. (2025), section 2.2
 */

import { DataError } from "../core/index.js";
import { open } from "../io/index.js";
import type { Trap } from "../lagrangian/index.js";
import type { Ocean } from "../ocean/index.js";
import {
  type Experiment,
  type ExperimentOptions,
  PICARD_2024,
  runExperiment,
  type SourcePdfs,
} from "./experiment.js";
import { openPdfs, readPdfs, type StoredPdfs, writePdfs } from "./pdffile.js";
import { loadPdfs } from "./targets.js";

const DAY = 86400;

/** Attribute of a file that holds its speeds, in the order of the samples. */
const SPEEDS = "sinking_speeds_m_per_day";

/** The paper's sinking speeds [m d⁻¹]. */
export const SPEEDS_2025: readonly number[] = [80, 100, 150, 200, 300];

/** The experiment of Picard et al. (2025): 720 particles, 3000 m, levels 900 to 200 m as its code. */
export const PICARD_2025: Experiment = { ...PICARD_2024, duration: 70 * DAY };

/**
 * The same on the twin at the quick size: 45 particles, bins of 16 km, steps of two hours (they
 * change filtered PDFs by a Bhattacharyya loss of 0.003), three of the eight levels. Few particles
 * leave time for more windows, which teach a network more.
 */
export const QUICK_2025: Experiment = {
  ...PICARD_2025,
  patch: { side: 10e3, across: 3 },
  collection: { duration: 10 * DAY, releases: 5 },
  levels: [900, 500, 200],
  grid: { n: 48, dx: 16_000 },
  timeStep: 7200,
  duration: 50 * DAY,
  crossing: "interpolated",
};

/**
 * The workshop size: 360 particles, all levels. Bins stay at 16 km, two cells of its twin, since a
 * network for each speed and input on bins of 8 km would take hours.
 */
export const WORKSHOP_2025: Experiment = {
  ...QUICK_2025,
  patch: PICARD_2025.patch,
  collection: { duration: 10 * DAY, releases: 10 },
  levels: PICARD_2025.levels,
  timeStep: 3600,
};

/** Source PDFs of several speeds; `traps` repeats the places once for each speed. */
export interface SpeedPdfs extends SourcePdfs {
  /** [m d⁻¹], in the order of the samples */
  readonly speeds: readonly number[];
}

/** The same in memory or in their file. */
export type AnySpeedPdfs = SpeedPdfs | (StoredPdfs & Pick<SpeedPdfs, "speeds">);

/**
 * Run the experiment for all speeds in one pass over the fields.
 *
 * @param windows ends of the collections [s]
 * @throws as `runExperiment`
 */
export async function runSpeeds(
  ocean: Ocean,
  places: readonly Trap[],
  windows: ArrayLike<number>,
  options: ExperimentOptions & {
    readonly experiment: Experiment;
    /** [m d⁻¹]; the paper's five by default */
    readonly sinking?: readonly number[];
  },
): Promise<SpeedPdfs> {
  const { sinking = SPEEDS_2025, ...rest } = options;
  const traps = sinking.flatMap(() => [...places]);
  const speeds = sinking.flatMap((speed) => places.map(() => speed / DAY));
  const pdfs = await runExperiment(ocean, traps, windows, { ...rest, speeds });
  return { ...pdfs, speeds: sinking };
}

/** Places of the traps, each once. */
export function placesOf({ traps, speeds }: Pick<SpeedPdfs, "traps" | "speeds">): readonly Trap[] {
  return traps.slice(0, traps.length / speeds.length);
}

/** Sample numbers of some windows and speeds, all traps, in order. */
export function samplesOfSpeeds(
  { traps, speeds }: Pick<SpeedPdfs, "traps" | "speeds">,
  windows: readonly number[],
  wanted: readonly number[] = speeds,
): Int32Array {
  const places = traps.length / speeds.length;
  const chosen = speeds.flatMap((speed, k) => (wanted.includes(speed) ? [k] : []));
  return Int32Array.from(
    windows.flatMap((w) =>
      chosen.flatMap((k) =>
        Array.from({ length: places }, (_, t) => w * traps.length + k * places + t),
      ),
    ),
  );
}

/** Write them in the layout of `writePdfs`, with the speeds as an attribute. */
export function writeSpeedPdfs(
  path: string,
  pdfs: SpeedPdfs,
  attributes: Readonly<Record<string, string | number>>,
): Promise<void> {
  return writePdfs(path, pdfs, { ...attributes, ...speedAttribute(pdfs.speeds) });
}

/** The attribute by which a file of PDFs says its speeds. */
export function speedAttribute(speeds: readonly number[] = SPEEDS_2025): Record<string, string> {
  return { [SPEEDS]: speeds.join(" ") };
}

/**
 * Read them.
 *
 * @throws {DataError} if the file does not say the speeds
 */
export async function readSpeedPdfs(path: string): Promise<SpeedPdfs> {
  return { ...(await readPdfs(path)), speeds: await readSpeeds(path) };
}

/**
 * Open them: large ones stay in their file.
 *
 * @throws {DataError} if the file does not say the speeds
 */
export async function openSpeedPdfs(path: string): Promise<AnySpeedPdfs> {
  return { ...(await loadPdfs(await openPdfs(path))), speeds: await readSpeeds(path) };
}

async function readSpeeds(path: string): Promise<number[]> {
  const file = await open(path);
  const text = file.attributes[SPEEDS];
  file.close();
  if (typeof text === "string" && text !== "") return text.split(" ").map(Number);
  const wanted = "the sinking speeds of its samples";
  throw new DataError({ where: path, what: SPEEDS, wanted, got: "none" });
}
