/**
 * Terrain-following vertical coordinates of ROMS and CROCO.
 *
 * Levels count upwards. W levels k = 0 (bottom) … nz (surface) bound the layers; rho level k sits
 * inside layer k, between W levels k and k + 1. Heights z are in metres, upwards, 0 at the geoid.
 * Both transforms are one formula, z = ζ + A s + B C, with A and B of the water column:
 *
 *   Vtransform 1   g = 1 + ζ/h          A = g hc   B = g (h − hc)
 *   Vtransform 2   g = (ζ + h)/(hc + h) A = g hc   B = g h
 *
 * See https://www.myroms.org/wiki/Vertical_S-coordinate (eqs 1–2 and the stretching functions).
 */

import { ArgumentError, type Problem } from "../core/index.js";

/** A terrain-following coordinate; every array counts from the bottom up. */
export interface VerticalCoordinate {
  /** 1: Song & Haidvogel (1994); 2: Shchepetkin (2005) */
  readonly transform: 1 | 2;
  /** critical depth [m] */
  readonly hc: number;
  /** s at W levels, −1 … 0, shape (nz + 1) */
  readonly sW: Float64Array;
  /** stretching at W levels, −1 … 0, shape (nz + 1) */
  readonly csW: Float64Array;
  /** s at rho levels, shape (nz) */
  readonly sRho: Float64Array;
  /** stretching at rho levels, shape (nz) */
  readonly csRho: Float64Array;
}

/** The numbers A and B of a water column, so that z = ζ + A s + B C [m]. */
export interface Column {
  readonly a: number;
  readonly b: number;
  readonly zeta: number;
}

/** Parameters of a stretching function. */
export interface Stretching {
  /** 1: Song & Haidvogel, 2: Shchepetkin 2005, 3: Geyer, 4: Shchepetkin 2010 */
  readonly kind: 1 | 2 | 3 | 4;
  /** surface control */
  readonly thetaS: number;
  /** bottom control */
  readonly thetaB: number;
}

/** The column over a bottom at depth h [m] under a free surface ζ [m]. */
export function columnOf(vertical: VerticalCoordinate, h: number, zeta: number): Column {
  if (vertical.transform === 1) {
    const g = 1 + zeta / h;
    return { a: g * vertical.hc, b: g * (h - vertical.hc), zeta };
  }
  const g = (zeta + h) / (vertical.hc + h);
  return { a: g * vertical.hc, b: g * h, zeta };
}

/** Heights of the W levels of one column [m], shape (nz + 1), from −h to ζ. */
export function wHeights(vertical: VerticalCoordinate, h: number, zeta: number): Float64Array {
  const { a, b } = columnOf(vertical, h, zeta);
  return vertical.sW.map((s, k) => zeta + a * s + b * vertical.csW[k]!);
}

/**
 * Heights of the rho levels of one column [m], shape (nz).
 *
 * @param into where they are written, of that shape; a new array by default
 */
export function rhoHeights(
  vertical: VerticalCoordinate,
  h: number,
  zeta: number,
  into = new Float64Array(vertical.sRho.length),
): Float64Array {
  const { sRho, csRho } = vertical;
  const { a, b } = columnOf(vertical, h, zeta);
  for (let k = 0; k < into.length; k++) into[k] = zeta + a * sRho[k]! + b * csRho[k]!;
  return into;
}

/**
 * The height of a level that need not be whole; linear inside a layer.
 *
 * @param level 0 (bottom) … nz (surface) [layers]
 * @returns z [m]
 */
export function heightOfLevel(vertical: VerticalCoordinate, column: Column, level: number): number {
  const k = Math.min(Math.max(Math.floor(level), 0), vertical.sRho.length - 1);
  const below = column.zeta + column.a * vertical.sW[k]! + column.b * vertical.csW[k]!;
  const above = column.zeta + column.a * vertical.sW[k + 1]! + column.b * vertical.csW[k + 1]!;
  return below + (level - k) * (above - below);
}

/**
 * The level at a height: the inverse of `heightOfLevel`.
 *
 * @param z height [m]
 * @returns level in 0 … nz [layers]; NaN below the bottom or above the free surface
 */
export function levelOfHeight(vertical: VerticalCoordinate, column: Column, z: number): number {
  const nz = vertical.sRho.length;
  if (z > heightOfLevel(vertical, column, nz) || z < heightOfLevel(vertical, column, 0)) {
    return Number.NaN;
  }
  let low = 0;
  let high = nz;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (heightOfLevel(vertical, column, middle) <= z) low = middle;
    else high = middle;
  }
  const below = heightOfLevel(vertical, column, low);
  return low + (z - below) / (heightOfLevel(vertical, column, high) - below);
}

/**
 * Make a coordinate of nz layers evenly spaced in s.
 *
 * @throws {ArgumentError} if a parameter is out of its range
 */
export function makeVertical(
  nz: number,
  transform: 1 | 2,
  hc: number,
  stretching: Stretching,
): VerticalCoordinate {
  if (!Number.isInteger(nz) || nz < 1) refuse({ what: "nz", wanted: "1 or more", got: `${nz}` });
  if (!(hc >= 0)) refuse({ what: "hc", wanted: "0 m or more", got: `${hc}` });
  const sW = Float64Array.from({ length: nz + 1 }, (_, k) => (k - nz) / nz);
  const sRho = Float64Array.from({ length: nz }, (_, k) => (k - nz + 0.5) / nz);
  const stretch = (s: number) => stretched(stretching, s);
  return { transform, hc, sW, sRho, csW: sW.map(stretch), csRho: sRho.map(stretch) };
}

/**
 * A coordinate whose W levels lie at given heights over a flat bottom, and follow it elsewhere.
 *
 * @param heights z of the W levels [m], from −h up to 0, shape (nz + 1)
 * @throws {ArgumentError} if the heights do not rise from the bottom to 0
 */
export function verticalOfHeights(heights: ArrayLike<number>): VerticalCoordinate {
  const z = Float64Array.from(heights);
  const nz = z.length - 1;
  const rises = z.every((value, k) => k === 0 || value > z[k - 1]!);
  if (nz < 1 || !rises || z[nz] !== 0) {
    refuse({ what: "heights", wanted: "heights that rise to 0", got: Array.from(z).join(", ") });
  }
  const sW = z.map((value) => value / -z[0]!);
  const sRho = Float64Array.from({ length: nz }, (_, k) => (sW[k]! + sW[k + 1]!) / 2);
  return { transform: 1, hc: 0, sW, csW: sW, sRho, csRho: sRho };
}

/** The stretching C(s) of s in −1 … 0. */
export function stretched(stretching: Stretching, s: number): number {
  const { kind, thetaS, thetaB } = stretching;
  switch (kind) {
    case 1:
      return songHaidvogel(s, thetaS, thetaB);
    case 2:
      return shchepetkin2005(s, thetaS, thetaB);
    case 3:
      return geyer(s, thetaS, thetaB);
    case 4:
      return shchepetkin2010(s, thetaS, thetaB);
    default:
      return refuse({ what: "Vstretching", wanted: "1, 2, 3 or 4", got: `${kind}` });
  }
}

function songHaidvogel(s: number, thetaS: number, thetaB: number): number {
  if (thetaS === 0) return s;
  const surface = Math.sinh(thetaS * s) / Math.sinh(thetaS);
  const bottom = Math.tanh(thetaS * (s + 0.5)) / (2 * Math.tanh(0.5 * thetaS)) - 0.5;
  return (1 - thetaB) * surface + thetaB * bottom;
}

function shchepetkin2005(s: number, thetaS: number, thetaB: number): number {
  const surface = surfaceStretch(s, thetaS);
  if (thetaS === 0 || thetaB === 0) return surface;
  const bottom = Math.sinh(thetaB * (s + 1)) / Math.sinh(thetaB) - 1;
  const weight = (s + 1) * (1 + (1 - (s + 1)));
  return weight * surface + (1 - weight) * bottom;
}

function geyer(s: number, thetaS: number, thetaB: number): number {
  const steep = 3;
  const logCosh = (x: number) => Math.log(Math.cosh(steep * x)) / Math.log(Math.cosh(steep));
  const bottom = logCosh((s + 1) ** thetaB) - 1;
  const surface = -logCosh(Math.abs(s) ** thetaS);
  const weight = 0.5 * (1 - Math.tanh(steep * (s + 0.5)));
  return weight * bottom + (1 - weight) * surface;
}

function shchepetkin2010(s: number, thetaS: number, thetaB: number): number {
  const surface = surfaceStretch(s, thetaS);
  return thetaB > 0 ? (Math.exp(thetaB * surface) - 1) / (1 - Math.exp(-thetaB)) : surface;
}

function surfaceStretch(s: number, thetaS: number): number {
  return thetaS > 0 ? (1 - Math.cosh(thetaS * s)) / (Math.cosh(thetaS) - 1) : -s * s;
}

function refuse(problem: Problem): never {
  throw new ArgumentError(problem);
}
