/**
 * The matrix model as numbers: decay, mixing, transfer and input of every pool and layer, in the
 * units of the papers: pools in gC m⁻³, time in days, 365 days a year.
 *
 * Seven pools, in order: CWD, L1 metabolic, L2 cellulose, L3 lignin litter, S1 fast, S2 slow,
 * S3 passive soil carbon. Arrays over pools and layers are pool-major, shape (7, n).
 */

import type { SoilLayers } from "./layers.js";

/** Number of pools. */
export const POOLS = 7;

/** Days in a model year. */
export const DAYS_PER_YEAR = 365;

/** Fractions of a pool's decay that reach another pool, net of respiration [–]. */
export interface Transfers {
  readonly fcwdl2: number;
  readonly fl1s1: number;
  readonly fl2s1: number;
  readonly fl3s2: number;
  readonly fs1s2: number;
  readonly fs1s3: number;
  readonly fs2s1: number;
  readonly fs2s3: number;
  readonly fs3s1: number;
}

/** One soil column's matrix model: (A·K − V)·X = −B·I at steady state. */
export interface Rates {
  readonly layers: SoilLayers;
  /** K, decay, shape (7, n) [d⁻¹] */
  readonly decay: Float64Array;
  /** exchange between neighbouring layers, D/Δz at their face, shape (n − 1) [m d⁻¹] */
  readonly exchange: Float64Array;
  /** B·I, carbon input, shape (4, n): CWD and the three litters [gC m⁻³ d⁻¹] */
  readonly input: Float64Array;
  readonly transfers: Transfers;
}

/** Every transfer as [from, to, fraction]; the seven pools count from 0. */
export function transferList(f: Transfers): readonly (readonly [number, number, number])[] {
  return [
    [0, 2, f.fcwdl2],
    [0, 3, 1 - f.fcwdl2],
    [1, 4, f.fl1s1],
    [2, 4, f.fl2s1],
    [3, 5, f.fl3s2],
    [4, 5, f.fs1s2],
    [4, 6, f.fs1s3],
    [5, 4, f.fs2s1],
    [5, 6, f.fs2s3],
    [6, 4, f.fs3s1],
  ];
}

/**
 * Exchange between layers from the diffusivity at their nodes: the harmonic mean at the face, zero
 * where either neighbour does not mix (Patankar's power law without advection).
 *
 * @param diffusivity at the nodes, shape (n) [m² yr⁻¹]
 * @param layers      the column
 * @param exchange    is filled, shape (n − 1) [m d⁻¹]
 * @see Patankar (1980), Numerical heat transfer and fluid flow, sect. 4.2-3 and 5.2-6
 */
export function fillExchange(
  diffusivity: Float64Array,
  layers: SoilLayers,
  exchange: Float64Array,
): void {
  const { nodes } = layers;
  for (let i = 0; i < exchange.length; i++) {
    const above = diffusivity[i]!;
    const below = diffusivity[i + 1]!;
    const face = above > 0 && below > 0 ? (2 * above * below) / (above + below) : 0;
    exchange[i] = face / ((nodes[i + 1]! - nodes[i]!) * DAYS_PER_YEAR);
  }
}

/**
 * Share of the roots in each layer per metre of depth, from the profile β^(depth in cm), cut at the
 * bottom of the column and scaled to 1.
 *
 * @param profile is filled, shape (n) [m⁻¹]
 * @see Jackson et al. (1996), Oecologia 108, 389
 */
export function fillRootProfile(beta: number, layers: SoilLayers, profile: Float64Array): void {
  const { interfaces, thickness } = layers;
  const n = profile.length;
  const fall = 100 * Math.log(beta);
  const whole = 1 - Math.exp(fall * interfaces[n]!);
  let above = 1;
  for (let i = 0; i < n; i++) {
    const below = Math.exp(fall * interfaces[i + 1]!);
    profile[i] = (above - below) / (whole * thickness[i]!);
    above = below;
  }
}
