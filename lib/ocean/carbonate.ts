/**
 * The carbonate system of seawater: from any two of alkalinity, dissolved inorganic carbon, pH,
 * fCO2, pCO2, CO2, bicarbonate and carbonate to all of them. Concentrations here are µmol per kg
 * of seawater, pressures of CO2 µatm, pH on the total scale. Whole fields go through
 * carbonate-field.ts.
 */

import { ArgumentError, NumericError } from "../core/index.js";
import { equilibriumOf } from "./carbonate-constants.js";
import {
  BEST_PRACTICE,
  type CarbonateChoice,
  type Equilibrium,
  type WaterState,
} from "./carbonate-equilibrium.js";
import {
  addCarbonateAlkalinity,
  addMinorAlkalinity,
  alkalinityFromDic,
  findHydrogen,
  type MinorAcids,
  startHydrogen,
} from "./carbonate-hydrogen.js";

/** What may be given of the carbonate system, and is found. */
export type CarbonateParameter =
  | "alkalinity"
  | "dic"
  | "pH"
  | "fco2"
  | "pco2"
  | "co2"
  | "bicarbonate"
  | "carbonate";

/** A water and what else reacts in it [µmol kg⁻¹], 0 by default. */
export interface Seawater extends WaterState {
  readonly phosphate?: number;
  readonly silicate?: number;
  readonly ammonia?: number;
  readonly sulfide?: number;
}

/** The solved system: [µmol kg⁻¹], [µatm], pH on the total scale. */
export interface CarbonateSystem extends Readonly<Record<CarbonateParameter, number>> {
  /** saturation states */
  readonly omegaCalcite: number;
  readonly omegaAragonite: number;
  /** (∂ln pCO2 / ∂ln DIC) at constant alkalinity */
  readonly revelle: number;
}

const MICRO = 1e6;

/**
 * Solve the carbonate system of a water from two of its parameters.
 *
 * @param water  state and nutrients
 * @param known  exactly two of the eight parameters [µmol kg⁻¹, µatm, total-scale pH]
 * @throws {ArgumentError} if not exactly two independent parameters are given, or a unit is wrong
 * @throws {NumericError}  if no pH between 0 and 14 has these two
 */
export function solveCarbonate(
  water: Seawater,
  known: Partial<Record<CarbonateParameter, number>>,
  choice: CarbonateChoice = BEST_PRACTICE,
): CarbonateSystem {
  const k = equilibriumOf(water, choice);
  const minor: MinorAcids = {
    phosphate: (water.phosphate ?? 0) / MICRO,
    silicate: (water.silicate ?? 0) / MICRO,
    ammonia: (water.ammonia ?? 0) / MICRO,
    sulfide: (water.sulfide ?? 0) / MICRO,
  };
  const pair = readPair(known, k);
  const hydrogen = hydrogenOf(pair, k, minor);
  return describe(k, minor, hydrogen, co2Of(pair, k, minor, hydrogen));
}

/** Two parameters [mol kg⁻¹]; any of fCO2, pCO2, CO2 is carried as co2, pH as [H⁺]. */
type Pair = Partial<
  Record<"alkalinity" | "dic" | "hydrogen" | "co2" | "bicarbonate" | "carbonate", number>
>;

function readPair(known: Partial<Record<CarbonateParameter, number>>, k: Equilibrium): Pair {
  const given = Object.entries(known).filter(([, value]) => value !== undefined);
  const pair: Pair = {};
  for (const [name, value] of given) {
    if (!Number.isFinite(value) || (value <= 0 && name !== "alkalinity" && name !== "pH")) {
      throw new ArgumentError({ what: name, wanted: "a number above 0", got: String(value) });
    }
    if (name === "pH") pair.hydrogen = 10 ** -value;
    else if (name === "fco2") pair.co2 = (value / MICRO) * k.k0;
    else if (name === "pco2") pair.co2 = (value / MICRO) * k.fugacityFactor * k.k0;
    else pair[name as "dic"] = requireMicromoles(name, value) / MICRO;
  }
  if (given.length !== 2 || Object.keys(pair).length !== 2) {
    throw new ArgumentError({
      what: "carbonate parameters",
      wanted: "two of alkalinity, dic, pH, fco2 (or pco2 or co2), bicarbonate, carbonate",
      got: given.map(([name]) => name).join(", ") || "none",
    });
  }
  return pair;
}

function requireMicromoles(name: string, value: number): number {
  if ((name !== "dic" && name !== "alkalinity") || Math.abs(value) >= 20) return value;
  throw new ArgumentError({
    what: name,
    wanted: "µmol kg⁻¹ (about 2000)",
    got: String(value),
    remedy: "mol m⁻³ and mol kg⁻¹ must be converted first",
  });
}

/** [H⁺] on the total scale from any pair. */
function hydrogenOf(pair: Pair, k: Equilibrium, minor: MinorAcids): number {
  const { alkalinity, dic, hydrogen, co2, bicarbonate, carbonate } = pair;
  if (hydrogen !== undefined) return hydrogen;
  if (alkalinity !== undefined && dic !== undefined) {
    const start = startHydrogen(k, dic, alkalinity);
    return findHydrogen(alkalinityFromDic(k, minor, dic), alkalinity, start);
  }
  if (alkalinity !== undefined) return hydrogenFromSpecies(pair, k, minor, alkalinity);
  const { k1, k2 } = k;
  if (dic !== undefined && co2 !== undefined) {
    return positiveRoot(1 - dic / co2, k1, k1 * k2, "dic and co2");
  }
  if (dic !== undefined && bicarbonate !== undefined) {
    const b = k1 * (1 - dic / bicarbonate);
    const root = b * b - 4 * k1 * k2;
    if (b < 0 && root >= 0) return (-2 * k1 * k2) / (b - Math.sqrt(root));
    throw noSolution("dic and bicarbonate");
  }
  if (dic !== undefined && carbonate !== undefined) {
    return positiveRoot(1, k1, k1 * k2 * (1 - dic / carbonate), "dic and carbonate");
  }
  if (co2 !== undefined && bicarbonate !== undefined) return (k1 * co2) / bicarbonate;
  if (co2 !== undefined) return Math.sqrt((k1 * k2 * co2) / carbonate!);
  return (k2 * bicarbonate!) / carbonate!;
}

/** The one positive root of a x² + b x + c when a and c differ in sign. */
function positiveRoot(a: number, b: number, c: number, what: string): number {
  if (a * c >= 0) throw noSolution(what);
  const root = Math.sqrt(b * b - 4 * a * c);
  return a > 0 ? (-2 * c) / (b + root) : (b + root) / (-2 * a);
}

function noSolution(what: string): NumericError {
  return new NumericError({
    what,
    wanted: "values that one water can have",
    got: "no pH with both",
  });
}

/** [H⁺] from alkalinity and one species; of two with carbonate, the more acid one. */
function hydrogenFromSpecies(
  pair: Pair,
  k: Equilibrium,
  minor: MinorAcids,
  alkalinity: number,
): number {
  const { co2, bicarbonate, carbonate } = pair;
  const { k1, k2 } = k;
  function evaluate(h: number, out: Float64Array): void {
    let value: number;
    let slope: number;
    if (co2 !== undefined) {
      value = ((co2 * k1) / h) * (1 + (2 * k2) / h);
      slope = ((-co2 * k1) / h) * (1 + (4 * k2) / h);
    } else if (bicarbonate !== undefined) {
      value = bicarbonate * (1 + (2 * k2) / h);
      slope = (-2 * bicarbonate * k2) / h;
    } else {
      value = carbonate! * (h / k2 + 2);
      slope = (carbonate! * h) / k2;
    }
    addMinorAlkalinity(k, minor, h, out);
    out[0] = out[0]! + value;
    out[1] = out[1]! + slope;
  }
  const out = new Float64Array(2);
  for (let pH = 2; pH < 14; pH += 0.25) {
    evaluate(10 ** -pH, out);
    const before = out[0]! - alkalinity;
    evaluate(10 ** -(pH + 0.25), out);
    if (before * (out[0]! - alkalinity) <= 0) {
      return findHydrogen(evaluate, alkalinity, 10 ** -(pH + 0.125));
    }
  }
  throw noSolution("alkalinity and a species");
}

function co2Of(pair: Pair, k: Equilibrium, minor: MinorAcids, h: number): number {
  if (pair.co2 !== undefined) return pair.co2;
  if (pair.bicarbonate !== undefined) return (pair.bicarbonate * h) / k.k1;
  if (pair.carbonate !== undefined) return (pair.carbonate * h * h) / (k.k1 * k.k2);
  const sum = h * h + k.k1 * (h + k.k2);
  if (pair.dic !== undefined) return (pair.dic * h * h) / sum;
  const out = new Float64Array(2);
  addMinorAlkalinity(k, minor, h, out);
  return ((pair.alkalinity! - out[0]!) * h * h) / (k.k1 * (h + 2 * k.k2));
}

function describe(k: Equilibrium, minor: MinorAcids, h: number, co2: number): CarbonateSystem {
  const bicarbonate = (co2 * k.k1) / h;
  const carbonate = (bicarbonate * k.k2) / h;
  const dic = co2 + bicarbonate + carbonate;
  const out = new Float64Array(2);
  addMinorAlkalinity(k, minor, h, out);
  addCarbonateAlkalinity(k, dic, h, out);
  const fco2 = (co2 / k.k0) * MICRO;
  return {
    pH: -Math.log10(h),
    alkalinity: out[0]! * MICRO,
    dic: dic * MICRO,
    fco2,
    pco2: fco2 / k.fugacityFactor,
    co2: co2 * MICRO,
    bicarbonate: bicarbonate * MICRO,
    carbonate: carbonate * MICRO,
    omegaCalcite: (carbonate * k.calcium) / k.kCalcite,
    omegaAragonite: (carbonate * k.calcium) / k.kAragonite,
    revelle: 1 - (bicarbonate + 2 * carbonate) ** 2 / (dic * out[1]!),
  };
}
