/** A span of a run that needs one pair of frames, and advancing particles over it. */

import type { Ocean } from "../ocean/index.js";
import { makeAdvance, type Scene } from "./advance.js";
import { END } from "./particles.js";

/** A moment at which a run halts. */
export interface Halt {
  /** [s] */
  readonly time: number;
  /** whether positions are kept here */
  readonly save: boolean;
}

/** A span of time over which all particles are advanced, by one worker or by several at once. */
export interface SpanTask {
  readonly scene: Scene;
  /** number of the span, for random numbers */
  readonly span: number;
  /** end of the span [s] */
  readonly until: number;
  /** 1 forward, −1 backward */
  readonly sign: number;
  /** the first particle that nobody has taken yet, in shared memory */
  readonly next: Int32Array;
  /** number of the worker */
  readonly slot: number;
}

/** Particles that a worker takes at a time: few, so that none waits long for the last one. */
const PORTION = 64;

/** Take particles, portion by portion, and advance those under way to the end of the span. */
export function advanceSpan({ scene, span, until, sign, next, slot }: SpanTask): void {
  const { count, end, start, deadline } = scene.particles;
  const advance = makeAdvance(scene, slot);
  for (;;) {
    const first = Atomics.add(next, 0, PORTION);
    if (first >= count) return;
    for (let p = first; p < Math.min(first + PORTION, count); p++) {
      if (end[p] !== END.moving || sign * (until - start[p]!) <= 0) continue;
      const late = sign * (until - deadline[p]!) >= 0;
      advance(p, late ? deadline[p]! : until, span);
      if (late && end[p] === END.moving) end[p] = END.age;
    }
  }
}

/**
 * The moments at which a run halts, in its order: the frames' instants and the save times.
 *
 * @param starts    releases [s]
 * @param duration  [s], below 0 backward
 * @param saveEvery [s], counted from the first release
 */
export function haltsOf(
  ocean: Ocean,
  starts: Float64Array,
  duration: number,
  saveEvery = Number.POSITIVE_INFINITY,
): Halt[] {
  const sign = Math.sign(duration);
  const first = sign * starts.reduce((low, t) => Math.min(low, sign * t), Number.POSITIVE_INFINITY);
  const last =
    sign * starts.reduce((high, t) => Math.max(high, sign * t), Number.NEGATIVE_INFINITY);
  const edge = sign > 0 ? ocean.times.at(-1)! : ocean.times[0]!;
  const finish = last + duration;
  const stop = ocean.times.length > 1 && sign * (finish - edge) > 0 ? edge : finish;
  const saves = new Set<number>();
  const count = Number.isFinite(saveEvery) ? Math.floor((sign * (stop - first)) / saveEvery) : -1;
  for (let n = 0; n <= count; n++) saves.add(first + sign * n * saveEvery);
  const inside = [...ocean.times].filter((t) => sign * (t - first) > 0 && sign * (t - stop) < 0);
  const times = [...new Set([first, ...inside, ...saves, stop])].sort((a, b) => sign * (a - b));
  return times.map((time) => ({ time, save: saves.has(time) }));
}
