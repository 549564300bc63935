/**
 * Flows whose particle paths are known in closed form, and flows that conserve a streamfunction:
 * what advection schemes are tried on. Positions in metres, z upwards, times in seconds.
 */

/** A velocity field given by formulas. */
export interface Flow {
  readonly name: string;
  /** eastward velocity [m s⁻¹] */
  readonly u: (t: number, x: number, y: number, z: number) => number;
  /** northward velocity [m s⁻¹] */
  readonly v: (t: number, x: number, y: number, z: number) => number;
  /** upward velocity [m s⁻¹]; none by default */
  readonly w?: (t: number, x: number, y: number, z: number) => number;
  /** where a particle is at t that was at (x, y) at 0 */
  readonly path?: (t: number, x: number, y: number) => { x: number; y: number };
  /** streamfunction ψ, u = −∂ψ/∂y, v = ∂ψ/∂x [m² s⁻¹]; conserved along paths */
  readonly streamfunction?: (x: number, y: number) => number;
  /** whether a place is water; everywhere by default */
  readonly isWater?: (x: number, y: number) => boolean;
}

/** Numbers of the inertial eddies. */
export interface EddyParameters {
  /** Coriolis parameter [s⁻¹] */
  readonly f: number;
  /** speed at t = 0 [m s⁻¹] */
  readonly u0: number;
  /** speed of the mean drift [m s⁻¹] */
  readonly ug: number;
  /** decay rate of the eddy [s⁻¹] */
  readonly decay: number;
  /** decay rate of the drift [s⁻¹] */
  readonly driftDecay: number;
}

/** The published case's numbers (Fabbroni 2009, sect. 4; also TRACMASS and Parcels). */
export const FABBRONI: EddyParameters = {
  f: 1e-4,
  u0: 0.3,
  ug: 0.04,
  decay: 1 / (2.89 * 86400),
  driftDecay: 1 / (28.9 * 86400),
};

/** Water that does not move. */
export function stillWater(): Flow {
  return { name: "still water", u: () => 0, v: () => 0, path: (_, x, y) => ({ x, y }) };
}

/** The same velocity everywhere and always [m s⁻¹]. */
export function uniformFlow(u: number, v: number, w = 0): Flow {
  const path = (t: number, x: number, y: number) => ({ x: x + u * t, y: y + v * t });
  return { name: "uniform flow", u: () => u, v: () => v, w: () => w, path };
}

/** A current that grows with height, u = rate · z; `rate` [s⁻¹]. */
export function linearShear(rate: number): Flow {
  return { name: "linear shear", u: (_t, _x, _y, z) => rate * z, v: () => 0 };
}

/** An inertial circle: u = u0 cos ft, v = −u0 sin ft. */
export function stationaryEddy({ f, u0 } = FABBRONI): Flow {
  return { ...movingEddy({ ...FABBRONI, f, u0, ug: 0 }), name: "stationary eddy" };
}

/** An inertial circle on a steady drift: u = ug + (u0 − ug) cos ft, v = −(u0 − ug) sin ft. */
export function movingEddy({ f, u0, ug } = FABBRONI): Flow {
  const speed = u0 - ug;
  return {
    name: "moving eddy",
    u: (t) => ug + speed * Math.cos(f * t),
    v: (t) => -speed * Math.sin(f * t),
    path: (t, x, y) => ({
      x: x + ug * t + (speed / f) * Math.sin(f * t),
      y: y - (speed / f) * (1 - Math.cos(f * t)),
    }),
  };
}

/** The moving eddy with both parts decaying exponentially. */
export function decayingEddy({ f, u0, ug, decay, driftDecay } = FABBRONI): Flow {
  const speed = u0 - ug;
  const scale = (speed * f) / (f * f + decay * decay);
  const ratio = decay / f;
  return {
    name: "decaying moving eddy",
    u: (t) => ug * Math.exp(-driftDecay * t) + speed * Math.exp(-decay * t) * Math.cos(f * t),
    v: (t) => -speed * Math.exp(-decay * t) * Math.sin(f * t),
    path(t, x, y) {
      const fade = Math.exp(-decay * t);
      const [sine, cosine] = [Math.sin(f * t), Math.cos(f * t)];
      const drift = (ug / driftDecay) * (1 - Math.exp(-driftDecay * t));
      return {
        x: x + drift + scale * (ratio + fade * (sine - ratio * cosine)),
        y: y - scale * (1 - fade * (cosine + ratio * sine)),
      };
    },
  };
}

/** Solid rotation about a centre, clockwise; `period` [s]. */
export function radialRotation(
  center: { readonly x: number; readonly y: number },
  period: number,
): Flow {
  const rate = (2 * Math.PI) / period;
  return {
    name: "radial rotation",
    u: (_, _x, y) => rate * (y - center.y),
    v: (_, x) => -rate * (x - center.x),
    streamfunction: (x, y) => (-rate / 2) * ((x - center.x) ** 2 + (y - center.y) ** 2),
    path(t, x, y) {
      const [sine, cosine] = [Math.sin(rate * t), Math.cos(rate * t)];
      const [dx, dy] = [x - center.x, y - center.y];
      return { x: center.x + cosine * dx + sine * dy, y: center.y - sine * dx + cosine * dy };
    },
  };
}

/**
 * Flow past a half-circular peninsula on the southern wall, u0 far away [m s⁻¹], its centre at
 * (x0, 0) and its radius R [m] (ICES Cooperative Research Report 295, sect. 2.2).
 */
export function peninsula({ u0 = 1, x0 = 50e3, radius = 16e3 } = {}): Flow {
  const square = (x: number, y: number) => (x - x0) ** 2 + y * y;
  return {
    name: "peninsula",
    u: (_, x, y) => u0 * (1 - (radius ** 2 * ((x - x0) ** 2 - y * y)) / square(x, y) ** 2),
    v: (_, x, y) => (-2 * u0 * radius ** 2 * (x - x0) * y) / square(x, y) ** 2,
    streamfunction: (x, y) => u0 * y * (radius ** 2 / square(x, y) - 1),
    isWater: (x, y) => y > 0 && square(x, y) > radius ** 2,
  };
}

/**
 * Stommel's gyre with a western boundary current in a square box.
 *
 * @see Stommel (1948), Trans. AGU 29, 202–206; scaled as in Fabbroni (2009)
 */
export function stommelGyre({ side = 1e7, beta = 2e-11, drag = 1 / (11.6 * 86400) } = {}): Flow {
  const scale = 0.05;
  const layer = drag / (beta * side);
  const shape = (x: number) => 1 - Math.exp(-x / side / layer) - x / side;
  const slope = (x: number) => Math.exp(-x / side / layer) / layer - 1;
  const pi = Math.PI;
  return {
    name: "Stommel gyre",
    u: (_, x, y) => -scale * shape(x) * pi * pi * Math.cos((pi * y) / side),
    v: (_, x, y) => scale * slope(x) * pi * Math.sin((pi * y) / side),
    streamfunction: (x, y) => scale * side * shape(x) * pi * Math.sin((pi * y) / side),
  };
}

/** Places and sizes of the Gaussian eddies at t = 0 [m]. */
export interface GaussianEddies {
  readonly east: number;
  readonly north: readonly [number, number];
  /** e-folding half widths */
  readonly reach: readonly [number, number];
}

/**
 * Two Gaussian highs in geostrophic balance on a box of 400 by 700 km, drifting at 0.1 m s⁻¹: one
 * to the west, one to the north-west. Their flow turns as south of the equator, as published.
 */
export function gaussianEddies({
  east = 3e5,
  north = [1e5, 3e5],
  reach = [50e3, 50e3],
}: Partial<GaussianEddies> = {}): Flow {
  const [gravity, f, drift] = [10, 1e-4, 0.1];
  const sum = (t: number, x: number, y: number, axis: 0 | 1) =>
    north.reduce((total, first, n) => {
      const dx = (x - (east - drift * t)) / reach[0];
      const dy = (y - (first + n * drift * t)) / reach[1];
      return total - (2 * (axis === 0 ? dx : dy) * Math.exp(-dx * dx - dy * dy)) / reach[axis];
    }, 0);
  return {
    name: "moving Gaussian eddies",
    u: (t, x, y) => (gravity / f) * sum(t, x, y, 1),
    v: (t, x, y) => (-gravity / f) * sum(t, x, y, 0),
  };
}
