/** One step of an explicit Runge–Kutta scheme through a window, before any rule. */

import type { ColumnSample, Sampler, VelocitySample, Window } from "../ocean/index.js";
import { slotWeight } from "../ocean/index.js";
import type { Chart, Place } from "./chart.js";
import type { Tableau } from "./tableau.js";

/**
 * Move a place by one step of dx/dt = u pm, dy/dt = v pn, dq/dt = (ω − w_sink)/Hz; its layer stays
 * and q may leave 0 … 1.
 *
 * @returns the error estimated by the embedded solution [m]; 0 without one
 */
export type Step = (place: Place, t: number, dt: number, sinking: number) => number;

/** Make the stepping function of a scheme. */
export function makeStep(tableau: Tableau, window: Window, sampler: Sampler, chart: Chart): Step {
  const { a, b, c, embedded } = tableau;
  const kx = new Float64Array(b.length);
  const ky = new Float64Array(b.length);
  const kq = new Float64Array(b.length);
  const column: ColumnSample = { a: 0, b: 0, zeta: 0, pm: 0, pn: 0 };
  const velocity: VelocitySample = { u: 0, v: 0, omega: 0 };
  const at: Place = { x: 0, y: 0, layer: 0, q: 0, z: 0 };

  function estimate(layer: number): number {
    if (embedded === undefined) return 0;
    let [x, y, q] = [0, 0, 0];
    for (let i = 0; i < b.length; i++) {
      const weight = b[i]! - embedded[i]!;
      x += weight * kx[i]!;
      y += weight * ky[i]!;
      q += weight * kq[i]!;
    }
    return Math.hypot(x / column.pm, y / column.pn, q * chart.thickness(column, layer));
  }

  return function step(place, t, dt, sinking) {
    const { layer } = place;
    for (let i = 0; i < b.length; i++) {
      let { x, y, q } = place;
      const row = a[i]!;
      for (let j = 0; j < row.length; j++) {
        x += row[j]! * kx[j]!;
        y += row[j]! * ky[j]!;
        q += row[j]! * kq[j]!;
      }
      const f = slotWeight(window, t + c[i]! * dt);
      sampler.column(f, x, y, column);
      at.x = x;
      at.y = y;
      at.layer = layer;
      at.q = q;
      chart.settleQ(at, column);
      at.q = Math.min(Math.max(at.q, 0), 1);
      sampler.velocity(f, at, column, velocity);
      kx[i] = dt * velocity.u * column.pm;
      ky[i] = dt * velocity.v * column.pn;
      kq[i] = (dt * (velocity.omega - sinking)) / chart.thickness(column, layer);
    }
    for (let i = 0; i < b.length; i++) {
      place.x += b[i]! * kx[i]!;
      place.y += b[i]! * ky[i]!;
      place.q += b[i]! * kq[i]!;
    }
    return estimate(layer);
  };
}
