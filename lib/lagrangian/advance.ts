/**
 * Advancing one particle through a window of the ocean.
 *
 * A step solves dx/dt = u pm, dy/dt = v pn, dq/dt = (ω − w_sink)/Hz with an explicit Runge–Kutta
 * scheme. q is height above the floor of the particle's layer in units of that layer's thickness,
 * and within a step it stays that, beyond the layer too: in still water dq/dt is then constant and
 * sinking exact, however thin the layers are. A stage outside the layer is looked up by its height.
 */

import {
  type ColumnSample,
  makeSampler,
  slotWeight,
  type VelocitySample,
  type Window,
} from "../ocean/index.js";
import { END, type Particles } from "./particles.js";
import type { Tableau } from "./tableau.js";

/** What happens to particles at an edge. */
export type EdgeRule = "end" | "stay";

/** How particles are advanced. */
export interface AdvanceSettings {
  readonly tableau: Tableau;
  /** longest step [s], positive */
  readonly dt: number;
  /** heights of the levels to record [m], increasing */
  readonly levels: Float64Array;
  readonly afterLevels: "end" | "continue";
  readonly surface: EdgeRule;
  readonly bottom: EdgeRule;
}

/** A function that advances particle p to a time [s] inside the window. */
export type Advance = (p: number, until: number) => void;

/** Where a particle is: cells, layer, and height in the layer. */
interface Place {
  x: number;
  y: number;
  layer: number;
  q: number;
  z: number;
}

/** Make the function that advances particles through a window. */
export function makeAdvance(
  window: Window,
  particles: Particles,
  settings: AdvanceSettings,
): Advance {
  const sampler = makeSampler(window);
  const chart = makeChart(window);
  const stages = makeStages(settings.tableau, window, chart);
  const levels = makeLevelWatch(particles, settings.levels);
  const column: ColumnSample = { a: 0, b: 0, zeta: 0, pm: 0, pn: 0 };
  const old: Place = { x: 0, y: 0, layer: 0, q: 0, z: 0 };
  const place: Place = { x: 0, y: 0, layer: 0, q: 0, z: 0 };

  /** Put the particle a fraction of the way from `old` to `place`. */
  function retreat(fraction: number, time: number): void {
    place.x = old.x + fraction * (place.x - old.x);
    place.y = old.y + fraction * (place.y - old.y);
    sampler.column(slotWeight(window, time), place.x, place.y, column);
    chart.settle(place, column, old.z + fraction * (place.z - old.z));
  }

  /** Apply the rules of the edges; returns the fraction of the step and the code of an end. */
  function edges(t: number, dt: number): { fraction: number; end: number } {
    const left = exitFraction(old, place, window);
    if (left < 1) return { fraction: left, end: END.left };
    slideAlongCoast(old, place, window);
    sampler.column(slotWeight(window, t + dt), place.x, place.y, column);
    chart.settleQ(place, column);
    const top = column.zeta;
    const ground = column.zeta - column.a - column.b;
    if (place.z > top) {
      if (settings.surface === "end" && place.z > old.z) {
        return { fraction: Math.max(0, (top - old.z) / (place.z - old.z)), end: END.surface };
      }
      chart.settle(place, column, top);
    } else if (place.z < ground) {
      if (settings.bottom === "end" && place.z < old.z) {
        return { fraction: Math.max(0, (ground - old.z) / (place.z - old.z)), end: END.bottom };
      }
      chart.settle(place, column, ground);
    }
    return { fraction: 1, end: END.moving };
  }

  function takeStep(p: number, t: number, dt: number): void {
    Object.assign(old, place);
    stages(place, t, dt, particles.sinking[p]!, sampler);
    let { fraction, end } = edges(t, dt);
    if (fraction < 1) retreat(fraction, t + fraction * dt);
    const last = levels.cross(p, old, place, t, fraction * dt);
    if (last < 1 && settings.afterLevels === "end") {
      retreat(last, t + last * fraction * dt);
      fraction *= last;
      end = END.levels;
    }
    particles.time[p] = t + fraction * dt;
    particles.end[p] = end;
  }

  return function advance(p, until) {
    const start = particles.time[p]!;
    const span = until - start;
    const steps = Math.ceil(Math.abs(span) / settings.dt - 1e-9);
    place.x = particles.x[p]!;
    place.y = particles.y[p]!;
    sampler.column(slotWeight(window, start), place.x, place.y, column);
    if (Number.isNaN(particles.level[p])) chart.settle(place, column, particles.z[p]!);
    else chart.enter(place, column, particles.level[p]!);
    levels.watch(p, place.z);
    for (let n = 0; n < steps && particles.end[p] === END.moving; n++) {
      takeStep(p, start + (n * span) / steps, span / steps);
    }
    if (particles.end[p] === END.moving) particles.time[p] = until;
    particles.x[p] = place.x;
    particles.y[p] = place.y;
    particles.level[p] = place.layer + place.q;
    particles.z[p] = place.z;
  };
}

/** Layers of a column as a chart for q. */
interface Chart {
  /** thickness of a layer [m] */
  thickness(column: ColumnSample, layer: number): number;
  /** level of a q that may lie outside its layer, kept between bottom and surface */
  level(layer: number, q: number, column: ColumnSample): number;
  /** bring q into 0 … 1 by changing layers; z is set, beyond the water too */
  settleQ(place: Place, column: ColumnSample): void;
  /** set layer and q from a height, kept in the water */
  settle(place: Place, column: ColumnSample, z: number): void;
  /** set layer, q and z from a level */
  enter(place: Place, column: ColumnSample, level: number): void;
}

function makeChart(window: Window): Chart {
  const { nz } = window;
  const { sW, csW } = window.vertical;
  const ds = sW.slice(1).map((s, k) => s - sW[k]!);
  const dc = csW.slice(1).map((c, k) => c - csW[k]!);
  const thickness = (column: ColumnSample, k: number) => column.a * ds[k]! + column.b * dc[k]!;
  const floor = (column: ColumnSample, k: number) =>
    column.zeta + column.a * sW[k]! + column.b * csW[k]!;

  function settleQ(place: Place, column: ColumnSample): void {
    let { layer, q } = place;
    while (q > 1 && layer < nz - 1) {
      q = ((q - 1) * thickness(column, layer)) / thickness(column, layer + 1);
      layer++;
    }
    while (q < 0 && layer > 0) {
      q = 1 + (q * thickness(column, layer)) / thickness(column, layer - 1);
      layer--;
    }
    place.layer = layer;
    place.q = q;
    place.z = floor(column, layer) + q * thickness(column, layer);
  }
  const probe: Place = { x: 0, y: 0, layer: 0, q: 0, z: 0 };
  return {
    thickness,
    level(layer, q, column) {
      if (q >= 0 && q <= 1) return layer + q;
      probe.layer = layer;
      probe.q = q;
      settleQ(probe, column);
      return probe.layer + Math.min(Math.max(probe.q, 0), 1);
    },
    settleQ,
    settle(place, column, z) {
      let low = 0;
      let high = nz;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (floor(column, middle) <= z) low = middle;
        else high = middle;
      }
      place.layer = low;
      place.q = Math.min(Math.max((z - floor(column, low)) / thickness(column, low), 0), 1);
      place.z = floor(column, low) + place.q * thickness(column, low);
    },
    enter(place, column, level) {
      place.layer = Math.min(Math.floor(level), nz - 1);
      place.q = level - place.layer;
      place.z = floor(column, place.layer) + place.q * thickness(column, place.layer);
    },
  };
}

/** Make the function that moves a place by one step of a scheme, before any rule. */
function makeStages(tableau: Tableau, window: Window, chart: Chart) {
  const { a, b, c } = tableau;
  const [kx, ky, kq] = [b, b, b].map((row) => new Float64Array(row.length)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const column: ColumnSample = { a: 0, b: 0, zeta: 0, pm: 0, pn: 0 };
  const velocity: VelocitySample = { u: 0, v: 0, omega: 0 };

  return function stages(
    place: Place,
    t: number,
    dt: number,
    sinking: number,
    sampler: ReturnType<typeof makeSampler>,
  ): void {
    for (let i = 0; i < b.length; i++) {
      let { x, y, q } = place;
      for (let j = 0; j < a[i]!.length; j++) {
        x += a[i]![j]! * kx[j]!;
        y += a[i]![j]! * ky[j]!;
        q += a[i]![j]! * kq[j]!;
      }
      const f = slotWeight(window, t + c[i]! * dt);
      sampler.column(f, x, y, column);
      sampler.velocity(f, x, y, chart.level(place.layer, q, column), velocity);
      kx[i] = dt * velocity.u * column.pm;
      ky[i] = dt * velocity.v * column.pn;
      kq[i] = (dt * (velocity.omega - sinking)) / chart.thickness(column, place.layer);
    }
    for (let i = 0; i < b.length; i++) {
      place.x += b[i]! * kx[i]!;
      place.y += b[i]! * ky[i]!;
      place.q += b[i]! * kq[i]!;
    }
  };
}

/** Fraction of a step at which it leaves the outermost faces; 1 if it does not. */
function exitFraction(from: Place, to: Place, { nx, ny }: Window): number {
  const along = (a: number, b: number, last: number) => {
    if (b >= 0.5 && b <= last) return 1;
    return Math.max(0, ((b < 0.5 ? 0.5 : last) - a) / (b - a));
  };
  return Math.min(along(from.x, to.x, nx - 1.5), along(from.y, to.y, ny - 1.5));
}

/**
 * Where a step ends on land, keep the part of it that runs along the coast. The normal velocity is
 * zero on a coast's faces, so only corners and long steps bring a particle there.
 */
function slideAlongCoast(from: Place, to: Place, { nx, metric }: Window): void {
  const isWater = (x: number, y: number) =>
    metric[4 * (Math.round(y) * nx + Math.round(x)) + 3] === 1;
  if (isWater(to.x, to.y)) return;
  if (isWater(to.x, from.y)) to.y = from.y;
  else if (isWater(from.x, to.y)) to.x = from.x;
  else {
    to.x = from.x;
    to.y = from.y;
  }
}

/** Keeps the nearest levels above and below a particle that it has not crossed yet. */
function makeLevelWatch(particles: Particles, levels: Float64Array) {
  let above = -1;
  let below = -1;
  let open = 0;

  function watch(p: number, z: number): void {
    above = -1;
    below = -1;
    open = 0;
    for (let l = 0; l < levels.length; l++) {
      if (!Number.isNaN(particles.crossTime[l * particles.count + p]!)) continue;
      open++;
      if (levels[l]! > z && above < 0) above = l;
      if (levels[l]! < z) below = l;
    }
  }

  function record(p: number, l: number, from: Place, to: Place, t: number, dt: number): number {
    const fraction = (levels[l]! - from.z) / (to.z - from.z);
    const at = l * particles.count + p;
    particles.crossX[at] = from.x + fraction * (to.x - from.x);
    particles.crossY[at] = from.y + fraction * (to.y - from.y);
    particles.crossTime[at] = t + fraction * dt;
    watch(p, levels[l]!);
    return fraction;
  }

  /** Record what a step crosses; returns the fraction at which no level is left to cross, else 1. */
  function cross(p: number, from: Place, to: Place, t: number, dt: number): number {
    while (above >= 0 && to.z >= levels[above]!) {
      const fraction = record(p, above, from, to, t, dt);
      if (open === 0) return fraction;
    }
    while (below >= 0 && to.z <= levels[below]!) {
      const fraction = record(p, below, from, to, t, dt);
      if (open === 0) return fraction;
    }
    return 1;
  }
  return { watch, cross };
}
