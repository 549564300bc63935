/**
 * What the constants of the carbonate system in one water are, and which published ones to choose.
 * Total pH scale, mol per kg of seawater. Their formulas are in carbonate-constants.ts,
 * carbonate-minor.ts and carbonate-pressure.ts; the solver is in carbonate.ts.
 */

import { ArgumentError } from "../core/index.js";

/** Which published constants to use, by name. */
export interface CarbonateChoice {
  /** carbonic acid: Lueker et al. 2000, Mehrbach 1973 as refitted by Dickson & Millero 1987, or Millero 2010 */
  readonly carbonicAcid: "lueker2000" | "mehrbach1973" | "millero2010";
  /** total boron from salinity: Uppström 1974 or Lee et al. 2010 */
  readonly boron: "uppstrom1974" | "lee2010";
  /** hydrogen fluoride: Perez & Fraga 1987 or Dickson & Riley 1979 */
  readonly hydrogenFluoride: "perez1987" | "dickson1979";
  /** water: Millero 1995 as Dickson 2007 gives it on the total scale, or converted from the seawater scale with KS and KF */
  readonly water: "dickson2007" | "millero1995";
}

/** Lueker 2000, Uppström 1974, Perez & Fraga 1987: the choice of Dickson's guide. */
export const BEST_PRACTICE: CarbonateChoice = {
  carbonicAcid: "lueker2000",
  boron: "uppstrom1974",
  hydrogenFluoride: "perez1987",
  water: "dickson2007",
};

/** The names each constant may be chosen by. */
const NAMES: { readonly [K in keyof CarbonateChoice]: readonly CarbonateChoice[K][] } = {
  carbonicAcid: ["lueker2000", "mehrbach1973", "millero2010"],
  boron: ["uppstrom1974", "lee2010"],
  hydrogenFluoride: ["perez1987", "dickson1979"],
  water: ["dickson2007", "millero1995"],
};

/**
 * Make sure that every constant is chosen by a name that is known: a misspelt one would else give
 * another constant without a word.
 *
 * @throws {ArgumentError} listing the names
 */
export function checkChoice(choice: CarbonateChoice): void {
  for (const [what, names] of Object.entries(NAMES) as [keyof CarbonateChoice, string[]][]) {
    if (names.includes(choice[what])) continue;
    const wanted = `one of ${names.join(", ")}`;
    const remedy = "write { ...BEST_PRACTICE, and the constants that differ }";
    throw new ArgumentError({ what, wanted, got: String(choice[what]), remedy });
  }
}

/** Constants and total salts of one water: mol per kg of seawater, total pH scale. */
export interface Equilibrium {
  /** solubility of CO2 [mol kg⁻¹ atm⁻¹] (Weiss 1974) */
  k0: number;
  k1: number;
  k2: number;
  /** boric acid (Dickson 1990) */
  kb: number;
  /** water [mol² kg⁻²] (Millero 1995) */
  kw: number;
  /** bisulphate, free scale (Dickson 1990) */
  ks: number;
  /** hydrogen fluoride, free scale */
  kf: number;
  /** phosphoric acid (Yao & Millero 1995) */
  kp1: number;
  kp2: number;
  kp3: number;
  /** silicic acid (Yao & Millero 1995) */
  ksi: number;
  /** ammonium (Clegg & Whitfield 1995) */
  kNh3: number;
  /** hydrogen sulphide (Millero et al. 1988) */
  kH2s: number;
  /** solubility products of calcite and aragonite [mol² kg⁻²] (Mucci 1983) */
  kCalcite: number;
  kAragonite: number;
  /** fCO2 / pCO2 at 1 atm (Weiss 1974) */
  fugacityFactor: number;
  boron: number;
  sulfate: number;
  fluoride: number;
  calcium: number;
}

/** Make an `Equilibrium` to be filled by `equilibriumAt`. */
export function makeEquilibrium(): Equilibrium {
  return {
    k0: 0,
    k1: 0,
    k2: 0,
    kb: 0,
    kw: 0,
    ks: 0,
    kf: 0,
    kp1: 0,
    kp2: 0,
    kp3: 0,
    ksi: 0,
    kNh3: 0,
    kH2s: 0,
    kCalcite: 0,
    kAragonite: 0,
    fugacityFactor: 0,
    boron: 0,
    sulfate: 0,
    fluoride: 0,
    calcium: 0,
  };
}

/** Where a water is: what all constants depend on. */
export interface WaterState {
  /** [°C] */
  readonly temperature: number;
  /** practical salinity */
  readonly salinity: number;
  /** sea pressure [dbar], 0 at the surface; 0 by default */
  readonly pressure?: number;
}

/** A constant on the total scale over the same on the seawater scale. */
export function seawaterToTotal(k: Equilibrium): number {
  const sulfate = k.sulfate / k.ks;
  return (1 + sulfate) / (1 + sulfate + k.fluoride / k.kf);
}
