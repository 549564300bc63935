/** Properties of the ocean around each sample's trap: what may make its catchment hard to predict. */

import { channelsOf, type ImageSource } from "./images.js";

/** One number per sample, shape (samples) each. */
export interface Surroundings {
  /** mean |ζ/f| at the surface within the box [–] */
  readonly vorticity: Float64Array;
  /** mean Okubo–Weiss parameter over f² at the surface within the box [–] */
  readonly okuboWeiss: Float64Array;
  /** |SSH at the trap less the image's mean| [m] */
  readonly seaLevel: Float64Array;
  /** kinetic energy at the surface over the image, mean over its dates [cm² s⁻²] */
  readonly kineticEnergy: Float64Array;
}

/** Half the side of the box around the trap in which the eddy field is judged [m]. */
const HALF_BOX = 50e3;

/**
 * Judge the surroundings of samples from their images, at the image 20 days before the collection
 * ends (the third of four).
 *
 * @param images   with the surface as their first depth
 * @param dx       cell size [m]
 * @param coriolis f [s⁻¹]
 * @see Picard et al. (2024), section 4.3: Okubo–Weiss = σ² − ζ², a box of 100 km
 */
export function surroundingsOf(
  images: ImageSource,
  { dx, coriolis }: { readonly dx: number; readonly coriolis: number },
): Surroundings {
  const { n, layout, count } = images;
  const plane = n * n;
  const perDate = 4 * layout.depths.length + 1;
  const date = Math.max(0, layout.dates.length - 2);
  const image = new Float32Array(channelsOf(layout) * plane);
  const make = () => new Float64Array(count);
  const found = { vorticity: make(), okuboWeiss: make(), seaLevel: make(), kineticEnergy: make() };
  for (let sample = 0; sample < count; sample++) {
    images.fill(sample, image);
    const channel = (index: number, at = date) =>
      image.subarray((at * perDate + index) * plane, (at * perDate + index + 1) * plane);
    const depths = layout.depths.length;
    const [u, v, ssh] = [channel(2 * depths), channel(3 * depths), channel(4 * depths)];
    found.vorticity[sample] = Math.abs(boxMean(channel(depths), n, dx));
    found.okuboWeiss[sample] = okuboWeiss(u, v, n, dx) / coriolis ** 2;
    const mean = ssh.reduce((sum, height) => sum + height, 0) / plane;
    found.seaLevel[sample] = Math.abs(boxMean(ssh, n, dx) - mean);
    for (let at = 0; at < layout.dates.length; at++) {
      const energy = meanEnergy(channel(2 * depths, at), channel(3 * depths, at));
      found.kineticEnergy[sample] = found.kineticEnergy[sample]! + energy / layout.dates.length;
    }
  }
  return found;
}

function meanEnergy(u: Float32Array, v: Float32Array): number {
  let sum = 0;
  for (let k = 0; k < u.length; k++) sum += (u[k]! ** 2 + v[k]! ** 2) / 2;
  return (1e4 * sum) / u.length;
}

function boxRange(n: number, dx: number): [number, number] {
  const half = Math.max(1, Math.round(HALF_BOX / dx));
  return [n / 2 - half, n / 2 + half];
}

function boxMean(field: Float32Array, n: number, dx: number): number {
  const [from, to] = boxRange(n, dx);
  let sum = 0;
  for (let i = from; i < to; i++) for (let j = from; j < to; j++) sum += field[i * n + j]!;
  return sum / (to - from) ** 2;
}

/** Mean σ² − ζ² over the box [s⁻²], by centred differences; the image is east by north. */
function okuboWeiss(u: Float32Array, v: Float32Array, n: number, dx: number): number {
  const [from, to] = boxRange(n, dx);
  let sum = 0;
  for (let i = from; i < to; i++) {
    for (let j = from; j < to; j++) {
      const k = i * n + j;
      const east = (field: Float32Array) => (field[k + n]! - field[k - n]!) / (2 * dx);
      const north = (field: Float32Array) => (field[k + 1]! - field[k - 1]!) / (2 * dx);
      const [normal, shear] = [east(u) - north(v), east(v) + north(u)];
      const spin = east(v) - north(u);
      sum += normal * normal + shear * shear - spin * spin;
    }
  }
  return sum / (to - from) ** 2;
}
