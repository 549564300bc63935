/**
 * What the water around a trap at 3000 m does, above and below: kinetic energy and vorticity of the
 * upper and the deep ocean while the particles cross them (figures 5 and 6 of the 2025 paper). The
 * paper averages its model over 0–1000 m and 1000–3000 m; a network's images hold two depths of each.
 *
 * @see Picard et al. (2025), section 3.3
 */

import { ArgumentError } from "../core/index.js";
import { channelsOf } from "./images.js";
import { datesOfSpeed, type SpeedImages } from "./satelliteimages.js";

/** One of the two layers that particles cross on their way to the trap. */
export interface Layer2025 {
  /** its top and bottom [m] */
  readonly from: number;
  readonly to: number;
  /** which of the images' depths stand for it */
  readonly levels: readonly [number, number];
}

/** The upper ocean, by the images at 0 and 750 m, and the deep one, by those at 1500 and 2250 m. */
export const LAYERS_2025: Readonly<Record<"upper" | "deep", Layer2025>> = {
  upper: { from: 0, to: 1000, levels: [0, 1] },
  deep: { from: 1000, to: 3000, levels: [2, 3] },
};

/** Means over a layer's depths and the dates at which particles cross it, shape (n, n), east by north. */
export interface LayerMaps {
  /** kinetic energy [cm² s⁻²] */
  readonly energy: Float32Array;
  /** ζ/f [–] */
  readonly vorticity: Float32Array;
  /** [m s⁻¹] */
  readonly u: Float32Array;
  readonly v: Float32Array;
}

/** Means of the same over a box of 80 km around the trap; one number per sample, shape (samples) each. */
export interface DeepSurroundings {
  /** [cm² s⁻²] */
  readonly upperEnergy: Float64Array;
  readonly deepEnergy: Float64Array;
  /** ζ/f [–], with its sign: an eddy over the trap keeps it, neighbours of both signs do not */
  readonly upperVorticity: Float64Array;
  readonly deepVorticity: Float64Array;
}

/** Side of the box around the trap [m]. */
export const SURROUNDINGS_BOX = 80e3;

const DAY = 86400;
/** Depth of the trap [m] and how long it collects [d]. */
const TRAP = { depth: 3000, days: 10 };

/**
 * How much each of a speed's images counts in the mean over a layer: by the share of a collection's
 * particles that are in the layer at its date. At 100 m/d these are the images 20 and 10 days before
 * the collection ends below 1000 m, and that of 30 days before it above.
 *
 * @param speed [m d⁻¹]
 * @returns shape (dates), sums to 1
 * @throws {ArgumentError} if no image shows the layer while particles cross it
 */
export function crossingWeights(speed: number, { from, to }: Layer2025): number[] {
  const [top, bottom] = [from, to].map((depth) => (TRAP.depth - depth) / speed);
  const shares = datesOfSpeed(speed).map((date) => {
    const days = date / DAY;
    // caught between `days + bottom` and `days + top`, counted from the end of the collection
    return Math.max(0, Math.min(0, days + top!) - Math.max(-TRAP.days, days + bottom!));
  });
  const total = shares.reduce((sum, share) => sum + share, 0);
  if (total > 0) return shares.map((share) => share / total);
  throw new ArgumentError({
    what: "speed",
    wanted: `particles that are between ${from} and ${to} m on the date of an image`,
    got: `${speed} m/d`,
  });
}

/**
 * Average a sample's 5V-4L image over a layer, while its particles cross it.
 *
 * @throws {ArgumentError} as `crossingWeights`
 */
export function layerMaps(images: SpeedImages, sample: number, layer: Layer2025): LayerMaps {
  const plane = images.n ** 2;
  const image = new Float32Array(channelsOf(images.layout) * plane);
  images.fill(sample, image);
  const make = () => new Float32Array(plane);
  const mean = { energy: make(), vorticity: make(), u: make(), v: make() };
  for (const [date, weight] of crossingWeights(images.speedOf(sample), layer).entries()) {
    if (weight === 0) continue;
    for (const level of layer.levels) {
      const channel = (quantity: number) =>
        image.subarray((17 * date + 4 * quantity + level) * plane);
      const [spin, u, v] = [channel(1), channel(2), channel(3)];
      const share = weight / layer.levels.length;
      for (let k = 0; k < plane; k++) {
        mean.energy[k] = mean.energy[k]! + (share * 1e4 * (u[k]! ** 2 + v[k]! ** 2)) / 2;
        mean.vorticity[k] = mean.vorticity[k]! + share * spin[k]!;
        mean.u[k] = mean.u[k]! + share * u[k]!;
        mean.v[k] = mean.v[k]! + share * v[k]!;
      }
    }
  }
  return mean;
}

/**
 * Judge the surroundings of samples from their 5V-4L images.
 *
 * @param samples sample numbers
 * @param dx      cell size [m]
 * @throws {ArgumentError} as `crossingWeights`
 */
export function deepSurroundings(
  images: SpeedImages,
  samples: Int32Array,
  dx: number,
): DeepSurroundings {
  const make = () => new Float64Array(samples.length);
  const [upperEnergy, deepEnergy] = [make(), make()];
  const [upperVorticity, deepVorticity] = [make(), make()];
  const mean = (map: Float32Array) => boxMean(map, images.n, dx);
  for (const [s, sample] of samples.entries()) {
    const upper = layerMaps(images, sample, LAYERS_2025.upper);
    const deep = layerMaps(images, sample, LAYERS_2025.deep);
    [upperEnergy[s], upperVorticity[s]] = [mean(upper.energy), mean(upper.vorticity)];
    [deepEnergy[s], deepVorticity[s]] = [mean(deep.energy), mean(deep.vorticity)];
  }
  return { upperEnergy, deepEnergy, upperVorticity, deepVorticity };
}

/** Mean over the box around the trap, in the cell at n / 2; cells on its rim count by their overlap. */
function boxMean(map: Float32Array, n: number, dx: number): number {
  const reach = SURROUNDINGS_BOX / dx / 2;
  const weights = Float64Array.from({ length: n }, (_, k) => {
    const away = Math.abs(k - n / 2);
    return Math.max(0, Math.min(1, reach + 0.5 - away));
  });
  let [sum, total] = [0, 0];
  for (let k = 0; k < n * n; k++) {
    const weight = weights[Math.floor(k / n)]! * weights[k % n]!;
    if (weight === 0) continue;
    sum += weight * map[k]!;
    total += weight;
  }
  return sum / total;
}
