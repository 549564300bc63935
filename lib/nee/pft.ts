/** Plant functional types and the mixing of what is known per type into pixels. */

import { ArgumentError, shapeError } from "../core/index.js";

/** A plant functional type of the twin land. */
export interface PlantType {
  /** IGBP class */
  readonly code: string;
  readonly name: string;
  /** largest light-use efficiency [gC MJ⁻¹] */
  readonly efficiency: number;
  /** daily minimum temperature where growth stops and where it is free [°C] */
  readonly cold: readonly [stop: number, free: number];
  /** largest share of light taken up */
  readonly fapar: number;
  /** share of the leaves that stay through the bad season */
  readonly evergreen: number;
  /** climate it is most at home in: mean temperature [°C] and water availability */
  readonly home: readonly [temperature: number, water: number];
}

/**
 * Types with the light-use efficiencies and temperature ramps of MOD17 (Running & Zhao 2015, user's
 * guide of MOD17A2H, table 2); homes follow Whittaker's biomes.
 */
export const PLANT_TYPES: readonly PlantType[] = [
  type("ENF", "evergreen needleleaf forest", 0.962, [-8, 8.31], 0.8, 0.85, [1, 0.65]),
  type("EBF", "evergreen broadleaf forest", 1.268, [-8, 9.09], 0.92, 0.95, [26, 0.85]),
  type("DBF", "deciduous broadleaf forest", 1.165, [-6, 9.94], 0.88, 0.15, [11, 0.65]),
  type("MF", "mixed forest", 1.051, [-7, 9.5], 0.85, 0.5, [6, 0.68]),
  type("SAV", "savanna", 1.206, [-8, 11.39], 0.65, 0.4, [25, 0.45]),
  type("GRA", "grassland", 0.86, [-8, 12.02], 0.6, 0.15, [9, 0.38]),
  type("CRO", "cropland", 1.044, [-8, 12.02], 0.75, 0.05, [14, 0.5]),
  type("OSH", "open shrubland", 0.841, [-8, 8.8], 0.35, 0.5, [18, 0.15]),
];

function type(
  code: string,
  name: string,
  efficiency: number,
  cold: readonly [number, number],
  fapar: number,
  evergreen: number,
  home: readonly [number, number],
): PlantType {
  return { code, name, efficiency, cold, fapar, evergreen, home };
}

/** Shares of the types in a climate, summing to 1: Gaussian niches around their homes. */
export function plantShares(meanTemperature: number, meanWater: number): Float64Array {
  const niches = PLANT_TYPES.map(({ home }) =>
    Math.exp(-0.5 * (((meanTemperature - home[0]) / 5) ** 2 + ((meanWater - home[1]) / 0.14) ** 2)),
  );
  const total = niches.reduce((sum, n) => sum + n, 1e-12);
  return Float64Array.from(niches, (n) => n / total);
}

/**
 * Mix what is known per type into pixels: Σ share · value, as the drivers of the paper are.
 *
 * @param values shape (types, pixels)
 * @param shares shape (pixels, types)
 * @throws {ArgumentError} if the shares of a pixel do not sum to 1
 */
export function mixTypes(values: Float64Array, shares: Float64Array, types: number): Float64Array {
  if (values.length !== shares.length) throw shapeError("shares", [values.length], [shares.length]);
  const pixels = values.length / types;
  return Float64Array.from({ length: pixels }, (_, p) => {
    let [mixed, total] = [0, 0];
    for (let t = 0; t < types; t++) {
      const share = shares[p * types + t]!;
      mixed += share * values[t * pixels + p]!;
      total += share;
    }
    if (Math.abs(total - 1) > 1e-6) {
      const got = `${total} in pixel ${p}`;
      throw new ArgumentError({ what: "shares", wanted: "a sum of 1", got });
    }
    return mixed;
  });
}
