/**
 * Geostrophic velocity of a map of sea-surface height, by centred differences of eighth order over
 * nine points, the stencil width of DUACS.
 *
 * @see Arbic et al. (2012), J. Geophys. Res. 117, C03029
 */

import { shapeError } from "../core/index.js";
import type { Finding } from "../figures/index.js";
import { readSatelliteMaps } from "./satellitefile.js";
import { DEGREE, type SatelliteMaps } from "./satellitemap.js";

/** Weights of the differences over 1, 2, 3 and 4 pixels to each side. */
const STENCIL = [4 / 5, -1 / 5, 4 / 105, -1 / 280];

const GRAVITY = 9.81;
const ROTATION = 7.292_115e-5;

/** Eastward and northward velocity [m s⁻¹], shape of the map; NaN next to gaps and land. */
export interface GeostrophicFlow {
  readonly u: Float32Array;
  readonly v: Float32Array;
}

/**
 * u = −(g/f) ∂η/∂y, v = (g/f) ∂η/∂x; wraps around where the map is global.
 *
 * @param maps sea-surface height [m]
 * @param index which map, in order of time
 * @throws {ShapeError} if there is no such map
 */
export function geostrophicFlow(
  { longitude, latitude, values }: SatelliteMaps,
  index = 0,
): GeostrophicFlow {
  const [nx, ny] = [longitude.length, latitude.length];
  const height = values.subarray(index * nx * ny, (index + 1) * nx * ny);
  if (height.length !== nx * ny) throw shapeError("map", [ny, nx], [height.length]);
  const step = longitude[1]! - longitude[0]!;
  const global = Math.abs(nx * step - 360) < step / 2;
  const rise = (latitude[1]! - latitude[0]!) * DEGREE;
  const u = new Float32Array(nx * ny).fill(Number.NaN);
  const v = new Float32Array(nx * ny).fill(Number.NaN);
  for (let j = 0; j < ny; j++) {
    const angle = (latitude[j]! * Math.PI) / 180;
    const f = 2 * ROTATION * Math.sin(angle);
    const run = step * DEGREE * Math.cos(angle);
    for (let i = 0; i < nx; i++) {
      const east = (k: number) => {
        const column = global ? (i + k + nx) % nx : i + k;
        return column < 0 || column >= nx ? Number.NaN : height[j * nx + column]!;
      };
      const north = (k: number) =>
        j + k < 0 || j + k >= ny ? Number.NaN : height[(j + k) * nx + i]!;
      u[j * nx + i] = (-GRAVITY / f) * (slope(north) / rise);
      v[j * nx + i] = (GRAVITY / f) * (slope(east) / run);
    }
  }
  return { u, v };
}

/** Derivative by the stencil, per pixel. */
function slope(at: (offset: number) => number): number {
  let sum = 0;
  for (let k = 0; k < STENCIL.length; k++) sum += STENCIL[k]! * (at(k + 1) - at(-k - 1));
  return sum;
}

/** How two fields agree over a band of latitudes. */
export interface FieldAgreement {
  readonly correlation: number;
  /** root mean square of the first over that of the second */
  readonly ratio: number;
  readonly points: number;
}

/**
 * Compute the flow of a file's `adt` and compare it with the file's own `ugos` and `vgos`.
 *
 * @param band of |latitude| [degrees]
 * @throws {MissingVariableError} if the file lacks one of the three
 */
export async function checkGeostrophy(
  path: string,
  band: readonly [number, number],
): Promise<{ readonly u: FieldAgreement; readonly v: FieldAgreement }> {
  const height = await readSatelliteMaps(path, "adt");
  const { u, v } = geostrophicFlow(height);
  const [east, north] = [
    await readSatelliteMaps(path, "ugos"),
    await readSatelliteMaps(path, "vgos"),
  ];
  return {
    u: compareFields(u, east.values, height, band),
    v: compareFields(v, north.values, height, band),
  };
}

/**
 * Compare two fields of a map where both are known, in a band of |latitude|.
 *
 * @param band [degrees], both hemispheres
 */
export function compareFields(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  { longitude, latitude }: Pick<SatelliteMaps, "longitude" | "latitude">,
  band: readonly [number, number],
): FieldAgreement {
  let [points, sa, sb, aa, bb, ab] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    const from = Math.abs(latitude[Math.floor(at / longitude.length)]!);
    const [x, y] = [a[at]!, b[at]!];
    if (from <= band[0] || from >= band[1] || Number.isNaN(x) || Number.isNaN(y)) continue;
    points++;
    sa += x;
    sb += y;
    aa += x * x;
    bb += y * y;
    ab += x * y;
  }
  const covariance = ab / points - (sa / points) * (sb / points);
  const spread = (sum: number, squares: number) => squares / points - (sum / points) ** 2;
  return {
    correlation: covariance / Math.sqrt(spread(sa, aa) * spread(sb, bb)),
    ratio: Math.sqrt(aa / bb),
    points,
  };
}

/** What the agreement says of the claim that currents computed from sea level are the product's. */
export function judgeGeostrophy({
  u,
  v,
}: {
  readonly u: FieldAgreement;
  readonly v: FieldAgreement;
}): Finding {
  const both = [u, v];
  const close = ({ correlation, ratio }: FieldAgreement) =>
    correlation >= 0.99 && ratio >= 0.97 && ratio <= 1.03;
  const list = (value: (field: FieldAgreement) => number) =>
    both.map((field) => value(field).toFixed(3)).join(" and ");
  return {
    id: "p2-geostrophy",
    ours:
      `real global map, 20–60°, east and north: correlation ${list((f) => f.correlation)}, ` +
      `rms ratio ${list((f) => f.ratio)}, ${u.points} pixels`,
    verdict: both.every(close) ? "holds" : "differs",
  };
}
