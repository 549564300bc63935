/**
 * The papers' Lagrangian experiment: traps release particles again and again for ten days, the
 * particles are followed back to the surface, and where they cross each level becomes a source PDF.
 *
 * @see Picard et al. (2024), Ocean Science 20, 1149, section 2.2
 */

import { ArgumentError, EARTH_RADIUS, RADIANS_PER_DEGREE } from "../core/index.js";
import { backtrack, releasePatch, type Tracks, type Trap } from "../lagrangian/index.js";
import type { Ocean, Point } from "../ocean/index.js";
import { type DisplacementGrid, heatFilter, sourcePdf } from "./pdf.js";
import { bhattacharyyaLoss } from "./score.js";
import { sharedFloats } from "./shared.js";

/** One experiment: how particles are caught, followed and counted. */
export interface Experiment {
  /** sinking speed [m s⁻¹] */
  readonly sinkingSpeed: number;
  /** side of the release patch [m], and particles along it */
  readonly patch: { readonly side: number; readonly across: number };
  /** how long a trap collects [s], and how many releases that is */
  readonly collection: { readonly duration: number; readonly releases: number };
  /** depths whose crossing is counted [m], deepest first */
  readonly levels: readonly number[];
  readonly grid: DisplacementGrid;
  /** longest step [s] */
  readonly timeStep: number;
  /** how long a particle is followed at most [s] */
  readonly duration: number;
  /** "saved" counts a level at the next output of 12 h, as the papers' code does */
  readonly crossing: "interpolated" | "saved";
}

const DAY = 86400;

/** The experiment of Picard et al. (2024): 720 particles per trap and window, 1000 m, 50 m/d. */
export const PICARD_2024: Experiment = {
  sinkingSpeed: 50 / DAY,
  patch: { side: 10e3, across: 6 },
  collection: { duration: 10 * DAY, releases: 20 },
  levels: [900, 800, 700, 600, 500, 400, 300, 200],
  grid: { n: 100, dx: 8000 },
  timeStep: 120,
  duration: 60 * DAY,
  crossing: "saved",
};

/**
 * The same on the twin at the quick size: 180 particles, bins of 16 km, steps of two hours (they move
 * filtered PDFs by a loss of 0.0001 against steps of one). 48 bins, since a U-Net halves them twice.
 */
export const QUICK_2024: Experiment = {
  ...PICARD_2024,
  collection: { duration: 10 * DAY, releases: 5 },
  grid: { n: 48, dx: 16_000 },
  timeStep: 7200,
  duration: 40 * DAY,
  crossing: "interpolated",
};

/**
 * The same at the workshop size: 720 particles, bins of 8 km on a twin of 8 km, whose fastest water
 * crosses a cell in less than two hours.
 */
export const WORKSHOP_2024: Experiment = {
  ...QUICK_2024,
  collection: { duration: 10 * DAY, releases: 20 },
  grid: PICARD_2024.grid,
  timeStep: 3600,
};

/** Source PDFs of many windows and traps; a sample is one trap in one window, trap fastest. */
export interface SourcePdfs {
  readonly traps: readonly Trap[];
  /** end of each window's collection [s], shape (windows) */
  readonly windows: Float64Array;
  /** whether these times count from 1970-01-01T00:00:00Z, or from the start of a model run */
  readonly timeOrigin: Ocean["timeOrigin"];
  readonly levels: readonly number[];
  readonly grid: DisplacementGrid;
  /** shape (windows · traps, levels, n, n); east by north */
  readonly raw: Float32Array;
  /** the same after the papers' filter */
  readonly filtered: Float32Array;
  /** particles that reached each level, shape (windows · traps, levels) */
  readonly reached: Int32Array;
  /** those of them that did so within the box of the maps, likewise */
  readonly inside: Int32Array;
  /** particles released per sample */
  readonly released: number;
  /**
   * Bhattacharyya loss between the filtered PDFs at the last level of every other release and of the
   * releases between, shape (windows · traps); NaN where there is one release only
   */
  readonly halfLosses: Float64Array;
  /** travel time to the last level of every particle that reached it [s] */
  readonly travelTimes: Float64Array;
}

/** What to do beside the experiment itself. */
export interface ExperimentOptions {
  readonly workers?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
  /** sinking speed of each trap's particles [m s⁻¹]; the experiment's for all by default */
  readonly speeds?: readonly number[];
}

/**
 * Run an experiment: all windows and traps in one pass over the fields.
 *
 * @param windows ends of the collections [s], increasing, no two closer than a collection lasts
 * @throws {ArgumentError} if the windows overlap or there are none
 * @throws {PositionError} if a trap's patch is not in the water
 */
export async function runExperiment(
  ocean: Ocean,
  traps: readonly Trap[],
  windows: ArrayLike<number>,
  { workers = 1, ...options }: ExperimentOptions & { readonly experiment: Experiment },
): Promise<SourcePdfs> {
  const { experiment, speeds, ...rest } = options;
  checkWindows(windows, experiment.collection.duration);
  const release = releasePatch(ocean, traps, {
    ...experiment.patch,
    times: releaseTimes(windows, experiment),
  });
  const tracks = await backtrack(ocean, release, {
    sinkingSpeed:
      speeds === undefined
        ? experiment.sinkingSpeed
        : Float64Array.from({ length: release.count }, (_, p) => speeds[release.trap[p]!]!),
    duration: experiment.duration,
    timeStep: experiment.timeStep,
    levels: experiment.levels,
    crossing: experiment.crossing,
    ...(experiment.crossing === "saved" ? { saveEvery: DAY / 2, onSave: () => undefined } : {}),
    workers,
    ...rest,
  });
  return pdfsOf(tracks, traps, Float64Array.from(windows), experiment);
}

/** A square lattice of traps, n along each side, `spacing` metres apart, around a point. */
export function trapLattice(
  centre: Point,
  { across, spacing, depth }: { across: number; spacing: number; depth: number },
): Trap[] {
  const offset = (k: number) => (k - (across - 1) / 2) * spacing;
  const degree = EARTH_RADIUS * RADIANS_PER_DEGREE;
  return Array.from({ length: across * across }, (_, k) => {
    const [east, north] = [offset(Math.floor(k / across)), offset(k % across)];
    if ("east" in centre) return { east: centre.east + east, north: centre.north + north, depth };
    const latitude = centre.latitude + north / degree;
    const shrink = Math.cos(centre.latitude * RADIANS_PER_DEGREE);
    return { longitude: centre.longitude + east / degree / shrink, latitude, depth };
  });
}

/** Times of all releases [s]: evenly over each collection, the last at its end. */
function releaseTimes(windows: ArrayLike<number>, { collection }: Experiment): Float64Array {
  const { duration, releases } = collection;
  const step = duration / releases;
  return Float64Array.from(
    Array.from(windows).flatMap((end) =>
      Array.from({ length: releases }, (_, r) => end - r * step),
    ),
  );
}

function pdfsOf(
  tracks: Tracks,
  traps: readonly Trap[],
  windows: Float64Array,
  { levels, grid, collection, patch }: Experiment,
): SourcePdfs {
  const samples = windows.length * traps.length;
  const bins = grid.n * grid.n;
  const members = membersOf(tracks, traps.length, windows, collection.duration);
  const raw = sharedFloats(samples * levels.length * bins);
  const filtered = sharedFloats(raw.length);
  const reached = new Int32Array(samples * levels.length);
  const inside = new Int32Array(reached.length);
  const halfLosses = new Float64Array(samples);
  for (let sample = 0; sample < samples; sample++) {
    for (let level = 0; level < levels.length; level++) {
      const { eastward, northward } = tracks.crossings[level]!;
      const pick = (values: Float64Array) => Float64Array.from(members[sample]!, (p) => values[p]!);
      const { pdf, count } = sourcePdf(pick(eastward), pick(northward), grid);
      const at = sample * levels.length + level;
      raw.set(pdf, at * bins);
      filtered.set(heatFilter(pdf, grid), at * bins);
      reached[at] = count;
      inside[at] = Math.round(count * pdf.reduce((sum, share) => sum + share, 0));
    }
    halfLosses[sample] = lossOfHalves(tracks, members[sample]!, collection, grid);
  }
  const travelTimes = tracks.crossings.at(-1)!.age.filter((age) => !Number.isNaN(age));
  const released = patch.across ** 2 * collection.releases;
  const counts = { reached, inside, released, halfLosses, travelTimes };
  const { timeOrigin } = tracks.ocean;
  return { traps, windows, timeOrigin, levels, grid, raw, filtered, ...counts };
}

/** Loss between the filtered PDFs of every other release and of the releases between. */
function lossOfHalves(
  { release, crossings }: Tracks,
  members: readonly number[],
  { duration, releases }: Experiment["collection"],
  grid: DisplacementGrid,
): number {
  if (releases < 2) return Number.NaN;
  const { eastward, northward } = crossings.at(-1)!;
  const [p, q] = [0, 1].map((half) => {
    const turn = (particle: number) => Math.round((release.time[particle]! * releases) / duration);
    const own = members.filter((particle) => Math.abs(turn(particle)) % 2 === half);
    const pick = (values: Float64Array) => own.map((particle) => values[particle]!);
    return heatFilter(sourcePdf(pick(eastward), pick(northward), grid).pdf, grid);
  });
  return bhattacharyyaLoss(p!, q!);
}

/** Particles of each sample. */
function membersOf(
  { release }: Tracks,
  traps: number,
  windows: Float64Array,
  duration: number,
): number[][] {
  const members = Array.from({ length: windows.length * traps }, () => [] as number[]);
  for (let p = 0; p < release.count; p++) {
    const time = release.time[p]!;
    let window = 0;
    while (time > windows[window]! || time <= windows[window]! - duration) window++;
    members[window * traps + release.trap[p]!]!.push(p);
  }
  return members;
}

function checkWindows(windows: ArrayLike<number>, duration: number): void {
  if (windows.length === 0) {
    throw new ArgumentError({ what: "windows", wanted: "at least one", got: "none" });
  }
  for (let w = 1; w < windows.length; w++) {
    if (windows[w]! - windows[w - 1]! >= duration) continue;
    throw new ArgumentError({
      what: `windows[${w}]`,
      wanted: `at least ${duration / DAY} d after the one before`,
      got: `${(windows[w]! - windows[w - 1]!) / DAY} d`,
    });
  }
}
