/**
 * The soil twin: a country whose parameters depend on its covariates, and profiles seen in it with
 * noise. What it is made of, and from where, is in docs/twins/soil.md.
 */

import { makeRandom, type Random } from "../core/index.js";
import { forcingOf, type Land, makeLand, type Site } from "./climate.js";
import { cellPlaces, isInside, type LandGrid, landGrid, type Place } from "./country.js";
import { covariatesOf } from "./covariate.js";
import { clm45Layers } from "./layers.js";
import type { ForcedProfile } from "./observation.js";
import { sampleAt, splineSampling } from "./observation.js";
import { PARAMETERS_2020, type Parameter2020 } from "./parameters.js";
import { modelProfile } from "./profile.js";

/** What a twin is made from. */
export interface SoilTwinOptions {
  readonly seed: number;
  /** number of profiles; the paper has 25,444 */
  readonly profiles: number;
  /** width of the cells of the map [degrees]; 0.5 as published */
  readonly cellDegrees: number;
}

/** A profile of the twin, with all that is known there, and the truth. */
export interface TwinProfile extends ForcedProfile {
  /** [%] */
  readonly sand: number;
  /** shape (60) */
  readonly covariates: Float64Array;
  /** true proportions, shape (25) */
  readonly truth: Float64Array;
  /** true carbon of each layer, without noise [gC m⁻³] */
  readonly trueCarbon: Float64Array;
}

/** A cell of the map. */
export interface TwinCell extends Place {
  readonly forcing: ForcedProfile["forcing"];
  readonly sand: number;
  readonly covariates: Float64Array;
  readonly truth: Float64Array;
}

/** A country with a truth. */
export interface SoilTwin {
  readonly seed: number;
  readonly grid: LandGrid;
  readonly cells: readonly TwinCell[];
  readonly profiles: readonly TwinProfile[];
}

/**
 * Where the truth is centred, as a proportion of the 2020 ranges: the mean of what PRODA predicted
 * for 30 places, turned from the 2023 to the 2020 ranges; the five that 2023 lacks and the two
 * transfers into the passive pool as docs/twins/soil.md says.
 */
export const TRUTH_CENTRE: Readonly<Record<Parameter2020, number>> = {
  diffus: 0.55,
  cryo: 0.5,
  q10: 0.47,
  efolding: 0.62,
  tau4cwd: 0.28,
  tau4l1: 0.28,
  tau4l2l3: 0.06,
  tau4s1: 0.49,
  tau4s2: 0.31,
  tau4s3: 0.17,
  fl1s1: 0.37,
  fl2s1: 0.42,
  fl3s2: 0.39,
  fs1s2: 0.37,
  fs1s3: 0.13,
  fs2s1: 0.6,
  fs2s3: 0.1,
  fs3s1: 0.45,
  fcwdl2: 0.51,
  ins: 0.5,
  beta: 0.57,
  p4ll: 0.7,
  p4ml: 0.19,
  p4cl: 0.69,
  maxpsi: 0.87,
};

/** Spread of the truth in logits: what covariates explain, and what they do not. */
export const TRUTH_SPREAD = { explained: 0.5, unexplained: 0.25 } as const;

/** Noise of an observed layer: a factor of mean 1 and this standard deviation. */
export const OBSERVATION_NOISE = 0.6;

/** What parameters may depend on, each about 0 ± 1 over the country. */
const DRIVERS: readonly ((site: Site) => number)[] = [
  (site) => (site.meanTemperature - 11) / 6,
  (site) => (site.annualPrecipitation - 700) / 380,
  (site) => (site.clay[1]! - 24) / 9,
  (site) => (site.sand[1]! - 43) / 15,
  (site) => (site.ph - 6.6) / 0.7,
  (site) => (site.npp.mean - 450) / 180,
  (site) => (site.bedrock - 2) / 0.8,
];

/** Make the twin of a seed. The same seed gives the same land and truth at any size. */
export function makeSoilTwin({ seed, profiles, cellDegrees }: SoilTwinOptions): SoilTwin {
  const land = makeLand(seed);
  const truthOf = makeTruth(seed);
  const grid = landGrid(cellDegrees);
  const layers = clm45Layers();
  const cells = cellPlaces(grid).map((place): TwinCell => {
    const site = land(place);
    return {
      ...place,
      forcing: forcingOf(site, layers.nodes),
      sand: site.sand[1]!,
      covariates: covariatesOf(site),
      truth: truthOf(site),
    };
  });
  return { seed, grid, cells, profiles: makeTwinProfiles(seed, 0, profiles) };
}

/**
 * Some profiles of a twin, from number `first` to before `end`. Each has random numbers of its own,
 * so that a part of many takes no longer than its share.
 */
export function makeTwinProfiles(seed: number, first: number, end: number): TwinProfile[] {
  const land = makeLand(seed);
  const truthOf = makeTruth(seed);
  return Array.from({ length: end - first }, (_, i) => {
    const number = first + i;
    const random = makeRandom(seed, 1000 + number);
    return drawProfile({ id: `T${seed}-${number + 1}`, land, truthOf, random });
  });
}

/**
 * How the parameters of a seed follow the land: the logit of each is its centre plus two drivers
 * with random weights; `random` adds what no covariate explains.
 */
function makeTruth(seed: number): (site: Site, random?: Random) => Float64Array {
  const draw = makeRandom(seed, 1);
  const weights = PARAMETERS_2020.map(() => {
    const first = draw.integer(DRIVERS.length);
    const second = (first + 1 + draw.integer(DRIVERS.length - 1)) % DRIVERS.length;
    const angle = 2 * Math.PI * draw.uniform();
    return { first, second, a: Math.cos(angle), b: Math.sin(angle) };
  });
  return (site, random) => {
    const drivers = DRIVERS.map((driver) => Math.tanh(driver(site) / 2) * 2);
    for (;;) {
      const kp = Float64Array.from(PARAMETERS_2020, (name, k) => {
        const { first, second, a, b } = weights[k]!;
        const centre = TRUTH_CENTRE[name];
        const explained = a * drivers[first]! + b * drivers[second]!;
        const rest = random === undefined ? 0 : random.normal();
        const logit =
          Math.log(centre / (1 - centre)) +
          TRUTH_SPREAD.explained * explained +
          TRUTH_SPREAD.unexplained * rest;
        return 1 / (1 + Math.exp(-logit));
      });
      if (random === undefined || leavesWood(kp)) return kp;
    }
  };
}

/** Whether the shares of NPP leave some for wood (ranges of the 2020 form). */
function leavesWood(kp: Float64Array): boolean {
  return 0.25 * kp[21]! + (0.05 + 0.65 * kp[22]!) + (0.01 + 0.49 * kp[23]!) < 1;
}

function drawProfile({
  id,
  land,
  truthOf,
  random,
}: {
  readonly id: string;
  readonly land: Land;
  readonly truthOf: ReturnType<typeof makeTruth>;
  readonly random: Random;
}): TwinProfile {
  const layers = clm45Layers();
  const site = land(drawPlace(random));
  const truth = truthOf(site, random);
  const forcing = forcingOf(site, layers.nodes);
  const depth = drawDepths(random);
  const trueCarbon = sampleAt(splineSampling(layers.nodes, depth), modelProfile(forcing, truth));
  const spread = Math.sqrt(Math.log(1 + OBSERVATION_NOISE ** 2));
  const carbon = trueCarbon.map((c) => c * Math.exp(spread * random.normal() - spread ** 2 / 2));
  const { longitude, latitude } = site;
  const covariates = covariatesOf(site);
  const sand = site.sand[1]!;
  return { id, longitude, latitude, sand, depth, carbon, forcing, covariates, truth, trueCarbon };
}

/** A place in the country, east of 100° W twice as likely as west of it, as soil surveys are. */
function drawPlace(random: Random): Place {
  for (;;) {
    const place = { longitude: -125 + 60 * random.uniform(), latitude: 25 + 25 * random.uniform() };
    if (isInside(place) && (place.longitude > -100 || random.uniform() < 0.5)) return place;
  }
}

/** Mid-depths of 3 to 8 horizons that end between 0.5 and 2 m, thinner on top [m]. */
function drawDepths(random: Random): Float64Array {
  const count = 3 + random.integer(6);
  const bottom = 0.5 + 1.5 * random.uniform();
  const edges = Array.from({ length: count + 1 }, (_, i) => bottom * (i / count) ** 1.5);
  return Float64Array.from({ length: count }, (_, i) => (edges[i]! + edges[i + 1]!) / 2);
}
