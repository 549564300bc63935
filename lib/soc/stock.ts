/** Soil organic carbon of a solved column: profile and stocks. */

import { ArgumentError } from "../core/index.js";
import type { SoilLayers } from "./layers.js";
import type { Rates } from "./rates.js";

/** SOC density S1 + S2 + S3 of each layer, shape (n) [gC m⁻³]. */
export function carbonProfile(pools: Float64Array, n: number): Float64Array {
  return Float64Array.from(
    { length: n },
    (_, i) => pools[4 * n + i]! + pools[5 * n + i]! + pools[6 * n + i]!,
  );
}

/**
 * Carbon stock between the surface and a depth, with partial layers.
 *
 * @param profile SOC density, shape (n) [gC m⁻³]
 * @param depth   [m]; the whole column by default
 * @returns [gC m⁻²]
 * @throws {ArgumentError} if the depth is not positive
 */
export function carbonStock(
  profile: Float64Array,
  layers: SoilLayers,
  depth = Number.POSITIVE_INFINITY,
): number {
  if (!(depth > 0)) throw new ArgumentError({ what: "depth", wanted: "> 0 m", got: `${depth}` });
  let stock = 0;
  for (let i = 0; i < profile.length; i++) {
    const top = layers.interfaces[i]!;
    const bottom = Math.min(layers.interfaces[i + 1]!, depth);
    if (bottom <= top) break;
    stock += profile[i]! * (bottom - top);
  }
  return stock;
}

/** Carbon that enters the column [gC m⁻² yr⁻¹]. */
export function carbonInput({ input, layers }: Rates): number {
  const n = layers.thickness.length;
  let sum = 0;
  for (let at = 0; at < input.length; at++) sum += input[at]! * layers.thickness[at % n]!;
  return sum * 365;
}

/**
 * Carbon that leaves the column as CO₂ [gC m⁻² yr⁻¹]: each pool's decay, less what it hands on.
 *
 * @param pools X, shape (7, n) [gC m⁻³]
 */
export function respiration({ decay, transfers: f, layers }: Rates, pools: Float64Array): number {
  const n = layers.thickness.length;
  const lost = [
    0,
    1 - f.fl1s1,
    1 - f.fl2s1,
    1 - f.fl3s2,
    1 - f.fs1s2 - f.fs1s3,
    1 - f.fs2s1 - f.fs2s3,
    1 - f.fs3s1,
  ];
  let sum = 0;
  for (let at = 0; at < pools.length; at++) {
    sum += lost[Math.floor(at / n)]! * decay[at]! * pools[at]! * layers.thickness[at % n]!;
  }
  return sum * 365;
}
