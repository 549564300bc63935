/**
 * What the water around a trap at 3000 m does, above and below: kinetic energy and vorticity of the
 * upper and the deep ocean (figures 5 and 6 of the 2025 paper).
 */

import { channelsOf, type ImageSource } from "./images.js";

/** One number per sample, shape (samples) each. */
export interface DeepSurroundings {
  /** mean kinetic energy over the box [cm² s⁻²]: of the upper two depths, and of the lower two */
  readonly upperEnergy: Float64Array;
  readonly deepEnergy: Float64Array;
  /** mean |ζ/f| over the box [–], likewise */
  readonly upperVorticity: Float64Array;
  readonly deepVorticity: Float64Array;
}

/** Side of the box around the trap [m]. */
const BOX = 80e3;

/**
 * Judge the surroundings of samples from their 5V-4L images, mean of the two latest dates.
 *
 * @param samples sample numbers
 * @param dx      cell size [m]
 */
export function deepSurroundings(
  images: ImageSource,
  samples: Int32Array,
  dx: number,
): DeepSurroundings {
  const { n, layout } = images;
  const plane = n * n;
  const image = new Float32Array(channelsOf(layout) * plane);
  const half = Math.max(1, Math.round(BOX / dx / 2));
  const make = () => new Float64Array(samples.length);
  const [upperEnergy, deepEnergy] = [make(), make()];
  const [upperVorticity, deepVorticity] = [make(), make()];
  for (let s = 0; s < samples.length; s++) {
    images.fill(samples[s]!, image);
    for (const date of [3, 4]) {
      for (let level = 0; level < 4; level++) {
        const channel = (quantity: number) =>
          image.subarray((17 * date + 4 * quantity + level) * plane);
        const [spin, u, v] = [channel(1), channel(2), channel(3)];
        let [energy, turning] = [0, 0];
        for (let i = n / 2 - half; i < n / 2 + half; i++) {
          for (let k = i * n + n / 2 - half; k < i * n + n / 2 + half; k++) {
            energy += (1e4 * (u[k]! ** 2 + v[k]! ** 2)) / 2;
            turning += Math.abs(spin[k]!);
          }
        }
        const [energies, vorticities] =
          level < 2 ? [upperEnergy, upperVorticity] : [deepEnergy, deepVorticity];
        const share = 1 / (4 * (2 * half) ** 2);
        energies[s] = energies[s]! + share * energy;
        vorticities[s] = vorticities[s]! + share * turning;
      }
    }
  }
  return { upperEnergy, deepEnergy, upperVorticity, deepVorticity };
}
