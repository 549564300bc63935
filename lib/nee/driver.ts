/**
 * Drivers of the flux model as recipes kept as data: a component or a product of components, taken
 * step by step, as its mean seasonal cycle, or as the least, largest or range of that cycle.
 */

import { ArgumentError, shapeError } from "../core/index.js";
import type { Steps } from "./steps.js";

/** What is made of a component over time. */
export type DriverOperation = "step" | "cycle" | "min" | "max" | "range";

/** How to make one driver. */
export interface DriverRecipe {
  readonly name: string;
  readonly operation: DriverOperation;
  /** components whose product is taken, at each step, before the operation */
  readonly of: readonly string[];
}

/**
 * Ten drivers from eleven components. The text of Upton et al. (2024) gives the components, that WAI
 * and Tair are taken daily and the other eight from mean seasonal cycles, and the least and the range
 * of water availability; the rest follows Tramontana et al. (2016). The exact list (their table A2)
 * was not at hand: assumed.
 */
export const UPTON_DRIVERS: readonly DriverRecipe[] = [
  { name: "WAI", operation: "step", of: ["WAI"] },
  { name: "Tair", operation: "step", of: ["Tair"] },
  { name: "min MSC(WAI)", operation: "min", of: ["WAI"] },
  { name: "range MSC(NDWI)", operation: "range", of: ["NDWI"] },
  { name: "range MSC(MIR)", operation: "range", of: ["MIR"] },
  { name: "max MSC(LSTday)", operation: "max", of: ["LSTday"] },
  { name: "MSC(LSTnight)", operation: "cycle", of: ["LSTnight"] },
  { name: "MSC(fAPAR × LSTday)", operation: "cycle", of: ["fAPAR", "LSTday"] },
  { name: "MSC(EVI × Rpot)", operation: "cycle", of: ["EVI", "Rpot"] },
  { name: "MSC(NDVI × Rg)", operation: "cycle", of: ["NDVI", "Rg"] },
];

/**
 * Make drivers of places.
 *
 * @param components each of shape (steps, places); NaN is left out of the cycles
 * @returns shape (steps, places, recipes)
 * @throws {ArgumentError} if a recipe names a component that is not there
 */
export function makeDrivers(
  recipes: readonly DriverRecipe[],
  components: Readonly<Record<string, Float32Array>>,
  steps: Steps,
): Float32Array {
  const first = Object.values(components)[0];
  const places = (first?.length ?? 0) / steps.count;
  const drivers = new Float32Array(steps.count * places * recipes.length);
  for (const [k, recipe] of recipes.entries()) {
    const product = productOf(recipe, components, steps.count * places);
    const values = operate(recipe.operation, product, steps, places);
    for (let p = 0; p < values.length; p++) drivers[p * recipes.length + k] = values[p]!;
  }
  return drivers;
}

function productOf(
  { name, of }: DriverRecipe,
  components: Readonly<Record<string, Float32Array>>,
  size: number,
): Float32Array {
  const product = new Float32Array(size).fill(1);
  for (const component of of) {
    const values = components[component];
    if (values === undefined) {
      const wanted = `one of ${Object.keys(components).join(", ")}`;
      throw new ArgumentError({
        where: `driver ${name}`,
        what: "component",
        wanted,
        got: component,
      });
    }
    if (values.length !== size) throw shapeError(component, [size], [values.length]);
    for (let p = 0; p < size; p++) product[p] = product[p]! * values[p]!;
  }
  return product;
}

function operate(
  operation: DriverOperation,
  values: Float32Array,
  steps: Steps,
  places: number,
): Float32Array {
  if (operation === "step") return values;
  const cycle = meanCycle(values, steps, places);
  if (operation === "cycle") {
    return values.map(
      (_, at) => cycle[steps.stepOfYear[Math.floor(at / places)]! * places + (at % places)]!,
    );
  }
  const [low, high] = [
    new Float32Array(places).fill(Number.POSITIVE_INFINITY),
    new Float32Array(places).fill(Number.NEGATIVE_INFINITY),
  ];
  for (let at = 0; at < cycle.length; at++) {
    const value = cycle[at]!;
    const p = at % places;
    if (value < low[p]!) low[p] = value;
    if (value > high[p]!) high[p] = value;
  }
  const one = low.map((least, p) => {
    if (operation === "min") return least;
    return operation === "max" ? high[p]! : high[p]! - least;
  });
  return values.map((_, at) => one[at % places]!);
}

/**
 * Mean seasonal cycle on steps of the year; a season without any value is NaN.
 *
 * @param values shape (steps, places)
 * @returns shape (steps of a year, places)
 */
export function meanCycle(values: Float32Array, steps: Steps, places: number): Float32Array {
  const sums = new Float64Array(steps.perYear * places);
  const counts = new Int32Array(steps.perYear * places);
  for (let s = 0; s < steps.count; s++) {
    for (let p = 0; p < places; p++) {
      const value = values[s * places + p]!;
      if (!Number.isFinite(value)) continue;
      const at = steps.stepOfYear[s]! * places + p;
      sums[at] = sums[at]! + value;
      counts[at] = counts[at]! + 1;
    }
  }
  return Float32Array.from(sums, (sum, at) => sum / counts[at]!);
}

/** Centre and spread of each feature, to make them alike. */
export interface Scaler {
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/** Mean and standard deviation of each feature; a feature that never changes keeps spread 1. */
export function fitScaler(x: Float32Array, features: number): Scaler {
  const rows = x.length / features;
  const mean = new Float64Array(features);
  const deviation = new Float64Array(features);
  for (let p = 0; p < x.length; p++) mean[p % features] = mean[p % features]! + x[p]! / rows;
  for (let p = 0; p < x.length; p++) {
    const k = p % features;
    deviation[k] = deviation[k]! + (x[p]! - mean[k]!) ** 2 / rows;
  }
  return { mean, deviation: deviation.map((v) => (v > 1e-12 ? Math.sqrt(v) : 1)) };
}

/** (x − mean) / deviation of each feature. */
export function applyScaler({ mean, deviation }: Scaler, x: Float32Array): Float32Array {
  const features = mean.length;
  return x.map((value, p) => (value - mean[p % features]!) / deviation[p % features]!);
}

/** Lowest and highest value of each feature that are let through. */
export interface Limits {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** The share-th and (1 − share)-th quantile of each feature. */
export function fitLimits(x: Float32Array, features: number, share = 0.01): Limits {
  const low = new Float64Array(features);
  const high = new Float64Array(features);
  for (let k = 0; k < features; k++) {
    const column = x.filter((_, p) => p % features === k).sort();
    low[k] = column[Math.floor(share * (column.length - 1))]!;
    high[k] = column[Math.ceil((1 - share) * (column.length - 1))]!;
  }
  return { low, high };
}

/** Draw values into the limits. */
export function applyLimits({ low, high }: Limits, x: Float32Array): Float32Array {
  const features = low.length;
  return x.map((v, p) => Math.min(high[p % features]!, Math.max(low[p % features]!, v)));
}
