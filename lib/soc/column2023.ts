/**
 * The 2023 model of one place: CLM5's twenty layers, monthly forcing whose rates are averaged over
 * the year, and CLM5's own water, oxygen and nitrogen scalars.
 *
 * @see Tao et al. (2023), Nature 618, 981, and its public code
 */

import { ArgumentError, shapeError } from "../core/index.js";
import { temperatureScalar, turnoverTimes } from "./column.js";
import { clm5Layers, type SoilLayers } from "./layers.js";
import { PARAMETERS_2023, type Parameter2023, RANGES_2023, valuesOf } from "./parameters.js";
import { DAYS_PER_YEAR, fillExchange, fillRootProfile, POOLS, type Rates } from "./rates.js";

/** Months in a year. */
const MONTHS = 12;

/** Greatest thaw depth at which cryoturbation rules [m], and its reach in thaw depths. */
const CRYO = { deepest: 2, reach: 3 } as const;

/** Climate of one soil column by month; arrays over months and layers have shape (12, 20). */
export interface Forcing2023 {
  /** soil temperature [K] */
  readonly temperature: ArrayLike<number>;
  /** CLM5's W_SCALAR, O_SCALAR and FPI_VR (nitrogen), each 0 … 1 */
  readonly water: ArrayLike<number>;
  readonly oxygen: ArrayLike<number>;
  readonly nitrogen: ArrayLike<number>;
  /** greatest thaw depth of this and of last year by month, shape (12) [m] */
  readonly activeLayer: ArrayLike<number>;
  readonly activeLayerLastYear: ArrayLike<number>;
  /** depth of the bedrock [m] */
  readonly bedrock: number;
  /** carbon that reaches CWD and the three litters, shape (4) [gC m⁻² yr⁻¹] */
  readonly input: ArrayLike<number>;
}

/** Values of the 21 parameters, each in its own unit. */
export type Values2023 = Record<Parameter2023, number>;

/** A column of the 2023 form. */
export interface Column2023 {
  readonly layers: SoilLayers;
  readonly forcing: Forcing2023;
  /** roots per metre for the last values, shape (20) [m⁻¹] */
  readonly profile: Float64Array;
  /** Rates for these values; the arrays are overwritten by the next call. */
  rates(values: Values2023): Rates;
}

/** Parameter values from proportions, shape (21), checked. */
export function values2023(kp: ArrayLike<number>): Values2023 {
  return valuesOf(kp, RANGES_2023, PARAMETERS_2023);
}

/**
 * Diffusivity of the 2023 form: where the greatest thaw of two years is 2 m or less, cryoturbation
 * in it and falling to zero at three times its depth or at the bedrock, whichever is less; elsewhere
 * bioturbation down to the bedrock.
 *
 * @returns [m² yr⁻¹]
 */
export function diffusivity2023(
  depth: number,
  { thaw, bedrock }: { readonly thaw: number; readonly bedrock: number },
  { diffus, cryo }: { readonly diffus: number; readonly cryo: number },
): number {
  if (thaw > CRYO.deepest) return depth < bedrock ? diffus : 0;
  const end = Math.min(CRYO.reach * thaw, bedrock);
  if (depth >= end) return 0;
  return depth < thaw ? cryo : (cryo * (end - depth)) / (end - thaw);
}

/**
 * Make the 2023 model of one place.
 *
 * Nitrogen holds back the three litters and not wood, which loses no carbon when it falls apart.
 *
 * @throws {ShapeError} if a forcing has another shape
 * @throws {ArgumentError} if a value is not finite, a scalar not in [0, 1], an input below zero, or
 *         the column never warm and wet enough to decay in some layer
 */
export function makeColumn2023(forcing: Forcing2023): Column2023 {
  const layers = clm5Layers();
  const n = layers.nodes.length;
  checkForcing(forcing, n);
  const decay = new Float64Array(POOLS * n);
  const exchange = new Float64Array(n - 1);
  const warmth = Float64Array.from(forcing.temperature, (t) =>
    Math.log(temperatureScalar(t, Math.E)),
  );
  const profile = new Float64Array(n);
  const input = new Float64Array(4 * n);

  function rates(values: Values2023): Rates {
    const turnover = turnoverTimes(values);
    decay.fill(0);
    for (let month = 0; month < MONTHS; month++) addDecay(month, values, turnover);
    fillMeanExchange(forcing, layers, values, exchange);
    fillRootProfile(values.beta, layers, profile);
    for (let pool = 0; pool < 4; pool++) {
      const daily = forcing.input[pool]! / DAYS_PER_YEAR;
      for (let i = 0; i < n; i++) input[pool * n + i] = daily * profile[i]!;
    }
    return { layers, decay, exchange, input, transfers: values };
  }

  function addDecay(month: number, values: Values2023, turnover: readonly number[]): void {
    const logQ10 = Math.log(values.q10);
    for (let i = 0; i < n; i++) {
      const at = month * n + i;
      const water = Math.min(1, values.w_scaling * forcing.water[at]!) * forcing.oxygen[at]!;
      const power = logQ10 * warmth[at]! - layers.nodes[i]! / values.efolding;
      const scalar = (water * Math.exp(power)) / (DAYS_PER_YEAR * MONTHS);
      for (let pool = 0; pool < POOLS; pool++) {
        const limited = pool >= 1 && pool <= 3 ? forcing.nitrogen[at]! : 1;
        decay[pool * n + i] = decay[pool * n + i]! + (scalar * limited) / turnover[pool]!;
      }
    }
  }

  return { layers, forcing, profile, rates };
}

/**
 * Exchange between layers, mean over the months; linear in each of the two parameters alone.
 *
 * @param exchange is filled, shape (n − 1) [m d⁻¹]
 */
export function fillMeanExchange(
  forcing: Forcing2023,
  layers: SoilLayers,
  mixing: { readonly diffus: number; readonly cryo: number },
  exchange: Float64Array,
): void {
  const { activeLayer, activeLayerLastYear, bedrock } = forcing;
  const monthly = new Float64Array(exchange.length);
  exchange.fill(0);
  for (let month = 0; month < MONTHS; month++) {
    const thaw = Math.max(activeLayer[month]!, activeLayerLastYear[month]!);
    const diffusion = layers.nodes.map((z) => diffusivity2023(z, { thaw, bedrock }, mixing));
    fillExchange(diffusion, layers, monthly);
    for (let i = 0; i < exchange.length; i++) exchange[i] = exchange[i]! + monthly[i]! / MONTHS;
  }
}

function checkForcing(forcing: Forcing2023, n: number): void {
  const { temperature, water, oxygen, nitrogen, activeLayer, activeLayerLastYear } = forcing;
  const columns = { temperature, water, oxygen, nitrogen };
  for (const [what, numbers] of Object.entries(columns)) {
    if (numbers.length !== MONTHS * n) throw shapeError(what, [MONTHS, n], [numbers.length]);
  }
  for (const [what, numbers] of Object.entries({ activeLayer, activeLayerLastYear })) {
    if (numbers.length !== MONTHS) throw shapeError(what, [MONTHS], [numbers.length]);
  }
  if (forcing.input.length !== 4) throw shapeError("input", [4], [forcing.input.length]);
  const inRange = (what: string, x: ArrayLike<number>, lo: number, hi: number) => {
    for (let i = 0; i < x.length; i++) {
      if (x[i]! >= lo && x[i]! <= hi) continue;
      const wanted = `${lo} to ${hi}`;
      throw new ArgumentError({ what: `${what}[${i}]`, wanted, got: `${x[i]}` });
    }
  };
  inRange("temperature", temperature, 150, 350);
  for (const [what, x] of Object.entries({ water, oxygen, nitrogen })) inRange(what, x, 0, 1);
  inRange("input", forcing.input, 0, 1e5);
  inRange("bedrock", [forcing.bedrock], 0, 1000);
  for (let i = 0; i < n; i++) {
    const awake = Array.from({ length: MONTHS }, (_, month) => month * n + i).some(
      (at) => water[at]! * oxygen[at]! * nitrogen[at]! > 0,
    );
    if (awake) continue;
    const got = "a scalar of 0 in all months";
    throw new ArgumentError({ what: `layer ${i + 1}`, wanted: "some decay in the year", got });
  }
}
