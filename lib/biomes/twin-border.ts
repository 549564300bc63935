/** Where the twin's regimes lie: their borders through longitude, seasons, years and the imposed trend. */

import { makeRandom, RADIANS_PER_DEGREE, type Random } from "../core/index.js";

/** Half-width of the logistic border between regimes [°]: 10 to 90 % within 4.4°. */
const BORDER_WIDTH = 1;

/** Seasons of a place, −1 to 1. */
export interface Season {
  readonly warm: number;
  readonly mixed: number;
}

/**
 * Warmest in August in the north and February in the south, most mixed in March and September; the
 * two pass into each other over the equator.
 */
export function seasonAt(latitude: number, month: number): Season {
  const north = 2 * logistic(latitude) - 1;
  return {
    warm: north * Math.cos((2 * Math.PI * (month - 7)) / 12),
    mixed: north * Math.cos((2 * Math.PI * (month - 2)) / 12),
  };
}

/** Where the borders lie [°N, °N; as distances from the equator] at each longitude. */
export interface Borders {
  readonly subpolarNorth: (longitude: number) => number;
  readonly subpolarSouth: (longitude: number) => number;
  readonly iceNorth: (longitude: number) => number;
  readonly iceSouth: (longitude: number) => number;
}

/** Borders of every month: waves in longitude, seasons, years with memory, and the imposed trend. */
export function makeBorders(seed: number, trend: number, years: number) {
  const random = makeRandom(seed);
  const waves = Array.from({ length: 4 }, () =>
    [2, 3, 5].map(() => 2 * Math.PI * random.uniform()),
  );
  const wobble = Array.from({ length: 2 }, () => redNoise(years, 0.5, 0.7, random));
  const wave = (which: number, longitude: number) => {
    const [a, b, c] = waves[which] as [number, number, number];
    const east = longitude * RADIANS_PER_DEGREE;
    return 1.5 * (Math.sin(2 * east + a) + Math.sin(3 * east + b) + Math.sin(5 * east + c));
  };
  /** Move a border so that the band beyond it loses a share of the zone between two latitudes. */
  const moved = (latitude: number, share: number, [low, high]: readonly [number, number]) => {
    const sine = (degrees: number) => Math.sin(degrees * RADIANS_PER_DEGREE);
    return Math.asin(sine(latitude) + share * (sine(high) - sine(low))) / RADIANS_PER_DEGREE;
  };
  return (year: number, month: number): Borders => {
    const share = (trend * year) / (years - 1);
    const summerNorth = Math.cos((2 * Math.PI * (month - 8)) / 12);
    const [north, south] = wobble.map((series) => series[year % years]!) as [number, number];
    const subpolar = moved(38, share, [10, 70]) + 4 * summerNorth + north;
    const ice = moved(60, share, [45, 72]) - 3 * summerNorth + south;
    return {
      subpolarNorth: (longitude) => subpolar + wave(0, longitude),
      subpolarSouth: (longitude) => 40 - 4 * summerNorth + wave(1, longitude),
      iceNorth: (longitude) => 74 + 3 * summerNorth + wave(2, longitude),
      iceSouth: (longitude) => ice + wave(3, longitude),
    };
  };
}

/** AR(1) noise of a given standard deviation. */
function redNoise(n: number, memory: number, deviation: number, random: Random): Float64Array {
  const series = new Float64Array(n);
  const fresh = deviation * Math.sqrt(1 - memory * memory);
  for (let i = 0; i < n; i++) {
    series[i] =
      i === 0 ? deviation * random.normal() : memory * series[i - 1]! + fresh * random.normal();
  }
  return series;
}

/** Shares of the regimes at a place. */
export function sharesAt(
  latitude: number,
  longitude: number,
  { borders, season }: { borders: Borders; season: Season },
): readonly number[] {
  const away = Math.abs(latitude);
  const isNorth = latitude >= 0;
  const subpolar = (isNorth ? borders.subpolarNorth : borders.subpolarSouth)(longitude);
  const edge = (isNorth ? borders.iceNorth : borders.iceSouth)(longitude);
  const beyondSubpolar = logistic(away - subpolar);
  const beyondIce = logistic(away - edge);
  const pacific = logistic(longitude + 160) * logistic(-75 - longitude);
  const atlantic = logistic(longitude + 25) * logistic(12 - longitude);
  const upwelling = logistic(8 - away) * Math.max(pacific, atlantic);
  const ice = beyondSubpolar * beyondIce;
  const cold = beyondSubpolar - ice;
  const low = 1 - beyondSubpolar;
  const subtropical = low * (1 - upwelling);
  const warm = (1 + season.warm) / 2;
  return [subtropical * warm, subtropical * (1 - warm), low * upwelling, cold, ice];
}

function logistic(degrees: number): number {
  return 1 / (1 + Math.exp(-degrees / BORDER_WIDTH));
}
