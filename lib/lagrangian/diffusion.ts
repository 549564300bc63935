/**
 * Random walks that spread like diffusion.
 *
 * With a diffusivity K that varies in space a plain random walk gathers particles where K is small.
 * Visser's scheme keeps a well-mixed cloud well mixed: a step is K′ dt plus a random part with K
 * taken half a drift ahead, x + K′ dt / 2. Time enters by |dt|: followed backward, a particle is as
 * uncertain about the past as it is forward about the future.
 *
 * @see Visser (1997), Mar. Ecol. Prog. Ser. 158, 275–281, eq. 6
 */

import type { Random } from "../core/index.js";
import type { ColumnSample, Window } from "../ocean/index.js";
import type { Chart, Place } from "./chart.js";

/** A diffusivity; parts that are left out are 0. */
export interface Diffusivity {
  /** along both axes [m² s⁻¹]: one number, or one at every rho point, shape (ny, nx) */
  readonly horizontal?: number | Float64Array;
  /** vertical [m² s⁻¹]: one number, or a profile, linear between its depths */
  readonly vertical?: number | VerticalProfile;
}

/** Values at depths. */
export interface VerticalProfile {
  /** positive [m], increasing */
  readonly depths: ArrayLike<number>;
  /** [m² s⁻¹] */
  readonly values: ArrayLike<number>;
}

/** Moves a place by one random step over |dt| [s]; the column is that of the place. */
export type Kick = (place: Place, column: ColumnSample, dt: number, random: Random) => void;

/** Make the function that kicks a particle. */
export function makeKick(
  { horizontal = 0, vertical = 0 }: Diffusivity,
  window: Window,
  chart: Chart,
): Kick {
  const slope = { value: 0, gradient: 0 };

  function jump(at: (d: number) => typeof slope, dt: number, random: Random): number {
    const { gradient } = at(0);
    const { value } = at(0.5 * gradient * dt);
    return gradient * dt + random.normal() * Math.sqrt(2 * Math.max(value, 0) * dt);
  }
  function profileAt(depth: number): typeof slope {
    if (typeof vertical === "number") return set(vertical, 0);
    const { depths, values } = vertical;
    let n = 0;
    while (n < depths.length - 2 && depths[n + 1]! < depth) n++;
    const gradient = (values[n + 1]! - values[n]!) / (depths[n + 1]! - depths[n]!);
    const inside = depth > depths[0]! && depth < depths[depths.length - 1]!;
    const reach = Math.min(Math.max(depth, depths[0]!), depths[depths.length - 1]!) - depths[n]!;
    return set(values[n]! + gradient * reach, inside ? -gradient : 0);
  }
  function mapAt(x: number, y: number, axis: "x" | "y", inverse: number): typeof slope {
    if (typeof horizontal === "number") return set(horizontal, 0);
    const i = Math.min(Math.max(Math.floor(x), 0), window.nx - 2);
    const j = Math.min(Math.max(Math.floor(y), 0), window.ny - 2);
    const o = j * window.nx + i;
    const [e, n] = [x - i, y - j];
    const [k00, k01] = [horizontal[o]!, horizontal[o + 1]!];
    const [k10, k11] = [horizontal[o + window.nx]!, horizontal[o + window.nx + 1]!];
    const alongX = (1 - n) * (k01 - k00) + n * (k11 - k10);
    const alongY = (1 - e) * (k10 - k00) + e * (k11 - k01);
    const value = (1 - n) * ((1 - e) * k00 + e * k01) + n * ((1 - e) * k10 + e * k11);
    return set(value, (axis === "x" ? alongX : alongY) * inverse);
  }
  function set(value: number, gradient: number): typeof slope {
    slope.value = value;
    slope.gradient = gradient;
    return slope;
  }
  return function kick(place, column, dt, random) {
    const { pm, pn } = column;
    const { x, y, z } = place;
    if (horizontal !== 0) {
      place.x += pm * jump((d) => mapAt(x + d * pm, y, "x", pm), dt, random);
      place.y += pn * jump((d) => mapAt(x, y + d * pn, "y", pn), dt, random);
    }
    if (vertical === 0) return;
    const top = column.zeta;
    const ground = chart.floor(column, 0);
    if (z > top || z < ground) return;
    const risen = z + jump((d) => profileAt(-z - d), dt, random);
    const reflected = risen > top ? 2 * top - risen : risen < ground ? 2 * ground - risen : risen;
    chart.settle(place, column, reflected);
  };
}
