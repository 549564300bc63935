/**
 * Climate and soils of the twin of the conterminous United States: smooth fields of the size and
 * shape of the real ones, with seeded waves in them, and the forcing that the model takes from them.
 * Formulas with their sources are listed in docs/twins/soil.md.
 */

import { makeRandom, type Random, ZERO_CELSIUS } from "../core/index.js";
import type { Forcing2020 } from "./column.js";
import type { Place } from "./country.js";

/** Everything that the twin knows of a place but its parameters. */
export interface Site extends Place {
  /** [m] */
  readonly elevation: number;
  /** monthly means from January, shape (12) [°C] and [mm month⁻¹] */
  readonly temperature: Float64Array;
  readonly precipitation: Float64Array;
  /** annual mean [°C] and sum [mm yr⁻¹] */
  readonly meanTemperature: number;
  readonly annualPrecipitation: number;
  /** potential evapotranspiration [mm yr⁻¹] */
  readonly potentialEvaporation: number;
  /** net primary production [gC m⁻² yr⁻¹] */
  readonly npp: { readonly min: number; readonly max: number; readonly mean: number };
  /** at 0, 30 and 100 cm, shape (3) [%] */
  readonly sand: Float64Array;
  readonly clay: Float64Array;
  readonly ph: number;
  /** depth to bedrock [m] */
  readonly bedrock: number;
  /** coarse fragments [%] */
  readonly fragments: number;
}

/** A field of the place, of mean 0 and standard deviation 1. */
export type Waves = (place: Place) => number;

/** Names of the seeded waves. */
const FIELDS = [
  "warmth",
  "rain",
  "season",
  "npp",
  "sand",
  "clay",
  "ph",
  "bedrock",
  "stones",
] as const;

/** The land of a seed. */
export type Land = (place: Place) => Site;

/** Make the land of a seed; without one, the smooth land that all seeds share. */
export function makeLand(seed?: number): Land {
  const waves = Object.fromEntries(
    FIELDS.map((name, i) => [
      name,
      seed === undefined ? () => 0 : makeWaves(makeRandom(seed, 10 + i)),
    ]),
  ) as Record<(typeof FIELDS)[number], Waves>;
  return (place) => {
    const elevation = elevationOf(place);
    const meanTemperature =
      24 - 0.8 * (place.latitude - 25) - 0.0055 * elevation + 0.7 * waves.warmth(place);
    const annualPrecipitation = rainOf(place) * Math.exp(0.15 * waves.rain(place));
    const temperature = monthlyTemperature(place, meanTemperature);
    const precipitation = monthlyRain(place, annualPrecipitation, waves.season(place));
    const biotemperature = temperature.reduce((sum, t) => sum + clamp(t, 0, 30), 0) / 12;
    const potentialEvaporation = 58.93 * biotemperature;
    const sand = clamp(43 + 16 * waves.sand(place), 5, 90);
    const clay = Math.min(clamp(22 + 9 * waves.clay(place), 3, 60), 95 - sand);
    const dryness = annualPrecipitation / Math.max(1, potentialEvaporation);
    return {
      ...place,
      elevation,
      temperature,
      precipitation,
      meanTemperature,
      annualPrecipitation,
      potentialEvaporation,
      npp: nppOf(meanTemperature, annualPrecipitation, waves.npp(place)),
      sand: Float64Array.of(sand, sand - 1, sand + 2),
      clay: Float64Array.of(clay, clay * 1.15, clay * 1.1),
      ph: clamp(7.6 - 1.2 * Math.min(dryness, 1.5) + 0.4 * waves.ph(place), 4, 9),
      bedrock: clamp(2.5 - 0.0006 * elevation + 0.6 * waves.bedrock(place), 0.5, 5),
      fragments: clamp(8 + 0.006 * elevation + 5 * waves.stones(place), 0, 60),
    };
  };
}

/**
 * The model's forcing of a site. Annual means do not change with depth; water gets a little more.
 *
 * @param nodes depth of the model's nodes [m]
 */
export function forcingOf(site: Site, nodes: ArrayLike<number>): Forcing2020 {
  const { meanTemperature, annualPrecipitation, potentialEvaporation, npp } = site;
  const wetness = annualPrecipitation / Math.max(1, potentialEvaporation);
  const [sand, clay] = [site.sand[1]!, site.clay[1]!];
  const saturated = 9.8e-6 * 10 * 10 ** (1.88 - 0.0131 * sand); // [MPa], of −ψ
  const exponent = 2.91 + 0.159 * clay;
  const waterPotential = Array.from(nodes, (depth) => {
    const filled = 0.3 + 0.6 * (1 - Math.exp(-wetness)) + 0.03 * Math.min(depth, 2);
    return Math.max(-15, -saturated * Math.min(filled, 0.99) ** -exponent);
  });
  return {
    temperature: new Array(nodes.length).fill(meanTemperature + 1 + ZERO_CELSIUS),
    waterPotential,
    npp,
    activeLayer: meanTemperature > -2 ? 10 : Math.max(0.5, 3 + 0.5 * meanTemperature),
  };
}

/** Twelve waves of 400 to 2000 km in random directions. */
export function makeWaves(random: Random): Waves {
  const waves = Array.from({ length: 12 }, () => {
    const length = 400 + 1600 * random.uniform();
    const angle = 2 * Math.PI * random.uniform();
    const k = (2 * Math.PI * 111) / length;
    return [k * Math.cos(angle), k * Math.sin(angle), 2 * Math.PI * random.uniform()] as const;
  });
  return ({ longitude, latitude }) => {
    const x = longitude * Math.cos((38 * Math.PI) / 180);
    let sum = 0;
    for (const [kx, ky, phase] of waves) sum += Math.sin(kx * x + ky * latitude + phase);
    return sum / Math.sqrt(waves.length / 2);
  };
}

function elevationOf({ longitude: x, latitude: y }: Place): number {
  const rockies = 2100 * Math.exp(-(((x + 109 + 0.25 * (y - 40)) / 6.5) ** 2));
  const sierra = 1300 * Math.exp(-(((x + 119.5) / 2.2) ** 2));
  const axis = -80 + 0.9 * (y - 38);
  const appalachians = 550 * Math.exp(-(((x - axis) / 1.8) ** 2)) * logistic((y - 33) / 1);
  return 150 + rockies + sierra + appalachians;
}

/** Rain: wet east, dry west, wet north-west coast [mm yr⁻¹]. */
function rainOf({ longitude: x, latitude: y }: Place): number {
  const east = 850 * logistic((x + 98) / 3.5) * (1 - 0.012 * (y - 33));
  const coast = 1300 * Math.exp(-(((x + 123.5) / 2) ** 2)) * logistic((y - 40) / 2);
  return 300 + east + coast;
}

function monthlyTemperature({ longitude, latitude }: Place, mean: number): Float64Array {
  const inland = clamp((longitude + 124) / 12, 0.3, 1);
  const amplitude = inland * (5 + 0.42 * (latitude - 25));
  return Float64Array.from(
    { length: 12 },
    (_, month) => mean - amplitude * Math.cos((2 * Math.PI * (month - 0.5)) / 12),
  );
}

/** Summer rain inland, winter rain on the west coast. */
function monthlyRain({ longitude }: Place, annual: number, wave: number): Float64Array {
  const season = clamp(-0.8 + (longitude + 124) / 12, -0.8, 0.4) + 0.1 * wave;
  return Float64Array.from(
    { length: 12 },
    (_, month) =>
      (annual / 12) * (1 - clamp(season, -0.9, 0.9) * Math.cos((2 * Math.PI * month) / 12)),
  );
}

/** The Miami model, 45 % carbon, with what land use adds or takes. */
function nppOf(temperature: number, rain: number, wave: number): Site["npp"] {
  const byWarmth = 3000 / (1 + Math.exp(1.315 - 0.119 * temperature));
  const byRain = 3000 * (1 - Math.exp(-0.000664 * rain));
  const mean = 0.45 * Math.min(byWarmth, byRain) * Math.exp(0.2 * wave);
  return { min: 0.7 * mean, max: 1.3 * mean, mean };
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function clamp(x: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, x));
}
