/** Following particles through an ocean, backward to where they came from, or forward. */

import { ArgumentError, formatTime, NumericError } from "../core/index.js";
import { courantRate, loadFrame, makeWindow, type Ocean, type Window } from "../ocean/index.js";
import { checkWorkers, makePool, type Pool, workerFile } from "../parallel/index.js";
import type { AdvanceSettings, EdgeRule, Scene } from "./advance.js";
import type { Diffusivity } from "./diffusion.js";
import { type Frames, makeFrames } from "./frames.js";
import { KERNEL_SLOTS, makeKernelWindow, suitsKernel, writeWindowRecord } from "./kernel.js";
import { END, makeParticles, type Particles } from "./particles.js";
import { checkRelease, type Release } from "./release.js";
import { advanceSpan, haltsOf } from "./span.js";
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
  /** longest step [s], 120 by default; steps never reach over an instant of the fields */
  readonly timeStep?: number;
  /** scheme; RK4 by default */
  readonly scheme?: Tableau;
  /** largest error of a step [m] of a scheme that estimates it; 0.1 by default */
  readonly tolerance?: number;
  /** depths whose crossing is recorded, positive [m] */
  readonly levels?: readonly number[];
  /**
   * when a level counts as crossed: where the path crosses it (default), or at the first save time
   * at which the particle is beyond it, as the published catchments have it
   */
  readonly crossing?: "interpolated" | "saved";
  /** end a particle that has crossed every level (default), or go on */
  readonly afterLevels?: "end" | "continue";
  /** at the surface: end there (default), or stay under it and go on */
  readonly surface?: EdgeRule;
  /** at the bottom: end there (default), or stay above it and go on */
  readonly bottom?: EdgeRule;
  /** random spreading; none by default */
  readonly diffusivity?: Diffusivity;
  /** seed of the random numbers; 0 by default */
  readonly seed?: number;
  /** keep the positions of all particles every so many seconds, from the first release on */
  readonly saveEvery?: number;
  /** take the positions as they come, such as to write them to a file, instead of keeping them */
  readonly onSave?: (saved: Saved) => void | Promise<void>;
  /** threads; 1 by default. The result does not depend on it, not by a bit */
  readonly workers?: number;
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
 * @throws {ArgumentError} if an option is out of its range, a release outside the ocean's times, or
 *   the step so long that a particle could cross a whole cell in it
 * @throws {DataError} if a field cannot be read
 * @throws {MissingVariableError} if a field is not there
 */
export async function backtrack(
  ocean: Ocean,
  release: Release,
  options: BacktrackOptions,
): Promise<Tracks> {
  checkOptions(options, release);
  checkRelease(ocean, release);
  checkTimes(ocean, release);
  const levels = [...(options.levels ?? [])].sort((a, b) => b - a);
  const duration = options.direction === "forward" ? options.duration : -options.duration;
  const speed = options.sinkingSpeed ?? 0;
  const particles = makeParticles(release, levels.length, speed, duration);
  const scene = makeScene(ocean, particles, settingsOf(options, levels));
  const frames = makeFrames(ocean);
  const saved: Saved[] = [];
  const save = options.onSave ?? ((positions: Saved) => saved.push(positions));
  const halts = haltsOf(ocean, release.time, duration, options.saveEvery);
  const workers = options.workers ?? 1;
  const pool =
    workers > 1
      ? makePool(workerFile(import.meta.url, "worker"), "advanceSpan", workers)
      : undefined;
  try {
    for (const [n, { time, save: keep }] of halts.entries()) {
      options.signal?.throwIfAborted();
      if (keep && options.crossing === "saved") crossAtSave(particles, levels, time, options);
      if (keep) await save(positionsOf(particles, time, Math.sign(duration)));
      const next = halts[n + 1];
      if (next === undefined) break;
      await loadWindow(ocean, frames, scene, [time, next.time]);
      const after = halts[n + 2];
      const advanced = advanceAll(scene, n, next.time, Math.sign(duration), pool);
      if (pool !== undefined && after !== undefined) frames.expect([next.time, after.time]);
      await advanced;
      options.onProgress?.(n + 1, halts.length - 1);
    }
  } finally {
    await pool?.close();
  }
  finish(particles);
  return makeTracks(ocean, release, particles, levels, saved);
}

function makeScene(ocean: Ocean, particles: Particles, settings: AdvanceSettings): Scene {
  const inKernel = suitsKernel(settings.scheme) ? makeKernelWindow(ocean) : undefined;
  return { particles, settings, ...(inKernel ?? { window: makeWindow(ocean) }) };
}

/** Advance every particle over a span. */
async function advanceAll(
  scene: Scene,
  span: number,
  until: number,
  sign: number,
  pool: Pool | undefined,
): Promise<void> {
  const next = new Int32Array(new SharedArrayBuffer(4));
  const task = { scene, span, until, sign, next };
  if (pool === undefined) return advanceSpan({ ...task, slot: 0 });
  const slots = Array.from({ length: Math.min(pool.workers, KERNEL_SLOTS) }, (_, slot) => slot);
  await Promise.all(slots.map((slot) => pool.run({ ...task, slot })));
}

/** Have the frames around a span of time in the window. */
async function loadWindow(
  ocean: Ocean,
  frames: Frames,
  scene: Scene,
  span: readonly [from: number, to: number],
): Promise<void> {
  const { times } = ocean;
  const { window, kernel, settings } = scene;
  for (const [slot, index] of frames.around(span).entries()) {
    if (window.loaded[slot] === 1 && window.times[slot] === times[index]) continue;
    loadFrame(window, slot as 0 | 1, await frames.take(index), times[index]!);
    const step = Math.min(settings.timeStep, Math.abs(span[1] - span[0]));
    if (settings.scheme.embedded === undefined) checkStep(ocean, window, step, slot, index);
  }
  if (kernel !== undefined) writeWindowRecord(window, kernel, settings.scheme);
}

function checkStep(ocean: Ocean, window: Window, step: number, slot: number, index: number): void {
  const rate = courantRate(window, slot);
  if (!Number.isFinite(rate)) {
    throw new NumericError({
      where: `${ocean.name}, instant ${index}`,
      what: "velocity",
      wanted: "finite numbers",
      got: `${rate}`,
    });
  }
  if (step * rate <= 1) return;
  throw new ArgumentError({
    what: "timeStep",
    wanted: `at most ${Number((1 / rate).toPrecision(3))} s, in which the fastest water crosses a cell`,
    got: `${step} s`,
    where: `${ocean.name}, ${formatTime(ocean.times[index]!)}`,
    remedy: "take a shorter step, or the adaptive RK45",
  });
}

/** Record the levels that particles are beyond at a save time for the first time. */
function crossAtSave(
  particles: Particles,
  levels: readonly number[],
  time: number,
  options: BacktrackOptions,
): void {
  const { count, x, y, z, end, start, crossX, crossY, crossTime } = particles;
  for (let p = 0; p < count; p++) {
    if (end[p] === END.levels || Number.isNaN(particles.level[p])) continue;
    let open = levels.length;
    for (const [l, level] of levels.entries()) {
      const at = l * count + p;
      const side = Math.sign(particles.z0[p]! + level);
      if (Number.isNaN(crossTime[at]) && side * (z[p]! + level) < 0 && time !== start[p]) {
        crossX[at] = x[p]!;
        crossY[at] = y[p]!;
        crossTime[at] = time;
      }
      if (!Number.isNaN(crossTime[at])) open--;
    }
    if (open === 0 && options.afterLevels !== "continue") end[p] = END.levels;
  }
}

function finish(particles: Particles): void {
  for (let p = 0; p < particles.count; p++) {
    if (particles.end[p] === END.moving) particles.end[p] = END.fields;
  }
}

/** Positions of all particles; NaN for those that have not been released yet. */
function positionsOf({ x, y, z, start }: Particles, time: number, sign: number): Saved {
  const released = (values: Float64Array) =>
    values.map((value, p) => (sign * (time - start[p]!) < 0 ? Number.NaN : value));
  return { time, x: released(x), y: released(y), z: released(z) };
}

function settingsOf(options: BacktrackOptions, levels: readonly number[]): AdvanceSettings {
  const watched = options.crossing === "saved" ? [] : levels;
  return {
    scheme: options.scheme ?? RK4,
    timeStep: options.timeStep ?? 120,
    tolerance: options.tolerance ?? 0.1,
    heights: Float64Array.from(watched, (depth) => -depth),
    afterLevels: options.afterLevels ?? "end",
    surface: options.surface ?? "end",
    bottom: options.bottom ?? "end",
    diffusivity: options.diffusivity ?? {},
    seed: options.seed ?? 0,
  };
}

function checkOptions(options: BacktrackOptions, release: Release): void {
  const { duration, timeStep = 120, saveEvery = 1, tolerance = 1, workers = 1 } = options;
  for (const [what, value] of Object.entries({ duration, timeStep, saveEvery, tolerance })) {
    if (value > 0 && Number.isFinite(value)) continue;
    throw new ArgumentError({ what, wanted: "a finite number above 0", got: `${value}` });
  }
  checkWorkers(workers);
  if (options.crossing === "saved" && options.saveEvery === undefined) {
    throw new ArgumentError({
      what: "saveEvery",
      wanted: 'a number of seconds, which crossing "saved" needs',
      got: "none",
    });
  }
  const speeds = options.sinkingSpeed ?? 0;
  if (typeof speeds !== "number" && speeds.length !== release.count) {
    throw new ArgumentError({
      what: "sinkingSpeed",
      wanted: `one number, or ${release.count}, one a particle`,
      got: `${speeds.length}`,
    });
  }
}

function checkTimes(ocean: Ocean, release: Release): void {
  if (release.count === 0) {
    throw new ArgumentError({ what: "release", wanted: "1 or more particles", got: "none" });
  }
  const [first, last] = [ocean.times[0]!, ocean.times.at(-1)!];
  const fits = (t: number) =>
    ocean.times.length === 1 ? Number.isFinite(t) : t >= first && t <= last;
  const outside = release.time.findIndex((t) => !fits(t));
  if (outside < 0) return;
  throw new ArgumentError({
    what: `release time of particle ${outside}`,
    where: ocean.name,
    wanted: `a time from ${formatTime(first)} to ${formatTime(last)}`,
    got: formatTime(release.time[outside]!),
    remedy: "release inside the ocean's time axis",
  });
}
