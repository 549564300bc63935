/**
 * The sixty covariates of the network, in the list of Tao et al. (2020), table S2, from what the
 * twin knows of a site. Classes are fed as numbers, as published.
 */

import type { Site } from "./climate.js";

const DEPTHS = [0, 30, 100] as const;

/** Soil properties given at three depths. */
const SOIL = [
  "bulk density",
  "CEC",
  "clay",
  "coarse fragments",
  "pH",
  "sand",
  "silt",
  "wilting point",
  "texture class",
] as const;

/** Names of the covariates, in order. */
export const COVARIATES: readonly string[] = [
  "land cover class",
  "climate class",
  "soil class",
  "NPP mean",
  "NPP maximum",
  "NPP minimum",
  "vegetation cover",
  ...Array.from({ length: 19 }, (_, i) => `BIO${i + 1}`),
  "depth to bedrock",
  ...SOIL.flatMap((name) => DEPTHS.map((depth) => `${name} ${depth} cm`)),
  "R horizon depth",
  "R horizon occurrence",
  "acid grade",
  "suborder",
  "WRB class",
  "drought",
];

/** The covariates of a site, shape (60), in the order of `COVARIATES`. */
export function covariatesOf(site: Site): Float64Array {
  const { npp, bedrock, ph } = site;
  const wetness = site.annualPrecipitation / Math.max(1, site.potentialEvaporation);
  const warm = step(site.meanTemperature, [5, 10, 15, 20]);
  const wet = step(wetness, [0.3, 0.6, 1, 1.5]);
  const soil = 5 * step(site.sand[1]!, [25, 45, 65]) + step(site.clay[1]!, [12, 22, 32]);
  return Float64Array.of(
    step(npp.mean, [150, 300, 450, 600]) + 5 * warm,
    5 * warm + wet,
    soil,
    npp.mean,
    npp.max,
    npp.min,
    100 * (1 - Math.exp(-npp.mean / 300)),
    ...bioclimate(site),
    bedrock,
    ...soilColumns(site),
    Math.min(bedrock, 2),
    bedrock < 2 ? 1 : 0,
    step(ph, [4.5, 5.5, 6.5, 7.5]),
    soil + 20 * wet,
    soil + 20 * warm,
    1 / (1 + wetness),
  );
}

function soilColumns({ sand, clay, ph, fragments }: Site): number[] {
  const depths = [0, 1, 2];
  const silt = depths.map((d) => 100 - sand[d]! - clay[d]!);
  return [
    ...depths.map((d) => 1.2 + 0.1 * d + 0.003 * sand[d]!),
    ...depths.map((d) => 4 + 0.5 * clay[d]!),
    ...clay,
    ...depths.map((d) => fragments * (1 + 0.3 * d)),
    ...depths.map((d) => ph + 0.2 * d),
    ...sand,
    ...silt,
    ...depths.map((d) => 2 + 0.4 * clay[d]!),
    ...depths.map((d) => step(sand[d]!, [30, 50, 70]) + 4 * step(clay[d]!, [10, 25, 40])),
  ];
}

/** BIO1 to BIO19 of WorldClim (Hijmans et al. 2005), from monthly means with a daily range of 11 K. */
function bioclimate({ temperature: t, precipitation: p }: Site): number[] {
  const range = 11;
  const highest = Math.max(...t);
  const lowest = Math.min(...t);
  const mean = average(t);
  const span = highest - lowest + range;
  const rain = sum(p);
  const quarters = Array.from({ length: 12 }, (_, start) => {
    const months = [start, (start + 1) % 12, (start + 2) % 12];
    return { t: average(months.map((m) => t[m]!)), p: sum(months.map((m) => p[m]!)) };
  });
  const most = (key: "t" | "p", sign: 1 | -1) =>
    quarters.reduce((best, quarter) => (sign * quarter[key] > sign * best[key] ? quarter : best));
  const [wettest, driest] = [most("p", 1), most("p", -1)];
  const [warmest, coldest] = [most("t", 1), most("t", -1)];
  return [
    mean,
    range,
    (100 * range) / span,
    100 * deviation(t),
    highest + range / 2,
    lowest - range / 2,
    span,
    wettest.t,
    driest.t,
    warmest.t,
    coldest.t,
    rain,
    Math.max(...p),
    Math.min(...p),
    (100 * deviation(p)) / (1 + rain / 12),
    wettest.p,
    driest.p,
    warmest.p,
    coldest.p,
  ];
}

function step(value: number, limits: readonly number[]): number {
  return limits.filter((limit) => value >= limit).length;
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

function average(values: ArrayLike<number>): number {
  return sum(Array.from(values)) / values.length;
}

function deviation(values: ArrayLike<number>): number {
  const mean = average(values);
  return Math.sqrt(average(Array.from(values, (value) => (value - mean) ** 2)));
}
