/**
 * Advancing one particle through a window of the ocean: steps of the scheme, then the rules.
 *
 * Within a step the vertical coordinate is height in units of the thickness of the layer that the
 * particle is in (chart.ts): in still water its rate is constant, so sinking is exact however thin
 * the layers are. Steps to which no rule applies are left to the WebAssembly kernel where it can
 * take them.
 */

import { makeRandom, type Random } from "../core/index.js";
import { type ColumnSample, makeSampler, slotWeight, type Window } from "../ocean/index.js";
import { makeChart, type Place } from "./chart.js";
import { makeCrossingWatch } from "./crossing.js";
import { type Diffusivity, makeKick } from "./diffusion.js";
import { exitFraction, slideAlongCoast } from "./edge.js";
import { type KernelMemory, makeCruise, suitsKernel } from "./kernel.js";
import { END, type Particles } from "./particles.js";
import { makeStep } from "./stages.js";
import type { Tableau } from "./tableau.js";

/** What happens to particles at an edge. */
export type EdgeRule = "end" | "stay";

/** How particles are advanced; plain data, so that workers can have it. */
export interface AdvanceSettings {
  readonly scheme: Tableau;
  /** longest step, or the first one of an adaptive scheme [s], positive */
  readonly timeStep: number;
  /** largest error of a step of an adaptive scheme [m] */
  readonly tolerance: number;
  /** heights whose crossing is recorded [m], increasing */
  readonly heights: Float64Array;
  readonly afterLevels: "end" | "continue";
  readonly surface: EdgeRule;
  readonly bottom: EdgeRule;
  readonly diffusivity: Diffusivity;
  readonly seed: number;
}

/** A window, the particles in it and how to move them. */
export interface Scene {
  readonly window: Window;
  readonly kernel?: KernelMemory;
  readonly particles: Particles;
  readonly settings: AdvanceSettings;
}

/** Advances particle p to a time [s] inside the window; `stretch` numbers the window. */
export type Advance = (p: number, until: number, stretch: number) => void;

/**
 * Make the function that advances the particles of a scene.
 *
 * @param slot number of the kernel's place; functions that run at once must have different ones
 */
export function makeAdvance(scene: Scene, slot = 0): Advance {
  const { window, kernel, particles, settings } = scene;
  const sampler = makeSampler(window);
  const chart = makeChart(window);
  const step = makeStep(settings.scheme, window, sampler, chart);
  const crossing = makeCrossingWatch(particles, settings.heights);
  const { horizontal = 0, vertical = 0 } = settings.diffusivity;
  const spreads = horizontal !== 0 || vertical !== 0;
  const kick = makeKick(settings.diffusivity, window, chart);
  const cruise =
    kernel === undefined || spreads || !suitsKernel(settings.scheme)
      ? undefined
      : makeCruise(window, kernel, slot);
  const column: ColumnSample = { a: 0, b: 0, zeta: 0, pm: 0, pn: 0 };
  const old: Place = { x: 0, y: 0, layer: 0, q: 0, z: 0 };
  const place: Place = { x: 0, y: 0, layer: 0, q: 0, z: 0 };
  let random: Random | undefined;

  function lookUp(time: number): void {
    sampler.column(slotWeight(window, time), place.x, place.y, column);
  }
  /** Put the particle a fraction of the way from `old` to `place`. */
  function retreat(fraction: number, time: number): void {
    place.x = old.x + fraction * (place.x - old.x);
    place.y = old.y + fraction * (place.y - old.y);
    lookUp(time);
    chart.settle(place, column, old.z + fraction * (place.z - old.z));
  }
  /** Keep a place in the water, or say at which fraction of the step it left it. */
  function surfaceAndBottom(): { fraction: number; end: number } {
    const top = column.zeta;
    const ground = chart.floor(column, 0);
    const edge = place.z > top ? top : place.z < ground ? ground : Number.NaN;
    if (Number.isNaN(edge)) return { fraction: 1, end: END.moving };
    const rule = edge === top ? settings.surface : settings.bottom;
    const share = (edge - old.z) / (place.z - old.z);
    if (rule === "end" && share >= 0) {
      return { fraction: share, end: edge === top ? END.surface : END.bottom };
    }
    chart.settle(place, column, edge);
    return { fraction: 1, end: END.moving };
  }
  function applyEdges(time: number): { fraction: number; end: number } {
    const fraction = exitFraction(old, place, window);
    if (fraction < 1) return { fraction, end: END.left };
    slideAlongCoast(old, place, window);
    lookUp(time);
    chart.settleQ(place, column);
    return surfaceAndBottom();
  }
  /** Apply the rules to a step that was taken from `old` to `place`. */
  function finishStep(p: number, t: number, dt: number): void {
    if (random !== undefined) {
      lookUp(t + dt);
      chart.settleQ(place, column);
      kick(place, column, Math.abs(dt), random);
    }
    let { fraction, end } = applyEdges(t + dt);
    if (fraction < 1) retreat(fraction, t + fraction * dt);
    const last = crossing.cross(p, old, place, t, fraction * dt);
    if (last <= 1 && settings.afterLevels === "end") {
      fraction *= last;
      retreat(last, t + fraction * dt);
      end = END.levels;
    }
    particles.time[p] = t + fraction * dt;
    particles.end[p] = end;
  }
  /** See to a place where the kernel has stopped; returns whether the particle ended there. */
  function arrive(p: number, time: number): boolean {
    lookUp(time);
    chart.settleQ(place, column);
    // The kernel's heights are rounded to float32, ours are not: one may see a crossing later.
    const last = crossing.cross(p, place, place, time, 0);
    if (last > 1 || settings.afterLevels === "continue") return false;
    particles.time[p] = time;
    particles.end[p] = END.levels;
    return true;
  }
  function takeSteps(p: number, start: number, until: number): void {
    const steps = Math.ceil(Math.abs(until - start) / settings.timeStep - 1e-9);
    const dt = (until - start) / steps;
    const sinking = particles.sinking[p]!;
    for (let n = 0; n < steps && particles.end[p] === END.moving; n++) {
      if (cruise !== undefined) {
        const [above, below] = [crossing.above(), crossing.below()];
        const time = start + n * dt;
        n += cruise(place, { time, dt, steps: steps - n, sinking, above, below });
        if (arrive(p, start + n * dt) || n === steps) break;
      }
      Object.assign(old, place);
      step(place, start + n * dt, dt, sinking);
      finishStep(p, start + n * dt, dt);
    }
  }
  function takeAdaptiveSteps(p: number, start: number, until: number): void {
    const sign = Math.sign(until - start);
    let size = settings.timeStep;
    let t = start;
    while (sign * (until - t) > 0 && particles.end[p] === END.moving) {
      const last = size >= sign * (until - t) * (1 - 1e-12);
      const dt = last ? until - t : sign * size;
      Object.assign(old, place);
      const error = step(place, t, dt, particles.sinking[p]!);
      const grow =
        0.9 * (settings.tolerance / Math.max(error, 1e-300)) ** (1 / settings.scheme.order);
      size = Math.abs(dt) * Math.min(Math.max(grow, 0.2), 5);
      if (error > settings.tolerance && size > 1e-3) {
        Object.assign(place, old);
        continue;
      }
      finishStep(p, t, dt);
      t = last ? until : t + dt;
    }
  }
  return function advance(p, until, stretch) {
    const start = particles.time[p]!;
    random = spreads ? makeRandom(settings.seed + Math.imul(stretch, 0x9e3779b1), p) : undefined;
    place.x = particles.x[p]!;
    place.y = particles.y[p]!;
    lookUp(start);
    const level = particles.level[p]!;
    if (Number.isNaN(level)) chart.settle(place, column, particles.z[p]!);
    else {
      place.layer = Math.min(Math.floor(level), window.nz - 1);
      place.q = level - place.layer;
      chart.settleQ(place, column);
    }
    // From the height kept, not the one worked out again: rounding may put that beyond a level which
    // the last span ended just before, and no step would ever cross it.
    crossing.watch(p, particles.z[p]!);
    if (settings.scheme.embedded === undefined) takeSteps(p, start, until);
    else takeAdaptiveSteps(p, start, until);
    if (particles.end[p] === END.moving) particles.time[p] = until;
    particles.x[p] = place.x;
    particles.y[p] = place.y;
    particles.level[p] = place.layer + place.q;
    particles.z[p] = place.z;
  };
}
