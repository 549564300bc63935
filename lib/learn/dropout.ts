/** Dropout masks: drawn outside the program, so that every engine drops the same units. */

import { type NdArray, type Random, sizeOf } from "../core/index.js";
import type { Mask } from "./training-program.js";

/**
 * Draw a mask: 0 with the probability `rate`, else 1/(1 − rate).
 *
 * Each 32 random bits decide for two units, so the rate is met to 2⁻¹⁶.
 */
export function dropoutMask(mask: Mask, random: Random): NdArray<Float32Array> {
  const data = new Float32Array(sizeOf(mask.shape));
  const threshold = Math.round(mask.rate * 65536);
  const kept = 1 / (1 - mask.rate);
  for (let i = 0; i < data.length; i += 2) {
    const bits = random.bits();
    if ((bits & 0xffff) >= threshold) data[i] = kept;
    if (bits >>> 16 >= threshold && i + 1 < data.length) data[i + 1] = kept;
  }
  return { data, shape: mask.shape };
}
