/**
 * The twin land: a globe whose net ecosystem exchange is known, with towers that stand where towers
 * stand, and five inversions that see regional sums with errors of their own. What was taken from
 * where, and what holds by construction: docs/twins/land.md.
 */

import { makeRandom, type Random } from "../core/index.js";
import { type LandGrid, makeLandGrid } from "./grid.js";
import { PLANT_TYPES, plantShares } from "./pft.js";
import { regionNumber } from "./region.js";
import { makeSteps, type Steps } from "./steps.js";
import type { Site } from "./tower.js";
import {
  makeClimate,
  meanTemperature,
  meanWater,
  type Places,
  smoothField,
} from "./twin-climate.js";
import { type LandFluxes, type LandPlaces, simulateLand } from "./twin-land.js";

/** Sizes of the twin. */
export interface LandTwinOptions {
  readonly seed: number;
  /** 4 by default (the paper: 0.5) */
  readonly cellDegrees?: number;
  /** 2001 by default */
  readonly firstYear?: number;
  /** 17 by default */
  readonly years?: number;
  /** steps of a month, 3 by default (the paper: "daily") */
  readonly perMonth?: number | "daily";
  /** towers, 204 by default as in FLUXNET2015 */
  readonly towers?: number;
}

/** The twin land with everything that is known of it. */
export interface LandTwin {
  readonly grid: LandGrid;
  readonly steps: Steps;
  readonly places: LandPlaces;
  /** the truth, shape (steps, cells) [gC m⁻² d⁻¹] */
  readonly truth: LandFluxes;
  /** burnt carbon, shape (months, cells) [gC m⁻² d⁻¹] */
  readonly fire: Float32Array;
  readonly sites: readonly Site[];
}

/** Net uptake over gross uptake at real towers: 0.22 ± 0.19 at 187 sites of CARDAMOM-FluxVal. */
export const TOWER_KEPT = { mean: 0.22, deviation: 0.15 } as const;

/** Share of towers in groups of regions, as the 204 sites of FLUXNET2015 stand. */
const TOWER_SHARES: readonly (readonly [share: number, regions: readonly string[]])[] = [
  [66, ["USA"]],
  [17, ["CAN"]],
  [70, ["EU"]],
  [23, ["OCE"]],
  [10, ["CHN", "KAJ"]],
  [4, ["RUS", "CAS"]],
  [2, ["SEAS", "SAS"]],
  [7, ["CAM", "NSA", "BRA", "SSA"]],
  [5, ["NAF", "EQAF", "SAF"]],
];

/** Make a twin land. The same seed gives the same land, whatever the number of towers. */
export function makeLandTwin(options: LandTwinOptions): LandTwin {
  const { seed } = options;
  const { grid, steps } = landFrame(options);
  const places = placesOf(grid, seed);
  const climate = makeClimate(places, steps, seed);
  const truth = simulateLand(places, climate, steps);
  const fire = burn(grid, steps, truth);
  const sites = makeTowers(grid, steps, { seed, towers: options.towers ?? 204 });
  return { grid, steps, places, truth, fire, sites };
}

/** Where and when a twin land is: its grid and steps alone. */
export function landFrame(
  options: Omit<LandTwinOptions, "seed">,
): Pick<LandTwin, "grid" | "steps"> {
  const { cellDegrees = 4, firstYear = 2001, years = 17, perMonth = 3 } = options;
  return { grid: makeLandGrid(cellDegrees), steps: makeSteps(firstYear, years, perMonth) };
}

/** Share of the uptake that stays, of cells: 0.035 outside the tropics, 0.012 within, ± 0.015. */
function keptOf(latitude: number, differ: number): number {
  const tropic = Math.exp(-((latitude / 20) ** 4));
  return 0.035 - 0.023 * tropic + 0.015 * differ;
}

function placesOf(places: Places, seed: number): LandPlaces {
  const water = meanWater(places, seed);
  const differ = smoothField(seed, 3, 2000);
  const { latitude, longitude } = places;
  return {
    latitude,
    longitude,
    meanWater: water,
    shares: Float64Array.from(
      Array.from(latitude, (lat, p) => [...plantShares(meanTemperature(lat), water[p]!)]).flat(),
    ),
    kept: latitude.map((lat, p) => keptOf(lat, differ(lat, longitude[p]!))),
  };
}

/** Fire: 2 PgC a year (van der Werf et al. 2017) where savanna and grass dry out. */
function burn(grid: LandGrid, steps: Steps, { components }: LandFluxes): Float32Array {
  const n = grid.area.length;
  const fire = new Float32Array(steps.months * n);
  let total = 0;
  for (let s = 0; s < steps.count; s++) {
    for (let p = 0; p < n; p++) {
      const at = s * n + p;
      const dry = Math.max(0, 0.5 - components.WAI[at]!) ** 2;
      const warm = Math.max(0, components.Tair[at]! - 10);
      const burnt = dry * warm * components.fAPAR[at]!;
      const m = steps.monthOf[s]!;
      fire[m * n + p]! += (burnt * steps.days[s]!) / steps.daysOfMonth[m]!;
      total += burnt * steps.days[s]! * grid.area[p]!;
    }
  }
  const scale = (2e15 * steps.years) / total;
  return fire.map((v) => v * scale);
}

function makeTowers(
  grid: LandGrid,
  steps: Steps,
  { seed, towers }: { seed: number; towers: number },
): Site[] {
  const random = makeRandom(seed, 4);
  const cells = Array.from({ length: towers }, () => drawCell(grid, random));
  const jitter = () => (random.uniform() - 0.5) * grid.cellDegrees;
  const places = placesOf(
    {
      latitude: Float64Array.from(cells, (c) => grid.latitude[c]! + jitter()),
      longitude: Float64Array.from(cells, (c) => grid.longitude[c]! + jitter()),
    },
    seed,
  );
  const types = PLANT_TYPES.length;
  const plants = cells.map((_, i) =>
    drawShare(places.shares.subarray(i * types, (i + 1) * types), random),
  );
  const shares = new Float64Array(towers * types);
  for (const [i, plant] of plants.entries()) shares[i * types + plant] = 1;
  const kept = Float64Array.from(
    cells,
    () => TOWER_KEPT.mean + TOWER_KEPT.deviation * random.normal(),
  );
  const own = { ...places, shares, kept };
  const fluxes = simulateLand(own, makeClimate(own, steps, seed), steps);
  return cells.map((cell, i) => {
    const facts = { name: `TW-${String(i + 1).padStart(3, "0")}`, cell, index: i };
    return observe(
      { ...facts, type: PLANT_TYPES[plants[i]!]!.code },
      { own, steps, fluxes, random },
    );
  });
}

/** A cell in a group of regions, the group by its share of the real towers, drier places seldom. */
function drawCell(grid: LandGrid, random: Random): number {
  const group =
    TOWER_SHARES[
      drawShare(
        TOWER_SHARES.map(([share]) => share),
        random,
      )
    ]!;
  const numbers = new Set(group[1].map(regionNumber));
  const within: number[] = [];
  for (let c = 0; c < grid.region.length; c++) {
    if (numbers.has(grid.region[c]!) && Math.abs(grid.latitude[c]!) < 72) within.push(c);
  }
  return within[random.integer(within.length)]!;
}

/** A number drawn with a chance in proportion to its share. */
function drawShare(shares: ArrayLike<number>, random: Random): number {
  const list = Array.from(shares);
  let left = random.uniform() * list.reduce((sum, share) => sum + share, 0);
  for (const [i, share] of list.entries()) {
    left -= share;
    if (left < 0) return i;
  }
  return list.length - 1;
}

/** The record of a tower: 3 to 10 years in a row, a fifth of the steps missing, random errors. */
function observe(
  facts: { name: string; cell: number; index: number; type: string },
  world: { own: LandPlaces; steps: Steps; fluxes: LandFluxes; random: Random },
): Site {
  const { own, steps, fluxes, random } = world;
  const n = own.latitude.length;
  const length = Math.min(steps.years, 3 + random.integer(8));
  const start = random.integer(steps.years - length + 1);
  const nee = new Float64Array(steps.count).fill(Number.NaN);
  for (let s = 0; s < steps.count; s++) {
    const year = Math.floor(steps.monthOf[s]! / 12);
    const value = fluxes.nee[s * n + facts.index]!;
    const error = (0.3 + 0.1 * Math.abs(value)) * random.normal();
    const missing = random.uniform() < 0.2;
    if (year >= start && year < start + length && !missing) nee[s] = value + error;
  }
  const take = (field: Float32Array) =>
    Float32Array.from({ length: steps.count }, (_, s) => field[s * n + facts.index]!);
  return {
    name: facts.name,
    type: facts.type,
    cell: facts.cell,
    latitude: own.latitude[facts.index]!,
    longitude: own.longitude[facts.index]!,
    nee,
    components: Object.fromEntries(
      Object.entries(fluxes.components).map(([name, field]) => [name, take(field)]),
    ),
  };
}
