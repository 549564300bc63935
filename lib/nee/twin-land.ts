/**
 * The vegetation and soil of the twin land: light-use-efficiency uptake, respiration that rises with
 * temperature, a hidden history that decides the mean sink, and what satellites see of it.
 * Sources: docs/twins/land.md.
 */

import { PLANT_TYPES, type PlantType } from "./pft.js";
import type { Steps } from "./steps.js";
import { type Climate, clamp, meanTemperature, type Places, ramp } from "./twin-climate.js";

/** Places with what grows there and what became of them. */
export interface LandPlaces extends Places {
  /** shares of the plant types, shape (places, types) */
  readonly shares: Float64Array;
  /** mean water availability */
  readonly meanWater: Float64Array;
  /** share of the uptake that is not respired again over the years: the history of the place */
  readonly kept: Float64Array;
}

/** Components that drivers are made from. */
export const COMPONENTS = [
  "EVI",
  "fAPAR",
  "LSTday",
  "LSTnight",
  "MIR",
  "NDVI",
  "NDWI",
  "Rg",
  "Rpot",
  "WAI",
  "Tair",
] as const;

/** Name of a component. */
export type Component = (typeof COMPONENTS)[number];

/** Components by name, each of shape (steps, places). */
export type Components = Readonly<Record<Component, Float32Array>>;

/** What the twin land does; fields have shape (steps, places) [gC m⁻² d⁻¹]. */
export interface LandFluxes {
  /** net ecosystem exchange, below zero where the land takes up; without fire */
  readonly nee: Float32Array;
  readonly gpp: Float32Array;
  readonly components: Components;
}

/** Respiration grows by this factor in 10 K (Mahecha et al. 2010 find 1.4 ± 0.1). */
const Q10 = 1.5;

/** Share of respiration that follows recent uptake; the rest follows the soil. */
const FRESH = 0.5;

/** Simulate uptake, respiration and what is seen from above. */
export function simulateLand(places: LandPlaces, climate: Climate, steps: Steps): LandFluxes {
  const n = places.latitude.length;
  const gpp = new Float32Array(n * steps.count);
  const components = Object.fromEntries(
    COMPONENTS.map((name) => [name, new Float32Array(n * steps.count)]),
  ) as Record<Component, Float32Array>;
  for (let s = 0; s < steps.count; s++) {
    const before = Math.max(0, s - Math.round(20 / steps.days[s]!));
    for (let p = 0; p < n; p++) {
      const at = s * n + p;
      const lag = before * n + p;
      let [uptake, leaves] = [0, 0];
      for (const [t, plant] of PLANT_TYPES.entries()) {
        const share = places.shares[p * PLANT_TYPES.length + t]!;
        if (share < 0.005) continue;
        const fapar = greenness(plant, climate, { at, lag, wet: places.meanWater[p]! });
        leaves += share * fapar;
        uptake += share * uptakeOf(plant, climate, at, fapar * (1 + climate.vigour[at]!));
      }
      gpp[at] = uptake;
      see(components, climate, at, leaves);
    }
  }
  return { nee: respire(places, climate, steps, gpp), gpp, components };
}

/** Share of light taken up: leaves come with warmth and water, and stay on evergreens. */
function greenness(
  { cold, fapar, evergreen }: PlantType,
  climate: Climate,
  { at, lag, wet }: { at: number; lag: number; wet: number },
): number {
  const warm = ramp(climate.temperature[lag]!, cold[0] + 6, cold[1] + 6);
  const moist = 0.2 + 0.8 * ramp(climate.water[at]!, 0.05, 0.45);
  const cover = 0.1 + 0.9 * ramp(wet, 0.15, 0.65);
  return fapar * cover * (evergreen + (1 - evergreen) * warm * moist);
}

/** Light-use efficiency: ε · 0.45 Rg · fAPAR · f(T) · f(W) (MOD17) [gC m⁻² d⁻¹]. */
function uptakeOf(
  { efficiency, cold }: PlantType,
  climate: Climate,
  at: number,
  fapar: number,
): number {
  const megajoules = climate.light[at]! * 0.0864;
  const warm = ramp(climate.temperature[at]! - 5, cold[0], cold[1]);
  const moist = ramp(climate.water[at]!, 0.05, 0.6);
  return efficiency * 0.45 * megajoules * fapar * warm * moist;
}

/** Respiration less uptake; the soil's rate of each place is such that the wanted share is kept. */
function respire(
  places: LandPlaces,
  climate: Climate,
  steps: Steps,
  gpp: Float32Array,
): Float32Array {
  const n = places.latitude.length;
  const nee = new Float32Array(gpp.length);
  const follow = new Float64Array(steps.count);
  for (let p = 0; p < n; p++) {
    let [taken, warmed, followed] = [0, 0, 0];
    let fresh = gpp[p]!;
    for (let s = 0; s < steps.count; s++) {
      const at = s * n + p;
      const blend = 1 - Math.exp(-steps.days[s]! / 30);
      fresh += blend * (gpp[at]! - fresh);
      const warmth = Q10 ** ((climate.temperature[at]! - 15) / 10);
      const soil = warmth * (0.3 + 0.7 * ramp(climate.water[at]!, 0.02, 0.5));
      taken += gpp[at]! * steps.days[s]!;
      warmed += soil * steps.days[s]!;
      followed += fresh * steps.days[s]!;
      nee[at] = soil;
      follow[s] = fresh;
    }
    const rest = 1 - places.kept[p]!;
    const rate = (rest * (taken - FRESH * followed)) / warmed;
    for (let s = 0; s < steps.count; s++) {
      const at = s * n + p;
      nee[at] = rate * nee[at]! + rest * FRESH * follow[s]! - gpp[at]!;
    }
  }
  return nee;
}

/** What satellites and stations see of a place at one step. */
function see(
  components: Record<Component, Float32Array>,
  climate: Climate,
  at: number,
  leaves: number,
): void {
  const temperature = climate.temperature[at]!;
  const water = climate.water[at]!;
  const swing = 4 + 10 * (1 - water);
  components.Tair[at] = temperature;
  components.WAI[at] = water;
  components.Rg[at] = climate.light[at]!;
  components.Rpot[at] = climate.potentialLight[at]!;
  components.fAPAR[at] = leaves;
  components.NDVI[at] = clamp(0.1 + 0.85 * leaves, 0, 1);
  components.EVI[at] = clamp(0.06 + 0.6 * leaves, 0, 1);
  components.NDWI[at] = 0.5 * leaves + 0.4 * water - 0.3;
  components.MIR[at] = clamp(0.32 - 0.16 * leaves - 0.1 * water, 0, 1);
  components.LSTday[at] = temperature + swing * (1 - 0.5 * leaves);
  components.LSTnight[at] = temperature - 0.6 * swing;
}

/** Mean temperature of places [°C]. */
export function meanTemperatures({ latitude }: Places): Float64Array {
  return latitude.map(meanTemperature);
}
