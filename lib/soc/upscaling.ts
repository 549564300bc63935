/**
 * From parameters to a country's carbon, by four methods: default parameters, random sampling, one
 * batch, and the network; with scores at profiles, storage and biases by region and latitude.
 */

import { ArgumentError } from "../core/index.js";
import { type DefaultValues, defaultsAt } from "./clm5.js";
import type { Forcing2020 } from "./column.js";
import { type LandGrid, type Place, REGIONS, regionOf } from "./country.js";
import { clm45Layers } from "./layers.js";
import { type Profile, sampleAt, splineSampling } from "./observation.js";
import { PARAMETERS_2020, ranges2020, valuesOf } from "./parameters.js";
import { makeProfileModel, modelProfile, profileOfValues } from "./profile.js";
import { carbonStock } from "./stock.js";

/** A place that the model is run at. */
export interface ModelPlace extends Place {
  readonly forcing: Forcing2020;
  /** [%] */
  readonly sand: number;
}

/** Carbon density of each model layer at a list of places, each shape (10) [gC m⁻³]. */
export type CarbonField = readonly Float64Array[];

/** The model with default parameters. */
export function defaultCarbon(places: readonly ModelPlace[], defaults: DefaultValues): CarbonField {
  return places.map(({ forcing, sand }) => profileOfValues(forcing, defaultsAt(defaults, sand)));
}

/** The model with one set of proportions everywhere. */
export function uniformCarbon(places: readonly ModelPlace[], kp: Float64Array): CarbonField {
  return places.map(({ forcing }) => modelProfile(forcing, kp));
}

/** The model with proportions of each place; NaN where they leave nothing for wood. */
export function variedCarbon(
  places: readonly ModelPlace[],
  kp: readonly Float64Array[],
): CarbonField {
  return places.map(({ forcing }, i) => {
    try {
      return modelProfile(forcing, kp[i]!);
    } catch (error) {
      if (error instanceof ArgumentError) return new Float64Array(10).fill(Number.NaN);
      throw error;
    }
  });
}

/** The mean of the model over many sets of proportions, each the same everywhere. */
export function sampledCarbon(
  places: readonly ModelPlace[],
  sets: readonly Float64Array[],
): CarbonField {
  return places.map(({ forcing }) => {
    const mean = new Float64Array(10);
    const model = makeProfileModel(forcing);
    const ranges = ranges2020(forcing.npp);
    for (const kp of sets) {
      for (const [i, c] of model(valuesOf(kp, ranges, PARAMETERS_2020)).entries())
        mean[i] = mean[i]! + c / sets.length;
    }
    return mean;
  });
}

/** Pairs of modelled and observed layers [kgC m⁻³]. */
export interface Pairs {
  readonly observed: Float64Array;
  readonly modelled: Float64Array;
  /** pairs left out because the model has 0.01 kgC m⁻³ or less, as published, or none */
  readonly dropped: number;
}

/** Pair the layers of profiles with the model. */
export function pairLayers(profiles: readonly Profile[], field: CarbonField): Pairs {
  const { nodes } = clm45Layers();
  const observed: number[] = [];
  const modelled: number[] = [];
  let dropped = 0;
  for (const [p, profile] of profiles.entries()) {
    const layers = sampleAt(splineSampling(nodes, profile.depth), field[p]!);
    for (const [i, carbon] of layers.entries()) {
      if (!(carbon / 1000 > 0.01)) {
        dropped++;
        continue;
      }
      observed.push(profile.carbon[i]! / 1000);
      modelled.push(carbon / 1000);
    }
  }
  return {
    observed: Float64Array.from(observed),
    modelled: Float64Array.from(modelled),
    dropped,
  };
}

/** How well pairs agree. */
export interface Agreement {
  /** squared Pearson correlation, what the paper calls R² */
  readonly rSquared: number;
  /** Nash–Sutcliffe efficiency: 1 − Σ(mod − obs)²/Σ(obs − mean)² */
  readonly efficiency: number;
  /** [kgC m⁻³] */
  readonly rmse: number;
  /** mean of model − observation [kgC m⁻³] */
  readonly bias: number;
  readonly count: number;
}

/** Score pairs. */
export function agreementOf({
  observed,
  modelled,
}: Pick<Pairs, "observed" | "modelled">): Agreement {
  const n = observed.length;
  const mean = (x: Float64Array) => x.reduce((a, b) => a + b, 0) / n;
  const [mo, mm] = [mean(observed), mean(modelled)];
  let [oo, mm2, om, miss] = [0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [o, m] = [observed[i]!, modelled[i]!];
    oo += (o - mo) ** 2;
    mm2 += (m - mm) ** 2;
    om += (o - mo) * (m - mm);
    miss += (m - o) ** 2;
  }
  return {
    rSquared: om ** 2 / (oo * mm2),
    efficiency: 1 - miss / oo,
    rmse: Math.sqrt(miss / n),
    bias: mm - mo,
    count: n,
  };
}

/** Depths that storage is told to [m]. */
export const STORAGE_DEPTHS = [0.3, 1, 2] as const;

/** Stock of each place to a depth [kgC m⁻²]. */
export function stocksTo(field: CarbonField, depth: number): Float64Array {
  const layers = clm45Layers();
  return Float64Array.from(field, (profile) => carbonStock(profile, layers, depth) / 1000);
}

/** A country's carbon to a depth [PgC]; cells without a value are left out. */
export function storageTo(grid: LandGrid, field: CarbonField, depth: number): number {
  const stocks = stocksTo(field, depth);
  return grid.area.reduce((sum, area, i) => sum + (area * (stocks[i]! || 0)) / 1e12, 0);
}

/** Biases of a map against the truth. */
export interface MapBias {
  /** by region, in the order of `REGIONS` [kgC m⁻²] */
  readonly regions: Float64Array;
  /** by belts of 5° of latitude from 25° N [kgC m⁻²] */
  readonly belts: Float64Array;
}

/** Area-weighted mean of modelled − true stocks by region and by belt of latitude. */
export function biasOf(
  grid: LandGrid,
  places: readonly Place[],
  { modelled, truth }: { readonly modelled: Float64Array; readonly truth: Float64Array },
): MapBias {
  const byGroup = (count: number, groupOf: (place: Place) => number) => {
    const sum = new Float64Array(count);
    const area = new Float64Array(count);
    for (const [i, place] of places.entries()) {
      const gap = modelled[i]! - truth[i]!;
      if (!Number.isFinite(gap)) continue;
      const group = groupOf(place);
      sum[group] = sum[group]! + gap * grid.area[i]!;
      area[group] = area[group]! + grid.area[i]!;
    }
    return sum.map((s, group) => s / area[group]!);
  };
  return {
    regions: byGroup(REGIONS.length, regionOf),
    belts: byGroup(5, ({ latitude }) => Math.min(4, Math.floor((latitude - 25) / 5))),
  };
}

/** Root mean square of the finite values. */
export function rootMeanSquare(values: ArrayLike<number>): number {
  const finite = Array.from(values).filter(Number.isFinite);
  return Math.sqrt(finite.reduce((sum, v) => sum + v * v, 0) / finite.length);
}
