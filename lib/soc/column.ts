/**
 * The 2020 model of one place: forcing and parameters → rates. Annual means, ten CLM4.5 layers;
 * oxygen and nitrogen do not limit.
 *
 * @see Tao et al. (2020), Frontiers in Big Data 3:17, equation 2 and figure 1
 */

import { ArgumentError, shapeError, ZERO_CELSIUS } from "../core/index.js";
import { clm45Layers, type SoilLayers } from "./layers.js";
import {
  type Npp,
  PARAMETERS_2020,
  type Parameter2020,
  ranges2020,
  valuesOf,
} from "./parameters.js";
import { DAYS_PER_YEAR, fillExchange, fillRootProfile, POOLS, type Rates } from "./rates.js";

/** Climate of one soil column, as annual means. */
export interface Forcing2020 {
  /** soil temperature at the nodes, shape (10) [K] */
  readonly temperature: ArrayLike<number>;
  /** soil water potential at the nodes, shape (10) [MPa], negative when dry */
  readonly waterPotential: ArrayLike<number>;
  readonly npp: Npp;
  /** last year's greatest thaw depth [m] */
  readonly activeLayer: number;
}

/** Values of the 25 parameters, each in its own unit. */
export type Values2020 = Record<Parameter2020, number>;

/** Number of layers of this form. */
const LAYERS = 10;

/** Water potential below which decomposition stops [MPa]. */
const DRY = -25;

/** The least that dryness leaves of decomposition [–]. */
const WATER_FLOOR = 0.25;

/** Thaw depth beyond which a column never freezes to its bottom [m]. */
const UNFROZEN = 5;

/**
 * Temperature scalar ξ_T = Q10^((T − 25 °C)/10), continued below freezing with the same Q10.
 *
 * @param temperature [K]
 */
export function temperatureScalar(temperature: number, q10: number): number {
  const frozen = temperature < ZERO_CELSIUS;
  if (!frozen) return q10 ** ((temperature - 298.15) / 10);
  return q10 ** -2.5 * q10 ** ((temperature - ZERO_CELSIUS) / 10);
}

/**
 * Water scalar ξ_W = log(ψmin/ψ)/log(ψmin/ψmax), 1 above ψmax, never below 0.25.
 *
 * @param potential    ψ [MPa]
 * @param maxPotential ψmax [MPa], below zero
 */
export function waterScalar(potential: number, maxPotential: number): number {
  if (potential > maxPotential) return 1;
  if (potential < DRY) return WATER_FLOOR;
  return Math.max(WATER_FLOOR, Math.log(DRY / potential) / Math.log(DRY / maxPotential));
}

/**
 * Diffusivity of soil carbon at a depth: cryoturbation in and below the active layer where it
 * freezes, bioturbation in the upper 5 m where it does not.
 *
 * @param depth       [m]
 * @param activeLayer thaw depth [m]
 * @returns [m² yr⁻¹], in the unit of the two parameters
 */
export function diffusivity(
  depth: number,
  activeLayer: number,
  { diffus, cryo }: { diffus: number; cryo: number },
): number {
  if (activeLayer > UNFROZEN) return depth < UNFROZEN ? diffus : 0;
  if (!(activeLayer > 0.01) || depth >= 3 * activeLayer) return 0;
  if (depth < activeLayer) return cryo;
  return cryo * (1 - (depth - activeLayer) / (2 * activeLayer));
}

/** A column whose rates are computed again and again for other parameters, in the same arrays. */
export interface Column2020 {
  readonly layers: SoilLayers;
  readonly forcing: Forcing2020;
  /** ξ_T ξ_W ξ_z of the last values, shape (10) [–] */
  readonly scalar: Float64Array;
  /** D at the nodes for the last values, shape (10) [m² yr⁻¹] */
  readonly diffusivity: Float64Array;
  /** roots per metre for the last values, shape (10) [m⁻¹] */
  readonly profile: Float64Array;
  /**
   * Parameter values from proportions, shape (25); a fast form of `values2020` without its checks.
   */
  valuesOf(kp: ArrayLike<number>): Values2020;
  /** Share of NPP that goes to wood, 1 − p4ml − p4cl − p4ll; the model needs it above zero. */
  woodShare(values: Values2020): number;
  /**
   * Rates for these parameter values; the arrays are overwritten by the next call.
   *
   * @throws {ArgumentError} if the shares of NPP leave nothing for wood
   */
  rates(values: Values2020): Rates;
}

/**
 * Make the 2020 model of one place.
 *
 * @throws {ShapeError} if temperature or water potential do not have ten values
 * @throws {ArgumentError} if one of them is not finite, or the NPP is not ordered
 */
export function makeColumn2020(forcing: Forcing2020): Column2020 {
  const layers = clm45Layers();
  const n = layers.nodes.length;
  checkForcing(forcing);
  const facts = factsOf(forcing);
  const column = {
    layers,
    forcing,
    scalar: new Float64Array(n),
    diffusivity: new Float64Array(n),
    profile: new Float64Array(n),
  };
  const decay = new Float64Array(POOLS * n);
  const exchange = new Float64Array(n - 1);
  const input = new Float64Array(4 * n);

  function rates(values: Values2020): Rates {
    const wood = woodShare(values);
    if (!(wood > 0)) {
      throw new ArgumentError({
        what: "p4ml + p4cl + p4ll",
        wanted: "a sum below 1",
        got: String(1 - wood),
        remedy: "a proposal of this kind is drawn again",
      });
    }
    fillScalars(column, facts, values);
    fillDecay(column.scalar, values, decay);
    fillExchange(column.diffusivity, layers, exchange);
    fillRootProfile(values.beta, layers, column.profile);
    const total = (values.ins * forcing.npp.mean) / DAYS_PER_YEAR;
    fillInput(input, 0, wood * total, column.profile);
    fillInput(input, n, values.p4ml * total, column.profile);
    fillInput(input, 2 * n, values.p4cl * total, column.profile);
    fillInput(input, 3 * n, values.p4ll * total, column.profile);
    return { layers, decay, exchange, input, transfers: values };
  }

  return { ...column, valuesOf: fastValues(forcing.npp), woodShare, rates };
}

/** Parameter values of a place from proportions, shape (25), checked. */
export function values2020(kp: ArrayLike<number>, npp: Npp): Values2020 {
  return valuesOf(kp, ranges2020(npp), PARAMETERS_2020);
}

function woodShare({ p4ml, p4cl, p4ll }: Values2020): number {
  return 1 - p4ml - p4cl - p4ll;
}

/** A function that fills one literal, which the engine keeps in registers, in place of a loop. */
function fastValues(npp: Npp): (kp: ArrayLike<number>) => Values2020 {
  const ranges = ranges2020(npp);
  const lo = PARAMETERS_2020.map((name) => ranges[name][0]);
  const span = PARAMETERS_2020.map((name) => ranges[name][1] - ranges[name][0]);
  return (kp) => ({
    diffus: lo[0]! + kp[0]! * span[0]!,
    cryo: lo[1]! + kp[1]! * span[1]!,
    q10: lo[2]! + kp[2]! * span[2]!,
    efolding: lo[3]! + kp[3]! * span[3]!,
    tau4cwd: lo[4]! + kp[4]! * span[4]!,
    tau4l1: lo[5]! + kp[5]! * span[5]!,
    tau4l2l3: lo[6]! + kp[6]! * span[6]!,
    tau4s1: lo[7]! + kp[7]! * span[7]!,
    tau4s2: lo[8]! + kp[8]! * span[8]!,
    tau4s3: lo[9]! + kp[9]! * span[9]!,
    fl1s1: lo[10]! + kp[10]! * span[10]!,
    fl2s1: lo[11]! + kp[11]! * span[11]!,
    fl3s2: lo[12]! + kp[12]! * span[12]!,
    fs1s2: lo[13]! + kp[13]! * span[13]!,
    fs1s3: lo[14]! + kp[14]! * span[14]!,
    fs2s1: lo[15]! + kp[15]! * span[15]!,
    fs2s3: lo[16]! + kp[16]! * span[16]!,
    fs3s1: lo[17]! + kp[17]! * span[17]!,
    fcwdl2: lo[18]! + kp[18]! * span[18]!,
    ins: lo[19]! + kp[19]! * span[19]!,
    beta: lo[20]! + kp[20]! * span[20]!,
    p4ll: lo[21]! + kp[21]! * span[21]!,
    p4ml: lo[22]! + kp[22]! * span[22]!,
    p4cl: lo[23]! + kp[23]! * span[23]!,
    maxpsi: lo[24]! + kp[24]! * span[24]!,
  });
}

function fillInput(input: Float64Array, at: number, total: number, profile: Float64Array): void {
  for (let i = 0; i < profile.length; i++) input[at + i] = total * profile[i]!;
}

function fillScalars(
  column: Pick<Column2020, "layers" | "forcing" | "scalar" | "diffusivity">,
  facts: ForcingFacts,
  values: Values2020,
): void {
  const { layers, forcing } = column;
  const logQ10 = Math.log(values.q10);
  const logWet = Math.log(DRY / values.maxpsi);
  for (let i = 0; i < layers.nodes.length; i++) {
    const depth = layers.nodes[i]!;
    const potential = forcing.waterPotential[i]!;
    const share = potential < DRY ? 0 : facts.logDry[i]! / logWet;
    const water = potential > values.maxpsi ? 1 : Math.max(WATER_FLOOR, share);
    const power = logQ10 * facts.warmth[i]! - depth / values.efolding;
    column.scalar[i] = water * Math.exp(power);
    column.diffusivity[i] = diffusivity(depth, forcing.activeLayer, values);
  }
}

/** What the scalars need of the forcing, worked out once. */
export interface ForcingFacts {
  /** (T − 25 °C)/10, continued below freezing, shape (n) */
  readonly warmth: Float64Array;
  /** ln(ψmin/ψ), shape (n) */
  readonly logDry: Float64Array;
}

/** Work out what the scalars need of the forcing. */
export function factsOf({ temperature, waterPotential }: Forcing2020): ForcingFacts {
  return {
    warmth: Float64Array.from(temperature, (t) => Math.log(temperatureScalar(t, Math.E))),
    logDry: Float64Array.from(waterPotential, (psi) => Math.log(DRY / psi)),
  };
}

function fillDecay(scalar: Float64Array, values: Values2020, decay: Float64Array): void {
  const n = scalar.length;
  const turnover = turnoverTimes(values);
  for (let pool = 0; pool < POOLS; pool++) {
    const rate = 1 / (DAYS_PER_YEAR * turnover[pool]!);
    for (let i = 0; i < n; i++) decay[pool * n + i] = scalar[i]! * rate;
  }
}

/** Turnover time of each pool [yr]; lignin shares cellulose's. */
export function turnoverTimes(
  values: {
    readonly [name in "tau4cwd" | "tau4l1" | "tau4l2l3" | "tau4s1" | "tau4s2" | "tau4s3"]: number;
  },
): readonly number[] {
  const { tau4cwd, tau4l1, tau4l2l3, tau4s1, tau4s2, tau4s3 } = values;
  return [tau4cwd, tau4l1, tau4l2l3, tau4l2l3, tau4s1, tau4s2, tau4s3];
}

/**
 * Check the forcing of a place.
 *
 * @throws {ShapeError} if temperature or water potential do not have ten values
 * @throws {ArgumentError} if one of them is not finite
 */
export function checkForcing({ temperature, waterPotential }: Forcing2020): void {
  const n = LAYERS;
  for (const [what, numbers] of [
    ["temperature", temperature],
    ["waterPotential", waterPotential],
  ] as const) {
    if (numbers.length !== n) throw shapeError(what, [n], [numbers.length]);
    for (let i = 0; i < n; i++) {
      if (Number.isFinite(numbers[i])) continue;
      throw new ArgumentError({
        what: `${what}[${i}]`,
        wanted: "a finite number",
        got: `${numbers[i]}`,
      });
    }
  }
}
