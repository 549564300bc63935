/** Following particles through an ocean, backward to where they came from, or forward. */

import { ArgumentError, formatTime } from "../core/index.js";
import { loadFrame, makeWindow, type Ocean, type Window } from "../ocean/index.js";
import { type AdvanceSettings, type EdgeRule, makeAdvance } from "./advance.js";
import { END, makeParticles, type Particles } from "./particles.js";
import { checkRelease, type Release } from "./release.js";
import { RK4, type Tableau } from "./tableau.js";
import { makeTracks, type Saved, type Tracks } from "./tracks.js";

/** How to follow particles. */
export interface BacktrackOptions {
  /** sinking speed, positive down [m s⁻¹]; one for all or one a particle; 0 by default */
  readonly sinkingSpeed?: number | ArrayLike<number>;
  /** how long each particle is followed [s], positive */
  readonly duration: number;
  /** "backward" in time by default */
  readonly direction?: "backward" | "forward";
  /** longest step [s]; 120 by default */
  readonly timeStep?: number;
  /** scheme; RK4 by default */
  readonly scheme?: Tableau;
  /** depths whose crossing is recorded, positive [m] */
  readonly levels?: readonly number[];
  /** end a particle that has crossed every level (default), or go on */
  readonly afterLevels?: "end" | "continue";
  /** at the surface: end there (default), or stay under it and go on */
  readonly surface?: EdgeRule;
  /** at the bottom: end there (default), or stay above it and go on */
  readonly bottom?: EdgeRule;
  /** keep the positions of all particles every so many seconds */
  readonly saveEvery?: number;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/**
 * Follow the particles of a release through an ocean.
 *
 * Fields are read two instants at a time, in the order the particles need them. Sinking particles
 * that are followed backward rise.
 *
 * @returns where each particle ended and why, and where and when it crossed each level
 * @throws {PositionError} if a particle starts on land, outside the grid or in the ground
 * @throws {ArgumentError} if an option is out of its range, or a release outside the ocean's times
 * @throws {DataError} or {MissingVariableError} if a field cannot be read
 */
export async function backtrack(
  ocean: Ocean,
  release: Release,
  options: BacktrackOptions,
): Promise<Tracks> {
  checkOptions(options);
  checkRelease(ocean, release);
  checkTimes(ocean, release);
  const levels = [...(options.levels ?? [])].sort((a, b) => b - a);
  const particles = makeParticles(release, levels.length, options.sinkingSpeed ?? 0);
  const window = makeWindow(ocean);
  const advance = makeAdvance(window, particles, settingsOf(options, levels));
  const sign = options.direction === "forward" ? 1 : -1;
  const deadline = release.time.map((t) => t + sign * options.duration);
  const bounds = boundariesOf(ocean, release, options, sign);
  const saved: Saved[] = [];
  for (let n = 0; n + 1 < bounds.length; n++) {
    options.signal?.throwIfAborted();
    const [from, to] = [bounds[n]!, bounds[n + 1]!];
    if (from.save) saved.push(savePositions(particles, from.time));
    await loadWindow(ocean, window, from.time, to.time);
    for (let p = 0; p < particles.count; p++) {
      if (particles.end[p] !== END.moving || sign * (to.time - release.time[p]!) <= 0) continue;
      const late = sign * (to.time - deadline[p]!) >= 0;
      advance(p, late ? deadline[p]! : to.time);
      if (late && particles.end[p] === END.moving) particles.end[p] = END.age;
    }
    options.onProgress?.(n + 1, bounds.length - 1);
  }
  if (bounds.at(-1)?.save) saved.push(savePositions(particles, bounds.at(-1)!.time));
  for (let p = 0; p < particles.count; p++) {
    if (particles.end[p] === END.moving) particles.end[p] = END.fields;
  }
  return makeTracks(ocean, release, particles, levels, saved);
}

interface Boundary {
  readonly time: number;
  readonly save: boolean;
}

/** Times at which the run halts: frames' instants and save times, in the order of the run. */
function boundariesOf(
  ocean: Ocean,
  release: Release,
  { duration, saveEvery }: BacktrackOptions,
  sign: number,
): Boundary[] {
  const first = release.time.reduce((a, b) => (sign * (b - a) < 0 ? b : a));
  const last = release.time.reduce((a, b) => (sign * (b - a) > 0 ? b : a)) + sign * duration;
  const ends = sign > 0 ? ocean.times.at(-1)! : ocean.times[0]!;
  const stop = ocean.times.length > 1 && sign * (last - ends) > 0 ? ends : last;
  const saves = new Set<number>();
  for (let n = 0; saveEvery !== undefined; n++) {
    const time = first + sign * n * saveEvery;
    if (sign * (time - stop) > 0) break;
    saves.add(time);
  }
  const inside = [...ocean.times].filter((t) => sign * (t - first) > 0 && sign * (t - stop) < 0);
  const times = [...new Set([first, ...inside, ...saves, stop])].sort((a, b) => sign * (a - b));
  return times.map((time) => ({ time, save: saves.has(time) }));
}

/** Have the frames around a span of time in the window. */
async function loadWindow(ocean: Ocean, window: Window, from: number, to: number): Promise<void> {
  const early = Math.min(from, to);
  const { times } = ocean;
  let n = 0;
  while (n + 2 < times.length && times[n + 1]! <= early) n++;
  const wanted = times.length === 1 ? [0, 0] : n % 2 === 0 ? [n, n + 1] : [n + 1, n];
  for (const slot of [0, 1] as const) {
    const time = times[wanted[slot]!]!;
    if (window.times[slot] === time && window.loaded[slot] === 1) continue;
    loadFrame(window, slot, await ocean.frame(wanted[slot]!), time);
  }
}

function savePositions(particles: Particles, time: number): Saved {
  return { time, x: particles.x.slice(), y: particles.y.slice(), z: particles.z.slice() };
}

function settingsOf(options: BacktrackOptions, levels: readonly number[]): AdvanceSettings {
  return {
    tableau: options.scheme ?? RK4,
    dt: options.timeStep ?? 120,
    levels: Float64Array.from(levels, (depth) => -depth),
    afterLevels: options.afterLevels ?? "end",
    surface: options.surface ?? "end",
    bottom: options.bottom ?? "end",
  };
}

function checkOptions({ duration, timeStep = 120, saveEvery = 1 }: BacktrackOptions): void {
  for (const [what, value] of Object.entries({ duration, timeStep, saveEvery })) {
    if (value > 0 && Number.isFinite(value)) continue;
    throw new ArgumentError({ what, wanted: "seconds, above 0", got: `${value}` });
  }
}

function checkTimes(ocean: Ocean, release: Release): void {
  if (release.count === 0) {
    throw new ArgumentError({ what: "release", wanted: "1 or more particles", got: "none" });
  }
  const [first, last] = [ocean.times[0]!, ocean.times.at(-1)!];
  const steady = ocean.times.length === 1;
  const outside = release.time.findIndex(
    (t) => !(steady ? Number.isFinite(t) : t >= first && t <= last),
  );
  if (outside < 0) return;
  throw new ArgumentError({
    what: `release time of particle ${outside}`,
    where: ocean.name,
    wanted: `a time from ${formatTime(first)} to ${formatTime(last)}`,
    got: formatTime(release.time[outside]!),
    remedy: "release inside the ocean's time axis",
  });
}
