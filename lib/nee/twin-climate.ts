/**
 * The climate of the twin land: closed forms for what repeats every year, and smooth random fields
 * for what does not. Sources: docs/twins/land.md.
 */

import { makeRandom, RADIANS_PER_DEGREE } from "../core/index.js";
import type { Steps } from "./steps.js";

/** Places on land: cells, or towers. */
export interface Places {
  /** [°N] */
  readonly latitude: Float64Array;
  /** [°E] */
  readonly longitude: Float64Array;
}

/** Climate of places; fields have shape (steps, places). */
export interface Climate {
  /** [°C] */
  readonly temperature: Float32Array;
  /** water availability, 0 to 1 */
  readonly water: Float32Array;
  /** sunlight at the ground and above the air [W m⁻²] */
  readonly light: Float32Array;
  readonly potentialLight: Float32Array;
  /** how much greener than its mean season the vegetation is (share), seen by no driver */
  readonly vigour: Float32Array;
}

/** Daily mean sunlight above the air [W m⁻²] (FAO-56, equation 21). */
export function potentialLight(latitude: number, dayOfYear: number): number {
  const phi = latitude * RADIANS_PER_DEGREE;
  const angle = (2 * Math.PI * dayOfYear) / 365;
  const tilt = 0.409 * Math.sin(angle - 1.39);
  const sunset = Math.acos(Math.min(1, Math.max(-1, -Math.tan(phi) * Math.tan(tilt))));
  const sun =
    sunset * Math.sin(phi) * Math.sin(tilt) + Math.cos(phi) * Math.cos(tilt) * Math.sin(sunset);
  return (1361 / Math.PI) * (1 + 0.033 * Math.cos(angle)) * Math.max(0, sun);
}

/** Mean temperature of a latitude [°C] (North 1975: 14.9 − 28 P₂(sin φ)). */
export function meanTemperature(latitude: number): number {
  const x = Math.sin(latitude * RADIANS_PER_DEGREE);
  return 14.9 - 14 * (3 * x * x - 1);
}

/** Zonal mean of water availability: wet equator, dry subtropics, moist middle latitudes. */
export function zonalWater(latitude: number): number {
  const away = Math.abs(latitude);
  return 0.85 * Math.exp(-((away / 14) ** 2)) + 0.6 * Math.exp(-(((away - 54) / 20) ** 2)) + 0.12;
}

/** Mean water availability of places: the zonal mean with smooth differences along it. */
export function meanWater(places: Places, seed: number): Float64Array {
  const differ = smoothField(seed, 1, 4000);
  return Float64Array.from(places.latitude, (latitude, p) =>
    clamp(zonalWater(latitude) + 0.13 * differ(latitude, places.longitude[p]!), 0.05, 0.95),
  );
}

/** Climate of places on all steps. The same seed gives the same weather to cells and towers. */
export function makeClimate(places: Places, steps: Steps, seed: number): Climate {
  const n = places.latitude.length;
  const [temperature, water, light, potential, vigour] = Array.from(
    { length: 5 },
    () => new Float32Array(n * steps.count),
  ) as [Float32Array, Float32Array, Float32Array, Float32Array, Float32Array];
  const wet = meanWater(places, seed);
  const warmth = makeAnomaly(places, steps, { seed, stream: 10, memoryDays: 15, lengthKm: 1500 });
  const rain = makeAnomaly(places, steps, { seed, stream: 20, memoryDays: 90, lengthKm: 1200 });
  const green = makeAnomaly(places, steps, { seed, stream: 30, memoryDays: 180, lengthKm: 1500 });
  const oscillation = makeOscillation(steps, seed);
  for (let s = 0; s < steps.count; s++) {
    const day = steps.dayOfYear[s]!;
    const e = oscillation[s]!;
    const [warm, rains, greener] = [warmth(s), rain(s), green(s)];
    for (let p = 0; p < n; p++) {
      const latitude = places.latitude[p]!;
      const tropic = Math.exp(-((latitude / 20) ** 2));
      const x = Math.sin(latitude * RADIANS_PER_DEGREE) ** 2;
      const north = latitude >= 0;
      const summer = Math.cos((2 * Math.PI * (day - (north ? 200 : 18))) / 365.25);
      const at = s * n + p;
      const dry = rains[p]! * 0.08 - 0.05 * e * tropic;
      temperature[at] =
        meanTemperature(latitude) +
        (north ? 26 : 14) * x * summer +
        (0.5 + 2.5 * x) * warm[p]! +
        0.3 * e * tropic;
      const seasonal = wet[p]! + waterSwing(latitude) * summer;
      water[at] = clamp(seasonal + dry, 0.02, 1);
      potential[at] = potentialLight(latitude, day);
      light[at] = potential[at]! * clamp(0.75 - 0.35 * water[at]!, 0.3, 0.72);
      vigour[at] = 0.04 * greener[p]! + 0.3 * dry;
    }
  }
  return { temperature, water, light, potentialLight: potential, vigour };
}

/** Half the seasonal swing of water: rains come with the sun in the tropics, summers dry beyond. */
function waterSwing(latitude: number): number {
  const away = Math.abs(latitude);
  const monsoon = 0.22 * Math.exp(-(((away - 13) / 7) ** 2));
  return monsoon - 0.1 / (1 + Math.exp(-(away - 35) / 5));
}

/** A tropical oscillation of standard deviation 1 whose months remember the last by 0.92. */
export function makeOscillation(steps: Steps, seed: number): Float64Array {
  const random = makeRandom(seed, 2);
  const months = new Float64Array(steps.months);
  let value = random.normal();
  for (let m = 0; m < steps.months; m++) {
    months[m] = value;
    value = 0.92 * value + Math.sqrt(1 - 0.92 ** 2) * random.normal();
  }
  return Float64Array.from(steps.monthOf, (m) => months[m]!);
}

/** Waves that make up a smooth random field. */
const WAVES = 40;

/**
 * A smooth random function on the sphere of variance 1: a sum of waves whose numbers are normal, so
 * that its correlation is Gaussian in distance.
 *
 * @see Rahimi & Recht (2007), Random features for large-scale kernel machines
 */
export function smoothField(seed: number, stream: number, lengthKm: number) {
  const waves = makeWaves(seed, stream, lengthKm);
  return (latitude: number, longitude: number): number => {
    const values = waves(latitude, longitude);
    return values.reduce((sum, v) => sum + v, 0) / Math.sqrt(WAVES / 2);
  };
}

function makeWaves(seed: number, stream: number, lengthKm: number) {
  const random = makeRandom(seed, stream);
  const scale = 6371 / lengthKm;
  const waves = Array.from({ length: WAVES }, () => ({
    k: [random.normal(), random.normal(), random.normal()].map((v) => v * scale),
    phase: 2 * Math.PI * random.uniform(),
  }));
  return (latitude: number, longitude: number): Float64Array => {
    const [phi, lambda] = [latitude * RADIANS_PER_DEGREE, longitude * RADIANS_PER_DEGREE];
    const x = Math.cos(phi) * Math.cos(lambda);
    const y = Math.cos(phi) * Math.sin(lambda);
    const z = Math.sin(phi);
    return Float64Array.from(waves, ({ k, phase }) =>
      Math.cos(k[0]! * x + k[1]! * y + k[2]! * z + phase),
    );
  };
}

/** A random field that is smooth in space and forgets at a rate in time, variance 1. */
function makeAnomaly(
  places: Places,
  steps: Steps,
  how: { seed: number; stream: number; memoryDays: number; lengthKm: number },
): (step: number) => Float64Array {
  const waves = makeWaves(how.seed, how.stream, how.lengthKm);
  const n = places.latitude.length;
  const patterns = Array.from(places.latitude, (latitude, p) =>
    waves(latitude, places.longitude[p]!),
  );
  const random = makeRandom(how.seed, how.stream + 1);
  const loads = Float64Array.from({ length: WAVES }, () => random.normal());
  const field = new Float64Array(n);
  return (step) => {
    const kept = Math.exp(-steps.days[step]! / how.memoryDays);
    for (let w = 0; w < WAVES; w++) {
      loads[w] = kept * loads[w]! + Math.sqrt(1 - kept * kept) * random.normal();
    }
    for (let p = 0; p < n; p++) {
      let sum = 0;
      for (let w = 0; w < WAVES; w++) sum += loads[w]! * patterns[p]![w]!;
      field[p] = sum / Math.sqrt(WAVES / 2);
    }
    return field;
  };
}

/** A value held within bounds. */
export function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

/** 0 below `from`, 1 above `to`, straight between. */
export function ramp(value: number, from: number, to: number): number {
  return clamp((value - from) / (to - from), 0, 1);
}
